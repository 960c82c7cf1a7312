"""SQL of webhooks, and of how far they have been told the readings of batches."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from app.models.tables import batch, batch_source, follow, webhook

#: A number, or where one is put in later.
Moment = int | BindParameter[int]


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a webhook and give its id. It sees the batches that come after the newest one."""
    newest = select(func.coalesce(func.max(batch.c.id), 0)).scalar_subquery()
    statement = insert(webhook).values(**values, after_batch=newest).returning(webhook.c.id)
    return int(connection.execute(statement).scalar_one())


def one(connection: Connection, webhook_id: int, *, lock: bool = False) -> Row[Any] | None:
    """The webhook, or None; ``lock`` holds it, but not its key, until the transaction ends."""
    statement = select(webhook).where(webhook.c.id == webhook_id)
    locked = statement.with_for_update(key_share=True)
    return connection.execute(locked if lock else statement).one_or_none()


def of_workspace(connection: Connection, workspace: int) -> Sequence[Row[Any]]:
    """A workspace's webhooks, the oldest first."""
    statement = select(webhook).where(webhook.c.workspace_id == workspace)
    return connection.execute(statement.order_by(webhook.c.id)).all()


def every(connection: Connection) -> Sequence[Row[Any]]:
    """All of them, held until the transaction ends."""
    return connection.execute(select(webhook).order_by(webhook.c.id).with_for_update(key_share=True)).all()


def change(connection: Connection, webhook_id: int, **values: Any) -> None:
    """Set columns of a webhook."""
    connection.execute(update(webhook).where(webhook.c.id == webhook_id).values(**values))


def drop(connection: Connection, webhook_id: int) -> None:
    """Forget a webhook with all that it was told."""
    connection.execute(delete(webhook).where(webhook.c.id == webhook_id))


def that_see(connection: Connection, batch_id: int) -> Sequence[Row[Any]]:
    """The active webhooks that are told of this batch; none of them can be forgotten before the transaction ends."""
    statement = (
        select(webhook)
        .join(batch, (batch.c.workspace_id == webhook.c.workspace_id) & (batch.c.id > webhook.c.after_batch))
        .where(batch.c.id == batch_id, webhook.c.active)
        .order_by(webhook.c.id)
    )
    return connection.execute(_kept(statement)).all()


def keep(connection: Connection, webhook_id: int) -> bool:
    """Whether the webhook is there and active; then it cannot be forgotten before the transaction ends. Whoever writes
    rows that refer to it asks first, so that forgetting and writing take their locks in the same order."""
    statement = select(webhook.c.id).where(webhook.c.id == webhook_id, webhook.c.active)
    return connection.execute(_kept(statement)).first() is not None


def _kept(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(read=True, key_share=True, of=webhook)


def followed(connection: Connection, webhook_id: int, batch_id: int) -> Row[Any] | None:
    """How far the webhook has been told this batch's readings, held until the transaction ends."""
    statement = select(follow).where(follow.c.webhook_id == webhook_id, follow.c.batch_id == batch_id)
    return connection.execute(statement.with_for_update()).one_or_none()


def begin_to_follow(connection: Connection, webhook_id: int, batch_id: int, **values: Any) -> None:
    """Insert that row. Two may not do so at once: the caller holds the batch."""
    connection.execute(insert(follow).values(webhook_id=webhook_id, batch_id=batch_id, **values))


def follow_on(connection: Connection, webhook_id: int, batch_id: int, **values: Any) -> None:
    """Set columns of that row."""
    where = and_(follow.c.webhook_id == webhook_id, follow.c.batch_id == batch_id)
    connection.execute(update(follow).where(where).values(**values))


def ripe(connection: Connection, now: int, most: int) -> Sequence[Row[int, int]]:
    """(webhook id, batch id) of active webhooks for which a message of readings is to be made: one of ``most``, or of
    fewer whose time has come."""
    return connection.execute(ripe_ones(now, most)).all()


def ripe_ones(now: Moment, most: Moment) -> Select[Any]:
    """The statement of `ripe`."""
    joined = follow.join(batch, batch.c.id == follow.c.batch_id).join(webhook, webhook.c.id == follow.c.webhook_id)
    return (
        select(follow.c.webhook_id, follow.c.batch_id)
        .select_from(joined)
        .where(webhook.c.active, follow.c.next_at > 0, _ripe(now, most))  # no null, and by the index
    )


def _ripe(now: Moment, most: Moment) -> ColumnElement[bool]:
    behind = batch.c.seq - follow.c.seq
    resting = batch.c.state.in_(("waiting", "paused"))
    some = and_(behind > 0, follow.c.next_at <= now, or_(behind >= follow.c.least, resting))
    return or_(behind >= most, some, batch.c.state.in_(("completed", "cancelled")))


def lookups(connection: Connection, batch_id: int) -> int:
    """How many lookups the batch has."""
    statement = select(func.coalesce(func.sum(batch_source.c.lookups), 0)).where(batch_source.c.batch_id == batch_id)
    return int(connection.execute(statement).scalar_one())
