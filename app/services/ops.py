"""How the house does, in short: who works, what waits, what is wrong. For everybody, on every page.

Redis and the database may each be away; what they would have told is then None, and said to be unknown.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError
from rq import cron_scheduler_registry, worker_registration

from app import clock
from app.errors import DatabaseDown
from app.queue import CHORES
from app.repositories import halts
from app.repositories import ops as rows
from app.services import duty, hosts, jobs, memory, troubles, wrongs
from app.services.crew import SILENT_MS
from app.services.healing import HEALED
from app.services.hosts import ProcessView
from app.services.house import House
from app.services.jobs import QueueAge
from app.services.memory import Memory
from app.services.troubles import Met

#: A message to a webhook is late when it was due so long ago.
LATE_MS: Final = 15_000


@dataclass(frozen=True, slots=True)
class Health:
    """The house in short. ``workers`` (those for slices), ``busy`` and ``queued`` are None while Redis does not answer;
    ``oldest_s``: how long the oldest job has waited, None when none does. ``scheduler``: whether one is there and
    healing gets through, last at ``healed_at`` (UTC ms). ``redis_ms`` and ``database_ms``: how long each took to
    answer. ``memory``: what Redis holds, None where it does not say. ``processes``: all that have told of themselves
    within a minute. ``troubles``, the weightiest first, are among `TROUBLES`; ``about`` says where, of some."""

    workers: int | None = None
    busy: int | None = None
    queued: int | None = None
    oldest_s: float | None = None
    redis: bool = False
    database: bool = False
    scheduler: bool = False
    healed_at: int | None = None
    redis_ms: float | None = None
    database_ms: float | None = None
    troubles: tuple[str, ...] = ()
    memory: Memory | None = None
    processes: tuple[ProcessView, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)


#: Everything that may be wrong, the weightiest first: the database or Redis does not answer; the tables are newer than
#: a program; a disk or Redis is full; nobody works, nobody does chores (heals), no scheduler is there, healing does not
#: get through, what waits is of no worker's; a key that does not open a kept account; a clock that is off; credentials
#: that an upstream refused; Redis may throw away what it holds; a disk is nearly full; messages to webhooks are late.
TROUBLES: Final = (
    "database_down",
    "newer_database",
    "disk_full",
    "redis_down",
    "redis_full",
    "no_workers",
    "no_chores",
    "no_scheduler",
    "not_healed",
    "not_served",
    "wrong_key",
    "clock_off",
    "credentials",
    "redis_evicts",
    "disk_low",
    "late_messages",
)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What Redis said of workers, queues, schedulers, hosts and itself."""

    served: frozenset[str]
    workers: int
    busy: int
    queues: list[QueueAge]
    schedulers: int
    healed_at: int | None
    ms: float
    memory: Memory | None
    processes: tuple[ProcessView, ...]
    met: list[Met]


def health(house: House) -> Health:
    """How the house does, in short: four round trips to Redis and a look at the database, a few milliseconds."""
    heard = _heard(house.redis)
    found, database_ms = _of_database(house)
    waits = [queue for queue in heard.queues if queue.waiting] if heard else []
    since = min((queue.oldest_at for queue in waits if queue.oldest_at is not None), default=None)
    healed = heard is not None and clock.now_ms() - (heard.healed_at or 0) < SILENT_MS
    told = wrongs.told(heard.processes, heard.met, heard.memory) if heard else {}
    if house.db.closed is not None:
        told["newer_database"] = str(house.db.closed.facts.get("revision", ""))
    wrong = {*found, *_of_redis(heard, healed), *told, *(("database_down",) if database_ms is None else ())}
    return Health(
        workers=heard.workers if heard else None,
        busy=heard.busy if heard else None,
        queued=sum(queue.waiting for queue in waits) if heard else None,
        oldest_s=None if since is None else max(0.0, (clock.now_ms() - since) / 1000),
        redis=heard is not None,
        database=database_ms is not None,
        scheduler=heard is not None and heard.schedulers > 0 and healed,
        healed_at=heard.healed_at if heard else None,
        redis_ms=heard.ms if heard else None,
        database_ms=database_ms,
        memory=heard.memory if heard else None,
        processes=heard.processes if heard else (),
        troubles=tuple(code for code in TROUBLES if code in wrong),
        about=told,
    )


def _of_redis(heard: _Heard | None, healed: bool) -> tuple[str, ...]:
    if heard is None:
        return ("redis_down",)
    full = heard.memory is not None and heard.memory.full  # then no sign of life can be given
    said = {
        "no_workers": not heard.workers,
        "no_chores": CHORES not in heard.served,
        "no_scheduler": not heard.schedulers and not full,
        "not_healed": not healed and bool(heard.schedulers) and CHORES in heard.served and not full,
        "not_served": bool(heard.workers) and any(q.waiting and q.name not in heard.served for q in heard.queues),
    }
    return tuple(code for code, so in said.items() if so)


def _heard(redis: Redis) -> _Heard | None:
    """None while Redis does not answer."""
    started, now = time.monotonic(), clock.now_ms()
    try:
        with redis.pipeline(transaction=False) as look:
            look.smembers(worker_registration.REDIS_WORKER_KEYS)
            look.zcount(cron_scheduler_registry.get_registry_key(), (now - SILENT_MS) / 1000, "+inf")
            for key in (HEALED, duty.KEY):
                look.get(key)
            for key in (hosts.KEY, troubles.KEY):
                look.hgetall(key)
            keys, schedulers, healed, active, processes, met = look.execute()
            took = time.monotonic() - started
            for key in keys:
                look.hmget(key, ["queues", "state"])
            workers: list[Any] = [(queues.decode().split(","), state) for queues, state in look.execute() if queues]
        slicing = [state for queues, state in workers if queues != [CHORES]]
        return _Heard(
            served=frozenset(name for queues, _ in workers for name in queues),
            workers=len(slicing),
            busy=slicing.count(b"busy"),
            queues=jobs.queues(redis),
            schedulers=max(schedulers, 1 if active else 0),
            healed_at=int(healed) if healed else None,
            ms=1000 * took,
            memory=memory.of(redis),
            processes=tuple(hosts.processes(processes, now)),
            met=troubles.met(met, now),
        )
    except RedisError:
        return None


def _of_database(house: House) -> tuple[tuple[str, ...], float | None]:
    """Troubles that the database knows of, and how long it took to answer; None while it does not."""
    started, now = time.monotonic(), clock.now_ms()
    try:
        with house.db.read() as connection:
            refused = any(row.reason == "credentials" for row in halts.all_of(connection))
            took = time.monotonic() - started
            late = rows.backlog(connection, now, now - LATE_MS, now).overdue > 0
    except DatabaseDown:
        return (), None
    said = {"credentials": refused, "late_messages": late}
    return tuple(code for code, so in said.items() if so), 1000 * took
