"""The results of a batch as they come in: a window of its rows, kept up to date."""

from dataclasses import replace

import reflex as rx

from app.errors import KeybatchError, Language
from app.log import get
from app.web import addresses, paging, table
from app.web.backend import source_infos
from app.web.components import derived, results
from app.web.live import Watch, tabs
from app.web.reads import Snapshot, Window, reads
from app.web.state import Ui, who
from app.web.table import Column, RowShown

log = get(__name__)
#: How often to look without being told, in seconds: a nudge may get lost, and a database may have been away.
ANYWAY_S = 5.0


class ResultsState(rx.State):
    """The rows on screen."""

    batch: int = 0
    newest: bool = False
    columns: list[Column] = []
    rows: list[RowShown] = []
    span: str = ""
    places: dict[str, str] = dict.fromkeys(("first", "previous", "next", "last"), "")
    _window: Window | None = None
    _seen: int = 0

    @rx.event
    async def enter(self):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show the rows that the address names, then keep them up to date; nothing while it names another tab."""
        url = self.router.url
        window = paging.window_of(url.path, url.query_parameters)
        if window is None or addresses.tab_of(url.query_parameters) != "results":
            return None
        window = replace(window, workspace=who(self).workspace)
        if self._window is None or self._window.batch != window.batch:
            self.reset()
        self._window, self._seen = window, -1
        await self.refresh()
        return ResultsState.follow if self.batch else None

    @rx.event
    async def refresh(self) -> None:
        """Read them again, in the tab's language."""
        if self._window is None:
            return
        language = await self.get_var_value(Ui.language)
        try:
            self._show(await reads.snapshot(self._window), self._window, language)
        except KeybatchError as exc:
            log.warning("rows_unread", error=str(exc))

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read them again whenever the batch changes, until it has ended or the tab leaves."""
        async with self:
            tab, window = self.router.session.client_token, self._window
        if window is None:
            return
        with tabs.watching(tab, window.batch, Watch(anyway_s=ANYWAY_S), part="results") as watch:
            async for since in watch.changes(lambda: tabs.is_connected(tab)):
                try:
                    found = await reads.snapshot(window, since)
                except KeybatchError as exc:
                    log.warning("rows_unread", error=str(exc))
                    continue
                async with self:
                    if watch.closed or self._window != window:
                        return
                    self._show(found, window, await self.get_var_value(Ui.language))
                if found.batch.ended:
                    return

    def _show(self, found: Snapshot, window: Window, language: Language) -> None:
        batch, infos = found.batch, source_infos()
        if self._seen < 0:
            self._seen = batch.seq
        for name, value in {
            "batch": batch.id,
            "columns": table.columns(batch, infos, language),
            "rows": table.rows(found.rows, batch, infos, self._seen, language),
            "places": paging.places(window, batch.items),
            "span": paging.span(window, len(found.rows), batch.items),
            "newest": window.order == "newest",
        }.items():
            if getattr(self, name) != value:  # only what changed goes to the browser
                setattr(self, name, value)


def view() -> rx.Component:
    """The tab."""
    return rx.fragment(
        derived.editor(on_change=ResultsState.refresh),
        results.panel(
            address=rx.Var.create(f"/batches/{ResultsState.batch}"),
            columns=ResultsState.columns,
            rows=ResultsState.rows,
            newest=ResultsState.newest,
            pager=results.pager(ResultsState.span, ResultsState.places, ResultsState.newest),
        ),
    )
