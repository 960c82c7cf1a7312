"""Deliveries as people look at them: what webhooks were told, with each try; tried again, and tested, by hand."""

from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from app import clock, events
from app.errors import BadValue, NoSuchThing
from app.repositories import deliveries
from app.repositories import webhooks as hooks
from app.services import activity, outbox, webhooks
from app.services.callers import Caller
from app.services.house import House
from app.services.wire import instant


def test(house: House, who: Caller, webhook_id: int) -> dict[str, Any]:
    """Put a message in line that says nothing, to see whether it arrives; it is tried once. The delivery as on the
    wire. Raises NoSuchThing; BadValue for a webhook that is switched off."""
    with house.db.work() as work:
        connection = work.connection
        hook = hooks.one(connection, webhook_id)
        if hook is None or hook.workspace_id != who.workspace:
            raise NoSuchThing(what="webhook", id=webhook_id)
        _require_on(hook.active, webhook_id)
        payload = orjson.dumps({"webhook": webhook_id, "description": hook.description}).decode()
        new = outbox.message(webhook_id, outbox.TEST, payload=payload)
        deliveries.add(connection, [new])
        row = _own(connection, who, new["message"])
        activity.by(connection, who, None, "test_webhook", {"webhook": webhook_id, "delivery": row.message})
        work.after_commit(partial(events.nudge, house.redis, 0))
    return said(row)


def resend(house: House, who: Caller, message: str) -> dict[str, Any]:
    """Try a message again now, whatever became of it, and what is before it in its line: the delivery as on the wire.
    Nothing changes while a try is under way. Raises NoSuchThing; BadValue for a webhook that is switched off."""
    now = clock.now_ms()
    with house.db.work() as work:
        connection = work.connection
        row = _own(connection, who, message, lock=True)
        _require_on(row.active, row.webhook_id)
        if row.leased_until <= now:
            again = {"state": "pending", "due_at": now, "leased_until": 0, "failures": 0, "done_at": None}
            deliveries.hurry(connection, row, now)
            deliveries.change(connection, row.id, **again)
            row = _own(connection, who, message)
            activity.by(connection, who, None, "resend", {"webhook": row.webhook_id, "delivery": message})
            work.after_commit(partial(events.nudge, house.redis, 0))
    return said(row)


def one(house: House, who: Caller, message: str) -> dict[str, Any]:
    """A delivery as on the wire. Raises NoSuchThing."""
    with house.db.read() as connection:
        return said(_own(connection, who, message))


def listing(
    house: House, who: Caller, webhook_id: int, *, state: str = "", before: int | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], int | None]:
    """A webhook's deliveries, newest first, and the ``before`` of the following ones. Raises NoSuchThing."""
    webhooks.one(house, who, webhook_id)
    with house.db.read() as connection:
        rows = deliveries.page(connection, webhook_id, state, before, limit + 1)
    more = rows[limit - 1].id if len(rows) > limit else None
    return [said(row) for row in rows[:limit]], more


def said(row: Row[Any]) -> dict[str, Any]:
    """A delivery on the wire."""
    return {
        "id": row.message,
        "webhook": row.webhook_id,
        "batch": row.batch_id,
        "event": row.event,
        "from_seq": row.from_seq,
        "to_seq": row.to_seq,
        "state": row.state,
        "attempts": row.attempts,
        "created_at": instant(row.created_at),
        "due_at": instant(row.due_at),
        "done_at": instant(row.done_at),
        "tries": orjson.loads(row.tries),
    }


def _own(connection: Connection, who: Caller, message: str, *, lock: bool = False) -> Row[Any]:
    row = deliveries.one(connection, message, lock=lock)
    if row is None or row.workspace_id != who.workspace:
        raise NoSuchThing(what="delivery", id=message)
    return row


def _require_on(active: bool, webhook_id: int) -> None:
    if not active:
        raise BadValue(name="webhook", value=webhook_id, why="It is switched off. Switch it on first.")
