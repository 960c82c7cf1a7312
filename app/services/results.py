"""The rows of a batch: items with their cells, as they stand in the database."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy import Row as DbRow

from app.repositories import items, readings
from app.services.house import House
from app.services.shapes import BatchView, Cell, Row

_PENDING = Cell("pending")
_CANCELLED = Cell("cancelled")


def rows(house: House, batch: BatchView, *, start: int = 0, limit: int = 50) -> list[Row]:
    """The items at positions ``start`` … ``start + limit - 1``."""
    with house.db.read() as connection:
        return rows_at(connection, batch, range(start, start + limit))


def latest(house: House, batch: BatchView, *, limit: int = 50) -> list[Row]:
    """The items read last, the newest first."""
    with house.db.read() as connection:
        recent = readings.last_positions(connection, batch.id, limit * max(1, len(batch.sources)))
        positions = list(dict.fromkeys(recent))[:limit]
        found = {row.position: row for row in rows_at(connection, batch, positions)}
    return [found[position] for position in positions]


def rows_at(connection: Connection, batch: BatchView, positions: Sequence[int] | range) -> list[Row]:
    """The items at ``positions``, by position, with one cell for each of the batch's sources."""
    unread = _CANCELLED if batch.state == "cancelled" else _PENDING
    found = {(row.position, row.source): cell(row) for row in readings.at(connection, batch.id, positions)}
    return [
        Row(
            item.position,
            item.typed,
            item.text,
            item.merged,
            tuple(found.get((item.position, source.name), unread) for source in batch.sources),
        )
        for item in items.span(connection, batch.id, positions)
    ]


def cell(row: DbRow[Any]) -> Cell:
    """A stored reading as a cell."""
    return Cell(
        state=row.state,
        value=row.value,
        upper=row.upper,
        data=orjson.loads(row.data) if row.data else None,
        error=row.error or "",
        detail=row.detail or "",
        observed_at=row.observed_at,
        from_cache=bool(row.from_cache),
        attempts=row.attempts,
        seq=row.seq,
    )
