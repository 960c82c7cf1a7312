"""The list of batches: filtered by its address, live, and one verb for many of them."""

from dataclasses import dataclass

import reflex as rx

from app import clock
from app.errors import KeybatchError, Language
from app.log import get
from app.services import listing
from app.services.house import House
from app.services.listing import Known, ListPage
from app.services.shapes import BatchView, Pace
from app.web import listed
from app.web.asked import Asked, asked
from app.web.backend import house, in_thread, source_infos
from app.web.chosen import Chosen
from app.web.components import listed as parts
from app.web.components.basics import empty, icon, link, notice, skeleton_lines
from app.web.components.bulk import Deeds, Now, question, verbs
from app.web.ends import ends
from app.web.layout import page
from app.web.listed import Filters, Line
from app.web.live import Watch, tabs
from app.web.reads import PAGE, queue_answers
from app.web.state import Ui, w, who
from app.web.words import word

log = get(__name__)
#: Least time between two updates, and how often to look without being told, in seconds.
GAP_S, ANYWAY_S = 1.0, 5.0
#: Whether somebody reads what would move: the list is scrolled, the keyboard is in it, or a question is open.
_IS_READ = (
    "window.scrollY > 80 || !!document.querySelector('dialog[open]')"
    " || !!(document.activeElement && document.activeElement.closest('.bl tbody'))"
)


@dataclass(frozen=True)
class Look:
    """A page of the list as it is now, and those of the batches shown before that are not on it any more."""

    page: ListPage
    others: list[BatchView]
    paces: dict[int, Pace]
    queue: bool


def read(at: House, workspace: int, wanted: Asked, before: list[int]) -> Look:
    """The page that is wanted, with what has become of the batches ``before``; blocking. Raises DatabaseDown,
    BadValue."""
    found = listing.fitted(at, workspace, wanted.fits(), before=wanted.before, after=wanted.after, limit=PAGE)
    on_it = {one.id for one in found.batches}
    left = [number for number in before if number not in on_it]
    others = listing.some(at, workspace, left) if left else []
    return Look(found, others, ends.of(at, [*found.batches, *others]), queue_answers(at))


class BatchesState(Chosen, rx.State):
    """The lines on screen. They stay where they are while they are read: what is new is announced by ``news``."""

    lines: list[Line] = []
    filters: Filters = Filters()
    newer: str = ""
    older: str = ""
    news: str = ""
    phase: str = "loading"
    sign: str = "live"
    problem: str = ""
    serial: int = 0
    _known: Known = Known((), (), ())
    _typed: str = ""
    _announced: list[int] = []

    @rx.event
    async def enter(self):
        """Show the page the address names, then keep it up to date."""
        wanted = asked(self.router.url.query)
        if wanted["q"] != self._typed:  # not what is being typed into the box right now
            self._typed, self.serial = wanted["q"], self.serial + 1
        if wanted != self._wanted:
            await self._choose([])
        self._wanted, self._shown, self.news, self.doing = wanted, [], "", ""
        await self._learn()
        await self.refresh()
        return BatchesState.follow

    @rx.event
    async def refresh(self) -> None:
        """Read the page again, whole."""
        language = await self.get_var_value(Ui.language)
        try:
            found = await in_thread(read, house(), who(self).workspace, self._wanted, [])
        except KeybatchError as exc:
            self._could_not(exc, language)
        else:
            self._show(found, language)

    @rx.event(background=True)
    async def follow(self):
        """Look again whenever a batch changes, until the tab leaves."""
        async with self:
            tab, workspace, wanted = self.router.session.client_token, who(self).workspace, asked(self._wanted.query())
        with tabs.watching(tab, 0, Watch(GAP_S, ANYWAY_S), part="batches") as watch:
            async for _ in watch.changes(lambda: tabs.is_connected(tab)):
                async with self:
                    before = list(self._shown)
                try:
                    found: Look | KeybatchError = await in_thread(read, house(), workspace, wanted, before)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed:
                        return
                    asks = self._followed(found, await self.get_var_value(Ui.language))
                if asks:
                    yield rx.call_script(_IS_READ, callback=BatchesState.arrived)

    @rx.event
    async def arrived(self, is_read: bool):
        """New batches are there: show them, unless that would move what is being read."""
        if not is_read and not self.chosen:
            await self.refresh()
        else:
            self._announce(len(self._announced), await self.get_var_value(Ui.language))

    @rx.event
    def narrow(self, part: str, value: str):
        """Filter by another value of ``part``."""
        return rx.redirect(self._wanted.but(part, value).address(), replace=part == "q")

    @rx.event
    def search(self, value: str):
        """Filter by what is being typed."""
        self._typed = asked(Asked(values={"q": value}).query())["q"]
        return rx.redirect(self._wanted.but("q", value).address(), replace=True)

    @rx.event
    def days(self, form: dict[str, str]):
        """Filter by days of one's own."""
        wanted = self._wanted.but("from", form.get("from", "")).but("to", form.get("to", ""))
        return rx.redirect(wanted.address())

    async def _learn(self) -> None:
        """What there is to filter by."""
        language = await self.get_var_value(Ui.language)
        try:
            self._known = await in_thread(listing.known, house(), who(self).workspace)
        except KeybatchError as exc:
            log.warning("filters_unread", error=str(exc))
        self.filters = listed.filters(self._wanted, self._known, source_infos(), language)

    def _followed(self, found: Look | KeybatchError, language: Language) -> bool:
        """Write what was read without moving a line; whether to ask if new ones may come in."""
        if isinstance(found, KeybatchError):
            self._could_not(found, language)
            return False
        if not self._shown:
            self._show(found, language)
            return False
        numbers = [one.id for one in found.page.batches]
        is_top = self._wanted.before is None and not found.page.newer
        fresh = [number for number in numbers if number > self._shown[0]] if is_top else []
        views = {one.id: one for one in (*found.page.batches, *found.others)}
        self._write([views[number] for number in self._shown if number in views], found, language)
        if not fresh:
            if numbers != self._shown and not self.news:
                self._announce(0, language)
            return False
        if fresh == self._announced:
            return False
        self._announced = fresh
        if self._wanted.timed or self.chosen or self.news:
            self._announce(len(fresh), language)
            return False
        return True

    def _announce(self, count: int, language: Language) -> None:
        self.news = word("list_news", language, count=count) if count else word("list_changed", language)

    def _show(self, found: Look, language: Language) -> None:
        """The page as it was read, whole."""
        self._shown, self._announced, self.news = [one.id for one in found.page.batches], [], ""
        self.chosen = [number for number in self.chosen if number in self._shown]
        self._write(found.page.batches, found, language)

    def _write(self, views: list[BatchView], found: Look, language: Language) -> None:
        now = clock.now_ms()
        lines = [listed.line(one, found.paces.get(one.id), now, language) for one in views]
        if lines != self.lines:
            self.lines = lines
        self.newer = self._wanted.at(after=self._shown[0]) if found.page.newer and self._shown else ""
        self.older = self._wanted.at(before=found.page.next) if found.page.next is not None else ""
        self.phase, self.sign, self.problem = "shown", "live" if found.queue else "queue_away", ""

    def _could_not(self, exc: KeybatchError, language: Language) -> None:
        log.warning("batches_unread", error=str(exc))
        self.sign, self.problem = "stale", exc.sentence(language)
        if self.phase == "loading":
            self.phase = "unread"


