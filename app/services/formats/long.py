"""The long layout: one row a reading, by position and then in the order of the batch's sources."""

from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection

from app.repositories import exports
from app.services.formats.columns import Column, Kind
from app.services.formats.wide import numbers
from app.services.results import withheld
from app.services.shapes import BatchView

#: Where things stand in a row: what `app.repositories.exports.measured` gives.
_POSITION, _STATE, _VALUE, _UPPER, _DATA, _ERROR, _OBSERVED, _CACHED, _ATTEMPTS, _SEQ, _SOURCE = range(11)
#: The columns: those of a reading on the wire, in the same order.
_KINDS: dict[str, Kind] = {
    "position": "whole",
    "keyword": "text",
    "source": "word",
    "status": "word",
    "value": "number",
    "data": "json",
    "observed_at": "instant",
    "from_cache": "flag",
    "attempts": "whole",
    "error": "word",
    "seq": "whole",
}
LONG = list(_KINDS)


class Page:
    """Some rows, and their keywords as typed by position."""

    def __init__(self, rows: list[tuple[Any, ...]], typed: dict[int, str]) -> None:
        self.rows, self.typed = rows, typed

    def all(self, at: int) -> list[Any]:
        """What stands at one place, of each row."""
        return [row[at] for row in self.rows]


def read(connection: Connection, batch: BatchView, at: range | list[int], sources: Sequence[str]) -> Page:
    """The readings at these positions."""
    hidden = withheld(batch)
    found = (exports.measured(connection, batch.id, name, at) for name in sources)
    parts = [
        [_withheld(row) for row in rows] if name in hidden else rows for name, rows in zip(sources, found, strict=True)
    ]
    rows = parts[0] if len(parts) == 1 else sorted(chain.from_iterable(parts), key=itemgetter(_POSITION))
    return Page(rows, {item[0]: item[1] for item in exports.items(connection, batch.id, at)})


def _withheld(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (row[_POSITION], "withheld", None, None, None, None, None, False, 0, row[_SEQ], row[_SOURCE])


def columns(batch: BatchView) -> list[Column]:
    """Every column of the layout."""
    sources = tuple(source.name for source in batch.sources)
    return [Column(name, kind, make, sources) for (name, kind), make in zip(_KINDS.items(), _MAKE, strict=True)]


def _values(page: Page) -> list[Any]:
    return numbers([row[_VALUE] if row[_STATE] == "ok" else None for row in page.rows])


def _data(page: Page) -> list[str | None]:
    return [row[_DATA] or None if row[_UPPER] is None else _below(row) for row in page.rows]


def _below(row: tuple[Any, ...]) -> str:
    """What was said, with what the value is below."""
    [upper] = numbers([row[_UPPER]])
    return orjson.dumps((orjson.loads(row[_DATA]) if row[_DATA] else {}) | {"below": upper}).decode()


_MAKE: tuple[Callable[[Page], list[Any]], ...] = (
    lambda page: page.all(_POSITION),
    lambda page: [page.typed[at] for at in page.all(_POSITION)],
    lambda page: page.all(_SOURCE),
    lambda page: page.all(_STATE),
    _values,
    _data,
    lambda page: page.all(_OBSERVED),
    lambda page: [bool(cached) for cached in page.all(_CACHED)],
    lambda page: page.all(_ATTEMPTS),
    lambda page: [error or None for error in page.all(_ERROR)],
    lambda page: page.all(_SEQ),
)
