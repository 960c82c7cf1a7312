"""SQL of deliveries: messages to webhooks, and what became of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from app.models.tables import delivery, webhook
from app.repositories.webhooks import Moment, ripe_ones


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put messages at the end of the line, in this order."""
    connection.execute(insert(delivery), list(rows))


def stirring(connection: Connection, now: int, most: int) -> bool:
    """Whether a message is to be sent, or one of readings to be made (`app.repositories.webhooks.ripe`)."""
    return bool(connection.execute(_stirring(), {"now": now, "most": most}).scalar_one())


@cache
def _stirring() -> Select[Any]:
    """Made once, for it is asked every second."""
    now, most = bindparam("now", type_=BigInteger), bindparam("most", type_=BigInteger)
    return select(or_(_due(now, ()).exists(), ripe_ones(now, most).exists()))


def due(connection: Connection, now: int, most: int, but: Sequence[int]) -> Sequence[Row[Any]]:
    """The messages to be sent now with their webhook's url and secrets, held until the transaction ends; none to the
    webhooks ``but``. Of those to one webhook about one batch only the first in line."""
    statement = _due(now, but).order_by(delivery.c.due_at, delivery.c.id).limit(most)
    return connection.execute(statement.with_for_update(of=delivery, skip_locked=True)).all()


def _due(now: Moment, but: Sequence[int]) -> Select[Any]:
    c, before = delivery.c, delivery.alias()
    first = ~exists().where(
        before.c.webhook_id == c.webhook_id,
        before.c.batch_id == c.batch_id,
        before.c.state == "pending",
        before.c.id < c.id,
    )
    return (
        select(delivery, webhook.c.url, webhook.c.sealed)
        .join(webhook, webhook.c.id == c.webhook_id)
        .where(c.due_at <= now, c.leased_until <= now, c.webhook_id.not_in(but), first)
    )


def lease(connection: Connection, delivery_ids: Sequence[int], until: int) -> None:
    """Take messages in hand for one more try."""
    values = {"leased_until": until, "attempts": delivery.c.attempts + 1}
    connection.execute(update(delivery).where(delivery.c.id.in_(delivery_ids)).values(**values))


def in_hand(connection: Connection, delivery_id: int, attempts: int) -> Row[Any] | None:
    """The message, held, if this is still the try that it is in hand for."""
    c = delivery.c
    statement = select(delivery).where(c.id == delivery_id, c.attempts == attempts, c.leased_until > 0)
    return connection.execute(statement.with_for_update()).one_or_none()


def change(connection: Connection, delivery_id: int, **values: Any) -> None:
    """Set columns of a message."""
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(**values))


def one(connection: Connection, message: str, *, lock: bool = False) -> Row[Any] | None:
    """The message that the receiver knows by that name, with its webhook's workspace and whether that is active."""
    statement = (
        select(delivery, webhook.c.workspace_id, webhook.c.active)
        .join(webhook, webhook.c.id == delivery.c.webhook_id)
        .where(delivery.c.message == message)
    )
    return connection.execute(statement.with_for_update(of=delivery) if lock else statement).one_or_none()


def page(connection: Connection, webhook_id: int, state: str, before: int | None, most: int) -> Sequence[Row[Any]]:
    """A webhook's messages, newest first, with ids under ``before``; "" stands for any state."""
    c = delivery.c
    parts: list[ColumnElement[bool]] = [c.webhook_id == webhook_id]
    parts += [c.state == state] if state else []
    parts += [c.id < before] if before is not None else []
    return connection.execute(select(delivery).where(*parts).order_by(c.id.desc()).limit(most)).all()


def last_payloads(
    connection: Connection, webhook_id: int, batch_id: int, event: str, most: int
) -> Sequence[Row[int, str]]:
    """(created_at, payload) of the last messages of one kind to a webhook about a batch, newest first."""
    c = delivery.c
    statement = select(c.created_at, c.payload).where(
        c.webhook_id == webhook_id, c.batch_id == batch_id, c.event == event
    )
    # By time first: sorting a batch's few messages beats walking back through all that the webhook was ever told.
    return connection.execute(statement.order_by(c.created_at.desc(), c.id.desc()).limit(most)).all()


def park(connection: Connection, webhook_id: int) -> None:
    """Send a webhook nothing for now: what is pending stays in line."""
    where = and_(delivery.c.webhook_id == webhook_id, delivery.c.state == "pending")
    connection.execute(update(delivery).where(where).values(due_at=None))


def unpark(connection: Connection, webhook_id: int, now: int) -> None:
    """Go on with what was parked."""
    c = delivery.c
    where = and_(c.webhook_id == webhook_id, c.state == "pending", c.due_at.is_(None))
    connection.execute(update(delivery).where(where).values(due_at=now))


def hurry(connection: Connection, row: Row[Any], now: int) -> None:
    """Let what is before ``row`` in its line be tried now: it would hold it up."""
    c = delivery.c
    line = and_(c.webhook_id == row.webhook_id, c.batch_id == row.batch_id, c.state == "pending", c.id < row.id)
    connection.execute(update(delivery).where(line).values(due_at=now))


def forget(connection: Connection, until: int, most: int) -> int:
    """Remove some of the messages that were done with, or parked, before ``until``; how many."""
    c = delivery.c
    off = select(webhook.c.id).where(webhook.c.active.is_(False))
    parked = and_(c.webhook_id.in_(off), c.state == "pending", c.due_at.is_(None), c.created_at < until)
    return sum(
        connection.execute(delete(delivery).where(c.id.in_(select(c.id).where(old).limit(most)))).rowcount
        for old in (c.done_at < until, parked)
    )