def _filters() -> rx.Component:
    state = BatchesState
    return parts.filters(state.filters, state.serial, search=state.search, narrow=state.narrow, days=state.days)


def _new_button() -> rx.Component:
    return rx.cond(Ui.scopes.contains("submit"), link(icon("plus"), w("new_batch"), to="/new", class_name="btn p"))


def _none() -> rx.Component:
    clear = link(icon("x", 14), w("list_clear"), to="/batches", class_name="btn")
    return rx.el.div(
        rx.cond(
            BatchesState.filters.filtered,
            empty("search-x", w("none_match_title"), w("none_match_body"), clear),
            empty("layers", w("none_title"), w("none_body"), _new_button()),
        ),
        class_name="panel",
    )


def _list() -> rx.Component:
    state = BatchesState
    now = Now(state.chosen, state.count, state.offer, state.doing, state.ask, state.filters.tags)
    deeds = Deeds(state.question, state.confirm, state.choose_all, state.choose_none)
    return rx.fragment(
        rx.cond(state.problem != "", notice("wait", state.problem, " ", w("retrying"))),
        rx.cond(
            state.news != "",
            rx.el.div(rx.el.button(state.news, on_click=state.refresh, class_name="pill"), class_name="pill-row"),
        ),
        rx.cond(
            state.lines.length() > 0,
            rx.fragment(
                parts.table(state.lines, state.chosen, choose=state.choose, choose_page=state.choose_page),
                parts.pager(state.newer, state.older),
            ),
            _none(),
        ),
        rx.cond(Ui.scopes.contains("submit"), rx.fragment(verbs(now, deeds), question(now, deeds))),
    )


def view() -> rx.Component:
    """The page."""
    return page(
        rx.el.div(rx.el.h1(w("batches")), rx.el.div(_new_button(), class_name="acts"), class_name="head"),
        _filters(),
        rx.match(
            BatchesState.phase,
            ("loading", rx.el.div(skeleton_lines(8), class_name="panel", custom_attrs={"aria-busy": "true"})),
            (
                "unread",
                notice("fail", rx.el.strong(w("unread_title")), rx.el.p(BatchesState.problem, " ", w("retrying"))),
            ),
            _list(),
        ),
        active="batches",
        crumb=rx.el.b(w("batches")),
        sign=BatchesState.sign,
        on_language=BatchesState.enter,
    )
