"""SQL of exports: a batch page by page, as the driver's own tuples, because millions of them go by."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, select

from app.models.tables import item, reading

Tuples = list[tuple[Any, ...]]

#: Which positions: those from one to another, or some.
At = range | Sequence[int]

_ITEMS = (
    select(item.c.position, item.c.typed, item.c.others)
    .where(item.c.batch_id == bindparam("batch"))
    .order_by(item.c.position)
)
_CELLS = (
    select(reading.c.position, reading.c.state, reading.c.value, reading.c.upper, reading.c.data, reading.c.error)
    .where(reading.c.batch_id == bindparam("batch"), reading.c.source == bindparam("source"))
    .order_by(reading.c.position)
)
_MEASURED = _CELLS.add_columns(
    reading.c.observed_at, reading.c.from_cache, reading.c.attempts, reading.c.seq, reading.c.source
)


def _ways(statement: Select[Any], position: Column[int]) -> tuple[Select[Any], Select[Any]]:
    """The statement for positions from one to another, and for some."""
    between = statement.where(position >= bindparam("start"), position < bindparam("stop"))
    return between, statement.where(position.in_(bindparam("some", expanding=True)))


_ITEMS_AT = _ways(_ITEMS, item.c.position)
_CELLS_AT, _MEASURED_AT = _ways(_CELLS, reading.c.position), _ways(_MEASURED, reading.c.position)


def items(connection: Connection, batch_id: int, at: At) -> Tuples:
    """(position, typed, others) of the items at these positions, by position."""
    return _all(connection, _ITEMS_AT, at, {"batch": batch_id})


def cells(connection: Connection, batch_id: int, source: str, at: At) -> Tuples:
    """(position, state, value, upper, data, error) of the readings of one source, by position."""
    return _all(connection, _CELLS_AT, at, {"batch": batch_id, "source": source})


def measured(connection: Connection, batch_id: int, source: str, at: At) -> Tuples:
    """As `cells`, with (observed_at, from_cache, attempts, seq, source) behind. SQLite's true is 1."""
    return _all(connection, _MEASURED_AT, at, {"batch": batch_id, "source": source})


def _all(connection: Connection, ways: tuple[Select[Any], Select[Any]], at: At, values: Mapping[str, Any]) -> Tuples:
    spanned = isinstance(at, range)
    where = {"start": at.start, "stop": at.stop} if isinstance(at, range) else {"some": at}
    result = connection.execute(ways[0] if spanned else ways[1], {**values, **where})
    try:
        assert result.cursor is not None
        return list(result.cursor.fetchall())  # rows of SQLAlchemy's own take three times as long
    finally:
        result.close()
