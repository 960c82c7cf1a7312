"""One row with all that is known of it: what was typed and asked, what each source said and how it came to say it, and
what it had said before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from app.errors import Language
from app.models.people import MAIN
from app.services import batches, detail, results
from app.services.detail import Detail
from app.services.holdings import SourceInfo
from app.services.house import House
from app.services.shapes import BatchView, Cell, Point, Row
from app.web import cells, shown, table
from app.web.backend import house
from app.web.joined import Joined
from app.web.lines import Line, line
from app.web.table import CellShown
from app.web.words import word

_RAW = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that somebody of ``workspace`` looks at."""

    batch: int
    position: int
    workspace: int = MAIN


@dataclass(frozen=True, slots=True)
class Found:
    """The row as it stands: its cells, and what else is known of it."""

    batch: BatchView
    row: Row
    told: Detail


@dataclass
class Fact:
    """Something that is known, and what it is."""

    name: str
    said: str


@dataclass
class Earlier:
    """A measurement, ready to show."""

    key: str
    when: str
    kind: str
    text: str
    batch: str


@dataclass
class SourceDetail:
    """What a source said. ``error``: why it failed, for people; ``words``: the upstream's own; ``raw``: what came
    beside the value, as JSON."""

    name: str
    title: str
    label: str
    cell: CellShown
    facts: list[Fact]
    error: str = ""
    words: str = ""
    raw: str = ""
    earlier: list[Earlier] = field(default_factory=list)
    line: Line = field(default_factory=Line)
    line_says: str = ""


@dataclass
class RowDetail:
    """An open row. ``asked`` is empty where it was asked as it was typed."""

    key: str = ""
    number: str = ""
    keyword: str = ""
    asked: str = ""
    merged: str = ""
    beside: list[Fact] = field(default_factory=list)
    sources: list[SourceDetail] = field(default_factory=list)


def read(at: House, asked: Asked) -> Found:
    """The row as it is now; blocking. Raises NoSuchBatch, NoSuchThing for a position that the batch does not have."""
    batch = batches.get(at, batches.require_in(at, asked.workspace, asked.batch))
    told = detail.detail(at, batch.id, asked.position)
    with at.db.read() as connection:
        [found] = results.rows_at(connection, batch, [asked.position])
    return Found(batch, found, told)


details: Joined[Asked, Found] = Joined(lambda asked: read(house(), asked))


def row(found: Found, infos: Mapping[str, SourceInfo], language: Language) -> RowDetail:
    """The row, ready to show."""
    one, told = found.row, found.told
    return RowDetail(
        key=str(one.position),
        number=cells.number(one.position + 1),
        keyword=one.keyword,
        asked="" if one.asked == one.keyword else one.asked,
        merged=word("row_merged", language, count=one.merged, shown=cells.number(one.merged)) if one.merged else "",
        beside=[Fact(name, said) for name, said in told.others.items() if said],
        sources=[
            _source(cell, view.name, infos.get(view.name), told, language)
            for cell, view in zip(one.cells, found.batch.sources, strict=True)
        ],
    )


def _source(cell: Cell, name: str, info: SourceInfo | None, told: Detail, language: Language) -> SourceDetail:
    points = [point for point in told.history if point.source == name]
    failed, decimals, drawn = cell.state == "failed", info.decimals if info else 0, line(points[::-1])
    says = word("line_says", language, count=len(points), shown=cells.number(len(points))) if drawn.dots else ""
    return SourceDetail(
        name=name,
        title=shown.full_title(info, language) if info else name,
        label=word(cell.state, language),
        cell=table.cell(cell, info, language),
        facts=_facts(cell, told.readings.get(name) or {}, language),
        error=cells.trouble_sentence(cell.error, cell.detail, language) if failed else "",
        words=cell.detail if failed else "",
        raw=orjson.dumps(dict(cell.data), option=_RAW).decode() if cell.data else "",
        earlier=[_earlier(one, decimals, language) for one in points],
        line=drawn,
        line_says=says,
    )


def _facts(cell: Cell, reading: Mapping[str, Any], language: Language) -> list[Fact]:
    """How a reading came about; nothing that nobody knows."""
    took = reading.get("latency_ms")
    found = [
        ("observed_at", cells.stamp(cell.observed_at) if cell.observed_at is not None else ""),
        ("from_cache", word("from_cache_yes", language) if cell.from_cache else ""),
        ("attempts", cells.number(cell.attempts) if cell.attempts else ""),
        ("account", reading.get("account") or ""),
        ("answer_time", f"{cells.number(took)} ms" if took else ""),
    ]
    return [Fact(word(f"fact_{name}", language), said) for name, said in found if said]


def _earlier(one: Point, decimals: int, language: Language) -> Earlier:
    cell = Cell(one.state, value=one.value, upper=one.upper, error=one.error)
    return Earlier(
        key=f"{one.batch}.{one.observed_at}.{one.state}",
        when=cells.stamp(one.observed_at),
        kind=one.state,
        text=cells.cell_text(cell, decimals, language),
        batch=str(one.batch),
    )
