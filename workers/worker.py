"""A worker process of the house: RQ's, with its own ways when Redis is emptied or full."""

import contextlib
import signal
import time
from collections.abc import Iterator
from typing import Any, Final

from redis.client import Pipeline
from redis.exceptions import OutOfMemoryError
from rq import Queue, Worker
from rq.job import Job
from rq.utils import utcformat

from app import clock, log
from app.queue import CHORES, PRIORITIES
from app.services import bearings

logger = log.get(__name__)
#: RQ's `worker_ttl`: an idle worker gives a sign of life every 15 s less than this, …
IDLE_S: Final = 45
#: … and a busy one every 30 s. Without any for so long it is not there any more.
LIFE_S: Final = 55
#: Pause before a Redis that is full is tried again, in seconds, and before it is said again.
FULL_S, SAY_S = 2.0, 30.0


class HouseWorker(Worker):
    """RQ's worker, which takes turns among queues of the same priority, lets a running slice drain on SIGTERM, and
    outlives a Redis that takes nothing more."""

    _said = float("-inf")

    def reorder_queues(self, reference_queue: Queue) -> None:
        """Put the queue just served last among those of its priority; the order of priorities stays."""
        rank = _rank(reference_queue.name)
        same = [queue for queue in self._ordered_queues if _rank(queue.name) == rank and queue != reference_queue]
        before = [queue for queue in self._ordered_queues if _rank(queue.name) < rank]
        after = [queue for queue in self._ordered_queues if _rank(queue.name) > rank]
        self._ordered_queues = [*before, *same, reference_queue, *after]

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As RQ's, by the house's clock and for `LIFE_S` at most; a worker whose registration went with an emptied
        Redis registers again first."""
        connection: Any = self.connection if pipeline is None else pipeline
        self.last_heartbeat = clock.at(clock.now_ms())
        with self._though_full("heartbeat") if pipeline is None else contextlib.nullcontext():
            if pipeline is None:
                bearings.take(self.connection)
                if not self.connection.hexists(self.key, "birth"):
                    self.register_birth()  # type: ignore[no-untyped-call]  # RQ leaves it so
            connection.hset(self.key, "last_heartbeat", utcformat(self.last_heartbeat))
        connection.expire(self.key, min(timeout or LIFE_S, LIFE_S))

    def maintain_heartbeats(self, job: Job) -> None:
        """As RQ's; the slice under way needs no Redis that takes something."""
        with self._though_full("heartbeat"):
            super().maintain_heartbeats(job)

    def set_current_job_working_time(self, current_job_working_time: float, pipeline: Pipeline | None = None) -> None:
        """As RQ's."""
        with self._though_full("heartbeat"):
            super().set_current_job_working_time(current_job_working_time, pipeline)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """As RQ's."""
        with self._though_full("state"):
            super().set_state(state, pipeline)

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """As RQ's; while Redis is full nothing can be taken from a queue."""
        while True:
            try:
                return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
            except OutOfMemoryError as error:
                self._say("dequeue", error)
                time.sleep(FULL_S)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """As RQ's; a job that cannot be begun, or written off, is found again by healing."""
        with self._though_full("job"):
            super().execute_job(job, queue)

    def handle_warm_shutdown_request(self) -> None:
        """Tell the slice under way to drain; it returns its lane within seconds."""
        if self.horse_pid:
            self.kill_horse(sig=signal.SIGTERM)

    def setup_work_horse_signals(self) -> None:
        """As RQ's; the slice's loop replaces the SIGTERM handler. Until it does, SIGTERM ends the process, which has
        done nothing yet."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    @contextlib.contextmanager
    def _though_full(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OutOfMemoryError as error:
            self._say(doing, error)

    def _say(self, doing: str, error: OutOfMemoryError) -> None:
        if time.monotonic() - self._said > SAY_S:
            self._said = time.monotonic()
            logger.error("redis_full", doing=doing, error=str(error))


def _rank(queue: str) -> int:
    return [CHORES, *PRIORITIES].index(queue.partition("-")[0])
