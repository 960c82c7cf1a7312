"""SQL of what is not kept any more: which batches it is of, and its rows, removed a few at a time.

Rows go by ranges of seqs and positions, which are dense, so a step costs what it removes however much is gone before.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, delete, exists, or_, select, text, update
from sqlalchemy.exc import OperationalError

from app.models.tables import activity, attempt, batch, item, keyword, reading, superseded
from app.repositories.batches import NOBODYS

ENDED = ("completed", "cancelled")


def due(connection: Connection, since: str, before: int, limit: int) -> list[int]:
    """Ids of batches that ended before then and whose column ``since`` does not say so yet: one that had lost its
    events may have been resumed, and have ended again."""
    c = batch.c
    unsaid = or_(c[since].is_(None), c[since] < c.finished_at)
    where = and_(c.state.in_(ENDED), c.finished_at < before, unsaid)
    return list(connection.execute(select(c.id).where(where).order_by(c.id).limit(limit)).scalars())


def mark(connection: Connection, batch_id: int, before: int, **values: Any) -> bool:
    """Change a batch that ended before then; whether it (still) had."""
    c = batch.c
    where = and_(c.id == batch_id, c.state.in_(ENDED), c.finished_at < before)
    return connection.execute(update(batch).where(where).values(**values)).rowcount == 1


def leaving(connection: Connection) -> Row[Any] | None:
    """The first batch that something is still to be removed of, locked."""
    statement = select(batch).where(batch.c.leaving != "").order_by(batch.c.id).limit(1)
    return connection.execute(statement.with_for_update(key_share=True, skip_locked=True)).one_or_none()


def any_gone(connection: Connection) -> bool:
    """Whether readings of any batch are gone."""
    return connection.execute(select(exists().where(batch.c.readings_purged_at.is_not(None)))).scalar_one()


def drop_superseded(connection: Connection, batch_id: int, after: int, upto: int) -> int:
    """Remove failures that were retried, with seqs in (after, upto]: how many there were."""
    return connection.execute(delete(superseded).where(*_seqs(superseded, batch_id, after, upto))).rowcount


def drop_readings(connection: Connection, batch_id: int, after: int, upto: int) -> int:
    """Remove readings, those that were retried too, with seqs in (after, upto]: how many there were."""
    gone = connection.execute(delete(reading).where(*_seqs(reading, batch_id, after, upto))).rowcount
    return gone + drop_superseded(connection, batch_id, after, upto)


def _seqs(table: Table, batch_id: int, after: int, upto: int) -> tuple[Any, ...]:
    return table.c.batch_id == batch_id, table.c.seq > after, table.c.seq <= upto


def drop_attempts(connection: Connection, batch_id: int) -> int:
    """Remove what was attempted in vain by a batch that was cancelled: a few lookups that were under way."""
    return connection.execute(delete(attempt).where(attempt.c.batch_id == batch_id)).rowcount


def drop_acts(connection: Connection, batch_id: int | None, before: int, limit: int) -> int:
    """Remove acts of then and earlier, of a batch or (None) of the house, the oldest first: how many."""
    c = activity.c
    of = c.batch_id.is_(None) if batch_id is None else c.batch_id == batch_id
    oldest = select(c.id).where(of).order_by(c.id).limit(limit).subquery()
    return connection.execute(delete(activity).where(c.id.in_(select(oldest.c.id)), c.at <= before)).rowcount


def drop_items(connection: Connection, batch_id: int, start: int, stop: int) -> None:
    """Remove items, and those of their keywords that no other item has. Nobody else may insert keywords meanwhile."""
    where = and_(item.c.batch_id == batch_id, item.c.position >= start, item.c.position < stop)
    ids = list(connection.execute(delete(item).where(where).returning(item.c.keyword_id)).scalars())
    used = exists().where(item.c.keyword_id == keyword.c.id)
    # In the order of their keys: neighbours share pages.
    for first in range(0, len(ids), 500):
        some = sorted(set(ids))[first : first + 500]
        if some:
            connection.execute(delete(keyword).where(keyword.c.id.in_(some), ~used))


def try_serialise(connection: Connection) -> bool:
    """Keep submits from inserting keywords until the end of the transaction, unless one does so now: whether that is
    so. SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return True
    try:
        with connection.begin_nested():
            connection.execute(text("LOCK TABLE keyword IN SHARE ROW EXCLUSIVE MODE NOWAIT"))
    except OperationalError:
        return False
    return True


def forget(connection: Connection, batch_id: int, **values: Any) -> None:
    """Let a batch be nobody's, so that it is not there for anybody."""
    connection.execute(update(batch).where(batch.c.id == batch_id).values(workspace_id=NOBODYS, **values))


def advance(connection: Connection, batch_id: int, leaving: str, at: int) -> None:
    """Put down what is still to be removed, and how far that is."""
    connection.execute(update(batch).where(batch.c.id == batch_id).values(leaving=leaving, leaving_at=at))


def drop(connection: Connection, batch_id: int) -> None:
    """Remove a batch with what little is left of it."""
    connection.execute(delete(batch).where(batch.c.id == batch_id))


def still(connection: Connection) -> Sequence[int]:
    """Ids of the batches that something is still to be removed of."""
    statement: Select[int] = select(batch.c.id).where(batch.c.leaving != "")
    return connection.execute(statement).scalars().all()
