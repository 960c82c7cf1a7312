"""When things happen."""

from collections.abc import Callable

from redis import Redis
from rq.cron import CronScheduler

from app.queue import CHORES

#: Seconds between two looks for lanes that nobody works on. With a lease of 8 s this bounds how long the work of a
#: killed worker lies still.
HEAL_S = 4


def scheduler(redis: Redis, heal: Callable[[], None]) -> CronScheduler:
    """RQ's cron with the house's chores."""
    cron = CronScheduler(connection=redis, name="")
    cron.register(heal, CHORES, interval=HEAL_S, result_ttl=0, failure_ttl=3600, job_timeout=60)
    return cron
