"""SQL of exports: a batch page by page, as the driver's own tuples, because millions of them go by."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from app.models.tables import item, reading

Tuples = list[tuple[Any, ...]]

_ITEMS = (
    select(item.c.position, item.c.typed, item.c.others)
    .where(
        item.c.batch_id == bindparam("batch"),
        item.c.position >= bindparam("start"),
        item.c.position < bindparam("stop"),
    )
    .order_by(item.c.position)
)
_OF_SOURCE = (
    (reading.c.batch_id == bindparam("batch"))
    & (reading.c.source == bindparam("source"))
    & (reading.c.position >= bindparam("start"))
    & (reading.c.position < bindparam("stop"))
)
_CELLS = (
    select(reading.c.position, reading.c.state, reading.c.value, reading.c.upper, reading.c.data, reading.c.error)
    .where(_OF_SOURCE)
    .order_by(reading.c.position)
)
_MEASURED = _CELLS.add_columns(
    reading.c.observed_at, reading.c.from_cache, reading.c.attempts, reading.c.seq, reading.c.source
)


def items(connection: Connection, batch_id: int, span: range) -> Tuples:
    """(position, typed, others) of the items at the positions of ``span``, by position."""
    return _all(connection, _ITEMS, {"batch": batch_id, "start": span.start, "stop": span.stop})


def cells(connection: Connection, batch_id: int, source: str, span: range) -> Tuples:
    """(position, state, value, upper, data, error) of the readings of one source, by position."""
    return _all(connection, _CELLS, {"batch": batch_id, "source": source, "start": span.start, "stop": span.stop})


def measured(connection: Connection, batch_id: int, source: str, span: range) -> Tuples:
    """As `cells`, with (observed_at, from_cache, attempts, seq, source) behind. SQLite's true is 1."""
    return _all(connection, _MEASURED, {"batch": batch_id, "source": source, "start": span.start, "stop": span.stop})


def _all(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> Tuples:
    result = connection.execute(statement, values)
    try:
        assert result.cursor is not None
        return list(result.cursor.fetchall())  # rows of SQLAlchemy's own take three times as long
    finally:
        result.close()
