"""Waiting: a source of a batch that cannot go on for now, and what that makes of the batch."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from app import clock, events
from app.repositories import batches
from app.services import activity, outbox
from app.services.house import House


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a source has to wait and until when (UTC ms); ``trouble`` is the code of the error that made it."""

    reason: str
    until: int
    trouble: str
    detail: str


def wait(connection: Connection, batch_id: int, source: str, waiting: Waiting) -> None:
    """Let an open source wait; the scheduler wakes it. The caller holds the batch's row."""
    row = batches.one_source(connection, batch_id, source, lock=True)
    if row is None or row.state not in batches.OPEN:
        return
    batches.change_source(
        connection,
        batch_id,
        source,
        state="waiting",
        waiting_reason=waiting.reason,
        waiting_until=waiting.until,
        trouble=waiting.trouble,
        trouble_detail=waiting.detail,
    )
    activity.waits(connection, batch_id, row.account, waiting.reason, waiting.until)
    refresh_batch(connection, batch_id)


def end(house: House, batch_id: int, source: str) -> None:
    """The source's wait is over: it is queued again, if it waits still."""
    with house.db.work() as work:
        batches.one(work.connection, batch_id, lock=True)
        row = batches.one_source(work.connection, batch_id, source, lock=True)
        if row is None or row.state != "waiting":
            return
        values = {"state": "queued", "waiting_reason": "", "waiting_until": None}
        batches.change_source(work.connection, batch_id, source, **values)
        activity.goes_on(work.connection, batch_id, row.account)
        refresh_batch(work.connection, batch_id)
        work.after_commit(partial(events.nudge, house.redis, batch_id))


def refresh_batch(connection: Connection, batch_id: int) -> str | None:
    """Make the batch's state follow its sources: running while one runs, waiting while all that is left waits,
    completed when all are, queued else. The new state, or None when it is not for them to say (cancelling, …)."""
    sources = batches.sources_of(connection, [batch_id])
    unfinished = [source for source in sources if source.state != "completed"]
    states = {source.state for source in unfinished}
    now = clock.now_ms()
    values: dict[str, Any] = {"waiting_reason": "", "waiting_until": None}
    from_: tuple[str, ...] = batches.OPEN
    if not unfinished:
        state, values = "completed", {**values, "finished_at": now, "stopped_by": ""}
        # A pause or a cancel that comes after the last reading finds nothing to pause or to cancel.
        from_ = (*batches.OPEN, "paused", "cancelling")
    elif states == {"waiting"}:
        first = min(unfinished, key=lambda source: source.waiting_until or 0)
        state, values = "waiting", {"waiting_reason": first.waiting_reason, "waiting_until": first.waiting_until}
    elif "running" in states:
        state = "running"
        row = batches.one(connection, batch_id)
        if row is not None and row.started_at is None:
            values["started_at"] = now
    else:
        state = "queued"
    if not batches.move(connection, batch_id, state, only_from=from_, **values):
        return None
    if state == "completed":
        activity.came(connection, batch_id, state, {"failed": sum(source.failed for source in sources)})
    outbox.tell(connection, batch_id, state)
    return state
