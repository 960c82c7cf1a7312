"""Who works, on what, and what waits: workers, queues and schedulers as Redis knows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.cron import CronScheduler
from rq.job import Job
from rq.worker.base import BaseWorker

from app import clock
from app.errors import DatabaseDown, RedisDown
from app.repositories import ops
from app.services import duty
from app.services.house import House, where_redis

#: A scheduler says every few seconds that it is there, and heals as often; after so long something is wrong.
SILENT_MS: Final = 30_000


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker process. ``state`` in RQ's words (``idle``, ``busy``, ``suspended``, …). ``doing`` says for people what
    it does now, since ``busy_since``; ``batch`` and ``source`` whose slice that is, ``job`` its id. Instants are UTC
    ms."""

    name: str
    host: str
    pid: int
    state: str
    queues: tuple[str, ...]
    doing: str
    batch: int | None
    source: str
    done: int
    failed: int
    since: int | None
    seen_at: int | None
    busy_since: int | None = None
    job: str = ""


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue: how many jobs wait in it, are under way, and have failed within a week."""

    name: str
    waiting: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class SchedulerView:
    """A process that says when things happen, if it is the ``active`` one; else it stands by."""

    name: str
    host: str
    pid: int
    since: int | None
    seen_at: int | None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Crew:
    """All of them, by name."""

    workers: list[WorkerView]
    queues: list[QueueView]
    schedulers: list[SchedulerView]


def workers_there(house: House) -> int:
    """How many workers there are; those that were killed are not. Raises RedisDown."""
    try:
        return len(Worker.all(connection=house.redis))
    except RedisError as exc:
        raise RedisDown(where=where_redis(house)) from exc


def crew(house: House, workspace: int) -> Crew:
    """Who works, on what, and what waits. Of batches of other workspaces than ``workspace`` only the source is told.
    Raises RedisDown."""
    try:
        workers = sorted(Worker.all(connection=house.redis), key=lambda worker: worker.name)
        jobs = jobs_of(house, [worker.get_current_job_id() or "" for worker in workers])
        queues = sorted(Queue.all(connection=house.redis), key=lambda queue: queue.name)
        schedulers = schedulers_there(house.redis)
        known = own(house, workspace, jobs)
        return Crew(
            [_worker(worker, job, known) for worker, job in zip(workers, jobs, strict=True)],
            [_queue(queue) for queue in queues],
            schedulers,
        )
    except RedisError as exc:
        raise RedisDown(where=where_redis(house)) from exc


def jobs_of(house: House, ids: Sequence[str]) -> list[Job | None]:
    """The jobs with these ids; None for "" and for one that has ended since."""
    wanted = [one for one in ids if one]
    found = {job.id: job for job in Job.fetch_many(wanted, connection=house.redis) if job} if wanted else {}
    return [found.get(one) for one in ids]


def own(house: House, workspace: int, jobs: Sequence[Job | None]) -> dict[int, str]:
    """The batches of a workspace that these jobs are for, by name. None while the database is away: then nobody knows
    whose they are."""
    asked = {int(job.meta["batch"]) for job in jobs if job and "batch" in job.meta}
    try:
        with house.db.read() as connection:
            return ops.names(connection, workspace, sorted(asked)) if asked else {}
    except DatabaseDown:
        return {}


def may_see(job: Job, known: Collection[int]) -> bool:
    """Whether a job is of one of the batches ``known``, or of the house itself."""
    return job.meta.get("batch") is None or job.meta["batch"] in known


def _worker(worker: BaseWorker, job: Job | None, known: Collection[int]) -> WorkerView:
    batch = job.meta.get("batch") if job else None
    told = job is None or may_see(job, known)
    return WorkerView(
        name=worker.name,
        host=worker.hostname or "",
        pid=worker.pid or 0,
        state=str(getattr(worker.get_state(), "value", worker.get_state())),
        queues=tuple(worker.queue_names()),
        doing=(job.description or "") if job and told else "",
        batch=batch if told else None,
        source=str(job.meta.get("source", "")) if job else "",
        done=worker.successful_job_count,
        failed=worker.failed_job_count,
        since=ms(worker.birth_date),
        seen_at=ms(worker.last_heartbeat),
        busy_since=ms(job.started_at) if job else None,
        job=job.id if job and told else "",
    )


def _queue(queue: Queue) -> QueueView:
    running, failed = queue.started_job_registry, queue.failed_job_registry
    return QueueView(queue.name, queue.count, running.get_job_count(cleanup=False), failed.get_job_count(cleanup=False))


def schedulers_there(redis: Redis) -> list[SchedulerView]:
    """Schedulers that have given a sign of life lately; the active one first. Raises RedisError."""
    active, since = duty.on(redis), clock.now_ms() - SILENT_MS
    found = [_scheduler(one, active) for one in CronScheduler.all(redis)]
    return sorted((one for one in found if (one.seen_at or 0) >= since), key=lambda one: (not one.active, one.name))


def _scheduler(one: CronScheduler, active: str) -> SchedulerView:
    seen_at = ms(one.last_heartbeat)
    return SchedulerView(one.name, one.hostname, one.pid, ms(one.created_at), seen_at, one.name == active)


def ms(at: datetime | None) -> int | None:
    """An instant of RQ's in UTC ms; one without a zone is UTC too."""
    if at is None:
        return None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
