"""When things happen: chores every few seconds, and waits that are over when they are."""

import bisect
import time
from collections.abc import Callable
from contextlib import suppress

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import OutOfMemoryError, RedisError
from rq.cron import CronJob, CronScheduler
from rq.cron_scheduler_registry import get_registry_key
from rq.defaults import DEFAULT_CRON_SCHEDULER_TTL
from rq.exceptions import SchedulerNotFound

from app import clock, events
from app.log import get
from app.queue import CHORES, enqueue_heal
from app.services import duty

log = get(__name__)
#: Seconds between two looks for lanes that nobody works on. With a lease of 8 s this bounds how long the work of a
#: killed worker lies still.
HEAL_S = 4
#: Seconds between two looks for what is not kept any more; while there is such a thing one look follows the other.
TIDY_S = 60


class Chores(CronScheduler):
    """RQ's cron: of several that run, one enqueues. It can also be stopped while Redis is away. ``beat`` is called in
    each turn, a few times in a second at most; what it raises ends the scheduler."""

    def __init__(self, connection: Redis, name: str = "", beat: Callable[[], None] = lambda: None) -> None:
        super().__init__(connection, name=name)
        self.duty = duty.Duty(connection, self.name)
        self._beat = beat
        self._seen = float("-inf")
        self._full = False

    def enqueue_jobs(self) -> list[CronJob]:
        """As RQ's, if this one is active. While Redis is full nothing can be enqueued."""
        self._beat()
        self._full, before = False, self._full
        try:
            return super().enqueue_jobs() if self.duty.held() else []
        except OutOfMemoryError as error:
            self._full = True
            if not before:
                log.error("redis_full", doing="enqueue", error=str(error))
            return []

    def calculate_sleep_interval(self) -> float:
        """Seconds until the next turn: the lease is renewed, or asked for."""
        if self._full or not self.duty.holds:
            return duty.STAND_BY_S
        return min(duty.RENEW_S, super().calculate_sleep_interval())

    def heartbeat(self) -> None:
        """As RQ's, not more often than it heals, and by the house's clock."""
        if time.monotonic() - self._seen < HEAL_S:
            return
        self._seen = time.monotonic()
        with suppress(OutOfMemoryError), self.connection.pipeline() as pipeline:
            pipeline.zadd(get_registry_key(), {self.name: clock.now_ms() / 1000})
            pipeline.expire(self.key, DEFAULT_CRON_SCHEDULER_TTL)
            _, there = pipeline.execute()
            if not there:
                self.save()

    def register_death(self, pipeline: Pipeline | None = None) -> None:
        """As RQ's, where there is a Redis to tell it to; another one takes over."""
        self.duty.leave()
        with suppress(RedisError, SchedulerNotFound):
            super().register_death(pipeline)


class Waker:
    """Hears when waits will be over and has them looked at within a second of it; what it does not hear of, healing
    finds all the same, a little later."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        #: Whether it is this process' part to have it done; another scheduler hears the same.
        self.awake = True
        self._due: list[int] = []
        self._listener = events.Listener(redis, events.WAKE, self._heard, self._look)

    def start(self) -> None:
        self._listener.start()

    def end(self) -> None:
        self._listener.end()

    def _heard(self, message: str) -> None:
        at = int(message)
        if at not in self._due:
            bisect.insort(self._due, at)

    def _look(self) -> None:
        now = clock.now_ms()
        over = bisect.bisect_right(self._due, now)
        if over:
            del self._due[:over]
            if self.awake:
                enqueue_heal(self._redis)


def scheduler(
    redis: Redis, heal: Callable[[], None], tidy: Callable[[], None], beat: Callable[[], None] = lambda: None
) -> Chores:
    """RQ's cron with the house's chores; ``beat`` is called in each turn."""
    cron = Chores(redis, beat=beat)
    cron.register(heal, CHORES, interval=HEAL_S, result_ttl=0, failure_ttl=3600, job_timeout=60)
    cron.register(tidy, CHORES, interval=TIDY_S, result_ttl=0, failure_ttl=3600, job_timeout=60)
    return cron
