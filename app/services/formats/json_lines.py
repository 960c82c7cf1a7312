"""JSON lines: an object a row, null where there is nothing. A line of the long layout is a reading as it is on every
other wire (`app.services.wire`)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from app.services.formats.columns import Kind, Plan, pieces
from app.services.formats.instants import iso

_NOTHING = orjson.Fragment(b"{}")


def lines(plan: Plan, pages: Iterable[list[list[Any]]]) -> Iterator[bytes]:
    """Each page's rows."""
    names = plan.names
    ways = [_WAYS.get(column.kind, _as_it_is) for column in plan.columns]
    for page in pages:
        cells = [way(column) for way, column in zip(ways, page, strict=True)]
        yield from (b"".join([_line(names, row) for row in piece]) for piece in pieces(cells))


def _line(names: list[str], row: tuple[Any, ...]) -> bytes:
    return orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)


def _objects(cells: list[Any]) -> list[Any]:
    """What is JSON already goes in as it is."""
    return [orjson.Fragment(cell) if cell else _NOTHING for cell in cells]


def _as_it_is(cells: list[Any]) -> list[Any]:
    return cells


_WAYS: dict[Kind, Callable[[list[Any]], list[Any]]] = {"json": _objects, "instant": iso}
