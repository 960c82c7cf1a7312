"""A batch as CSV (RFC 4180, UTF-8, CRLF), streamed in constant memory.

An empty cell is "no value", never 0. Text that a spreadsheet would run as a formula gets a leading apostrophe;
so that this can be undone, text that begins with an apostrophe gets one too.
"""

import csv as csv_module
import io
from collections.abc import Iterator
from typing import Any, Literal

import orjson
from sqlalchemy import Connection

from app import clock
from app.repositories import items, readings
from app.services import batches
from app.services.house import House
from app.services.results import cell
from app.services.shapes import BatchView, Cell

Layout = Literal["wide", "long"]
#: Items read from the database at a time.
PAGE = 2_000
LONG = [
    "position",
    "keyword",
    "source",
    "status",
    "value",
    "data",
    "observed_at",
    "from_cache",
    "attempts",
    "error",
    "seq",
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def csv(house: House, batch_id: int, *, layout: Layout = "wide", bom: bool = True) -> Iterator[bytes]:
    """The batch's rows by position. ``wide``: one row an item, two columns a source; ``long``: one row a reading.

    Raises NoSuchBatch before the first byte. Rows are of one moment: later readings are not in it.
    """
    batches.get(house, batch_id)
    return _stream(house, batch_id, layout, bom)


def _stream(house: House, batch_id: int, layout: Layout, bom: bool) -> Iterator[bytes]:
    line = _wide if layout == "wide" else _long
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        yield ("\ufeff" if bom else "").encode() + _written([_head(batch, layout)])
        for start in range(0, batch.items, PAGE):
            yield _written(line(connection, batch, range(start, min(start + PAGE, batch.items))))


def _head(batch: BatchView, layout: Layout) -> list[str]:
    if layout == "long":
        return LONG
    return ["position", "keyword", *(name for s in batch.sources for name in (s.name, f"{s.name}.status"))]


def _wide(connection: Connection, batch: BatchView, span: range) -> list[list[Any]]:
    unread = "cancelled" if batch.state == "cancelled" else ""
    found = {(row.position, row.source): cell(row) for row in readings.at(connection, batch.id, span)}
    lines = []
    for item in items.span(connection, batch.id, span):
        line: list[Any] = [item.position, safe(item.typed)]
        for source in batch.sources:
            read = found.get((item.position, source.name))
            line += [_number(read), status(read)] if read else ["", unread]
        lines.append(line)
    return lines


def _long(connection: Connection, batch: BatchView, span: range) -> list[list[Any]]:
    typed = {item.position: safe(item.typed) for item in items.span(connection, batch.id, span)}
    order = {source.name: n for n, source in enumerate(batch.sources)}
    found = sorted(readings.at(connection, batch.id, span), key=lambda row: (row.position, order[row.source]))
    return [_long_line(typed[row.position], row.position, row.source, cell(row)) for row in found]


def _long_line(keyword: str, position: int, source: str, read: Cell) -> list[Any]:
    data = dict(read.data or {})
    if read.upper is not None:
        data["below"] = _plain(read.upper)
    return [
        position,
        keyword,
        source,
        read.state,
        _number(read),
        safe(orjson.dumps(data).decode()) if data else "",
        clock.iso(read.observed_at) if read.observed_at is not None else "",
        "true" if read.from_cache else "false",
        read.attempts,
        read.error,
        read.seq,
    ]


def status(read: Cell) -> str:
    """The status of a reading in one word, with what it is below or why it failed."""
    if read.state == "below" and read.upper is not None:
        return f"below {_plain(read.upper)}"
    return f"failed {read.error}" if read.state == "failed" else read.state


def safe(text: str) -> str:
    """Text that no spreadsheet runs; strip one leading apostrophe to get the original back."""
    return "'" + text if text.startswith(_FORMULA) else text


def _number(read: Cell) -> int | float | str:
    return _plain(read.value) if read.state == "ok" and read.value is not None else ""


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _written(lines: list[list[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv_module.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue().encode()
