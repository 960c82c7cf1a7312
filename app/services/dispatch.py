"""Which slices should exist, and putting them on their queues. Enqueuing is idempotent, so healing is dispatching."""

import math

from redis.exceptions import RedisError
from sqlalchemy import Connection

from app import clock
from app.log import get
from app.queue import LANES, Slice, enqueue_slice
from app.repositories import batches, claims
from app.services.house import House
from app.sources.base import Account

log = get(__name__)
#: Positions claimed at a time.
CHUNK = 500
#: Calls a second that one slice surely manages; a slower limit needs no second lane.
CALLS_PER_LANE = 200


def lanes_for(account: Account, lookups: int) -> int:
    """How many lanes make sense: as many as the rate can feed, no more than there are chunks."""
    chunks = math.ceil(lookups / CHUNK)
    rate = account.budget.rate
    by_rate = LANES if rate is None else math.ceil(rate.per_second / CALLS_PER_LANE)
    return max(1, min(LANES, chunks, by_rate))


def open_lanes(
    connection: Connection, batch_id: int, source: str, account: Account | None, lookups: int, first: int = 0
) -> int:
    """Insert a set of lanes numbered from ``first`` on; the number that the next set begins with."""
    lanes = range(first, first + (lanes_for(account, lookups) if account else 1))
    claims.add(connection, batch_id, source, list(lanes))
    return first + LANES


def pieces(connection: Connection, batch_id: int) -> list[Slice]:
    """The next slice of every lane of the batch that nobody works on and that has not to wait, the first lane of every
    source first."""
    batch = batches.one(connection, batch_id)
    if batch is None or batch.state not in batches.OPEN:
        return []
    now, found = clock.now_ms(), []
    for source in batches.sources_of(connection, [batch_id]):
        if source.state not in ("queued", "running"):
            continue
        lanes = claims.of_source(connection, batch_id, source.source)
        free = [lane for lane in lanes if lane.expires_at <= now]
        found += [Slice(batch_id, lane.source, lane.lane, lane.generation + 1, batch.owner) for lane in free]
    return sorted(found, key=lambda piece: piece.lane % LANES)


def enqueue(house: House, found: list[Slice], priority: str, name: str) -> int:
    """Put slices on their queues: how many were not there yet. Redis may be away: healing does it later."""
    try:
        return sum(enqueue_slice(house.redis, piece, priority, name) for piece in found)
    except RedisError as exc:
        log.warning("enqueue_postponed", error=str(exc), batch=found[0].batch if found else None)
        return 0


def wake(house: House, batch_id: int) -> int:
    """Enqueue what should be queued of a batch and is not: how many slices."""
    with house.db.read() as connection:
        batch = batches.one(connection, batch_id)
        found = pieces(connection, batch_id)
    return enqueue(house, found, batch.priority, batch.name) if batch is not None and found else 0
