"""Retention: what belongs to batches that ended long ago is removed, in steps so small that nobody waits for them.

Settings: keep_events_days, keep_readings_days, keep_items_days, each counted from the end of a batch. A batch is first
marked, in one transaction: from then on nobody is shown what it had, but since when it is gone (`app.services.gone`).
Its rows are removed after that, some thousand a transaction at most. The batch itself, its counts and its name stay.
A reading that is gone answers no other batch, however young it is.
"""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app import clock, events
from app.errors import NoSuchBatch, WrongState
from app.log import get
from app.queue import enqueue_tidy
from app.repositories import batches, retention
from app.services import activity
from app.services.callers import ITSELF, Caller
from app.services.house import House
from app.settings import Settings

log = get(__name__)
DAY_MS: Final = 86_400_000
#: What a batch loses, in the order in which it goes.
EVENTS, READINGS, ITEMS, BATCH = "events", "readings", "items", "batch"
#: How long one run may take; others wait for the same worker.
RUN_S: Final = 0.8
#: Rows of one transaction, and how long one should take; it takes fewer where it took longer.
LEAST, MOST, STEP_S = 100, 2_000, 0.02
#: Batches marked in one run.
MARKED: Final = 50
#: A run rests so many times as long as a step has taken, so that writers in between find the way free.
RESTS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Kept:
    """How long things are kept, in days from the end of a batch; None = for ever. Readings go with the keywords at the
    latest."""

    events: int | None
    readings: int | None
    items: int | None


def in_force(settings: Settings) -> Kept:
    """What is kept how long. Settings: keep_events_days, keep_readings_days, keep_items_days."""
    events, readings, items = settings.keep_events_days, settings.keep_readings_days, settings.keep_items_days
    given = [days for days in (readings, items) if days is not None]
    return Kept(events, min(given, default=None), items)


def tidy(house: House, for_s: float = RUN_S) -> bool:
    """Remove some of what is not kept any more; whether there is more of it. Raises DatabaseDown."""
    until = time.monotonic() + for_s
    _mark_due(house)
    size, gone = LEAST * 4, 0
    while time.monotonic() < until:
        done = _step(house, size)
        if done is None:
            break
        some, took = done
        gone += some
        size = max(LEAST, min(MOST, int(size * (STEP_S / took if took > STEP_S else 2))))
        time.sleep(min(RESTS * took, max(0.0, until - time.monotonic())))
    else:
        log.debug("tidied_some", rows=gone)
        return True
    if gone:
        log.info("tidied", rows=gone)
    return False


def _mark_due(house: House) -> None:
    """Mark the batches of which something is not kept any more."""
    kept = in_force(house.settings)
    for kind, days in ((EVENTS, kept.events), (READINGS, kept.readings), (ITEMS, kept.items)):
        if days is None:
            continue
        before = clock.now_ms() - days * DAY_MS
        with house.db.read() as connection:
            found = retention.due(connection, f"{kind}_purged_at", before, MARKED)
        for batch_id in found:
            _mark(house, batch_id, kind, days, before)


def _mark(house: House, batch_id: int, kind: str, days: int, before: int) -> None:
    """Whoever locks the batch after this sees that ``kind`` is gone, before any row of it is."""
    with house.db.work() as work:
        connection = work.connection
        row = batches.one(connection, batch_id, lock=True)
        if row is None:
            return
        left = " ".join(dict.fromkeys([*row.leaving.split(), kind]))
        values: dict[str, Any] = {f"{kind}_purged_at": clock.now_ms(), "leaving": left}
        if retention.mark(connection, batch_id, before, **values):
            activity.by(connection, ITSELF, batch_id, f"purge_{kind}", {"days": days}, workspace=row.workspace_id)
            work.after_commit(partial(events.nudge, house.redis, batch_id))


def _step(house: House, size: int) -> tuple[int, float] | None:
    """Remove about ``size`` rows at most: how many, and for how many seconds others were kept from writing; None where
    nothing is to be removed."""
    try:
        with house.db.work() as work:
            began = time.perf_counter()
            row = retention.leaving(work.connection)
            some = _old_acts(house, work.connection, size) if row is None else _of_batch(work.connection, row, size)
        return (some, time.perf_counter() - began) if some else None
    except IntegrityError:  # somebody has begun to use a keyword that nobody had; it is looked at again
        return None


def _old_acts(house: House, connection: Connection, size: int) -> int | None:
    """Remove acts of the house that belong to no batch."""
    days = house.settings.keep_events_days
    before = clock.now_ms() - (days or 0) * DAY_MS
    return (retention.drop_acts(connection, None, before, size) if days else 0) or None


def _of_batch(connection: Connection, row: Row[Any], size: int) -> int | None:
    kind, *later = row.leaving.split()
    if row.state not in retention.ENDED:  # its events were to go, and it goes on
        retention.advance(connection, row.id, "", 0)
        return 1
    if kind == BATCH:
        retention.drop(connection, row.id)
        return 1
    if kind == EVENTS and (gone := retention.drop_acts(connection, row.id, row.events_purged_at - 1, size)):
        return gone
    if kind == ITEMS and not retention.try_serialise(connection):
        return None  # a submit is under way, and may take a while
    at: int = row.leaving_at
    end: int = row.items if kind == ITEMS else row.seq
    upto = min(at + size, end)
    _REMOVE[kind](connection, row.id, at, upto)
    if upto < end:
        retention.advance(connection, row.id, row.leaving, upto)
        return upto - at
    retention.drop_attempts(connection, row.id)
    retention.advance(connection, row.id, " ".join(later), 0)
    return upto - at + 1


_REMOVE = {EVENTS: retention.drop_superseded, READINGS: retention.drop_readings, ITEMS: retention.drop_items}


def forget(house: House, batch_id: int, *, who: Caller = ITSELF) -> None:
    """Forget a batch that has ended, with all that it had: for everybody it is not there from now on, and its rows are
    removed by and by. Raises NoSuchBatch; WrongState for one that has not ended."""
    with house.db.work() as work:
        connection = work.connection
        row = batches.one(connection, batch_id, lock=True)
        if row is None:
            raise NoSuchBatch(batch=batch_id)
        if row.state not in retention.ENDED:
            raise WrongState(batch=batch_id, state=row.state, verb="forget")
        now = clock.now_ms()
        gone = {f"{kind}_purged_at": now for kind in (EVENTS, READINGS, ITEMS)}
        left = [*row.leaving.split(), EVENTS, READINGS, ITEMS, BATCH]
        retention.forget(connection, batch_id, **gone, leaving=" ".join(dict.fromkeys(left)))
        about = {"number": batch_id, "name": row.name, "items": row.items}
        activity.by(connection, who, None, "forget_batch", about, workspace=row.workspace_id)
        work.after_commit(partial(events.nudge, house.redis, batch_id))
        work.after_commit(partial(enqueue_tidy, house.redis))
