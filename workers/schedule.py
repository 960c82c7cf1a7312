"""When things happen: chores every few seconds, and waits that are over when they are."""

import bisect
from collections.abc import Callable
from contextlib import suppress

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.cron import CronScheduler

from app import clock, events
from app.queue import CHORES, enqueue_heal

#: Seconds between two looks for lanes that nobody works on. With a lease of 8 s this bounds how long the work of a
#: killed worker lies still.
HEAL_S = 4


class Chores(CronScheduler):
    """RQ's cron, which can also be stopped while Redis is away."""

    def register_death(self, pipeline: Pipeline | None = None) -> None:
        """As RQ's, where there is a Redis to tell it to."""
        with suppress(RedisError):
            super().register_death(pipeline)


class Waker:
    """Hears when waits will be over and has them looked at within a second of it; what it does not hear of, healing
    finds all the same, a little later."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
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
            enqueue_heal(self._redis)


def scheduler(redis: Redis, heal: Callable[[], None]) -> CronScheduler:
    """RQ's cron with the house's chores."""
    cron = Chores(connection=redis, name="")
    cron.register(heal, CHORES, interval=HEAL_S, result_ttl=0, failure_ttl=3600, job_timeout=60)
    return cron
