"""Ops: who works on what, what waits, what broke, what is held up. Live. Jobs one by one are for admins."""

import time

import reflex as rx

from app import clock
from app.errors import Language
from app.services import workings
from app.services.callers import Caller
from app.services.workings import Workings
from app.web.backend import house
from app.web.components import houses as house_parts
from app.web.components import ops as parts
from app.web.components.basics import icon, link, notice, skeleton_lines
from app.web.components.overview import signs
from app.web.health import Sign
from app.web.houses import ProcessLine, TroubleLine
from app.web.joined import Joined
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.ops import HaltLine, Line, QueueLine, SliceLine, WorkerLine, works
from app.web.state import Ui, w, who

#: Least time between two updates, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 2.0, 3.0
#: What was read for another tab may be so old, in seconds.
AGE_S = 1.0


def _look(wanted: tuple[int, frozenset[str]]) -> Workings:
    workspace, scopes = wanted
    return workings.look(house(), Caller(workspace, scopes))


reads: Joined[tuple[int, frozenset[str]], Workings] = Joined(_look)


async def read(caller: Caller, at: float) -> Workings:
    """The workings as ``caller`` may see them, as they were at ``at`` (`time.monotonic`) or a moment before."""
    return await reads.snapshot((caller.workspace, caller.scopes), at - AGE_S)


class OpsState(rx.State):
    """What is on screen. Each part is sent when it changes."""

    signs: list[Sign] = []
    troubles: list[TroubleLine] = []
    processes: list[ProcessLine] = []
    redis: bool = True
    database: bool = True
    workers: list[WorkerLine] = []
    queues: list[QueueLine] = []
    lanes: list[SliceLine] = []
    lanes_told: str = ""
    waiting: list[SliceLine] = []
    waiting_told: str = ""
    failed: list[SliceLine] = []
    failed_told: str = ""
    halts: list[HaltLine] = []
    times: list[Line] = []
    loaded: bool = False
    sign: str = "live"

    @rx.event
    async def enter(self):
        """Show how things are, then keep that up to date."""
        await self.refresh()
        return OpsState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read everything again."""
        found = await read(who(self), time.monotonic())
        self._show(found, await self.get_var_value(Ui.language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read everything again as work goes on, until the tab leaves."""
        async with self:
            tab, caller = self.router.session.client_token, who(self)
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S)) as watch:
            async for at in watch.changes(lambda: tabs.is_connected(tab)):
                found = await read(caller, at)
                async with self:
                    if watch.closed:
                        return
                    self._show(found, await self.get_var_value(Ui.language))

    def _show(self, found: Workings, language: Language) -> None:
        shown, health = vars(works(found, clock.now_ms(), language)), found.health
        sign = "stale" if not health.database else "live" if health.redis else "queue_away"
        for name, value in {**shown, "loaded": True, "sign": sign}.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _away(there: rx.Var[bool], what: str) -> rx.Component:
    told = rx.fragment(rx.el.strong(w(f"{what}_away_title")), rx.el.p(w(f"{what}_away_body")))
    return rx.cond(there, rx.fragment(), notice("fail", told))


def _shown() -> rx.Component:
    state, everything = OpsState, Ui.scopes.contains("admin")
    return rx.fragment(
        _away(state.redis, "redis"),
        _away(state.database, "database"),
        house_parts.troubles(state.troubles),
        rx.el.div(
            rx.el.div(
                rx.cond(state.redis, parts.workers(state.workers)),
                rx.cond(state.redis, house_parts.processes(state.processes)),
                rx.cond(everything & state.database, parts.lanes(state.lanes, state.lanes_told)),
                rx.cond(everything & state.redis, parts.waiting(state.waiting, state.waiting_told)),
                rx.cond(everything & state.redis, parts.failed(state.failed, state.failed_told)),
                rx.cond(everything, rx.fragment(), rx.el.p(w("members_only_health"), class_name="mut")),
                class_name="stack",
            ),
            rx.el.div(
                signs(state.signs),
                rx.cond(state.redis, parts.queues(state.queues)),
                rx.cond(state.database, parts.halts(state.halts)),
                parts.times(state.times),
                class_name="stack",
            ),
            class_name="board works",
        ),
    )


def _rq() -> rx.Component:
    return rx.cond(
        Ui.scopes.contains("admin"),
        link(
            w("open_rq"),
            icon("external-link", 14),
            rx.el.span(w("new_tab"), class_name="sr"),
            to="/rq/",
            reload_document=True,
            target="_blank",
            rel="noopener",
            class_name="btn",
        ),
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(
            rx.el.div(rx.el.h1(w("page_ops")), rx.el.p(w("ops_lead"), class_name="mut")),
            rx.el.div(_rq(), class_name="acts"),
            class_name="head",
        ),
        rx.cond(OpsState.loaded, _shown(), rx.el.div(skeleton_lines(5), class_name="panel")),
        active="ops",
        crumb=rx.el.b(w("page_ops")),
        sign=OpsState.sign,
        on_language=OpsState.refresh,
    )
