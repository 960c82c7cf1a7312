"""One batch: how far it is, how fast it goes, when it ends, and under it the tab that the address names."""

from collections.abc import Callable
from functools import partial
from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language, NoSuchBatch
from app.log import get
from app.services import batches, control
from app.web import addresses, figures, shown
from app.web import control as control_shown
from app.web.backend import house, in_thread, source_infos
from app.web.components import control as control_parts
from app.web.components import summary
from app.web.components.basics import chip, empty, link, notice, skeleton_lines
from app.web.control import FailedShown, Reason, Verbs
from app.web.figures import Fact
from app.web.heads import Asked, Look, heads
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.shown import Head, Part, SourceShown
from app.web.state import Ui, allowed, w, who
from app.web.tabs import results
from app.web.words import word

log = get(__name__)
#: How often to look without being told, in seconds: for what moves by itself, as the time taken.
ANYWAY_S = 5.0


class BatchState(rx.State):
    """The batch on screen."""

    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    refusal: str = ""
    said: str = ""
    asks: bool = False
    verbs: Verbs = Verbs()
    reasons: list[Reason] = []
    failed: FailedShown = FailedShown()
    head: Head = Head()
    parts: list[Part] = []
    facts: list[Fact] = []
    sources: list[SourceShown] = []
    tab: str = addresses.TABS[0]
    _asked: Asked | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show what the address names, then keep it up to date."""
        url = self.router.url
        batch = addresses.batch_of(url.path)
        self.asks, self.refusal, self.said = False, "", ""
        if batch is None:
            self.phase = "missing"
            return None
        asked = Asked(batch, who(self).workspace)
        if self._asked != asked:
            self.reset()
        self._asked = asked
        self.tab = addresses.tab_of(url.query_parameters)
        await self.refresh()
        return BatchState.follow if self.phase != "missing" else None

    @rx.event
    async def refresh(self) -> None:
        """Read it again, in the tab's language."""
        if self._asked is None:
            return
        language = await self.get_var_value(Ui.language)
        try:
            self._show(await heads.snapshot(self._asked), language)
        except KeybatchError as exc:
            self._could_not(exc, language)

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read it again whenever it changes, until it has ended or the tab leaves."""
        async with self:
            tab, asked = self.router.session.client_token, self._asked
        if asked is None:
            return
        with tabs.watching(tab, asked.batch, Watch(anyway_s=ANYWAY_S), part="head") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found: Look | KeybatchError = await heads.snapshot(asked, since)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed or self._asked != asked:
                        return
                    language = await self.get_var_value(Ui.language)
                    if isinstance(found, KeybatchError):
                        self._could_not(found, language)
                        continue
                    self._show(found, language)
                if found.batch.ended and found.queue:
                    return

    @rx.event
    def ask(self) -> None:
        """Cancelling is asked once more."""
        self.asks, self.refusal, self.said = True, "", ""

    @rx.event
    def unask(self) -> None:
        self.asks = False

    @rx.event
    async def pause(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Let the batch rest."""
        await self._do(control.pause)
        return BatchState.follow

    @rx.event
    async def resume(self):  # type: ignore[no-untyped-def]  # as above
        """Let it go on."""
        await self._do(control.resume)
        return BatchState.follow

    @rx.event
    async def cancel(self):  # type: ignore[no-untyped-def]  # as above
        """Stop it; what was read is kept."""
        await self._do(control.cancel)
        return BatchState.follow

    @rx.event
    async def rerun(self):  # type: ignore[no-untyped-def]  # as above
        """Ask everything anew, on the page of the batch that does."""
        made = await self._do(control.rerun)
        return rx.redirect(f"/batches/{made.id}") if made else None

    @rx.event
    async def retry(self, source: str, error: str, first: int):  # type: ignore[no-untyped-def]  # as above
        """Ask failed lookups again."""
        done = await self._do(partial(control.retry, source=source, error=error, first=first or None))
        if done:
            self.said = word("retried", await self.get_var_value(Ui.language), count=done.lookups)
        return BatchState.follow

    async def _do(self, verb: Callable[..., Any]) -> Any:
        """Do something with the batch and show what became of it; a refusal becomes a sentence, and gives None."""
        if self._asked is None:
            return None
        self.asks, self.refusal, self.said, done = False, "", "", None
        try:
            person = allowed(self, "submit")
            await in_thread(batches.require_in, house(), person.workspace, self._asked.batch)
            done = await in_thread(verb, house(), self._asked.batch)
        except KeybatchError as exc:
            self.refusal = exc.sentence(await self.get_var_value(Ui.language))
        await self.refresh()
        return done

    def _show(self, found: Look, language: Language) -> None:
        batch, now, infos = found.batch, clock.now_ms(), source_infos()
        for name, value in {
            "head": shown.head(batch, now, language),
            "parts": shown.parts(batch.counts, batch.lookups, language),
            "facts": figures.facts(batch, found.pace, now, language),
            "sources": shown.sources(batch, infos, now, language),
            "verbs": control_shown.verbs(batch) if "submit" in who(self).scopes else Verbs(),
            "reasons": control_shown.reasons(batch, found.pace, infos, now, language),
            "failed": control_shown.failed(found.failures, infos, language),
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
            control_parts.actions(
                head,
                BatchState.verbs,
                BatchState.asks,
                pause=BatchState.pause,
                resume=BatchState.resume,
                ask=BatchState.ask,
                unask=BatchState.unask,
                cancel=BatchState.cancel,
                rerun=BatchState.rerun,
            ),
            class_name="head",
        ),
        control_parts.said(BatchState.said, BatchState.refusal),
        control_parts.reasons(BatchState.reasons),
        rx.el.div(
            summary.progress(head, BatchState.parts),
            summary.facts(BatchState.facts),
            summary.sources(BatchState.sources),
            summary.taken(head),
            class_name="panel",
        ),
        _tabs(head),
        rx.match(
            BatchState.tab,
            ("failures", control_parts.failures(BatchState.failed, retry=BatchState.retry)),
            results.view(),
        ),
    )


def _tabs(head: rx.Var[Head]) -> rx.Component:
    at = rx.Var.create(f"/batches/{head.id}")
    return rx.el.nav(
        _tab("results", at, head.done),
        _tab("failures", rx.Var.create(f"{at}?tab=failures"), BatchState.failed.total),
        class_name="tabs",
        custom_attrs={"aria-label": w("batch_parts")},
    )


def _tab(name: str, to: rx.Var[str], count: rx.Var[str] | str) -> rx.Component:
    on = BatchState.tab == name
    return link(
        w(name),
        rx.el.span(count, class_name="n"),
        to=to,
        class_name=rx.cond(on, "tab on", "tab"),
        prevent_scroll_reset=True,
        custom_attrs={"aria-current": rx.cond(on, "page", "false")},
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
                        link(w("all_batches"), to="/batches", class_name="btn p"),
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
            link(w("batches"), to="/batches"),
            " / ",
            rx.el.b(rx.cond(BatchState.phase == "shown", BatchState.head.name, "…")),
        ),
        sign=BatchState.sign,
        on_language=BatchState.refresh,
    )
