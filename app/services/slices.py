"""A slice's dealings with the database: take a lane, claim positions, flush readings, hand the lane back.

Every transaction here begins by touching the lane's claim row under its generation. So a slice that has lost its
lane (its lease ran out while it was stalled) can write nothing, and two slices can never store the same lookup.
Rows are locked in one order everywhere: claim, batch, batch source, usage, pulse.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from app import clock, events
from app.db.database import Work
from app.errors import KeybatchError
from app.queue import Slice
from app.repositories import attempts, batches, claims, items, readings
from app.services import accounts, activity, control, dispatch, grace, halts, ledger, pulse, waits
from app.services.house import House
from app.services.lanes import Held, Lane, LaneLost, Lookup, Outcome, stored
from app.services.ledger import Allowance
from app.services.shapes import ENDED
from app.services.waits import Waiting
from app.sources import registry
from workers import retry

#: How long a lane stays taken without a sign of life. Flushes renew it; a dead worker's lane is free after this.
LEASE_MS = 8_000


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush found: whether the slice is still wanted (its batch to be worked on, its account to be asked), and
    the calls it may make further, where it wanted some of a quota."""

    wanted: bool
    allowance: Allowance | None = None


def begin(house: House, piece: Slice, worker: str) -> Lane | None:
    """Take the lane of ``piece``, or None when it is taken, gone, or not to be worked on now."""
    now = clock.now_ms()
    key = (piece.batch, piece.source, piece.lane)
    accounts.refresh(house)
    if grace.given(house.redis, key):
        return None
    with house.db.work() as work:
        connection = work.connection
        row = claims.lock(connection, key)
        batch = batches.one(connection, piece.batch, lock=True)
        source = batches.one_source(connection, piece.batch, piece.source, lock=True)
        if row is None or batch is None or source is None or row.generation >= piece.generation or row.expires_at > now:
            return None
        budget = accounts.spending(source.account, piece.source)
        ledger.bury(connection, house.settings, row, source.account, budget)
        if source.state not in batches.OPEN or batch.state in ENDED:
            claims.drop(connection, key)  # the other lanes have read everything, or nothing is wanted
            return None
        nothing = {"reserved": 0, "settled": 0, "day": ""}
        if batch.state not in batches.OPEN or _has_to_wait(work, house, piece, source):
            claims.change(connection, key, generation=piece.generation, expires_at=0, **nothing)
            return None
        held = {"generation": piece.generation, "worker": worker, "expires_at": now + LEASE_MS}
        claims.change(connection, key, **held, **nothing)
        if source.state != "running":
            values = {"state": "running", "waiting_reason": "", "waiting_until": None}
            started = source.started_at or now
            batches.change_source(connection, piece.batch, piece.source, **values, started_at=started)
            if source.state == "waiting":
                activity.goes_on(connection, piece.batch, source.account)
            waits.refresh_batch(connection, piece.batch)
            work.after_commit(partial(events.nudge, house.redis, piece.batch))
    return Lane(
        replace(piece, owner=batch.owner),
        source.account,
        budget,
        batch.priority,
        batch.name,
        batch.max_age_s,
        batch.deadline_at,
        Held.parse(row.held),
    )


def _has_to_wait(work: Work, house: House, piece: Slice, source: Row[Any]) -> bool:
    """Let the source wait if its account is not to be asked; whether it has to, or waits already."""
    found = halts.waiting(work.connection, source.account) or _unpaid(source)
    if found is None:
        return bool(source.state == "waiting" and (source.waiting_until or 0) > clock.now_ms())
    if source.state != "waiting" or source.waiting_until != found.until:
        waits.wait(work.connection, piece.batch, piece.source, found)
        work.after_commit(partial(events.nudge, house.redis, piece.batch))
    return True


def _unpaid(source: Row[Any]) -> Waiting | None:
    """What a source has to wait for whose account, or which itself, is gone or cannot be opened."""
    try:
        registry.get(source.source)
        accounts.charged(source.account)
    except KeybatchError as error:
        until = clock.now_ms() + round(1000 * retry.CREDENTIALS_S)
        return Waiting("credentials", until, error.code, error.sentence())
    return None


