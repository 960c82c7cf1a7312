"""What a batch's values look like: how they are spread, how two sources go together, how the batch went on."""

from dataclasses import dataclass, field

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import batches, charts, timeline
from app.services.charts import Cloud, Distribution
from app.services.timeline import Timeline
from app.web import addresses
from app.web import charts as charts_shown
from app.web.backend import house, in_thread, source_infos
from app.web.charts import Figure
from app.web.components.basics import empty, icon, notice, skeleton_lines
from app.web.heads import Asked, require
from app.web.joined import Joined
from app.web.live import Watch, tabs
from app.web.state import Ui, w, who

log = get(__name__)
#: Least time between two looks, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 5.0, 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The charts of a batch; ``x`` and ``y``: the sources beside each other, "" for those that suggest themselves."""

    asked: Asked
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to draw."""

    spreads: list[Distribution]
    cloud: Cloud | None
    timeline: Timeline | None
    comparable: list[str]


def _read(wanted: Wanted) -> Seen:
    batch = require(house(), wanted.asked)
    return Seen(
        charts.distributions(house(), batch),
        charts.cloud(house(), batch, wanted.x, wanted.y),
        timeline.timeline(house(), batch),
        charts.comparable(batches.get(house(), batch)),
    )


reads: Joined[Wanted, Seen] = Joined(_read)


@dataclass
class Choice:
    """A source that may be on an axis."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the tab holds, in its language."""

    figures: list[Figure] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    x: str = ""
    y: str = ""


class ChartsState(rx.State):
    """The charts on screen."""

    phase: str = "loading"
    problem: str = ""
    figures: list[Figure] = []
    choices: list[Choice] = []
    x: str = ""
    y: str = ""
    _wanted: Wanted | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Draw them and keep them up to date, if the address names this tab; forget them if it names another."""
        url = self.router.url
        batch, query = addresses.batch_of(url.path), url.query_parameters
        if batch is None or addresses.tab_of(query) != "charts":
            self.reset()
            return None
        wanted = Wanted(Asked(batch, who(self).workspace), query.get("x", ""), query.get("y", ""))
        if self._wanted is None or wanted.asked != self._wanted.asked:
            self.reset()
        self._wanted = wanted
        return ChartsState.follow

    @rx.event
    async def refresh(self) -> None:
        """Draw them again, in the tab's language."""
        if self._wanted is not None:
            language = await self.get_var_value(Ui.language)
            self._show(await _found(self._wanted, language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Draw them again when the batch changes, until the tab leaves."""
        async with self:
            tab, wanted = self.router.session.client_token, self._wanted
            language = await self.get_var_value(Ui.language)
        if wanted is None:
            return
        with tabs.watching(tab, wanted.asked.batch, Watch(GAP_S, ANYWAY_S), part="charts") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _found(wanted, language, since)
                async with self:
                    if watch.closed or self._wanted != wanted:
                        return
                    spoken = await self.get_var_value(Ui.language)
                    if spoken == language:
                        self._show(found)
                    else:
                        language = spoken
                        watch.nudge()

    @rx.event
    def choose(self, axis: str, source: str):  # type: ignore[no-untyped-def]  # as above
        """Put another source on an axis; the one that was there takes its place, if they change places."""
        if self._wanted is None:
            return None
        x, y = (source, self.y) if axis == "x" else (self.x, source)
        if x == y:
            x, y = self.y, self.x
        at = addresses.batch(self._wanted.asked.batch)
        return rx.redirect(f"{at}?tab=charts&x={x}&y={y}", replace=True)

    def _show(self, found: Drawn | str) -> None:
        if isinstance(found, str):
            self.problem = found
            return
        for name in ("figures", "choices", "x", "y"):
            if getattr(self, name) != getattr(found, name):
                setattr(self, name, getattr(found, name))
        self.phase, self.problem = "shown", ""


async def _found(wanted: Wanted, language: Language, since: float | None = None) -> Drawn | str:
    """What is to be shown, or in a sentence why it cannot be."""
    try:
        return await in_thread(_drawn, await reads.snapshot(wanted, since), language)
    except KeybatchError as exc:
        log.warning("charts_unread", error=str(exc))
        return exc.sentence(language)


def _drawn(seen: Seen, language: Language) -> Drawn:
    infos = source_infos()
    if seen.timeline is None:
        return Drawn()
    figures = [charts_shown.timeline(seen.timeline, clock.now_ms(), language)]
    figures += [charts_shown.cloud(seen.cloud, infos, language)] if seen.cloud else []
    figures += [charts_shown.distribution(one, infos, language) for one in seen.spreads]
    choices = [Choice(name, charts_shown.title_of(name, infos, language)) for name in seen.comparable]
    x, y = (seen.cloud.x, seen.cloud.y) if seen.cloud else ("", "")
    return Drawn(figures, choices if len(choices) > 2 else [], x, y)


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        rx.cond(ChartsState.problem != "", notice("wait", ChartsState.problem, " ", w("retrying"))),
        rx.cond(
            ChartsState.phase == "loading",
            rx.el.div(skeleton_lines(8), class_name="panel"),
            rx.cond(
                ChartsState.figures.length() > 0,
                rx.el.div(rx.foreach(ChartsState.figures, _figure), class_name="charts"),
                rx.el.div(empty("chart-column", w("no_charts_title"), w("no_charts_body")), class_name="panel"),
            ),
        ),
    )


def _figure(one: rx.Var[Figure]) -> rx.Component:
    return rx.el.figure(
        rx.el.figcaption(rx.el.h2(one.title), rx.cond(one.key == "cloud", _axes())),
        rx.cond(one.drawing != "", rx.html(one.drawing, class_name="drawing")),
        rx.foreach(one.notes, lambda note: rx.el.p(note, class_name="chart-note")),
        rx.cond(one.rows.length() > 0, _table(one)),
        class_name="panel chart-panel",
        key=one.key,
    )


def _table(one: rx.Var[Figure]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("table-2", 14), w("as_table")),
        rx.el.div(
            rx.el.table(
                rx.el.caption(one.title, class_name="sr"),
                rx.el.thead(rx.el.tr(rx.foreach(one.heads, lambda head: rx.el.th(head, scope="col")))),
                rx.el.tbody(
                    rx.foreach(one.rows, lambda row: rx.el.tr(rx.foreach(row, rx.el.td))),
                ),
            ),
            class_name="scroll",
            tab_index=0,
        ),
    )


def _axes() -> rx.Component:
    """Which sources are beside each other, where there are more than two."""
    return rx.cond(
        ChartsState.choices.length() > 0,
        rx.el.div(_axis("x", ChartsState.x), _axis("y", ChartsState.y), class_name="chart-axes"),
    )


def _axis(axis: str, chosen: rx.Var[str]) -> rx.Component:
    return rx.el.label(
        rx.el.span(w(f"axis_{axis}")),
        rx.el.select(
            rx.foreach(ChartsState.choices, lambda one: rx.el.option(one.title, value=one.name)),
            value=chosen,
            on_change=lambda value: ChartsState.choose(axis, value),
            class_name="inp",
        ),
    )
