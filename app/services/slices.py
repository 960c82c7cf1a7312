"""A slice's dealings with the database: take a lane, claim positions, flush readings, hand the lane back.

Every transaction here begins by touching the lane's claim row under its generation. So a slice that has lost its
lane (its lease ran out while it was stalled) can write nothing, and two slices can never store the same lookup.
Rows are locked in one order everywhere: claim, batch, batch source, usage.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Row

from app import clock, events
from app.db.database import Work
from app.queue import Slice
from app.repositories import batches, claims, items, readings, usage
from app.services import dispatch
from app.services.house import House
from app.services.shapes import ENDED
from app.services.waits import Waiting, refresh_batch, wait
from app.sources.base import Reading

#: How long a lane stays taken without a sign of life. Flushes renew it; a dead worker's lane is free after this.
LEASE_MS = 8_000


class LaneLost(Exception):
    """The lane belongs to a later generation, or is gone: whoever holds it has to stop without writing."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """One keyword to ask for."""

    position: int
    keyword_id: int
    keyword: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reading with its provenance. ``error`` is set where the reading's state is ``failed``."""

    position: int
    reading: Reading
    observed_at: int
    from_cache: bool = False
    attempts: int = 0
    latency_ms: int = 0
    error: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Flushed:
    """What a flush found: the batch's state, and the calls of today by the ledger (None when none were added)."""

    batch_state: str
    spent_today: int | None


@dataclass(slots=True)
class Held:
    """The positions a slice has claimed, in chunks, and how many of each are still to be read."""

    spans: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Held":
        """From ``"0-500,1500-2000"``; the counts are not known yet and stand at the size of the span."""
        spans = [tuple(int(n) for n in part.split("-")) for part in text.split(",") if part]
        return cls({(a, b): b - a for a, b in spans})

    def __str__(self) -> str:
        return ",".join(f"{a}-{b}" for a, b in self.spans)

    def without(self, positions: Sequence[int]) -> "Held":
        """What is left once ``positions`` are read; a span with nothing left is dropped."""
        left = {s: n - sum(s[0] <= position < s[1] for position in positions) for s, n in self.spans.items()}
        return Held({span: n for span, n in left.items() if n > 0})


@dataclass(slots=True)
class Lane:
    """A lane this process has taken."""

    piece: Slice
    account: str
    zone: str
    priority: str
    batch_name: str
    max_age_s: int
    held: Held

    @property
    def key(self) -> claims.Key:
        return self.piece.batch, self.piece.source, self.piece.lane


def begin(house: House, piece: Slice, worker: str, zone: str) -> Lane | None:
    """Take the lane of ``piece``, or None when it is taken, gone, or the batch is not to be worked on."""
    now = clock.now_ms()
    key = (piece.batch, piece.source, piece.lane)
    with house.db.work() as work:
        connection = work.connection
        held = claims.take(connection, key, piece.generation, worker, now, now + LEASE_MS)
        batch = batches.one(connection, piece.batch, lock=True)
        if held is None or batch is None:
            return None
        source = batches.one_source(connection, piece.batch, piece.source, lock=True)
        if source is None or source.state not in batches.OPEN or batch.state in ENDED:
            claims.drop(connection, key, piece.generation)  # the other lanes have read everything, or nothing is wanted
            return None
        if batch.state not in batches.OPEN:
            claims.keep(connection, key, piece.generation, held, 0)
            return None
        if source.state != "running":
            values = {"state": "running", "waiting_reason": "", "waiting_until": None}
            started = source.started_at or now
            batches.change_source(connection, piece.batch, piece.source, **values, started_at=started)
            refresh_batch(connection, piece.batch)
            work.after_commit(partial(events.nudge, house.redis, piece.batch))
        return Lane(piece, source.account, zone, batch.priority, batch.name, batch.max_age_s, Held.parse(held))


def resume(house: House, lane: Lane) -> list[Lookup]:
    """What the lane's earlier slices claimed and did not finish."""
    found: list[Lookup] = []
    with house.db.read() as connection:
        for span in list(lane.held.spans):
            rows = items.unread(connection, lane.piece.batch, lane.piece.source, *span)
            found += [Lookup(row[0], row[1], row[2]) for row in rows]
            lane.held.spans[span] = len(rows)
    lane.held = lane.held.without(())
    return found


def claim(house: House, lane: Lane, size: int) -> list[Lookup]:
    """Claim the next ``size`` positions; empty when everything is claimed. Raises LaneLost."""
    batch_id, name = lane.piece.batch, lane.piece.source
    with house.db.work() as work:
        _keep(work, lane)
        source = batches.one_source(work.connection, batch_id, name, lock=True)
        if source is None or source.cursor >= source.lookups:
            return []
        span = (source.cursor, min(source.cursor + size, source.lookups))
        held = Held({**lane.held.spans, span: span[1] - span[0]})
        _keep(work, lane, held=held)
        batches.change_source(work.connection, batch_id, name, cursor=span[1])
        found = [Lookup(row[0], row[1], row[2]) for row in items.unread(work.connection, batch_id, name, *span)]
    lane.held = held
    return found


