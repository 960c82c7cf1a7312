"""One batch: how far it is, how fast it goes, when it ends, and its results as they come in."""

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language, NoSuchBatch
from app.log import get
from app.services import control
from app.web import figures, paging, shown
from app.web.backend import house, in_thread, source_infos
from app.web.components import results, summary
from app.web.components.basics import chip, empty, icon, link, notice, skeleton_lines
from app.web.figures import Fact
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.reads import Snapshot, Window, reads
from app.web.shown import Column, Head, Part, RowShown, SourceShown
from app.web.state import Ui, w

log = get(__name__)
#: How often to look without being told, in seconds: for what moves by itself, as the time taken.
ANYWAY_S = 5.0


class BatchState(rx.State):
    """The batch on screen, and the rows on screen."""

    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    refusal: str = ""
    asks: bool = False
    newest: bool = False
    head: Head = Head()
    parts: list[Part] = []
    facts: list[Fact] = []
    sources: list[SourceShown] = []
    columns: list[Column] = []
    rows: list[RowShown] = []
    span: str = ""
    places: dict[str, str] = {}
    _window: Window | None = None
    _seen: int = 0

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show what the address names, then keep it up to date."""
        url = self.router.url
        window = paging.window_of(url.path, url.query_parameters)
        self.asks, self.refusal = False, ""
        if window is None:
            self.phase = "missing"
            return None
        if self._window is None or self._window.batch != window.batch:
            self.reset()
        self._window = window
        self._seen = -1
        await self.refresh()
        return BatchState.follow if self.phase != "missing" else None

    @rx.event
    async def refresh(self) -> None:
        """Read it again, in the tab's language."""
        if self._window is None:
            return
        language = await self.get_var_value(Ui.language)
        try:
            self._show(await reads.snapshot(self._window), self._window, language)
        except KeybatchError as exc:
            self._could_not(exc, language)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read it again whenever it changes, until it has ended or the tab leaves."""
        async with self:
            tab, window = self.router.session.client_token, self._window
        if window is None:
            return
        with tabs.watching(tab, window.batch, Watch(anyway_s=ANYWAY_S)) as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found: Snapshot | KeybatchError = await reads.snapshot(window, since)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed or self._window != window:
                        return
                    language = await self.get_var_value(Ui.language)
                    if isinstance(found, KeybatchError):
                        self._could_not(found, language)
                        continue
                    self._show(found, window, language)
                if found.batch.ended and found.queue:
                    return

    @rx.event
    def ask(self) -> None:
        """Cancelling is asked once more."""
        self.asks, self.refusal = True, ""

    @rx.event
    def unask(self) -> None:
        self.asks = False

    @rx.event
    async def cancel(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Stop the batch; what was read is kept."""
        if self._window is None:
            return None
        self.asks = False
        try:
            await in_thread(control.cancel, house(), self._window.batch)
        except KeybatchError as exc:
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
        await self.refresh()
        return BatchState.follow

    def _show(self, found: Snapshot, window: Window, language: Language) -> None:
        batch, now, infos = found.batch, clock.now_ms(), source_infos()
        if self._seen < 0:
            self._seen = batch.seq
        for name, value in {
            "head": shown.head(batch, now, language),
            "parts": shown.parts(batch.counts, batch.lookups, language),
            "facts": figures.facts(batch, found.pace, now, language),
            "sources": shown.sources(batch, infos, now, language),
            "columns": shown.columns(batch, infos, language),
            "rows": shown.rows(found.rows, batch, infos, self._seen, language),
            "places": paging.places(window, batch.items),
            "span": paging.span(window, len(found.rows), batch.items),
            "newest": window.order == "newest",
            "sign": "live" if found.queue else "queue_away",
            "phase": "shown",
            "problem": "",
        }.items():
            if getattr(self, name) != value:  # only what changed goes to the browser
                setattr(self, name, value)

    def _could_not(self, exc: KeybatchError, language: Language) -> None:
        if isinstance(exc, NoSuchBatch):
            self.phase = "missing"
            return
        log.warning("batch_unread", error=str(exc))
        self.sign, self.problem = "stale", exc.sentence(language)
        if self.phase == "loading":
            self.phase = "unread"


def _actions() -> rx.Component:
    head = BatchState.head
    return rx.el.div(
        rx.cond(
            head.stoppable,
            rx.cond(
                BatchState.asks,
                rx.el.div(
                    rx.el.span(w("cancel_sure")),
                    rx.el.button(w("cancel_yes"), on_click=BatchState.cancel, class_name="btn d", auto_focus=True),
                    rx.el.button(w("cancel_no"), on_click=BatchState.unask, class_name="btn"),
                    class_name="sure",
                    role="alertdialog",
                ),
                rx.el.button(icon("square"), w("cancel"), on_click=BatchState.ask, class_name="btn"),
            ),
        ),
        link(
            icon("download"),
            w("download"),
            to=f"/api/v1/batches/{head.id}/export?format=csv&layout=wide&bom=1",
            reload_document=True,  # the browser's own download, not a page of this house
            download=True,
            class_name="btn p",
        ),
        class_name="acts",
    )


def _shown() -> rx.Component:
    head = BatchState.head
    return rx.fragment(
        rx.cond(BatchState.problem != "", notice("wait", BatchState.problem, " ", w("retrying"))),
        rx.el.div(
            rx.el.div(
                rx.el.h1(head.name),
                rx.el.div(chip(head.state, head.label), rx.el.span(head.about, class_name="mut"), class_name="about"),
                class_name="title",
            ),
            _actions(),
            class_name="head",
        ),
        rx.cond(BatchState.refusal != "", notice("fail", BatchState.refusal)),
        rx.el.div(
            summary.progress(head, BatchState.parts),
            summary.facts(BatchState.facts),
            summary.sources(BatchState.sources),
            summary.taken(head),
            class_name="panel",
        ),
        results.panel(
            address=rx.Var.create(f"/batches/{head.id}"),
            columns=BatchState.columns,
            rows=BatchState.rows,
            newest=BatchState.newest,
            pager=results.pager(BatchState.span, BatchState.places, BatchState.newest),
        ),
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.match(
            BatchState.phase,
            ("loading", rx.el.div(skeleton_lines(9), class_name="panel", custom_attrs={"aria-label": w("loading")})),
            (
                "missing",
                rx.el.div(
                    empty(
                        "search-x",
                        w("no_batch_title"),
                        w("no_batch_body"),
                        link(w("all_batches"), to="/", class_name="btn p"),
                    ),
                    class_name="panel",
                ),
            ),
            (
                "unread",
                notice("fail", rx.el.strong(w("unread_title")), rx.el.p(BatchState.problem, " ", w("retrying"))),
            ),
            _shown(),
        ),
        active="batches",
        crumb=rx.fragment(
            link(w("batches"), to="/"),
            " / ",
            rx.el.b(rx.cond(BatchState.phase == "shown", BatchState.head.name, "…")),
        ),
        sign=BatchState.sign,
        on_language=BatchState.refresh,
    )
