"""SQL of readings."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.db import bulk
from app.models.tables import item, reading

COLUMNS = (
    "batch_id",
    "source",
    "position",
    "seq",
    "state",
    "value",
    "upper",
    "data",
    "account",
    "observed_at",
    "from_cache",
    "attempts",
    "latency_ms",
    "error",
    "detail",
)


def add(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Insert readings, tuples in the order of `COLUMNS`; a second one for a lookup raises IntegrityError."""
    bulk.insert(connection, reading, COLUMNS, rows)


def at(connection: Connection, batch_id: int, positions: Sequence[int] | range) -> Sequence[Row[Any]]:
    """The readings at these positions, of all sources."""
    c = reading.c
    where = (
        (c.position >= positions.start) & (c.position < positions.stop)
        if isinstance(positions, range)
        else c.position.in_(positions)
    )
    return connection.execute(select(reading).where(c.batch_id == batch_id, where)).all()


def of_source(connection: Connection, batch_id: int, source: str, span: range) -> Sequence[Row[Any]]:
    """The readings of one source at the positions of ``span``, by position."""
    c = reading.c
    statement = select(reading).where(
        c.batch_id == batch_id, c.source == source, c.position >= span.start, c.position < span.stop
    )
    return connection.execute(statement.order_by(c.position)).all()


def last_positions(connection: Connection, batch_id: int, limit: int) -> list[int]:
    """Positions of the last readings, newest first, possibly with repeats."""
    c = reading.c
    statement = select(c.position).where(c.batch_id == batch_id).order_by(c.seq.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def tempo(connection: Connection, batch_id: int, after_seq: int) -> tuple[int, int | None, int | None]:
    """(how many, first, last observation) of the fresh readings after ``after_seq``."""
    c = reading.c
    statement = select(func.count(), func.min(c.observed_at), func.max(c.observed_at)).where(
        c.batch_id == batch_id, c.seq > after_seq, c.from_cache.is_(False)
    )
    row = connection.execute(statement).one()
    return row[0], row[1], row[2]


def earlier(connection: Connection, source: str, keyword_ids: Sequence[int], since: int) -> dict[int, Row[Any]]:
    """Keyword id → its newest reading from ``source``, of any batch, observed at ``since`` or later and worth
    giving again (not a failure)."""
    c = reading.c
    statement = (
        select(item.c.keyword_id, reading)
        .join(reading, (c.batch_id == item.c.batch_id) & (c.source == source) & (c.position == item.c.position))
        .where(item.c.keyword_id.in_(keyword_ids), c.observed_at >= since, c.state != "failed")
        .order_by(c.observed_at)
    )
    return {row.keyword_id: row for row in connection.execute(statement)}
