"""Which slices should exist, and seeing to it that they do. Enqueuing is idempotent, so healing is dispatching."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import Row

from app import clock, events
from app.db.database import Work
from app.log import get
from app.queue import Slice, enqueue_slice
from app.repositories import batches, claims
from app.services import accounts
from app.services.house import House
from app.sources import registry

log = get(__name__)
#: Positions claimed at a time.
CHUNK = 500
#: Slices of one batch and source that run side by side, at most.
MAX_LANES = 4
#: Calls a second that one slice surely manages; a slower limit needs no second lane.
CALLS_PER_LANE = 200


def lanes_for(source: registry.Source, items: int) -> int:
    """How many lanes make sense: as many as the rate can feed, no more than there are chunks."""
    chunks = math.ceil(items / CHUNK)
    rate = accounts.of(source.upstream.name).budget.rate
    by_rate = MAX_LANES if rate is None else math.ceil(rate.per_second / CALLS_PER_LANE)
    return max(1, min(MAX_LANES, chunks, by_rate))


def open_lanes(work: Work, batch_id: int, sources: list[registry.Source], items: int) -> list[Slice]:
    """Insert the lanes of a new batch and give their first slices, lane 0 of every source first."""
    pieces = []
    for source in sources:
        lanes = range(lanes_for(source, items))
        claims.add(work.connection, batch_id, source.name, list(lanes))
        pieces += [Slice(batch_id, source.name, lane, 1) for lane in lanes]
    return sorted(pieces, key=lambda piece: piece.lane)


def enqueue(house: House, pieces: list[Slice], priority: str, name: str) -> None:
    """Put slices on their queues. Redis may be away: healing does it later."""
    try:
        for piece in pieces:
            enqueue_slice(house.redis, piece, priority, name)
    except RedisError as exc:
        log.warning("enqueue_postponed", error=str(exc), batch=pieces[0].batch if pieces else None)


def heal(house: House) -> int:
    """Enqueue every lane that should exist and nobody works on; end what was cancelled. How many were enqueued."""
    now = clock.now_ms()
    enqueued = 0
    with house.db.read() as connection:
        open_sources = batches.open_sources(connection)
        cancelling = batches.in_state(connection, "cancelling")
        lanes = {(s.batch_id, s.source): claims.of_source(connection, s.batch_id, s.source) for s in open_sources}
    for source in open_sources:
        if source.state == "waiting" and source.waiting_until is not None and source.waiting_until > now:
            continue
        mine = lanes[source.batch_id, source.source] or _reopen(house, source.batch_id, source.source)
        for lane in mine:
            if lane.expires_at <= now:
                piece = Slice(source.batch_id, source.source, lane.lane, lane.generation + 1)
                enqueued += enqueue_slice(house.redis, piece, source.priority, source.name)
            if source.state == "waiting":
                break  # one lane finds out whether the wait is over; the others follow when it is
    for batch_id in cancelling:
        settle(house, batch_id)
    if enqueued:
        log.info("healed", slices=enqueued)
    return enqueued


def _reopen(house: House, batch_id: int, source: str) -> Sequence[Row[Any]]:
    """A source with lookups left and no lane cannot be; if it is, one lane that holds everything looks for them."""
    with house.db.work() as work:
        row = batches.one_source(work.connection, batch_id, source, lock=True)
        if row is None or claims.of_source(work.connection, batch_id, source):
            return []
        claims.add(work.connection, batch_id, source, [0], held=f"0-{row.lookups}")
        log.error("lane_reopened", batch=batch_id, source=source)
        return claims.of_source(work.connection, batch_id, source)


def settle(house: House, batch_id: int) -> None:
    """End a batch that is being cancelled once nobody works on it."""
    with house.db.work() as work:
        claims.drop_expired(work.connection, batch_id, clock.now_ms())
        if claims.count(work.connection, batch_id) == 0:
            now = clock.now_ms()
            ended = {"finished_at": now, "waiting_reason": "", "waiting_until": None}
            if batches.move(work.connection, batch_id, "cancelled", only_from=["cancelling"], **ended):
                batches.cancel_sources(work.connection, batch_id, now)
                work.after_commit(partial(events.nudge, house.redis, batch_id))
