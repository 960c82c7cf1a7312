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
from app.services import batches, derived, formulas
from app.services.formulas import Derived
from app.services.house import House
from app.services.results import WITHHELD, cell, rows_at, withheld
from app.services.shapes import BatchView, Cell
from app.sources import registry

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
        yield ("\ufeff" if bom else "").encode() + written([_head(batch, layout)])
        for start in range(0, batch.items, PAGE):
            yield written(line(connection, batch, range(start, min(start + PAGE, batch.items))))


def _head(batch: BatchView, layout: Layout) -> list[str]:
    if layout == "long":
        return LONG
    sources = [name for s in batch.sources for name in (s.name, f"{s.name}.status", *_further(s.name))]
    worked_out = [name for one in _derived(batch) for name in (one.key, f"{one.key}.status")]
    return ["position", "keyword", *sources, *worked_out, *(safe(name) for name in batch.columns)]


def _further(source: str) -> list[str]:
    """The names of a source's further columns."""
    known = registry.sources()
    return [f"{source}.{column.key}" for column in known[source].about.columns] if source in known else []


def _derived(batch: BatchView) -> tuple[Derived, ...]:
    return derived.columns(batch.derived, tuple(source.name for source in batch.sources))


def _wide(connection: Connection, batch: BatchView, span: range) -> list[list[Any]]:
    further = [[name.rpartition(".")[2] for name in _further(source.name)] for source in batch.sources]
    worked_out = _derived(batch)
    lines = []
    for row in rows_at(connection, batch, span):
        line: list[Any] = [row.position, safe(row.keyword)]
        for read, keys in zip(row.cells, further, strict=True):
            line += [_number(read), "" if read.state == "pending" else status(read)]
            line += [_part((read.data or {}).get(key)) for key in keys]
        cells = {source.name: read for source, read in zip(batch.sources, row.cells, strict=True)}
        for one in worked_out:
            value, word = formulas.csv(one.cell(cells))
            line += [value if value == "" else _plain(value), word]
        lines.append(line + [safe(text) for text in row.others])
    return lines


def _part(said: Any) -> int | float | str:
    """A further column's cell: a number, a text, "below 10", or nothing."""
    if isinstance(said, dict):
        return f"below {_plain(float(said['below']))}" if "below" in said else ""
    if isinstance(said, int | float) and not isinstance(said, bool):
        return _plain(float(said))
    return safe(said) if isinstance(said, str) else ""


def _long(connection: Connection, batch: BatchView, span: range) -> list[list[Any]]:
    typed = {item.position: safe(item.typed) for item in items.span(connection, batch.id, span)}
    order = {source.name: n for n, source in enumerate(batch.sources)}
    found = sorted(readings.at(connection, batch.id, span), key=lambda row: (row.position, order[row.source]))
    hidden = withheld(batch)
    cells = ((row, WITHHELD if row.source in hidden else cell(row)) for row in found)
    return [_long_line(typed[row.position], row.position, row.source, read) for row, read in cells]


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
    """The status of a reading in one word, with what it is below (and not under) or why it failed."""
    if read.state == "below" and read.upper is not None:
        least = (read.data or {}).get("at_least")
        return f"below {_plain(read.upper)}" + (f" from {_plain(float(least))}" if least else "")
    return f"failed {read.error}" if read.state == "failed" else read.state


def safe(text: str) -> str:
    """Text that no spreadsheet runs; strip one leading apostrophe to get the original back."""
    return "'" + text if text.startswith(_FORMULA) else text


def _number(read: Cell) -> int | float | str:
    return _plain(read.value) if read.state == "ok" and read.value is not None else ""


def _plain(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def written(lines: list[list[Any]]) -> bytes:
    """Rows of a CSV: UTF-8, CRLF, quoted as in RFC 4180."""
    buffer = io.StringIO(newline="")
    csv_module.writer(buffer, lineterminator="\r\n").writerows(lines)
    return buffer.getvalue().encode()
