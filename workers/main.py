"""ROOT of the worker processes: ``python -m workers.main worker|scheduler``."""

import argparse
import contextlib
import logging
import signal
import socket
import sys
import time
from uuid import uuid4

from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import StopRequested
from rq.worker_pool import ForkProcess, WorkerData, WorkerPool

from app import log
from app.errors import KeybatchError, Refused, UnknownSource, language_of
from app.queue import CHORES, PRIORITIES, queue_names
from app.services import halts, startup, warned
from app.services.house import House, open_redis
from app.settings import Settings, get_settings
from app.sources import registry
from workers import courier, jobs, schedule

logger = log.get(__name__)
#: Pause before the scheduler looks for Redis again, in seconds.
AWAY_S = 1.0
PRELOADED = (jobs, schedule)  # imported here, before any fork: a slice starts in milliseconds and shares the pages


class HouseWorker(Worker):
    """RQ's worker, which takes turns among queues of the same priority and lets a running slice drain on SIGTERM."""

    def reorder_queues(self, reference_queue: Queue) -> None:
        """Put the queue just served last among those of its priority; the order of priorities stays."""
        rank = _rank(reference_queue.name)
        same = [queue for queue in self._ordered_queues if _rank(queue.name) == rank and queue != reference_queue]
        before = [queue for queue in self._ordered_queues if _rank(queue.name) < rank]
        after = [queue for queue in self._ordered_queues if _rank(queue.name) > rank]
        self._ordered_queues = [*before, *same, reference_queue, *after]

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """As RQ's; a worker whose registration went with an emptied Redis registers again first."""
        if pipeline is None and not self.connection.hexists(self.key, "birth"):
            self.register_birth()  # type: ignore[no-untyped-call]  # RQ leaves it so
        super().heartbeat(timeout, pipeline)

    def handle_warm_shutdown_request(self) -> None:
        """Tell the slice under way to drain; it returns its lane within seconds."""
        if self.horse_pid:
            self.kill_horse(sig=signal.SIGTERM)

    def setup_work_horse_signals(self) -> None:
        """As RQ's; the slice's loop replaces the SIGTERM handler. Until it does, SIGTERM ends the process, which has
        done nothing yet."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Pool(WorkerPool):
    """RQ's pool, with one more worker for the house's chores alone: healing must not wait for slices to make room,
    nor slices for healing. No second scheduler in every worker."""

    def start_worker(
        self, count: int | None = None, burst: bool = True, _sleep: float = 0, logging_level: str = "INFO"
    ) -> None:
        """Fork the worker that is missing: the one for chores first."""
        chores = not any(name.startswith(CHORES) for name in self.worker_dict)
        name = f"{CHORES if chores else 'slices'}-{socket.gethostname()}-{uuid4().hex[:8]}"
        queues = [CHORES] if chores else list(self._queue_names)
        process = ForkProcess(target=_work, args=(name, queues, burst), name=name)
        process.start()
        self.worker_dict[name] = WorkerData(name=name, pid=process.pid or 0, process=process)


def _rank(queue: str) -> int:
    return [CHORES, *PRIORITIES].index(queue.partition("-")[0])


def _work(name: str, queues: list[str], burst: bool) -> None:
    redis = open_redis(get_settings(), None)  # RQ waits for work, and says how long
    worker = HouseWorker(queues, name=name, connection=redis, log_job_description=False)
    try:
        worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
    except RedisError as error:
        logger.warning("worker_lost_redis", error=str(error))  # the pool starts another one


def work(house: House, processes: int, upstreams: list[str]) -> None:
    """Run ``processes`` workers for ``upstreams`` until SIGTERM."""
    pool = Pool(queue_names(upstreams), connection=house.redis, num_workers=processes + 1)
    halts.hurry(house)
    logger.info("workers_started", processes=processes, upstreams=",".join(upstreams))
    pool.start(burst=False, logging_level="WARNING")


def keep_time(house: House) -> None:
    """Run the chores' schedule and bring messages to webhooks until SIGTERM, through Redis' absences."""
    waker = schedule.Waker(house.redis)
    waker.start()
    with contextlib.suppress(StopRequested), courier.brings(house):
        while True:
            try:
                schedule.scheduler(house.redis, jobs.heal).start()
                return
            except RedisError as error:
                logger.warning("redis_away", error=str(error), again_s=AWAY_S)
                time.sleep(AWAY_S)


def _upstreams(text: str) -> list[str]:
    known = list(registry.upstreams())
    picked = [name.strip() for name in text.split(",") if name.strip()] or known
    for name in picked:
        if name not in known:
            raise UnknownSource(source=name, known=", ".join(known))
    return picked


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workers.main")
    commands = parser.add_subparsers(dest="command", required=True)
    worker = commands.add_parser("worker")
    worker.add_argument("--processes", type=int, default=None)
    worker.add_argument("--upstreams", default="")
    commands.add_parser("scheduler")
    return parser.parse_args()


def main() -> int:
    """0 after a graceful end, 1 with a sentence when something it stands on is missing."""
    arguments = _arguments()
    try:
        settings: Settings = get_settings()
        log.configure(settings, arguments.command)
        upstreams = _upstreams(arguments.upstreams) if arguments.command == "worker" else []
        house = startup.ready_house(settings)
        warned.keep(house.redis)
        if arguments.command == "scheduler":
            keep_time(house)
        else:
            work(house, arguments.processes or settings.workers, upstreams)
    except KeybatchError as error:
        log.say(error.sentence(language_of()), "cannot_start", logging.CRITICAL, code=error.code)
        return 2 if isinstance(error, Refused) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
