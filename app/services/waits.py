"""Waiting: a source of a batch that cannot go on for now, and what that makes of the batch."""

from functools import partial
from typing import Any

from sqlalchemy import Connection

from app import clock, events
from app.repositories import batches
from app.services.house import House


def wait(house: House, batch_id: int, source: str, *, reason: str, until: int, trouble: str, detail: str) -> None:
    """Let a running source wait until ``until`` (UTC ms) for ``reason``. The scheduler wakes it."""
    with house.db.work() as work:
        batches.one(work.connection, batch_id, lock=True)  # the batch before its source, as flushes do
        row = batches.one_source(work.connection, batch_id, source, lock=True)
        if row is None or row.state not in batches.OPEN:
            return
        batches.change_source(
            work.connection,
            batch_id,
            source,
            state="waiting",
            waiting_reason=reason,
            waiting_until=until,
            waits=row.waits + 1,
            trouble=trouble,
            trouble_detail=detail,
        )
        refresh_batch(work.connection, batch_id)
        work.after_commit(partial(events.nudge, house.redis, batch_id))


def refresh_batch(connection: Connection, batch_id: int) -> str | None:
    """Make the batch's state follow its sources: running while one runs, waiting while all that is left waits,
    completed when all are. The new state, or None when it is not for them to say (cancelling, …)."""
    sources = batches.sources_of(connection, [batch_id])
    unfinished = [source for source in sources if source.state != "completed"]
    waiting = [source for source in unfinished if source.state == "waiting"]
    now = clock.now_ms()
    if not unfinished:
        ended = {"waiting_reason": "", "waiting_until": None, "finished_at": now}
        # A cancel that comes after the last reading finds nothing to cancel.
        moved = batches.move(connection, batch_id, "completed", only_from=[*batches.OPEN, "cancelling"], **ended)
        return "completed" if moved else None
    if len(waiting) == len(unfinished):
        first = min(waiting, key=lambda source: source.waiting_until or 0)
        reason = {"waiting_reason": first.waiting_reason, "waiting_until": first.waiting_until}
        return "waiting" if batches.move(connection, batch_id, "waiting", only_from=batches.OPEN, **reason) else None
    if all(source.state in ("queued", "waiting") for source in unfinished):
        return None
    running: dict[str, Any] = {"waiting_reason": "", "waiting_until": None}
    row = batches.one(connection, batch_id)
    if row is not None and row.started_at is None:
        running["started_at"] = now
    return "running" if batches.move(connection, batch_id, "running", only_from=batches.OPEN, **running) else None
