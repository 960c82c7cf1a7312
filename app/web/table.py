"""The rows of a batch's table as a tab holds them: text ready to show, a cell for each column. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.errors import Language
from app.services import formulas, intervals
from app.services.formulas import Derived
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Cell, Row
from app.sources.base import Column as Further
from app.web import cells
from app.web.columns import Layout, layout
from app.web.words import word

#: So many changed rows are sent beside the page that a tab has; with more, the page is sent anew.
MAX_NEWS = 24


@dataclass
class CellShown:
    """A cell of the table. ``kind`` is its reading's state; ``range`` and ``none`` for what is worked out. ``note`` is
    said beside the number; ``plain`` is the number for a spreadsheet, "" where there is none. ``fresh``: read since
    the page was opened; ``seq`` tells one reading from the one before."""

    kind: str
    text: str
    title: str
    cached: bool
    note: str = ""
    plain: str = ""
    fresh: bool = False
    seq: int = 0


@dataclass
class RowShown:
    """An item in the table. ``key`` is its position: a row stays the same one while its cells fill."""

    key: str
    number: str
    keyword: str
    title: str
    merged: str
    cells: list[CellShown]


#: A row's position and the seqs of its readings: what changes when it does.
Mark = tuple[int, ...]


def marks(found: Sequence[Row]) -> tuple[Mark, ...]:
    """What tells these rows from the same ones with other readings."""
    return tuple((row.position, *(cell.seq for cell in row.cells)) for row in found)


def rows(found: Sequence[Row], batch: BatchView, infos: Mapping[str, SourceInfo], language: Language) -> list[RowShown]:
    """The table's rows; no cell of them is fresh."""
    made = layout(batch, infos)
    return [_row(row, made, language) for row in found]


def news(
    before: tuple[Mark, ...], now: tuple[Mark, ...], found: list[RowShown], seen: int
) -> dict[str, RowShown] | None:
    """What a tab that holds the rows of ``before`` has to be told to show ``found``, those of ``now``: the changed
    ones, their cells read after ``seen`` fresh. None when it had better be given all of them."""
    if [mark[0] for mark in before] != [mark[0] for mark in now]:
        return None
    changed = [row for old, new, row in zip(before, now, found, strict=True) if old != new]
    return {row.key: freshened(row, seen) for row in changed} if len(changed) <= MAX_NEWS else None


def freshened(row: RowShown, seen: int) -> RowShown:
    """The row, its cells read after ``seen`` fresh."""
    if all(one.seq <= seen for one in row.cells):
        return row
    return replace(row, cells=[replace(one, fresh=True) if one.seq > seen else one for one in row.cells])


def _row(row: Row, made: Layout, language: Language) -> RowShown:
    shown_cells = []
    for said, (_, info, further) in zip(row.cells, made.sources, strict=True):
        own = [cell(said, info, language), *(_part(said, one) for one in further)]
        for one in own:
            one.seq = said.seq
        shown_cells += own
    by_source = {name: said for said, (name, _, _) in zip(row.cells, made.sources, strict=True)}
    return RowShown(
        key=str(row.position),
        number=cells.number(row.position + 1),
        keyword=row.keyword,
        title=row.keyword if row.keyword == row.asked else f"{row.keyword} → {row.asked}",
        merged=f"+{row.merged}" if row.merged else "",
        cells=shown_cells + [_worked_out(one, by_source, language) for one in made.derived],
    )


def cell(found: Cell, info: SourceInfo | None, language: Language) -> CellShown:
    """What a source said of a keyword."""
    text, title = cells.cell_text(found, info.decimals if info else 0, language), cells.cell_title(found, language)
    if info is not None and info.kind == "flag" and found.state == "ok":
        return CellShown(found.state, word("yes" if found.value else "no", language), title, found.from_cache)
    if found.state == "failed" and found.attempts > 1:
        text += f" · {found.attempts}×"
    plain = intervals.plain(float(found.value)) if found.state == "ok" and found.value is not None else ""
    return CellShown(found.state, text, title, found.from_cache, plain=plain)


def _part(cell: Cell, one: Further) -> CellShown:
    """A further column: a number, a number under something, a text, or nothing."""
    said: Any = (cell.data or {}).get(one.key)
    kind, text, plain = "none", "", ""
    if isinstance(said, dict) and "below" in said:
        kind, text = "below", f"< {cells.number(said['below'])}"
    elif isinstance(said, int | float) and not isinstance(said, bool):
        kind, text, plain = "ok", cells.number(said, one.decimals), intervals.plain(float(said))
    elif isinstance(said, str):
        kind, text = "text", said
    return CellShown(kind if cell.state != "pending" else "pending", text, "", cached=False, plain=plain)


def _worked_out(one: Derived, by_source: Mapping[str, Cell], language: Language) -> CellShown:
    found = one.cell(by_source)
    note = one.bands.label(found.band, language) if one.bands and found.band is not None else ""
    plain = intervals.plain(round(found.value, 6)) if found.value is not None else ""
    return CellShown(
        found.state or "none", formulas.text(found, one.decimals), "", cached=False, note=note, plain=plain
    )
