"""Who did what to the batch and when, newest first."""

from dataclasses import dataclass

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import activity
from app.services.activity import Act
from app.web import acts, addresses
from app.web.acts import ICONS, ActShown
from app.web.backend import house, source_infos
from app.web.components.basics import empty, icon, link, notice, skeleton_lines
from app.web.heads import Asked, require
from app.web.joined import Joined
from app.web.live import Watch, tabs
from app.web.state import Ui, w, who

log = get(__name__)
#: Acts on one page.
PAGE = 50
#: Least time between two looks, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 0.5, 30.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of acts: those with ids under ``before``, or the newest."""

    asked: Asked
    before: int | None = None


def _read(wanted: Wanted) -> list[Act]:
    """One more than a page, which says that there are older ones."""
    return activity.listing(house(), require(house(), wanted.asked), before=wanted.before, limit=PAGE + 1)


reads: Joined[Wanted, list[Act]] = Joined(_read)


class ActivityState(rx.State):
    """The acts on screen."""

    phase: str = "loading"
    problem: str = ""
    acts: list[ActShown] = []
    older: str = ""
    newest: str = ""
    _wanted: Wanted | None = None

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Read the page that the address names and keep it up to date; nothing while it names another tab."""
        url = self.router.url
        batch, query = addresses.batch_of(url.path), url.query_parameters
        if batch is None or addresses.tab_of(query) != "activity":
            return None
        wanted = Wanted(Asked(batch, who(self).workspace), addresses.number_of(query.get("before", "")))
        if self._wanted is None or wanted.asked != self._wanted.asked:
            self.reset()
        self._wanted = wanted
        return ActivityState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read it again, in the tab's language."""
        if self._wanted is not None:
            self._show(self._wanted, await _found(self._wanted), await self.get_var_value(Ui.language))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read it again when the batch changes, until the tab leaves."""
        async with self:
            tab, wanted = self.router.session.client_token, self._wanted
        if wanted is None:
            return
        with tabs.watching(tab, wanted.asked.batch, Watch(GAP_S, ANYWAY_S), part="activity") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                found = await _found(wanted, since)
                async with self:
                    if watch.closed or self._wanted != wanted:
                        return
                    self._show(wanted, found, await self.get_var_value(Ui.language))

    def _show(self, wanted: Wanted, found: list[Act] | KeybatchError, language: Language) -> None:
        if isinstance(found, KeybatchError):
            log.warning("activity_unread", error=str(found))
            self.problem = found.sentence(language)
            return
        now, infos = clock.now_ms(), source_infos()
        at = f"{addresses.batch(wanted.asked.batch)}?tab=activity"
        page = found[:PAGE]
        for name, value in {
            "acts": [acts.line(act, infos, now, language) for act in page],
            "older": f"{at}&before={page[-1].id}" if len(found) > PAGE else "",
            "newest": at if wanted.before is not None else "",
            "phase": "shown",
            "problem": "",
        }.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def _found(wanted: Wanted, since: float | None = None) -> list[Act] | KeybatchError:
    try:
        return await reads.snapshot(wanted, since)
    except KeybatchError as exc:
        return exc


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        rx.cond(ActivityState.problem != "", notice("wait", ActivityState.problem, " ", w("retrying"))),
        rx.el.div(
            rx.cond(
                ActivityState.phase == "loading",
                skeleton_lines(6),
                rx.cond(
                    ActivityState.acts.length() > 0,
                    rx.el.ol(rx.foreach(ActivityState.acts, _act), class_name="acts-list"),
                    empty("history", w("no_acts_title"), w("no_acts_body")),
                ),
            ),
            rx.cond(
                (ActivityState.older != "") | (ActivityState.newest != ""),
                rx.el.nav(
                    rx.cond(
                        ActivityState.newest != "",
                        link(icon("chevrons-left"), w("newest_acts"), to=ActivityState.newest, class_name="btn"),
                        rx.el.span(),
                    ),
                    rx.cond(
                        ActivityState.older != "",
                        link(w("older_acts"), icon("chevron-right"), to=ActivityState.older, class_name="btn"),
                    ),
                    class_name="pager",
                    custom_attrs={"aria-label": w("pages")},
                ),
            ),
            class_name="panel",
        ),
    )


def _act(one: rx.Var[ActShown]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(one.icon, *((name, icon(name, 14)) for name in ICONS), icon("circle", 14)), class_name="act-icon"
        ),
        rx.el.span(
            one.text,
            rx.cond(one.address != "", rx.fragment(" ", link(one.link, to=one.address, class_name="act-link"))),
            class_name="act-text",
        ),
        rx.el.span(one.who, class_name="act-who", title=one.who),
        rx.el.time(one.when, title=one.stamp, class_name="act-when"),
        key=one.key,
    )