def earlier(house: House, lane: Lane, lookups: Sequence[Lookup]) -> list[Outcome]:
    """Readings young enough for this batch, from whatever batch made them, with their own time of observation."""
    if not lane.max_age_s:
        return []
    since = clock.now_ms() - lane.max_age_s * 1000
    with house.db.read() as connection:
        known = readings.earlier(connection, lane.piece.source, [one.keyword_id for one in lookups], since)
    outcomes = []
    for one in lookups:
        row = known.get(one.keyword_id)
        if row is not None:
            data = orjson.loads(row.data) if row.data else None
            reading = Reading(row.state, row.value, row.upper, data)
            outcomes.append(Outcome(one.position, reading, row.observed_at, from_cache=True))
    return outcomes


def flush(house: House, lane: Lane, outcomes: Sequence[Outcome], calls: int) -> Flushed:
    """Store readings, counters, ledger and lease in one transaction. Raises LaneLost.

    ``calls``: calls made since the last flush, for the ledger, whatever came of them.
    """
    batch_id, source = lane.piece.batch, lane.piece.source
    held = lane.held.without([outcome.position for outcome in outcomes])
    with house.db.work() as work:
        connection = work.connection
        _keep(work, lane, held=held)
        seq, state = batches.take_seq(connection, batch_id, len(outcomes))
        if outcomes:
            readings.add(connection, _rows(lane, outcomes, seq))
            counts: Counter[str] = Counter(outcome.reading.state for outcome in outcomes)
            cached = sum(outcome.from_cache for outcome in outcomes)
            done, lookups = batches.count_readings(connection, batch_id, source, {**counts, "cached": cached})
            if done == lookups:
                state = _finish(work, lane, state)
            work.after_commit(partial(events.nudge, house.redis, batch_id))
        today = clock.day(clock.now_ms(), lane.zone)
        spent = usage.add(connection, lane.account, today, calls) if calls else None
    lane.held = held
    return Flushed(state, spent)


def release(house: House, lane: Lane, *, finished: bool, waiting: Waiting | None = None) -> None:
    """Hand the lane back. ``finished``: nothing is left to claim or to read; otherwise a successor goes on with what
    is held, after the wait where the source has to wait. Raises LaneLost."""
    piece = lane.piece
    done = finished and not lane.held.spans
    with house.db.work() as work:
        connection = work.connection
        dropped = claims.drop(connection, lane.key, piece.generation) if done else _keep(work, lane, 0)
        batch = batches.one(connection, piece.batch, lock=True)
        if not dropped or batch is None:
            return
        if waiting is not None:
            wait(connection, piece.batch, piece.source, waiting)
            work.after_commit(partial(events.nudge, house.redis, piece.batch))
        source = batches.one_source(connection, piece.batch, piece.source)
        if done and source is not None and source.state in batches.OPEN and _complete(source):
            _finish(work, lane, batch.state)
        if batch.state == "cancelling":
            work.after_commit(partial(dispatch.settle, house, piece.batch))
        elif batch.state in batches.OPEN and not done and source is not None and source.state == "running":
            successor = Slice(piece.batch, piece.source, piece.lane, piece.generation + 1)
            work.after_commit(partial(dispatch.enqueue, house, [successor], batch.priority, batch.name))


def _complete(source: Row[Any]) -> bool:
    return bool(source.ok + source.below + source.missing + source.failed == source.lookups)


def _keep(work: Work, lane: Lane, until: int | None = None, held: Held | None = None) -> bool:
    lease = clock.now_ms() + LEASE_MS if until is None else until
    if not claims.keep(work.connection, lane.key, lane.piece.generation, str(held or lane.held), lease):
        raise LaneLost
    return True


def _rows(lane: Lane, outcomes: Sequence[Outcome], seq: int) -> list[tuple[Any, ...]]:
    return [
        (
            lane.piece.batch,
            lane.piece.source,
            outcome.position,
            seq + n,
            outcome.reading.state,
            outcome.reading.value,
            outcome.reading.upper,
            orjson.dumps(outcome.reading.data).decode() if outcome.reading.data else None,
            lane.account,
            outcome.observed_at,
            outcome.from_cache,
            outcome.attempts,
            outcome.latency_ms,
            outcome.error,
            outcome.detail,
        )
        for n, outcome in enumerate(outcomes)
    ]


def _finish(work: Work, lane: Lane, state: str) -> str:
    """This source has every reading; so may the batch."""
    now = clock.now_ms()
    ended = {"state": "completed", "finished_at": now, "waiting_reason": "", "waiting_until": None}
    batches.change_source(work.connection, lane.piece.batch, lane.piece.source, **ended)
    return refresh_batch(work.connection, lane.piece.batch) or state


def waits_so_far(house: House, piece: Slice) -> int:
    """How often in a row the slice's source has had to wait."""
    with house.db.read() as connection:
        source = batches.one_source(connection, piece.batch, piece.source)
    return source.waits if source is not None else 0
