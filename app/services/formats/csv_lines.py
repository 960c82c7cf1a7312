"""CSV: RFC 4180, UTF-8, CRLF. An empty cell is "no value", never 0.

Text that a spreadsheet would run as a formula gets a leading apostrophe; so that this can be undone, text that begins
with an apostrophe gets one too.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from app.services.formats.columns import Kind, Plan, pieces
from app.services.formats.instants import iso

_FORMULA = frozenset({"=", "+", "-", "@", "\t", "\r", "'"})


def lines(plan: Plan, pages: Iterable[list[list[Any]]]) -> Iterator[bytes]:
    """The header, then each page's rows."""
    delimiter = plan.wanted.delimiter
    yield ("\ufeff" if plan.wanted.bom else "").encode() + written([[safe(name) for name in plan.names]], delimiter)
    ways = [_WAYS.get(column.kind, _as_it_is) for column in plan.columns]
    for page in pages:
        cells = [way(column) for way, column in zip(ways, page, strict=True)]
        yield from (written(piece, delimiter) for piece in pieces(cells))


def written(rows: Iterable[Sequence[Any]], delimiter: str = ",") -> bytes:
    """Rows of a CSV: UTF-8, CRLF, quoted as in RFC 4180."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def safe(text: str) -> str:
    """Text that no spreadsheet runs; strip one leading apostrophe to get the original back."""
    return "'" + text if text[:1] in _FORMULA else text


def _texts(cells: list[Any]) -> list[Any]:
    return [f"'{cell}" if cell and cell[0] in _FORMULA else cell for cell in cells]


def _mixed(cells: list[Any]) -> list[Any]:
    return [safe(cell) if isinstance(cell, str) else cell for cell in cells]


def _flags(cells: list[Any]) -> list[Any]:
    return ["true" if cell else "false" for cell in cells]


def _as_it_is(cells: list[Any]) -> list[Any]:
    return cells


_WAYS: dict[Kind, Callable[[list[Any]], list[Any]]] = {"text": _texts, "mixed": _mixed, "flag": _flags, "instant": iso}
