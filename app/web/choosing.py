"""What is chosen of a batch's table: its order, filters, search and columns. Every choice is an address, to which the
tab goes; what the address says is shown here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from app.errors import Language
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView
from app.web import columns, filters, views
from app.web.columns import Choice, Column
from app.web.filters import Chip
from app.web.views import Place, View
from app.web.words import word

#: Characters of a search.
MAX_Q = 300
_CLOSE = "document.getElementById('add-filter').hidePopover()"


class Choosing(rx.State, mixin=True):
    """``items``: heads of the item's own columns; ``at``: a row's address but for its position; ``plain``: that of the
    table without filters and search; ``untouched``: of the table as it comes; ``export``: of
    its rows to take away; ``numbered``: whether a page can begin
    at any row."""

    batch: int = 0
    items: list[Column] = []
    columns: list[Column] = []
    choices: list[Choice] = []
    chips: list[Chip] = []
    q: str = ""
    narrows: bool = False
    numbered: bool = True
    at: str = ""
    plain: str = ""
    untouched: str = ""
    export: str = ""
    refusal: str = ""
    _view: View = View()
    _place: Place = Place()
    _batch: BatchView | None = None

    @rx.event
    def search(self, text: str):  # type: ignore[no-untyped-def]  # handlers return whatever Reflex chains
        """Show the rows whose keyword has ``text`` in it."""
        view = replace(self._view, q=text.strip()[:MAX_Q])
        return None if view == self._view else rx.redirect(views.address(self.batch, view), replace=True)

    @rx.event
    async def add_filter(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # as above
        """Leave out what does not fit the filter that was filled in."""
        try:
            kinds = {one.name: one.kind for one in self.choices}
            view = self._view.filtered(filters.written(form, kinds.get(str(form.get("column", "")), "source")))
        except ValueError as exc:
            self.refusal = word(str(exc), await self._language())
            return None
        self.refusal = ""
        return [rx.call_script(_CLOSE), rx.redirect(views.address(self.batch, view))]

    @rx.event
    def toggle(self, name: str):  # type: ignore[no-untyped-def]  # as above
        """Show a column, or do not show it any more."""
        return self._with_columns(columns.toggled(self.choices, name))

    @rx.event
    def move(self, name: str, by: int):  # type: ignore[no-untyped-def]  # as above
        """Let a column stand further left or right."""
        return self._with_columns(columns.moved(self.choices, name, by))

    @rx.event
    def show_all(self):  # type: ignore[no-untyped-def]  # as above
        """Show every column where it comes by itself."""
        return self._with_columns(())

    @rx.event
    def go_to(self, form: dict[str, Any]):  # type: ignore[no-untyped-def]  # as above
        """Begin the page at a row."""
        number = views.number(str(form.get("number", "")).replace(",", "").strip())
        if self._batch is None or number is None:
            return None
        start = min(max(1, number), self._batch.items) - 1
        return rx.redirect(views.address(self.batch, self._view, Place(start)))

    async def _language(self) -> Language:
        raise NotImplementedError

    def _with_columns(self, chosen: tuple[str, ...]) -> EventSpec:
        place = replace(self._place, row=None)
        return rx.redirect(views.address(self.batch, replace(self._view, columns=chosen), place), replace=True)

    def _head(self, batch: BatchView, infos: Mapping[str, SourceInfo], language: Language) -> None:
        """Write what is chosen, for ``batch``."""
        self._batch, view = batch, self._view
        items, heads = columns.heads(batch, infos, view, language)
        every = columns.every(batch, infos, language)
        self._put(
            batch=batch.id,
            items=items,
            columns=heads,
            choices=columns.choices(batch, infos, view, language),
            chips=filters.chips(batch.id, view, every, language),
            q=view.q,
            narrows=view.narrows,
            numbered=view.is_plain,
            at=views.row_address(batch.id, view, self._place),
            export=views.export_address(batch.id, view),
            plain=views.address(batch.id, replace(view, filters=(), q="")),
        )

    def _put(self, **values: object) -> None:
        """Only what changed goes to the browser."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
