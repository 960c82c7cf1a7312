"""The rows of a batch: items with their cells, as they stand in the database."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection
from sqlalchemy import Row as DbRow

from app.repositories import items, readings
from app.services import accounts
from app.services.gone import require_readings
from app.services.house import House
from app.services.shapes import BatchView, Cell, Row

_PENDING = Cell("pending")
_CANCELLED = Cell("cancelled")
WITHHELD = Cell("withheld")


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
    """The items at ``positions``, by position, with one cell for each of the batch's sources. Raises Purged."""
    require_readings(batch)
    unread = _CANCELLED if batch.state == "cancelled" else _PENDING
    hidden = withheld(batch)
    found = {
        (row.position, row.source): WITHHELD if row.source in hidden else cell(row)
        for row in readings.at(connection, batch.id, positions)
    }
    return [
        Row(
            item.position,
            item.typed,
            item.text,
            item.merged,
            tuple(found.get((item.position, source.name), unread) for source in batch.sources),
            beside(item.others),
        )
        for item in items.span(connection, batch.id, positions)
    ]


def withheld(batch: BatchView) -> frozenset[str]:
    """The batch's sources whose readings are shown to nobody. Settings: <UPSTREAM>_VISIBLE_TO."""
    names = (source.name for source in batch.sources)
    return frozenset(name for name in names if not accounts.visible(name.partition(".")[0]))


def beside(others: str | None) -> tuple[str, ...]:
    """What stood beside a keyword, as it is stored."""
    return tuple(orjson.loads(others)) if others else ()


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
