"""SQL of what has been done to batches."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from app.models.tables import activity


def add(connection: Connection, **values: Any) -> None:
    """Put down one thing done."""
    connection.execute(insert(activity).values(**values))


def newest(
    connection: Connection, batch_id: int, limit: int, before: int | None = None, what: Sequence[str] = ()
) -> Sequence[Row[Any]]:
    """What was done to a batch, newest first, with ids under ``before``; only ``what``, if that is given."""
    c = activity.c
    statement = select(activity).where(c.batch_id == batch_id).order_by(c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(c.id < before)
    return connection.execute(statement.where(c.what.in_(what)) if what else statement).all()


def count(connection: Connection, batch_id: int) -> int:
    """How many things were done to a batch."""
    statement = select(func.count()).select_from(activity).where(activity.c.batch_id == batch_id)
    return connection.execute(statement).scalar_one()
