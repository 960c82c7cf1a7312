"""What a batch's values look like: how they are spread, how two sources go together, how the batch went on."""

from dataclasses import dataclass

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import batches, charts, timeline
from app.services.charts import Cloud, Distribution
from app.services.timeline import Timeline
from app.web import addresses, shown
from app.web import charts as charts_shown
from app.web.backend import house, source_infos
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
            self._show(await _found(self._wanted), await self.get_var_value(Ui.language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Draw them again when the batch changes, until the tab leaves."""
        async with self:
            tab, wanted = self.router.session.client_token, self._wanted
        if wanted is None:
            return
        with tabs.watching(tab, wanted.asked.batch, Watch(GAP_S, ANYWAY_S), part="charts") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _found(wanted, since)
                async with self:
                    if watch.closed or self._wanted != wanted:
                        return
                    self._show(found, await self.get_var_value(Ui.language))

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

    def _show(self, found: Seen | KeybatchError, language: Language) -> None:
        if isinstance(found, KeybatchError):
            log.warning("charts_unread", error=str(found))
            self.problem = found.sentence(language)
            return
        infos = source_infos()
        drawn = [charts_shown.timeline(found.timeline, clock.now_ms(), language)] if found.timeline else []
        drawn += [charts_shown.cloud(found.cloud, infos, language)] if found.cloud and found.timeline else []
        drawn += [charts_shown.distribution(one, infos, language) for one in found.spreads] if found.timeline else []
        titles = [
            (name, shown.full_title(infos[name], language) if name in infos else name) for name in found.comparable
        ]
        for name, value in {
            "figures": drawn,
            "choices": [Choice(*one) for one in titles] if found.cloud and len(titles) > 2 else [],
            "x": found.cloud.x if found.cloud else "",
            "y": found.cloud.y if found.cloud else "",
            "phase": "shown",
            "problem": "",
        }.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def _found(wanted: Wanted, since: float | None = None) -> Seen | KeybatchError:
    try:
        return await reads.snapshot(wanted, since)
    except KeybatchError as exc:
        return exc


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
