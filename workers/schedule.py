"""When things happen."""

from collections.abc import Callable
from contextlib import suppress

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.cron import CronScheduler

from app.queue import CHORES

#: Seconds between two looks for lanes that nobody works on. With a lease of 8 s this bounds how long the work of a
#: killed worker lies still.
HEAL_S = 4


class Chores(CronScheduler):
    """RQ's cron, which can also be stopped while Redis is away."""

    def register_death(self, pipeline: Pipeline | None = None) -> None:
        """As RQ's, where there is a Redis to tell it to."""
        with suppress(RedisError):
            super().register_death(pipeline)


def scheduler(redis: Redis, heal: Callable[[], None]) -> CronScheduler:
    """RQ's cron with the house's chores."""
    cron = Chores(connection=redis, name="")
    cron.register(heal, CHORES, interval=HEAL_S, result_ttl=0, failure_ttl=3600, job_timeout=60)
    return cron
