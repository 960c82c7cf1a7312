"""Jobs as RQ has them: what waits, and what broke. Counted, never fetched as a whole: there may be thousands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.results import Result

from app.queue import CHORES, PRIORITIES
from app.services import records
from app.services.crew import ms

#: So many of a queue are looked at for the oldest. Those behind them came later, or take turns with these.
HEADS = 4
#: Characters of what went wrong.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class QueueAge:
    """A queue: how many jobs wait in it, since when the oldest of them does (UTC ms), and how many have failed within
    a week."""

    name: str
    waiting: int
    oldest_at: int | None
    failed: int


@dataclass(frozen=True, slots=True)
class JobView:
    """A job: of ``batch`` where it is a slice of one of the workspace. ``at`` (UTC ms): since when it waits, or when it
    broke. ``about``: what it does, or what went wrong."""

    id: str
    queue: str
    at: int | None
    about: str
    batch: int | None = None
    name: str = ""
    source: str = ""


def queues(redis: Redis) -> list[QueueAge]:
    """Every queue there has been, the most urgent first. Raises RedisError."""
    found = sorted(Queue.all(connection=redis), key=lambda queue: _rank(queue.name))
    with redis.pipeline(transaction=False) as look:
        for queue in found:
            look.llen(queue.key)
            look.lrange(queue.key, 0, HEADS - 1)
            look.zcard(queue.failed_job_registry.key)
        told = look.execute()
    lengths, heads, failed = told[::3], told[1::3], told[2::3]
    ages = _enqueued(redis, [job_id for ids in heads for job_id in ids])
    return [
        QueueAge(queue.name, length, min((ages[one] for one in ids if one in ages), default=None), broke)
        for queue, length, ids, broke in zip(found, lengths, heads, failed, strict=True)
    ]


def _rank(queue: str) -> tuple[int, str]:
    first = queue.partition("-")[0]
    return ([CHORES, *PRIORITIES].index(first) if first in (CHORES, *PRIORITIES) else 9, queue)


def _enqueued(redis: Redis, ids: Sequence[bytes]) -> dict[bytes, int]:
    """Since when these jobs wait; those that wait no longer are left out."""
    with redis.pipeline(transaction=False) as look:
        for job_id in ids:
            look.hget(Job.key_for(job_id.decode()), "enqueued_at")
        told = look.execute()
    return {job_id: at for job_id, text in zip(ids, told, strict=True) if (at := _instant(text)) is not None}


def _instant(text: bytes | None) -> int | None:
    return ms(datetime.fromisoformat(text.decode())) if text else None


def waiting(redis: Redis, found: Iterable[QueueAge], most: int) -> list[Job]:
    """The next jobs of the queues, in their order. Raises RedisError."""
    ids: list[str] = []
    for queue in found:
        if queue.waiting and len(ids) < most:
            ids += Queue(queue.name, connection=redis).get_job_ids(0, most - len(ids))
    return records.there(redis, ids)


def failed(redis: Redis, found: Iterable[QueueAge], most: int) -> list[Job]:
    """The jobs that broke last, the newest first. Raises RedisError."""
    broken = [Queue(queue.name, connection=redis).failed_job_registry for queue in found if queue.failed]
    with redis.pipeline(transaction=False) as look:
        for registry in broken:
            look.zrange(registry.key, 0, most - 1, desc=True)
        ids = [job_id for some in look.execute() for job_id in some]
        # The registries' own scores say when a job will be forgotten, which takes longer in some than in others.
        for job_id in ids:
            look.hget(Job.key_for(job_id.decode()), "ended_at")
        ended = look.execute()
    newest = sorted(zip(ended, ids, strict=True), key=lambda one: one[0] or b"", reverse=True)
    return records.there(redis, [job_id.decode() for _, job_id in newest[:most]])


def wrong(redis: Redis, found: Sequence[Job]) -> list[str]:
    """What went wrong with each of these: the last line of what was raised, "" where nothing was. Raises RedisError."""
    with redis.pipeline(transaction=False) as look:
        for job in found:
            look.xrevrange(Result.get_key(job.id), count=1)
        results = look.execute()
    return [_last_line(redis, job, told[0]) if told else "" for job, told in zip(found, results, strict=True)]


def _last_line(redis: Redis, job: Job, told: tuple[bytes, dict[bytes, bytes]]) -> str:
    result = Result.restore(job.id, told[0].decode(), told[1], connection=redis, serializer=job.serializer)
    lines = (result.exc_string or "").strip().splitlines()
    return lines[-1][:LONGEST] if lines else ""


def view(job: Job, names: Mapping[int, str], at: int | None, about: str) -> JobView:
    """A job for people. Of a batch that is not among ``names`` only the source is told."""
    batch = job.meta.get("batch")
    told = batch is None or batch in names
    return JobView(
        id=job.id if told else "",
        queue=job.origin,
        at=at,
        about=about if told else "",
        batch=batch if told else None,
        name=names.get(batch, "") if batch is not None else "",
        source=str(job.meta.get("source", "")),
    )
