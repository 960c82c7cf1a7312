"""Asks for work without importing it: jobs are named, ids are unique, so enqueuing twice is enqueuing once.

Within a queue, owners take turns, and within an owner's turns his batches do (`turns.lua`).
"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from redis import Redis
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus

from app import traces
from app.clock import now_ms

#: The functions workers run, by dotted name.
RUN_SLICE: Final = "workers.jobs.run_slice"
PROBE: Final = "workers.jobs.probe"
HEAL: Final = "workers.jobs.heal"
TIDY: Final = "workers.jobs.tidy"

PRIORITIES: Final = ("high", "default", "low")
#: The queue of the house's own chores; a worker of each pool serves it alone.
CHORES: Final = "chores"
#: Lanes are opened in sets that begin at a multiple of this, and no set is larger.
LANES: Final = 4

#: How long what a slice did stays readable, and how long what broke, in seconds. No successor waits for that: its id
#: names another generation; and a job enqueued again takes the place of its own record (`_leftover`).
KEPT_S: Final = 86_400
BROKEN_KEPT_S: Final = 7 * 86_400

#: A queued job that is in no list is a leftover of a worker that died between popping and starting it.
STALE_AFTER_MS: Final = 5_000
_TURNS: Final = (Path(__file__).parent / "turns.lua").read_text()
_SLICE: Final = re.compile(r"b(\d+)-\w+-l(\d+)-g\d+")


@dataclass(frozen=True, slots=True)
class Slice:
    """The job of one lane of a batch's source; ``generation`` tells its runs apart. ``owner`` (of the batch) only
    decides whose turn it is."""

    batch: int
    source: str
    lane: int
    generation: int
    owner: str = field(default="", compare=False)

    @property
    def kin(self) -> str:
        """What the ids of all slices of the same batch and source begin with."""
        return f"b{self.batch}-{self.source.replace('.', '_')}-"

    @property
    def job_id(self) -> str:
        owner = self.owner
        if not re.fullmatch(r"\w*", owner, re.ASCII):  # RQ takes no other letters
            owner = hashlib.blake2b(owner.encode(), digest_size=4).hexdigest()
        return f"{self.kin}l{self.lane}-g{self.generation}" + (f"-{owner}" if owner else "")


def queue_name(priority: str, upstream: str) -> str:
    """``default-naver``: the queue of an upstream at a priority."""
    return f"{priority}-{upstream}"


def queue_names(upstreams: list[str]) -> list[str]:
    """The queues of a worker for ``upstreams``, the most urgent first."""
    return [queue_name(priority, upstream) for priority in PRIORITIES for upstream in upstreams]


def enqueue_slice(redis: Redis, piece: Slice, priority: str, name: str) -> bool:
    """Enqueue a slice unless it is already queued or running; whether it was enqueued. ``name`` is the batch's."""
    queue = Queue(queue_name(priority, piece.source.partition(".")[0]), connection=redis)
    arguments = (piece.batch, piece.source, piece.lane, piece.generation)
    says = f"Batch {piece.batch} “{name}”: {piece.source}, lane {piece.lane}"
    meta = {
        "batch": piece.batch,
        "source": piece.source,
        "lane": piece.lane,
        "run": piece.generation,
        **traces.carrier(),
    }
    done = _enqueue_once(redis, queue, RUN_SLICE, arguments, piece.job_id, says, meta, KEPT_S)
    if done:
        redis.eval(_TURNS, 1, queue.key)
    return done


def enqueue_probe(redis: Redis, account: str) -> bool:
    """Enqueue one call that finds out whether the upstream answers ``account`` again; see `workers.jobs.probe`."""
    queue = Queue(queue_name("high", account.partition("/")[0]), connection=redis)
    job_id = "probe-" + re.sub(r"[^\w]", "_", account, flags=re.ASCII)
    return _enqueue_once(redis, queue, PROBE, (account,), job_id, f"Does {account} answer again?", {})


def enqueue_heal(redis: Redis) -> bool:
    """Enqueue a look at what should be queued and is not, ahead of its turn."""
    return _enqueue_once(redis, Queue(CHORES, connection=redis), HEAL, (), "heal-now", "Heal, ahead of its turn", {})


def enqueue_tidy(redis: Redis, after: str = "") -> bool:
    """Enqueue a look at what is not kept any more; ``after``: the id of the job that has not done with it. Two ids take
    turns, for a job that runs keeps its own; so there is one line of them however often this is called."""
    job_id = "tidy-odd" if after == "tidy-even" else "tidy-even"
    return _enqueue_once(redis, Queue(CHORES, connection=redis), TIDY, (), job_id, "Tidy on", {})


def _enqueue_once(
    redis: Redis,
    queue: Queue,
    name: str,
    arguments: tuple[Any, ...],
    job_id: str,
    says: str,
    meta: dict[str, Any],
    kept_s: int = 0,
) -> bool:
    def enqueue() -> None:
        queue.enqueue_call(
            name,
            args=arguments,
            job_id=job_id,
            unique=True,
            description=says,
            timeout=-1,  # a slice ends itself; see workers.engine
            result_ttl=kept_s,
            failure_ttl=BROKEN_KEPT_S,
            meta=meta,
        )

    try:
        enqueue()
    except DuplicateJobError:
        if not _leftover(redis, queue, job_id):
            return False
        enqueue()
    return True


def _leftover(redis: Redis, queue: Queue, job_id: str) -> bool:
    """Remove a job that nobody will run: its worker died, or it has ended. Whether the id is free now."""
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


def waiting(redis: Redis, than: Slice, priority: str) -> Literal["", "turn", "now"]:
    """Whether a slice waits in some queue for which ``than`` should make room: when its time is up ("turn"), or at
    once because that one is more urgent ("now"). Those of the same batch and source do not count, nor further lanes of
    the same batch: they would do no more than the lanes that run."""

    def counts(job_id: str) -> bool:
        found = _SLICE.match(job_id)
        if found is None:
            return True
        return not job_id.startswith(than.kin) and not (int(found[1]) == than.batch and int(found[2]) % LANES)

    queues = [queue for queue in Queue.all(connection=redis) if queue.name != CHORES]
    ranks = [_rank(queue.name) for queue in queues if any(counts(job_id) for job_id in queue.get_job_ids(0, 50))]
    if not ranks:
        return ""
    return "now" if min(ranks) < PRIORITIES.index(priority) else "turn"


def _rank(queue: str) -> int:
    priority = queue.partition("-")[0]
    return PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)
