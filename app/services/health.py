"""Whether what the house stands on is there, and what to do where it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from rq import Worker
from rq.cron import CronScheduler

from app.db.migrate import require_current
from app.errors import KeybatchError
from app.services.house import House, require_redis, where_redis


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``detail`` says how it is, ``remedy`` what to do ("" when all is well)."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def checks(house: House) -> list[Check]:
    """Database, tables, Redis, workers and scheduler, in the order in which they need each other."""
    return [
        _check("database", lambda: _database(house)),
        _check("migrations", lambda: _migrations(house)),
        _check("redis", lambda: _redis(house)),
        _check("workers", lambda: _workers(house)),
        _check("scheduler", lambda: _scheduler(house)),
    ]


def _check(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except KeybatchError as error:
        return Check(name, False, error.code, error.sentence())
    except RedisError as error:
        return Check(name, False, str(error), "Redis has to answer first.")


def _database(house: House) -> Check:
    with house.db.read() as connection:
        connection.exec_driver_sql("SELECT 1")
    return Check("database", True, house.db.where)


def _migrations(house: House) -> Check:
    require_current(house.db)
    return Check("migrations", True, "tables are of this version")


def _redis(house: House) -> Check:
    require_redis(house)
    about: Any = house.redis.info("server")
    version = about.get("valkey_version") or about.get("redis_version", "?")
    return Check("redis", True, f"{where_redis(house)}, version {version}")


def _workers(house: House) -> Check:
    count = Worker.count(connection=house.redis)
    remedy = "" if count else "Nothing is worked on. Start workers: python -m app worker (make run starts its own)."
    return Check("workers", count > 0, f"{count} running", remedy)


def _scheduler(house: House) -> Check:
    count = len(CronScheduler.all(house.redis))
    remedy = "" if count else "Nothing wakes or heals batches. Start it: python -m app scheduler."
    return Check("scheduler", count > 0, f"{count} running", remedy)
