"""The overview: what is under way, what is left, how it goes. The first page, open all day; live."""

import time
from urllib.parse import parse_qs

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import overview
from app.services.meter import Meter
from app.services.overview import Overview, Window
from app.web import cells
from app.web.backend import house
from app.web.components import overview as parts
from app.web.components import throughput
from app.web.components.basics import empty, icon, link, notice, skeleton_lines
from app.web.health import Sign
from app.web.joined import Joined
from app.web.layout import page
from app.web.live import Watch, tabs
from app.web.overview import BatchLine, Figure, UpstreamLine, board
from app.web.quotas import Quota
from app.web.state import Ui, w, who
from app.web.throughput import Chart

log = get(__name__)
#: Least time between two updates, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 1.0, 5.0
#: What was read for another tab may be so old, in seconds.
AGE_S = 0.5


#: Of this process, for all its tabs.
_meter = Meter()


def _look(wanted: tuple[int, Window]) -> Overview:
    return overview.look(house(), *wanted, cells.ZONE, _meter)


reads: Joined[tuple[int, Window], Overview] = Joined(_look)


def window_of(query: str) -> Window:
    """Over what time the address looks back."""
    return "day" if parse_qs(query).get("window", [""])[0] == "day" else "hour"


async def read(workspace: int, window: Window, at: float) -> Overview | KeybatchError:
    """The overview as it was at ``at`` (`time.monotonic`), or a moment before; or why it cannot be read."""
    try:
        return await reads.snapshot((workspace, window), at - AGE_S)
    except KeybatchError as exc:
        return exc


class OverviewState(rx.State):
    """What is on screen. Each part is sent when it changes."""

    day: str = ""
    fresh: bool = False
    figures: list[Figure] = []
    batches: list[BatchLine] = []
    more: str = ""
    ended: list[BatchLine] = []
    chart: Chart = Chart()
    upstreams: list[UpstreamLine] = []
    quotas: list[Quota] = []
    health: list[Sign] = []
    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    _window: Window = "hour"

    @rx.event
    async def enter(self):
        """Show what the address names, then keep it up to date."""
        self._window = window_of(self.router.url.query)
        await self.refresh()
        return OverviewState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read everything again."""
        found = await read(who(self).workspace, self._window, time.monotonic())
        self._show(found, await self.get_var_value(Ui.language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read everything again as work goes on, until the tab leaves."""
        async with self:
            tab, workspace, window = self.router.session.client_token, who(self).workspace, self._window
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S)) as watch:
            async for at in watch.changes(lambda: tabs.is_connected(tab)):
                found = await read(workspace, window, at)
                async with self:
                    if watch.closed:
                        return
                    self._show(found, await self.get_var_value(Ui.language))

    def _show(self, found: Overview | KeybatchError, language: Language) -> None:
        if isinstance(found, KeybatchError):
            log.warning("overview_unread", error=str(found))
            self.sign, self.problem = "stale", found.sentence(language)
            self.phase = "unread" if self.phase == "loading" else self.phase
            return
        shown = vars(board(found, clock.now_ms(), language))
        sign = "live" if found.health.redis else "queue_away"
        for name, value in {**shown, "phase": "shown", "problem": "", "sign": sign}.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _new_button() -> rx.Component:
    return rx.cond(
        Ui.scopes.contains("submit"),
        link(icon("plus"), w("new_batch"), to="/new", class_name="btn p"),
    )


def _shown() -> rx.Component:
    state = OverviewState
    first = rx.el.div(empty("layers", w("overview_fresh"), w("overview_fresh_body"), _new_button()), class_name="panel")
    return rx.fragment(
        rx.cond(state.problem != "", notice("wait", state.problem, " ", w("retrying"))),
        rx.cond(state.fresh, rx.fragment(), parts.figures(state.figures)),
        rx.el.div(
            rx.el.div(
                rx.cond(state.fresh, first, parts.batches(state.batches, state.more, state.ended)),
                rx.cond(state.fresh & (state.chart.empty != ""), rx.fragment(), throughput.panel(state.chart)),
                parts.upstreams(state.upstreams),
                class_name="stack",
            ),
            rx.el.div(parts.quotas(state.quotas), parts.signs(state.health), class_name="stack"),
            class_name="board",
        ),
    )


def view() -> rx.Component:
    """The page."""
    state = OverviewState
    return page(
        rx.el.div(
            rx.el.div(rx.el.h1(w("page_overview")), rx.el.p(state.day, class_name="mut day")),
            rx.el.div(rx.cond(state.fresh, rx.fragment(), _new_button()), class_name="acts"),
            class_name="head",
        ),
        rx.match(
            state.phase,
            ("loading", rx.el.div(skeleton_lines(5), class_name="panel")),
            (
                "unread",
                notice("fail", rx.el.strong(w("unread_title")), rx.el.p(state.problem, " ", w("retrying"))),
            ),
            _shown(),
        ),
        active="overview",
        crumb=rx.el.b(w("page_overview")),
        sign=state.sign,
        on_language=state.refresh,
    )
