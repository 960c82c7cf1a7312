"""The columns of an export: which there are, which are wanted, and what decides the bytes that come out.

Everything is done column by column over a page of rows, never cell by cell: a million rows take seconds that way.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy import Connection

from app.errors import BadValue
from app.repositories.rows import Wanted as Rows
from app.services import matches
from app.services.results import withheld
from app.services.shapes import BatchView

Format = Literal["csv", "jsonl", "xlsx", "parquet"]
Layout = Literal["wide", "long"]
#: What the cells of a column are; None is an empty cell in each. ``count`` and ``number``: int, or float where
#: there is a fraction, which a count should not have. ``text``: of other people. ``word``: of ours. ``mixed``: a number
#: or a text. ``json``: JSON text. ``instant``: UTC milliseconds. ``flag``: true or false.
Kind = Literal["whole", "count", "number", "text", "word", "mixed", "json", "instant", "flag"]
#: Cells, and at most so many items, that are read from the database at a time: few enough to stay in the processor's
#: own memory while every column is made of them, which is a quarter faster where readings have much beside their value.
_PAGE_CELLS, _PAGE_ITEMS = 10_000, 4_000
#: Cells that are written at a time: some 100 kB of text, and never long in one go in which no other thread may run.
_PIECE_CELLS = 12_000
#: Counted up whenever the same readings would be written in other bytes.
_EDITION = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. ``fields``: names of columns, in the order in which they are wanted; none = all.
    ``bom`` and ``delimiter`` concern CSV alone. ``filters`` and ``q``: which rows, in the words of
    `app.services.selection`; none = all."""

    format: Format = "csv"
    layout: Layout = "wide"
    fields: tuple[str, ...] = ()
    bom: bool = True
    delimiter: str = ","
    filters: tuple[str, ...] = ()
    q: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """``make`` gives the column's cells in a page; ``sources``: those whose readings it takes."""

    name: str
    kind: Kind
    make: Callable[[Any], list[Any]]
    sources: tuple[str, ...] = ()


class Stamp(NamedTuple):
    """Which content it is: a hash of all that decides it, the batch's seq, how many rows without a header."""

    etag: str
    seq: int
    rows: int


#: A page of a layout, the rows at these positions, with the readings of these sources.
Reader = Callable[[Connection, BatchView, range | list[int], Sequence[str]], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns of one export of a batch as it stands, and its rows: those that are wanted of the batch, and how many
    there will be."""

    batch: BatchView
    wanted: Wanted
    columns: tuple[Column, ...]
    read: Reader
    chosen: Rows
    rows: int

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def stamp(self) -> Stamp:
        """Which content it has."""
        return Stamp(self._etag(), self.batch.seq, self.rows)

    def _etag(self) -> str:
        """A batch's readings are decided by its seq and, because a retry puts failures aside without taking a number,
        by its counters."""
        batch, wanted = self.batch, self.wanted
        parts = [
            _EDITION,
            [batch.id, batch.created_at, batch.seq, batch.state == "cancelled", batch.derived, batch.columns],
            [
                [one.name, one.counts.ok, one.counts.below, one.counts.missing, one.counts.failed]
                for one in batch.sources
            ],
            sorted(withheld(batch)),
            [[column.name, column.kind] for column in self.columns],
            [wanted.format, wanted.layout, [wanted.bom, wanted.delimiter] if wanted.format == "csv" else []],
            *([[wanted.filters, wanted.q]] if wanted.filters or wanted.q else []),
        ]
        return hashlib.blake2b(orjson.dumps(parts), digest_size=16).hexdigest()

    def pages(self, connection: Connection) -> Iterator[list[list[Any]]]:
        """The cells, page by page, column by column."""
        sources = {name for column in self.columns for name in column.sources}
        needed = [source.name for source in self.batch.sources if source.name in sources]
        rows = len(needed) if self.wanted.layout == "long" else 1
        step = min(_PAGE_ITEMS, max(1, _PAGE_CELLS // (len(self.columns) * max(1, rows))))
        for at in self._steps(connection, step):
            page = self.read(connection, self.batch, at, needed)
            yield [column.make(page) for column in self.columns]

    def _steps(self, connection: Connection, step: int) -> Iterator[range | list[int]]:
        """The positions of each page."""
        if self.chosen.everything:
            for start in range(0, self.batch.items, step):
                yield range(start, min(start + step, self.batch.items))
            return
        for found in matches.positions(connection, self.batch, self.chosen):
            yield from (found[start : start + step] for start in range(0, len(found), step))


def listed(text: str) -> tuple[str, ...]:
    """Names of columns as they are given in one text: separated by commas, those with a comma in quotes. Raises
    BadValue."""
    try:
        return tuple(next(csv.reader([text]), ()))
    except csv.Error as exc:
        raise BadValue(name="fields", value=text[:100], why="Separate names by commas, on one line.") from exc


def pieces(cells: list[list[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a page, some at a time."""
    rows = zip(*cells, strict=True)
    at_a_time = max(1, _PIECE_CELLS // len(cells))
    while piece := list(islice(rows, at_a_time)):
        yield piece


def chosen(columns: Iterable[Column], fields: Sequence[str], shown: Callable[[str], str]) -> tuple[Column, ...]:
    """The columns called ``fields``, in their order, by their names or as these are ``shown`` in a header; all for
    none. Raises BadValue."""
    known = {column.name: column for column in columns}
    if not fields:
        return tuple(known.values())
    by_name = {shown(name): column for name, column in known.items()} | known
    unknown = [name for name in fields if name not in by_name]
    if unknown:
        raise BadValue(name="fields", value=unknown[0][:100], why=f"The columns are {', '.join(known)[:2000]}.")
    return tuple(dict.fromkeys(by_name[name] for name in fields))


def unlike(names: Iterable[str]) -> list[str]:
    """The names, told apart: one that was there before gets a number."""
    taken: dict[str, None] = {}
    for name in names:
        free, numbers = name, count(2)
        while free in taken:
            free = f"{name} ({next(numbers)})"
        taken[free] = None
    return list(taken)
