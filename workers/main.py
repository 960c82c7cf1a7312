"""ROOT of the worker processes: ``python -m workers.main worker|scheduler``."""

import argparse
import contextlib
import logging
import socket
import sys
import time
from uuid import uuid4

from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.worker_pool import ForkProcess, WorkerData, WorkerPool

from app import log, traces
from app.errors import KeybatchError, Refused, UnknownSource, language_of
from app.queue import CHORES, queue_names
from app.services import halts, startup, warned
from app.services.house import House, open_redis
from app.services.vigil import Vigil
from app.settings import Settings, get_settings
from app.sources import registry
from workers import courier, jobs, schedule
from workers.worker import IDLE_S, HouseWorker

logger = log.get(__name__)
#: Pause before the scheduler looks for Redis again, in seconds.
AWAY_S = 1.0
PRELOADED = (jobs, schedule)  # imported here, before any fork: a slice starts in milliseconds and shares the pages


class Pool(WorkerPool):
    """RQ's pool, with one more worker for the house's chores alone: healing must not wait for slices to make room,
    nor slices for healing. No second scheduler in every worker. ``watch`` is kept while it runs."""

    def __init__(self, house: House, watch: Vigil, queues: list[str], processes: int) -> None:
        super().__init__(queues, connection=house.redis, num_workers=processes)
        self._house, self._watch = house, watch

    def check_workers(self, respawn: bool = True) -> None:
        """As RQ's, every second; workers end when the tables have become newer than they are."""
        self._watch.look()
        if self._house.db.closed is not None:
            self.request_stop()  # type: ignore[no-untyped-call]  # RQ leaves it so
        super().check_workers(respawn)

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


def _work(name: str, queues: list[str], burst: bool) -> None:
    redis = open_redis(get_settings(), None)  # RQ waits for work, and says how long
    worker = HouseWorker(queues, name=name, connection=redis, log_job_description=False, worker_ttl=IDLE_S)
    try:
        worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
    except RedisError as error:
        logger.warning("worker_lost_redis", error=str(error))
        time.sleep(AWAY_S)  # the pool starts another one


def work(house: House, processes: int, upstreams: list[str]) -> None:
    """Run ``processes`` workers for ``upstreams`` until SIGTERM. Raises NewerDatabase once the tables are newer."""
    watch = Vigil(house, "workers", upstreams)
    watch.look()
    halts.hurry(house)
    logger.info("workers_started", processes=processes, upstreams=",".join(upstreams))
    with contextlib.closing(watch):
        pool = Pool(house, watch, queue_names(upstreams), processes + 1)
        pool.start(burst=False, logging_level="WARNING")
    if house.db.closed is not None:
        raise house.db.closed


def keep_time(house: House) -> None:
    """Run the chores' schedule, or stand by, and bring messages to webhooks until SIGTERM, through Redis' absences.
    Raises NewerDatabase."""
    waker, watch = schedule.Waker(house.redis), Vigil(house, "scheduler")
    waker.start()

    def beat() -> None:
        waker.awake = bool(chores.duty.holds)
        watch.look()
        if house.db.closed is not None:
            raise house.db.closed

    with contextlib.suppress(StopRequested), contextlib.closing(watch), courier.brings(house):
        while True:
            chores = schedule.scheduler(house.redis, jobs.heal, jobs.tidy, beat)
            try:
                chores.start()  # type: ignore[no-untyped-call]  # RQ leaves it so
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
        traces.start(settings.traces_url, arguments.command)
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
