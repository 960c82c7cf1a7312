"""The results of a batch: a page of its table in the order, with the filters and the columns that the address names.

Where readings change neither order nor membership, cells fill in place. Otherwise the page stays as it was when it was
opened, and says how many readings came since.
"""

from dataclasses import replace

import reflex as rx

from app.errors import BadValue, KeybatchError, Language, NoSuchBatch
from app.log import get
from app.web import addresses, cells, paging, table, views
from app.web.backend import source_infos
from app.web.choosing import Choosing
from app.web.components import derived, drawer, picked, results, toolbar
from app.web.components.drawer import RowState
from app.web.heads import Asked, heads
from app.web.live import Watch, tabs
from app.web.paging import Steps
from app.web.reads import Page, Window, counts, reads
from app.web.state import Ui, who
from app.web.table import Mark, RowShown
from app.web.views import Place, View
from app.web.words import word

log = get(__name__)
#: How often to look without being told, in seconds: a database may have been away.
ANYWAY_S = 10.0
#: Pages that a tab finds its way back through.
MAX_TRAIL = 500


class ResultsState(Choosing, rx.State):
    """The rows on screen. ``phase``: loading, shown, bad (a view that makes no sense here) or unread; ``row``: the key
    of the one that is open."""

    phase: str = "loading"
    busy: bool = False
    problem: str = ""
    rows: list[RowShown] = []
    news: dict[str, RowShown] = {}
    steps: Steps = Steps()
    span: str = ""
    matched: str = ""
    newer: str = ""
    nothing_read: bool = False
    row: str = ""
    _window: Window | None = None
    _socket: str = ""
    _seq: int = 0
    _seen: int = -1
    #: What the rows on screen were when they were sent, what they are with the news, and what else they depend on.
    _base: tuple[Mark, ...] = ()
    _held: tuple[Mark, ...] = ()
    _written: tuple[object, ...] = ()
    _total: int | None = None
    _trail: dict[str, Place] = {}

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show the rows that the address names, then keep them up to date; nothing while it names another tab."""
        url = self.router.url
        batch = addresses.batch_of(url.path)
        if batch is None or addresses.tab_of(url.query_parameters) != "results":
            return
        view, place = views.parse(url.query)
        start = place.start if view.is_plain else 0
        window = Window(batch, replace(view, columns=()), start, place.cursor, who(self).workspace)
        socket = self.router.session.session_id
        is_known = self.phase == "shown" and (window, socket) == (self._window, self._socket)
        self._turn_to(window, view, place)
        yield RowState.enter
        if is_known and self._batch is not None:
            self._head(self._batch, source_infos(), await self._language())
        else:
            self.busy, self._socket = True, socket
            yield
            await self._read()
        yield ResultsState.follow
        if view.narrows and self._total is None:
            yield ResultsState.count

    @rx.event
    async def refresh(self):  # type: ignore[no-untyped-def]  # as above
        """Read the rows again, as they are now, in the tab's language."""
        await self._read()
        return RowState.refresh

    async def _read(self) -> None:
        if self._window is None:
            return
        language, self._seen, self._written = await self._language(), -1, ()
        try:
            page = await reads.snapshot(self._window)
            self._head(page.batch, source_infos(), language)
            self._show(page, language)
        except KeybatchError as exc:
            if isinstance(exc, BadValue):
                look = await heads.snapshot(Asked(self._window.batch, self._window.workspace))
                self._head(look.batch, source_infos(), language)
            self._could_not(exc, language)
        self.busy = False

    @rx.event
    async def renew(self):  # type: ignore[no-untyped-def]  # as above
        """Show the table with what was read since."""
        if self._place.cursor:
            return rx.redirect(views.address(self.batch, self._view))
        await self._read()
        return [ResultsState.follow, *([ResultsState.count] if self._view.narrows else [])]

    @rx.event(background=True)
    async def count(self) -> None:
        """Find out how many rows there are, which may take longer than reading a page of them."""
        async with self:
            window = self._window
        if window is None:
            return
        try:
            total = await counts.snapshot(replace(window, cursor=""))
        except KeybatchError as exc:
            log.info("rows_uncounted", error=str(exc))
            return
        async with self:
            if self._window is not None and self._window.view == window.view:
                self._total = total
                self._count(await self._language())

    @rx.event(background=True)
    async def follow(self) -> None:
        """Keep the page up to date until the tab leaves; failures of a batch that has ended may be retried."""
        async with self:
            tab, window, phase = self.router.session.client_token, self._window, self.phase
        if window is None or phase == "bad":
            return
        with tabs.watching(tab, window.batch, Watch(anyway_s=ANYWAY_S), part="results") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found: Page | KeybatchError = await self._look(window, since)
                except KeybatchError as exc:
                    found = exc
                async with self:
                    if watch.closed or self._window != window:
                        return
                    language = await self._language()
                    if isinstance(found, KeybatchError):
                        self._could_not(found, language)
                        continue
                    self._take(found, language)

    async def _look(self, window: Window, since: float) -> Page:
        """What became of the page: its rows where they stay where they are, otherwise the batch alone."""
        if window.view.is_plain or self.phase != "shown":
            return await reads.snapshot(window, since)
        if window.view.is_steady and self.rows:
            positions = tuple(int(row.key) for row in self.rows)
            return await reads.snapshot(Window(window.batch, workspace=window.workspace, positions=positions), since)
        found = await heads.snapshot(Asked(window.batch, window.workspace), since)
        return Page(found.batch, [], found.batch.seq)

    def _take(self, found: Page, language: Language) -> None:
        """Show what `_look` found."""
        if self.phase != "shown" or (self._window is not None and self._window.view.is_plain):
            self._show(found, language)
        elif found.rows:
            self._fill(found, language)
        else:
            more = found.batch.seq - self._seq
            newer = word("newer", language, count=more, shown=cells.number(more)) if more > 0 else ""
            self._put(newer=newer, problem="")

    async def _language(self) -> Language:
        return await self.get_var_value(Ui.language)

    def _turn_to(self, window: Window, view: View, place: Place) -> None:
        """Look at another part of the table."""
        if self._window is None or self._window.batch != window.batch:
            self.reset()
        if self._window is None or self._window.view != window.view:
            self._trail, self._total = {}, None
        self._window, self._view, self._place = window, view, place
        self._put(
            batch=window.batch,
            row="" if place.row is None else str(place.row),
            refusal="",
            untouched=views.address(window.batch, View()),
        )

    def _show(self, page: Page, language: Language) -> None:
        batch, view, place = page.batch, self._view, self._place
        self._seq = page.seq
        if self._seen < 0:
            self._seen = page.seq
        if page.cursor and len(self._trail) < MAX_TRAIL:
            self._trail[page.cursor] = replace(place, row=None)
        steps = (
            paging.numbered(batch.id, view, place.start, batch.items)
            if view.is_plain
            else paging.chained(batch.id, view, place, page.cursor, self._trail)
        )
        self._total = self._total if view.narrows else batch.items
        self._fill(page, language)
        self._put(steps=steps, phase="shown", newer="")
        self._count(language)

    def _fill(self, page: Page, language: Language) -> None:
        """Show the cells of the rows."""
        infos = source_infos()
        if self._batch is None or self._batch.derived != page.batch.derived:
            self._head(page.batch, infos, language)
        marks, written = table.marks(page.rows), (page.batch.derived, language)
        if (marks, written) != (self._held, self._written):
            found = page.shown(infos, language)
            told = table.news(self._base, marks, found, self._seen) if written == self._written else None
            if told is None:
                self.rows, self.news, self._base = [table.freshened(row, self._seen) for row in found], {}, marks
            else:
                self.news = told
            self._held, self._written = marks, written
        self._put(nothing_read=page.batch.seq == 0 and not page.batch.ended, problem="")

    def _count(self, language: Language) -> None:
        """Say how many rows there are, and which of them are here."""
        total, start = self._total, self._place.start
        self._put(
            span=paging.span(start, len(self.rows), total, language),
            matched="" if total is None else cells.number(total),
        )

    def _could_not(self, exc: KeybatchError, language: Language) -> None:
        if isinstance(exc, NoSuchBatch):
            return  # the page says so
        self.problem = exc.sentence(language)
        if isinstance(exc, BadValue):
            self.phase = "bad"
            return
        log.warning("rows_unread", error=str(exc))
        if self.phase in ("loading", "bad"):
            self.phase = "unread"


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        rx.el.div(toolbar.bar(ResultsState), picked.bar(ResultsState), class_name="tools-at"),
        results.body(ResultsState),
        derived.editor(on_change=ResultsState.refresh),
        drawer.drawer(),
    )
