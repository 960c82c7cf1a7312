"""SQL of claims: who works on what, and until when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from app.models.tables import claim

Key = tuple[int, str, int]


def _is(key: Key) -> Any:
    batch_id, source, lane = key
    return and_(claim.c.batch_id == batch_id, claim.c.source == source, claim.c.lane == lane)


def add(connection: Connection, batch_id: int, source: str, lanes: Sequence[int], held: str = "") -> None:
    """Insert free lanes."""
    nothing = {"generation": 0, "worker": "", "expires_at": 0, "reserved": 0, "settled": 0, "day": ""}
    rows = [{"batch_id": batch_id, "source": source, "lane": n, "held": held, **nothing} for n in lanes]
    connection.execute(insert(claim), rows)


def lock(connection: Connection, key: Key) -> Row[Any] | None:
    """The lane, held until the transaction ends, or None."""
    return connection.execute(select(claim).where(_is(key)).with_for_update()).one_or_none()


def of(connection: Connection, key: Key) -> Row[Any] | None:
    """The lane as it is, or None."""
    return connection.execute(select(claim).where(_is(key))).one_or_none()


def change(connection: Connection, key: Key, **values: Any) -> None:
    """Set columns of a lane that this transaction holds."""
    connection.execute(update(claim).where(_is(key)).values(**values))


def keep(connection: Connection, key: Key, generation: int, **values: Any) -> bool:
    """Set columns of a lane, first of all its lease; False when the lane is no longer this generation's."""
    statement = update(claim).where(_is(key), claim.c.generation == generation).values(**values)
    return connection.execute(statement).rowcount == 1


def drop(connection: Connection, key: Key) -> None:
    """Remove a lane that this transaction holds."""
    connection.execute(delete(claim).where(_is(key)))


def count(connection: Connection, batch_id: int, source: str | None = None) -> int:
    """Lanes the batch, or one source of it, has left."""
    statement = select(func.count()).select_from(claim).where(claim.c.batch_id == batch_id)
    return int(
        connection.execute(statement if source is None else statement.where(claim.c.source == source)).scalar_one()
    )


def of_source(connection: Connection, batch_id: int, source: str) -> Sequence[Row[Any]]:
    """The lanes of a batch's source, in order."""
    statement = select(claim).where(claim.c.batch_id == batch_id, claim.c.source == source).order_by(claim.c.lane)
    return connection.execute(statement).all()


def expired(connection: Connection, batch_id: int, now: int) -> Sequence[Row[Any]]:
    """The lanes of a batch that nobody works on, held until the transaction ends."""
    statement = select(claim).where(claim.c.batch_id == batch_id, claim.c.expires_at <= now)
    return connection.execute(statement.order_by(claim.c.source, claim.c.lane).with_for_update()).all()


def abandoned(connection: Connection, now: int) -> Sequence[Row[int, str, int]]:
    """(batch id, source, lane) of lanes whose slice died with calls reserved."""
    where = and_(claim.c.expires_at <= now, claim.c.reserved > 0)
    return connection.execute(select(claim.c.batch_id, claim.c.source, claim.c.lane).where(where)).all()


def elsewhere(connection: Connection, source: str, batch_id: int, now: int) -> Sequence[Row[int, str]]:
    """Lanes of other batches that work on ``source`` right now and hold something."""
    where = and_(claim.c.source == source, claim.c.batch_id != batch_id, claim.c.expires_at > now, claim.c.held != "")
    return connection.execute(select(claim.c.batch_id, claim.c.held).where(where)).all()
