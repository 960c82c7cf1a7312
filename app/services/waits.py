"""Waiting: a source of a batch that cannot go on for now, and what that makes of the batch."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app import clock
from app.repositories import batches


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
        waits=row.waits + 1 if row.trouble == waiting.trouble else 1,
        trouble=waiting.trouble,
        trouble_detail=waiting.detail,
    )
    refresh_batch(connection, batch_id)


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
