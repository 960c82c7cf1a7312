"""The list of batches, newest first, live."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import batches
from app.services.house import House
from app.services.shapes import BatchView
from app.web import cells, shown
from app.web.backend import house, in_thread
from app.web.components.basics import bar, chip, empty, icon, link, notice, skeleton_lines
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.reads import PAGE, queue_answers
from app.web.shown import Part
from app.web.state import Ui, w, who

log = get(__name__)
#: Least time between two updates, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 1.0, 5.0


@dataclass
class Line:
    """One batch in the list."""

    id: int
    address: str
    name: str
    state: str
    label: str
    percent: str
    done: str
    total: str
    failed: str
    when: str
    parts: list[Part] = field(default_factory=list)


def line(batch: BatchView, now: int, language: Language) -> Line:
    """A batch as the list shows it."""
    return Line(
        id=batch.id,
        address=f"/batches/{batch.id}",
        name=batch.name or f"#{batch.id}",
        state=batch.state,
        label=shown.state_label(batch.state, batch.waiting_reason, language),
        percent=cells.percent(batch.counts.done, batch.lookups),
        done=cells.number(batch.counts.done),
        total=cells.number(batch.lookups),
        failed=cells.number(batch.counts.failed),
        when=cells.when(batch.created_at, now, language),
        parts=shown.parts(batch.counts, batch.lookups, language),
    )


def before_of(query: str) -> int | None:
    """The id under which the list begins, from the address; None = at the newest."""
    given = parse_qs(query).get("before", [""])[0]
    return int(given) if given.isdecimal() and len(given) < 19 else None


@dataclass(frozen=True)
class Listing:
    """A page of batches, one more than is shown if there are older ones; ``queue`` says whether Redis answered."""

    batches: list[BatchView]
    queue: bool


def read(at: House, workspace: int, before: int | None) -> Listing:
    """The page of a workspace's batches under ``before``; blocking. Raises DatabaseDown."""
    return Listing(batches.listing(at, limit=PAGE + 1, before=before, workspace=workspace), queue_answers(at))


class BatchesState(rx.State):
    """The lines on screen."""

    lines: list[Line] = []
    older: str = ""
    is_older: bool = False
    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    _before: int | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show the page the address names, then keep it up to date."""
        self._before = before_of(self.router.url.query)
        self.is_older = self._before is not None
        await self.refresh()
        return BatchesState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read the list again."""
        language = await self.get_var_value(Ui.language)
        try:
            found = await in_thread(read, house(), who(self).workspace, self._before)
        except KeybatchError as exc:
            self._could_not(exc, language)
        else:
            self._show(found, language)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read the list again whenever a batch changes, until the tab leaves."""
        async with self:
            tab, workspace, before = self.router.session.client_token, who(self).workspace, self._before
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S)) as watch:
            async for _ in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found: Listing | KeybatchError = await in_thread(read, house(), workspace, before)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed:
                        return
                    language = await self.get_var_value(Ui.language)
                    if isinstance(found, KeybatchError):
                        self._could_not(found, language)
                    else:
                        self._show(found, language)

    def _show(self, listing: Listing, language: Language) -> None:
        now, found = clock.now_ms(), listing.batches
        lines = [line(batch, now, language) for batch in found[:PAGE]]
        if lines != self.lines:
            self.lines = lines
        self.older = f"/batches?before={found[PAGE - 1].id}" if len(found) > PAGE else ""
        self.phase, self.sign, self.problem = "shown", "live" if listing.queue else "queue_away", ""

    def _could_not(self, exc: KeybatchError, language: Language) -> None:
        log.warning("batches_unread", error=str(exc))
        self.sign, self.problem = "stale", exc.sentence(language)
        if self.phase == "loading":
            self.phase = "unread"


def _row(one: rx.Var[Line]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.span(f"#{one.id}"), class_name="num dim c-id"),
        rx.el.td(link(one.name, to=one.address, class_name="name", title=one.name), class_name="c-name"),
        rx.el.td(chip(one.state, one.label), class_name="c-state"),
        rx.el.td(bar(one.parts, one.percent, w("progress")), class_name="c-bar"),
        rx.el.td(one.percent, class_name="num c-percent"),
        rx.el.td(one.done, rx.el.span(f" / {one.total}", class_name="dim"), class_name="num c-lookups"),
        rx.el.td(one.failed, class_name=rx.cond(one.failed == "0", "num dim c-failed-n", "num c-failed c-failed-n")),
        rx.el.td(one.when, class_name="num mut c-when"),
        key=one.id,
    )


def _table() -> rx.Component:
    heads = [
        ("#", "num c-id"),
        (w("name"), "c-name"),
        (w("state"), "c-state"),
        (w("progress"), "c-bar"),
        ("", "c-percent"),
        (w("lookups"), "num c-lookups"),
        (w("failures"), "num c-failed-n"),
        (w("submitted"), "num c-when"),
    ]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(w("batches"), class_name="sr"),
            rx.el.thead(rx.el.tr(*[rx.el.th(text, class_name=look, scope="col") for text, look in heads])),
            rx.el.tbody(rx.foreach(BatchesState.lines, _row)),
            class_name="list",
        ),
        class_name="panel scroll",
    )


def _new_button() -> rx.Component:
    return link(icon("plus"), w("new_batch"), to="/new", class_name="btn p")


def _none() -> rx.Component:
    return rx.el.div(
        rx.cond(
            BatchesState.is_older,
            empty("layers", w("none_older"), w("batches_lead"), link(w("newest"), to="/batches", class_name="btn")),
            empty("layers", w("none_title"), w("none_body"), _new_button()),
        ),
        class_name="panel",
    )


def _pager() -> rx.Component:
    return rx.el.div(
        rx.cond(BatchesState.is_older, link(icon("arrow-up", 14), w("newest"), to="/batches", class_name="btn")),
        rx.cond(
            BatchesState.older != "",
            link(w("older"), icon("arrow-down", 14), to=BatchesState.older, class_name="btn"),
        ),
        class_name="pager-out",
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            rx.el.div(rx.el.h1(w("batches")), rx.el.p(w("batches_lead"), class_name="mut")),
            rx.el.div(_new_button(), class_name="acts"),
            class_name="head",
        ),
        rx.match(
            BatchesState.phase,
            ("loading", rx.el.div(skeleton_lines(5), class_name="panel")),
            (
                "unread",
                notice("fail", rx.el.strong(w("unread_title")), rx.el.p(BatchesState.problem, " ", w("retrying"))),
            ),
            rx.fragment(
                rx.cond(BatchesState.problem != "", notice("wait", BatchesState.problem, " ", w("retrying"))),
                rx.cond(BatchesState.lines.length() > 0, rx.fragment(_table(), _pager()), _none()),
            ),
        ),
        active="batches",
        crumb=rx.el.b(w("batches")),
        sign=BatchesState.sign,
        on_language=BatchesState.refresh,
    )
