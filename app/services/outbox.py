"""The outbox: messages to webhooks are stored in the transaction of the change that they tell of, so that neither is
ever there without the other. `app.services.deliveries` and the courier see to it that they arrive."""

import secrets
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row

from app import clock
from app.log import get
from app.repositories import batches, deliveries, webhooks
from app.services import wire
from app.services.shapes import ENDED, BatchView
from app.services.views import views

log = get(__name__)
READINGS: Final = "batch.readings"
TEST: Final = "webhook.test"
#: What a webhook may be told.
EVENTS: Final = ("batch.completed", "batch.cancelled", "batch.waiting", READINGS)
#: States of a batch that webhooks are told of; with ``running`` those that are told the readings begin to be.
_TOLD: Final = frozenset({"running", "waiting", "completed", "cancelled"})
#: Readings in one message at most.
MOST: Final = 1_000
#: A message of fewer readings comes this long after the one before at the earliest, in milliseconds, …
SPACE_MS: Final = 5_000
#: … and, while the batch runs, holds one in so many of its lookups at least: so many messages, and a few, tell it all.
PARTS: Final = 100
#: That a batch waits is told once in this time for each reason, in milliseconds.
QUIET_MS: Final = 60_000


def tell(connection: Connection, batch_id: int, state: str) -> None:
    """Put down what webhooks are to be told of a batch that is now in ``state``; the caller holds its row. One query
    where nobody listens. What goes wrong here is logged and costs a message, never a reading."""
    if state not in _TOLD:
        return
    hooks = webhooks.that_see(connection, batch_id)
    if not hooks:
        return
    try:
        with connection.begin_nested():
            [view] = views(connection, [row for row in (batches.one(connection, batch_id),) if row is not None])
            for hook in hooks:
                _tell(connection, hook, view)
    except Exception as error:  # noqa: BLE001 -- the change itself stands, whatever is wrong with telling of it
        log.error("webhook_not_told", batch=batch_id, state=state, error=repr(error))


def _tell(connection: Connection, hook: Row[Any], batch: BatchView) -> None:
    wanted, event = hook.events.split(), f"batch.{batch.state}"
    tells = event in wanted and not (event == "batch.waiting" and _known(connection, hook.id, batch))
    if READINGS in wanted:
        _follow(connection, hook.id, batch)
        if tells or batch.ended:
            gather(connection, hook.id, batch.id, whole=True)  # what was read comes before what came of it
    if tells:
        payload = orjson.dumps(wire.batch(batch)).decode()
        deliveries.add(connection, [message(hook.id, event, batch_id=batch.id, payload=payload)])


def _known(connection: Connection, webhook_id: int, batch: BatchView) -> bool:
    """Whether the webhook was told of this wait: of one for the same reason a moment ago, or last, and since then
    nothing was read (a batch that finds out every few minutes that it has to wait on has no news)."""
    since = clock.now_ms() - QUIET_MS
    for n, row in enumerate(deliveries.last_payloads(connection, webhook_id, batch.id, "batch.waiting", 8)):
        told = orjson.loads(row.payload)
        same = told["waiting"] is not None and told["waiting"]["reason"] == batch.waiting_reason
        if same and (row.created_at > since or (n == 0 and told["seq"] == batch.seq)):
            return True
    return False


def _follow(connection: Connection, webhook_id: int, batch: BatchView) -> None:
    """See to it that the batch's readings are told."""
    row = webhooks.followed(connection, webhook_id, batch.id)
    now = clock.now_ms()
    if row is None:
        least = max(1, min(MOST, batch.lookups // PARTS))
        webhooks.begin_to_follow(connection, webhook_id, batch.id, seq=0, least=least, next_at=now)
    elif row.next_at is None:
        webhooks.follow_on(connection, webhook_id, batch.id, next_at=now)


def gather(connection: Connection, webhook_id: int, batch_id: int, *, whole: bool = False) -> int:
    """Make messages of the readings that a webhook has not been told: how many messages. Full ones; the rest too if it
    is ``whole``, or time. The row that says how far it was told is held, so each reading is in exactly one."""
    row = webhooks.followed(connection, webhook_id, batch_id)
    batch = batches.one(connection, batch_id)
    if row is None or batch is None or row.next_at is None:
        return 0
    now = clock.now_ms()
    ended = batch.state in ENDED
    rest = whole or ended or row.next_at <= now
    last = batch.seq if rest else batch.seq - (batch.seq - row.seq) % MOST
    firsts = range(row.seq + 1, last + 1, MOST)
    spans = [(first, min(first + MOST - 1, last)) for first in firsts]
    if spans:
        deliveries.add(connection, [message(webhook_id, READINGS, batch_id=batch_id, span=span) for span in spans])
    next_at = None if ended else now + SPACE_MS if spans and rest else row.next_at
    webhooks.follow_on(connection, webhook_id, batch_id, seq=last, next_at=next_at)
    return len(spans)


def message(
    webhook_id: int,
    event: str,
    *,
    batch_id: int | None = None,
    payload: str | None = None,
    span: tuple[int | None, int | None] = (None, None),
) -> dict[str, Any]:
    """A message at the end of the line, to be sent at once."""
    now = clock.now_ms()
    return {
        "message": f"msg_{secrets.token_hex(12)}",
        "webhook_id": webhook_id,
        "batch_id": batch_id,
        "event": event,
        "from_seq": span[0],
        "to_seq": span[1],
        "payload": payload,
        "state": "pending",
        "attempts": 0,
        "failures": 0,
        "due_at": now,
        "leased_until": 0,
        "created_at": now,
        "done_at": None,
        "tries": "[]",
    }
