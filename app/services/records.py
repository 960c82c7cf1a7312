"""Records of jobs in RQ's registries: counted and paged without fetching what is not shown, and trimmed to a bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis import Redis
from redis.client import Pipeline
from rq import Queue
from rq.job import Job
from rq.registry import BaseRegistry

#: Records of finished jobs kept in the whole house, and as many of failed ones: the newest.
KEPT: Final = 10_000
#: So many at most go in one step, which takes Redis a few milliseconds.
STEP: Final = 500
#: RQ's registries, in the order of a job's life.
REGISTRIES: Final = ("queued", "deferred", "scheduled", "started", "finished", "failed", "canceled")
_TRIM: Final = (Path(__file__).parents[1] / "trim.lua").read_text()


@dataclass(frozen=True, slots=True)
class Counts:
    """A queue, and how many jobs each of `REGISTRIES` has of it."""

    name: str
    jobs: dict[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs of a registry that has ``total``; those that went meanwhile are left out."""

    total: int
    jobs: list[Job]


def counts(redis: Redis) -> list[Counts]:
    """Every queue there has been, by name: two round trips, however many jobs there are. Raises RedisError."""
    queues = sorted(Queue.all(connection=redis), key=lambda queue: queue.name)
    with redis.pipeline(transaction=False) as look:
        for queue in queues:
            for name in REGISTRIES:
                _count(look, _place(queue, name))
        told = look.execute()
    width = len(REGISTRIES)
    return [
        Counts(queue.name, dict(zip(REGISTRIES, told[n * width : (n + 1) * width], strict=True)))
        for n, queue in enumerate(queues)
    ]


def page(redis: Redis, queue: str, registry: str, number: int, size: int, *, newest_first: bool) -> Page:
    """The page ``number`` (from 1) of so many jobs. Raises RedisError."""
    place = _place(Queue(queue, connection=redis), registry)
    first = (number - 1) * size
    ends = (-first - size, -first - 1) if newest_first else (first, first + size - 1)
    with redis.pipeline(transaction=False) as look:
        _count(look, place)
        if isinstance(place, BaseRegistry):
            look.zrange(place.key, *ends)
        else:
            look.lrange(place.key, *ends)
        total, entries = look.execute()
    ids = [entry.decode() for entry in entries]
    if isinstance(place, BaseRegistry):
        ids = [place.parse_job_id(one) for one in ids]
    return Page(total, there(redis, ids[::-1] if newest_first else ids))


def failed(redis: Redis, queue: str) -> list[str]:
    """The ids of all failed jobs of a queue, the newest last. Raises RedisError."""
    found: list[str] = Queue(queue, connection=redis).failed_job_registry.get_job_ids(cleanup=False)
    return found


def there(redis: Redis, ids: Sequence[str]) -> list[Job]:
    """Those of these jobs that are there still. Raises RedisError."""
    return [job for job in Job.fetch_many(ids, connection=redis) if job is not None] if ids else []


def trim(redis: Redis, most: int = KEPT, step: int = STEP) -> int:
    """Forget the oldest records beyond ``most`` finished and ``most`` failed ones, ``step`` of each at most: how many.
    Raises RedisError."""
    queues = Queue.all(connection=redis)
    return sum(
        _trim(redis, [_place(queue, registry).key for queue in queues], most, step)
        for registry in ("finished", "failed")
    )


def _trim(redis: Redis, keys: Sequence[str], most: int, step: int) -> int:
    with redis.pipeline(transaction=False) as look:
        for key in keys:
            look.zcard(key)
        excess = min(step, sum(look.execute()) - most)
        if excess <= 0:
            return 0
        for key in keys:
            look.zrange(key, 0, excess - 1, withscores=True)
        oldest = sorted((score, key) for key, some in zip(keys, look.execute(), strict=True) for _, score in some)
        gone = [key for _, key in oldest[:excess]]
        for key in dict.fromkeys(gone):
            look.eval(_TRIM, 1, key, str(gone.count(key)))
        return sum(look.execute())


def _place(queue: Queue, name: str) -> Queue | BaseRegistry:
    return queue if name == "queued" else getattr(queue, f"{name}_job_registry")


def _count(look: Pipeline, place: Queue | BaseRegistry) -> None:
    if isinstance(place, BaseRegistry):
        look.zcard(place.key)
    else:
        look.llen(place.key)