def resume(house: House, lane: Lane) -> list[Lookup]:
    """What the lane's earlier slices claimed and did not finish."""
    found: list[Lookup] = []
    with house.db.read() as connection:
        for span in list(lane.held.spans):
            rows = items.unread(connection, lane.piece.batch, lane.piece.source, *span)
            found += _lookups(connection, lane, rows)
            lane.held.spans[span] = len(rows)
    lane.held = lane.held.without(())
    return found


def claim(house: House, lane: Lane, size: int) -> list[Lookup]:
    """Claim the next ``size`` lookups without a reading; empty when all are read or held. Raises LaneLost."""
    batch_id, name = lane.piece.batch, lane.piece.source
    with house.db.work() as work:
        connection = work.connection
        _keep(work, lane)
        source = batches.one_source(connection, batch_id, name, lock=True)
        if source is None or source.cursor >= source.lookups:
            return []
        besides = [span for row in claims.of_source(connection, batch_id, name) for span in Held.parse(row.held).spans]
        rows = items.next_unread(connection, batch_id, name, source.cursor, size, besides)
        found = _lookups(connection, lane, rows)
        held = lane.held.and_(Held.of([one.position for one in found], besides))
        _keep(work, lane, held=held)
        cursor = found[-1].position + 1 if len(found) == size else source.lookups
        batches.change_source(connection, batch_id, name, cursor=cursor)
    lane.held = held
    return found


def _lookups(connection: Connection, lane: Lane, rows: Sequence[Row[int, int, str]]) -> list[Lookup]:
    if not rows:
        return []
    piece = lane.piece
    tried = attempts.between(connection, piece.batch, piece.source, rows[0][0], rows[-1][0] + 1)
    if not tried:
        return [Lookup(*row) for row in rows]
    return [Lookup(*row, *tried.get(row[0], (0, 0))) for row in rows]


def flush(
    house: House,
    lane: Lane,
    outcomes: Sequence[Outcome],
    made: int,
    *,
    want: int = 0,
    tried: Mapping[int, tuple[int, int]] | None = None,
) -> Flushed:
    """Store readings, counters, ledger and lease in one transaction. Raises LaneLost.

    ``made``: calls this slice has made so far, whatever came of them; ``want``: calls to reserve of the account's
    quota; ``tried``: position → (attempts, failures), of lookups that are still to be read.
    """
    batch_id, source = lane.piece.batch, lane.piece.source
    held = lane.held.without([outcome.position for outcome in outcomes])
    with house.db.work() as work:
        connection = work.connection
        _keep(work, lane, held=held)
        seq, state = batches.take_seq(connection, batch_id, len(outcomes))
        if outcomes:
            readings.add(connection, stored(lane, outcomes, seq))
            again = [outcome.position for outcome in outcomes if outcome.attempts > 1]
            if again:
                attempts.drop(connection, batch_id, source, again)
            counts: Counter[str] = Counter(outcome.reading.state for outcome in outcomes)
            cached = sum(outcome.from_cache for outcome in outcomes)
            done, lookups = batches.count_readings(connection, batch_id, source, {**counts, "cached": cached})
            if done == lookups:
                state = _finish(work, lane, state)
            work.after_commit(partial(events.nudge, house.redis, batch_id))
        if tried:
            attempts.put(connection, batch_id, source, tried)
        allowance, books = _account(connection, lane, made, want)
        wanted = state in batches.OPEN and halts.waiting(connection, lane.account) is None
        pulse.note(connection, lane.account, outcomes)
    lane.held = held
    lane.reserved, lane.settled, lane.day = books
    return Flushed(wanted, allowance)


