"""One batch: how far it is, how fast it goes, when it ends, and under it the tab that the address names."""

from typing import Any

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language, NoSuchBatch
from app.log import get
from app.web import addresses, cells, copying, figures, shown
from app.web import control as control_shown
from app.web.backend import source_infos
from app.web.components import control as control_parts
from app.web.components import head as head_parts
from app.web.components import summary
from app.web.components.basics import empty, link, notice, skeleton_lines
from app.web.components.control import Does
from app.web.components.head import Naming
from app.web.control import Reason, Verbs
from app.web.doing import Doing
from app.web.figures import Fact
from app.web.heads import Asked, Look, heads
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.shown import Head, Part, SourceShown
from app.web.state import Ui, w, who
from app.web.tabs import activity, api, charts, failures, results
from app.web.tabs.activity import ActivityState
from app.web.tabs.api import ApiState
from app.web.tabs.charts import ChartsState
from app.web.tabs.failures import FailuresState
from app.web.tabs.results import ResultsState

log = get(__name__)
#: How often to look without being told, in seconds: for what moves by itself, as the time taken. What has ended moves
#: only when somebody does something to it.
ANYWAY_S, ENDED_S = 5.0, 300.0


class BatchState(Doing, rx.State):
    """The batch on screen."""

    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    tab: str = addresses.TABS[0]
    verbs: Verbs = Verbs()
    reasons: list[Reason] = []
    head: Head = Head()
    counts: dict[str, str] = dict.fromkeys(addresses.TABS, "")
    elapsed: str = ""
    parts: list[Part] = []
    facts: list[Fact] = []
    sources: list[SourceShown] = []
    _asked: Asked | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show what the address names, then keep it up to date."""
        url = self.router.url
        batch = addresses.batch_of(url.path)
        if batch is None:
            self.phase = "missing"
            return None
        asked = Asked(batch, who(self).workspace)
        if self._asked != asked:
            self.reset()
        self._asked, self.asks = asked, False
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

    @rx.event
    async def retell(self):  # type: ignore[no-untyped-def]  # as above
        """Say everything in the other language."""
        await self.refresh()
        return _STATES[self.tab].refresh

    @rx.event(background=True)
    async def follow(self):  # type: ignore[no-untyped-def]  # as above
        """Read it again whenever it changes, until the tab leaves."""
        async with self:
            tab, asked, rests = self.router.session.client_token, self._asked, self.head.ended
        if asked is None:
            return None
        watch = Watch(anyway_s=ENDED_S if rests else ANYWAY_S)
        with tabs.watching(tab, asked.batch, watch, part="head"):
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found: Look | KeybatchError = await heads.snapshot(asked, since)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed or self._asked != asked:
                        return None
                    language = await self.get_var_value(Ui.language)
                    if isinstance(found, KeybatchError):
                        self._could_not(found, language)
                        continue
                    self._show(found, language)
                if found.batch.ended != rests:
                    return BatchState.follow  # again, as often as it moves now
        return None

    def _batch(self) -> int:
        return self._asked.batch if self._asked else 0

    async def _again(self) -> None:
        await self.refresh()

    def _show(self, found: Look, language: Language) -> None:
        batch, failed = found.batch, found.batch.counts.failed
        if language not in found.written:
            found.written[language] = _written(found, language)
        for name, value in {
            **found.written[language],
            "counts": self.counts
            | {
                "results": cells.number(batch.items),
                "failures": cells.number(failed) if failed else "",
                "activity": cells.number(found.acts),
            },
            "verbs": control_shown.verbs(batch, language) if "submit" in who(self).scopes else Verbs(),
            "sign": "live" if found.workers is not None else "queue_away",
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


def _written(found: Look, language: Language) -> dict[str, Any]:
    """What every tab says of the batch."""
    batch, now, infos = found.batch, clock.now_ms(), source_infos()
    return {
        "head": shown.head(batch, now, language),
        "elapsed": figures.elapsed(batch, now, language),
        "parts": shown.parts(batch.counts, batch.lookups, language),
        "facts": figures.facts(batch, found.pace, now, language),
        "sources": shown.sources(batch, found.pace, infos, now, language),
        "reasons": control_shown.reasons(batch, found.pace, infos, now, language, found.workers),
    }


#: The states of the tabs; each does nothing while the address names another.
_STATES: dict[str, Any] = {
    "results": ResultsState,
    "failures": FailuresState,
    "charts": ChartsState,
    "activity": ActivityState,
    "api": ApiState,
}
#: What is done when the page is entered.
ENTER = [BatchState.enter, *(state.enter for state in _STATES.values())]


def _shown() -> rx.Component:
    head = BatchState.head
    does = Does(
        pause=BatchState.pause,
        resume=BatchState.resume,
        ask=BatchState.ask,
        unask=BatchState.unask,
        cancel=BatchState.cancel,
        retry=BatchState.retry,
        rerun=BatchState.rerun,
        share=copying.address(BatchState.shared),
    )
    named = Naming(edit=BatchState.edit, rename=BatchState.rename, tag=BatchState.tag, untag=BatchState.untag)
    return rx.fragment(
        rx.cond(BatchState.problem != "", notice("wait", BatchState.problem, " ", w("retrying"))),
        rx.el.div(
            head_parts.title(head, BatchState.editing, named),
            control_parts.actions(head, BatchState.verbs, BatchState.asks, does),
            class_name="head",
        ),
        control_parts.reasons(BatchState.reasons),
        rx.el.div(
            summary.progress(head, BatchState.parts, BatchState.elapsed),
            summary.facts(BatchState.facts),
            summary.sources(BatchState.sources),
            summary.taken(head),
            class_name="panel",
        ),
        _tabs(head),
        rx.match(
            BatchState.tab,
            ("activity", activity.view()),
            ("api", api.view()),
            rx.cond(head.gone != "", summary.gone(head), _of_readings()),
        ),
    )


def _of_readings() -> rx.Component:
    return rx.match(BatchState.tab, ("failures", failures.view()), ("charts", charts.view()), results.view())


def _tabs(head: rx.Var[Head]) -> rx.Component:
    return rx.el.nav(
        *[_tab(head, name) for name in addresses.TABS],
        class_name="tabs batch-tabs",
        custom_attrs={"aria-label": w("batch_parts")},
    )


def _tab(head: rx.Var[Head], name: str) -> rx.Component:
    on, count = BatchState.tab == name, BatchState.counts[name]
    query = "" if name == addresses.TABS[0] else f"?tab={name}"
    return link(
        w(f"tab_{name}"),
        rx.cond(count != "", rx.el.span(count, class_name="n")),
        to=f"/batches/{head.id}{query}",
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
            ("missing", _missing()),
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
        on_language=BatchState.retell,
    )


def _missing() -> rx.Component:
    way_back = link(w("all_batches"), to="/batches", class_name="btn p")
    return rx.el.div(empty("search-x", w("no_batch_title"), w("no_batch_body"), way_back), class_name="panel")
