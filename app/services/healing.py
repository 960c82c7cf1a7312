"""Healing: everything that should happen by itself and may have been missed is looked for in the database."""

from typing import Final

from app import clock
from app.log import get
from app.queue import enqueue_probe
from app.repositories import batches, claims
from app.services import accounts, control, dispatch, grace, halts, ledger, pulse, records, waits
from app.services.house import House

log = get(__name__)
#: Where Redis is told when healing was through last.
HEALED: Final = "keybatch:healed"


def heal(house: House) -> int:
    """Wake what has waited long enough, enqueue every lane that nobody works on, end what was cancelled or is past its
    deadline. How many slices were enqueued."""
    now = clock.now_ms()
    accounts.refresh(house)
    for account in halts.due(house):
        enqueue_probe(house.redis, account)
    with house.db.read() as connection:
        abandoned = claims.abandoned(connection, now)
    for lane in abandoned:
        _take_stock(house, (lane.batch_id, lane.source, lane.lane))
    with house.db.read() as connection:
        overdue, cancelling = batches.overdue(connection, now), batches.in_state(connection, "cancelling")
        sources = batches.open_sources(connection)
        probed = {source.account for source in sources if halts.waiting(connection, source.account) is not None}
        bare = [s for s in sources if not claims.count(connection, s.batch_id, s.source)]
    for batch_id in overdue:
        control.expire(house, batch_id)
    for source in sources:
        waited = source.state == "waiting" and (source.waiting_until or 0) <= now
        if waited and source.account not in probed:
            waits.end(house, source.batch_id, source.source)
    for source in bare:
        _reopen(house, source.batch_id, source.source)
    for batch_id in cancelling:
        control.settle(house, batch_id)
    pulse.clean(house)
    enqueued = sum(dispatch.wake(house, batch_id) for batch_id in dict.fromkeys(s.batch_id for s in sources))
    records.trim(house.redis)
    house.redis.set(HEALED, clock.now_ms())
    if enqueued:
        log.info("healed", slices=enqueued)
    return enqueued


def _take_stock(house: House, key: claims.Key) -> None:
    """Settle what a dead slice had reserved, whether or not anybody goes on with its lane soon. The slice is fenced off
    by a new generation, in case it is only slow."""
    batch_id, name, _ = key
    if grace.given(house.redis, key):
        return
    with house.db.work() as work:
        connection = work.connection
        lane = claims.lock(connection, key)
        if lane is None or lane.expires_at > clock.now_ms() or not lane.reserved:
            return
        batches.one(connection, batch_id, lock=True)
        source = batches.one_source(connection, batch_id, name, lock=True)
        assert source is not None  # the claim's row refers to it
        ledger.bury(connection, house.settings, lane, source.account, accounts.spending(source.account, name))
        if source.state not in batches.OPEN:
            claims.drop(connection, key)
            return
        free = {"expires_at": 0, "reserved": 0, "settled": 0, "day": ""}
        claims.change(connection, key, generation=lane.generation + 1, **free)


def _reopen(house: House, batch_id: int, name: str) -> None:
    """A source with lookups left and no lane cannot be; if it is, new lanes look for them."""
    with house.db.work() as work:
        connection = work.connection
        batches.one(connection, batch_id, lock=True)
        source = batches.one_source(connection, batch_id, name, lock=True)
        if source is None or source.state not in batches.OPEN or claims.count(connection, batch_id, name):
            return
        lanes = dispatch.open_lanes(
            connection, batch_id, name, accounts.named(source.account), source.lookups, source.lanes
        )
        batches.change_source(connection, batch_id, name, lanes=lanes, cursor=0)
        log.error("lanes_reopened", batch=batch_id, source=name)
