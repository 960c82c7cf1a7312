"""The table of results as a tab holds it: text ready to show, one column a source, one for each further column of it,
and those worked out of others. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import BadValue, Language
from app.services import derived, formulas
from app.services.formulas import Derived
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Cell, Row
from app.sources.base import Column as Further
from app.web import cells, shown
from app.web.words import word


@dataclass
class Column:
    """A column's head. ``kind``: source, part (a further column of the one before it) or derived."""

    name: str
    title: str
    kind: str = "source"


@dataclass
class CellShown:
    """A cell of the table. ``kind`` is its reading's state; ``range`` and ``none`` for what is worked out. ``note`` is
    said beside the number."""

    kind: str
    text: str
    title: str
    cached: bool
    note: str = ""


@dataclass
class RowShown:
    """An item in the table. ``key`` changes with its newest reading, so that the browser shows it afresh."""

    key: str
    number: str
    keyword: str
    title: str
    merged: str
    fresh: bool
    cells: list[CellShown]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a batch's table is made of, in the order of its columns."""

    sources: tuple[tuple[str, SourceInfo | None, tuple[Further, ...]], ...]
    derived: tuple[Derived, ...]


def layout(batch: BatchView, infos: Mapping[str, SourceInfo]) -> Layout:
    """The columns of ``batch``; one that makes no sense any more (its source is gone) is left out."""
    sources = []
    for view in batch.sources:
        info = infos.get(view.name)
        sources.append((view.name, info, tuple(one for one in info.columns if not one.detail) if info else ()))
    try:
        worked_out = derived.columns(batch.derived, tuple(view.name for view in batch.sources))
    except BadValue:
        worked_out = ()
    return Layout(tuple(sources), worked_out)


def columns(batch: BatchView, infos: Mapping[str, SourceInfo], language: Language) -> list[Column]:
    """The table's columns after the keyword; titles that two sources share are told apart by their upstream."""
    made = layout(batch, infos)
    short = [shown.title(info, language) if info else name for name, info, _ in made.sources]
    found = []
    for (name, info, further), own in zip(made.sources, short, strict=True):
        full = own if info is None or short.count(own) == 1 else shown.full_title(info, language)
        found.append(Column(name, full))
        found += [Column(f"{name}.{one.key}", one.ko if language == "ko" else one.en, "part") for one in further]
    return found + [Column(one.key, one.ko if language == "ko" else one.en, "derived") for one in made.derived]


def rows(
    found: list[Row], batch: BatchView, infos: Mapping[str, SourceInfo], seen: int, language: Language
) -> list[RowShown]:
    """The table's rows; those with a reading after ``seen`` are fresh."""
    made = layout(batch, infos)
    return [_row(row, made, seen, language) for row in found]


def _row(row: Row, made: Layout, seen: int, language: Language) -> RowShown:
    newest = max((cell.seq for cell in row.cells), default=0)
    shown_cells = []
    for cell, (_, info, further) in zip(row.cells, made.sources, strict=True):
        shown_cells.append(_cell(cell, info, language))
        shown_cells += [_part(cell, one) for one in further]
    by_source = {name: cell for cell, (name, _, _) in zip(row.cells, made.sources, strict=True)}
    return RowShown(
        key=f"{row.position}.{newest}",
        number=cells.number(row.position + 1),
        keyword=row.keyword,
        title=row.keyword if row.keyword == row.asked else f"{row.keyword} → {row.asked}",
        merged=f"+{row.merged}" if row.merged else "",
        fresh=newest > seen,
        cells=shown_cells + [_worked_out(one, by_source, language) for one in made.derived],
    )


def _cell(cell: Cell, info: SourceInfo | None, language: Language) -> CellShown:
    text = cells.cell_text(cell, info.decimals if info else 0, language)
    if info is not None and info.kind == "flag" and cell.state == "ok":
        text = word("yes" if cell.value else "no", language)
    return CellShown(cell.state, text, cells.cell_title(cell, language), cell.from_cache)


def _part(cell: Cell, one: Further) -> CellShown:
    """A further column: a number, a number under something, a text, or nothing."""
    said: Any = (cell.data or {}).get(one.key)
    kind, text = "none", ""
    if isinstance(said, dict) and "below" in said:
        kind, text = "below", f"< {cells.number(said['below'])}"
    elif isinstance(said, int | float) and not isinstance(said, bool):
        kind, text = "ok", cells.number(said, one.decimals)
    elif isinstance(said, str):
        kind, text = "text", said
    return CellShown(kind if cell.state != "pending" else "pending", text, "", cached=False)


def _worked_out(one: Derived, by_source: Mapping[str, Cell], language: Language) -> CellShown:
    found = one.cell(by_source)
    note = one.bands.label(found.band, language) if one.bands and found.band is not None else ""
    return CellShown(found.state or "none", formulas.text(found, one.decimals), "", cached=False, note=note)
