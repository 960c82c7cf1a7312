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
    rows = [
        {
            "batch_id": batch_id,
            "source": source,
            "lane": n,
            "generation": 0,
            "worker": "",
            "held": held,
            "expires_at": 0,
        }
        for n in lanes
    ]
    connection.execute(insert(claim), rows)


def take(connection: Connection, key: Key, generation: int, worker: str, now: int, until: int) -> str | None:
    """Take a lane that is free or expired and whose generation is older: what it holds, or None."""
    statement = (
        update(claim)
        .where(_is(key), claim.c.generation < generation, claim.c.expires_at <= now)
        .values(generation=generation, worker=worker, expires_at=until)
        .returning(claim.c.held)
    )
    held: str | None = connection.execute(statement).scalar_one_or_none()
    return held


def keep(connection: Connection, key: Key, generation: int, held: str, until: int) -> bool:
    """Renew the lease and say what is held; False when the lane is no longer this generation's."""
    statement = update(claim).where(_is(key), claim.c.generation == generation).values(held=held, expires_at=until)
    return connection.execute(statement).rowcount == 1


def drop(connection: Connection, key: Key, generation: int) -> bool:
    """The lane has nothing more to do; False when it is no longer this generation's."""
    return connection.execute(delete(claim).where(_is(key), claim.c.generation == generation)).rowcount == 1


def drop_expired(connection: Connection, batch_id: int, now: int) -> None:
    """Remove the lanes of a batch that nobody works on."""
    connection.execute(delete(claim).where(claim.c.batch_id == batch_id, claim.c.expires_at <= now))


def count(connection: Connection, batch_id: int) -> int:
    """Lanes the batch has left."""
    statement = select(func.count()).select_from(claim).where(claim.c.batch_id == batch_id)
    return int(connection.execute(statement).scalar_one())


def of_source(connection: Connection, batch_id: int, source: str) -> Sequence[Row[Any]]:
    """The lanes of a batch's source, in order."""
    statement = select(claim).where(claim.c.batch_id == batch_id, claim.c.source == source).order_by(claim.c.lane)
    return connection.execute(statement).all()