def _account(connection: Connection, lane: Lane, made: int, want: int) -> tuple[Allowance | None, tuple[int, int, str]]:
    """Settle the calls made, reserve those wanted: what was granted, and the lane's (reserved, settled, day) now."""
    calls, counted = made - lane.settled, lane.budget.counted
    today = clock.day(clock.now_ms(), lane.budget.zone)
    day, reserved = lane.day or today, lane.reserved
    back = reserved if counted and day != today else min(calls, reserved)
    reserved -= back
    allowance = None
    if counted and want > 0:
        settled = (day, calls, back)
        high = lane.priority == "high"
        allowance = ledger.reserve(connection, lane.account, lane.budget, want, high=high, settled=settled)
        reserved += allowance.granted
    else:
        ledger.settle(connection, lane.account, lane.budget, day, calls, back)
    books = (reserved, made, today if counted else "")
    if books != (lane.reserved, lane.settled, lane.day):
        claims.change(connection, lane.key, reserved=reserved, settled=made, day=books[2])
    return allowance, books


def release(house: House, lane: Lane, made: int, *, finished: bool, waiting: Waiting | None = None) -> None:
    """Hand the lane back. ``finished``: nothing is left to claim or to read; otherwise a successor goes on with what
    is held, after the wait where the source has to wait. Raises LaneLost."""
    piece = lane.piece
    with house.db.work() as work:
        connection = work.connection
        _keep(work, lane, until=0)
        batch = batches.one(connection, piece.batch, lock=True)
        source = batches.one_source(connection, piece.batch, piece.source, lock=True)
        assert batch is not None and source is not None  # noqa: PT018 -- the claim's row refers to both
        done = finished and not lane.held.spans and _leave(work, lane, source)
        calls = made - lane.settled
        day = lane.day or clock.day(clock.now_ms(), lane.budget.zone)
        ledger.settle(connection, lane.account, lane.budget, day, calls, lane.reserved)
        if not done:
            # What is settled stays said: the tally is there for a moment yet, and whoever comes next may read it.
            claims.change(connection, lane.key, reserved=0, settled=made, day="")
        if batch.state == "cancelling":
            work.after_commit(partial(control.settle, house, piece.batch))
        elif batch.state in batches.OPEN and not _complete(source):
            _go_on(work, house, lane, waiting, done=done, source=source)
        elif batch.state in batches.OPEN and source.state in batches.OPEN:
            _finish(work, lane, batch.state)


def _leave(work: Work, lane: Lane, source: Row[Any]) -> bool:
    """Drop a lane that has found nothing more to do; whether it may go. The last one of a source that still has
    lookups to read (failures are asked again, a lane was lost) stays, and looks for them from the beginning."""
    connection, piece = work.connection, lane.piece
    if not _complete(source) and claims.count(connection, piece.batch, piece.source) == 1:
        batches.change_source(connection, piece.batch, piece.source, cursor=0)
        return False
    claims.drop(connection, lane.key)
    return True


def _go_on(work: Work, house: House, lane: Lane, waiting: Waiting | None, *, done: bool, source: Row[Any]) -> None:
    """See to it that the source is worked on further: after a wait, or at once by a successor."""
    piece = lane.piece
    waiting = waiting or halts.waiting(work.connection, lane.account)
    if waiting is not None:
        waits.wait(work.connection, piece.batch, piece.source, waiting)
        work.after_commit(partial(events.nudge, house.redis, piece.batch))
        work.after_commit(partial(events.wake, house.redis, waiting.until))
    elif not done and source.state in batches.OPEN:
        successor = replace(piece, generation=piece.generation + 1)
        work.after_commit(partial(dispatch.enqueue, house, [successor], lane.priority, lane.batch_name))


def _complete(source: Row[Any]) -> bool:
    return bool(source.ok + source.below + source.missing + source.failed == source.lookups)


def _keep(work: Work, lane: Lane, until: int | None = None, held: Held | None = None) -> None:
    lease = clock.now_ms() + LEASE_MS if until is None else until
    values = {"expires_at": lease, "held": str(lane.held if held is None else held)}
    if not claims.keep(work.connection, lane.key, lane.piece.generation, **values):
        raise LaneLost


def _finish(work: Work, lane: Lane, state: str) -> str:
    """This source has every reading; so may the batch."""
    now = clock.now_ms()
    ended = {"state": "completed", "finished_at": now, "waiting_reason": "", "waiting_until": None}
    batches.change_source(work.connection, lane.piece.batch, lane.piece.source, **ended)
    return waits.refresh_batch(work.connection, lane.piece.batch) or state
