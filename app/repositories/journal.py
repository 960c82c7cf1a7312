"""SQL of the journal: every reading that a batch has ever had, by seq, those that were retried since included."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select, union_all

from app.models.tables import item, reading, superseded
from app.repositories.readings import COLUMNS


def between(connection: Connection, batch_id: int, after: int, upto: int) -> Sequence[Row[Any]]:
    """The readings with a seq over ``after`` and none over ``upto``, by seq, with ``typed``: the keyword as typed.

    One statement: a retry moves rows from one table to the other in one transaction, so a look at both at one moment
    sees each of them once. Both ends are given, so that no planner can read more of the batch than this.
    """
    parts = [
        select(*(table.c[name] for name in COLUMNS)).where(
            table.c.batch_id == batch_id, table.c.seq > after, table.c.seq <= upto
        )
        for table in (reading, superseded)
    ]
    found = union_all(*parts).subquery()
    # Looked up a row at a time: a planner that may join would rather read the keywords of the whole batch.
    typed = select(item.c.typed).where(item.c.batch_id == batch_id, item.c.position == found.c.position)
    statement = select(found, typed.scalar_subquery().label("typed")).order_by(found.c.seq)
    return connection.execute(statement).all()


def following(connection: Connection, batch_id: int, after: int) -> int | None:
    """The lowest seq over ``after`` that there still is."""
    parts = [
        select(func.min(table.c.seq).label("seq")).where(table.c.batch_id == batch_id, table.c.seq > after)
        for table in (reading, superseded)
    ]
    found = union_all(*parts).subquery()
    lowest: int | None = connection.execute(select(func.min(found.c.seq))).scalar_one()
    return lowest
