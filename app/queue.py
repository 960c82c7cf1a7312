"""Asks for work without importing it: jobs are named, ids are unique, so enqueuing twice is enqueuing once."""

from dataclasses import dataclass
from typing import Final

from redis import Redis
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus

from app.clock import now_ms

#: The functions workers run, by dotted name.
RUN_SLICE: Final = "workers.jobs.run_slice"
HEAL: Final = "workers.jobs.heal"

PRIORITIES: Final = ("high", "default", "low")
#: The queue of the house's own chores; a worker of each pool serves it alone.
CHORES: Final = "chores"

#: A queued job that is in no list is a leftover of a worker that died between popping and starting it.
STALE_AFTER_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Slice:
    """The job of one lane of a batch's source; ``generation`` tells its runs apart."""

    batch: int
    source: str
    lane: int
    generation: int

    @property
    def kin(self) -> str:
        """What the ids of all slices of the same batch and source begin with."""
        return f"b{self.batch}-{self.source.replace('.', '_')}-"

    @property
    def job_id(self) -> str:
        return f"{self.kin}l{self.lane}-g{self.generation}"


def queue_name(priority: str, upstream: str) -> str:
    """``default-naver``: the queue of an upstream at a priority."""
    return f"{priority}-{upstream}"


def queue_names(upstreams: list[str]) -> list[str]:
    """The queues of a worker for ``upstreams``, the most urgent first."""
    return [queue_name(priority, upstream) for priority in PRIORITIES for upstream in upstreams]


def enqueue_slice(redis: Redis, piece: Slice, priority: str, name: str) -> bool:
    """Enqueue a slice unless it is already queued or running; whether it was enqueued. ``name`` is the batch's."""
    queue = Queue(queue_name(priority, piece.source.partition(".")[0]), connection=redis)
    try:
        _enqueue(queue, piece, name)
    except DuplicateJobError:
        if not _leftover(redis, queue, piece.job_id):
            return False
        _enqueue(queue, piece, name)
    return True


def _enqueue(queue: Queue, piece: Slice, name: str) -> None:
    queue.enqueue(
        RUN_SLICE,
        piece.batch,
        piece.source,
        piece.lane,
        piece.generation,
        job_id=piece.job_id,
        unique=True,
        description=f"Batch {piece.batch} “{name}”: {piece.source}, lane {piece.lane}",
        job_timeout=-1,  # a slice ends itself; see workers.engine
        result_ttl=0,
        failure_ttl=7 * 86_400,
        meta={"batch": piece.batch, "source": piece.source},
    )


def _leftover(redis: Redis, queue: Queue, job_id: str) -> bool:
    """Remove a job that nobody will run: its worker died, or it failed. Whether the id is free now."""
    try:
        job = Job.fetch(job_id, connection=redis)
    except NoSuchJobError:
        return True
    status = job.get_status()
    if status == JobStatus.QUEUED:
        born = job.enqueued_at or job.created_at
        young = born is not None and now_ms() - born.timestamp() * 1000 < STALE_AFTER_MS
        if young or queue.get_job_position(job_id) is not None:
            return False
    elif status == JobStatus.STARTED:
        started = job.started_at
        if started is not None and now_ms() - started.timestamp() * 1000 < STALE_AFTER_MS:
            return False
    job.delete()
    return True


def waiting(redis: Redis, than: Slice) -> bool:
    """Whether a slice waits in some queue for which ``than`` should make room. Those of the same batch and source do
    not count, nor further lanes of the same batch: they would do no more than the lanes that run."""

    def counts(job_id: str) -> bool:
        more_of_the_batch = job_id.startswith(f"b{than.batch}-") and "-l0-" not in job_id
        return not job_id.startswith(than.kin) and not more_of_the_batch

    queues = [queue for queue in Queue.all(connection=redis) if queue.name != CHORES]
    return any(counts(job_id) for queue in queues for job_id in queue.get_job_ids(0, 50))
