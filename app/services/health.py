"""Whether what the house stands on is there, and what to do where it is not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError

from app import clock
from app.db.migrate import require_current
from app.errors import KeybatchError, Language, RedisFull
from app.services import crew, hosts, memory, wrongs
from app.services import health_words as words
from app.services.house import House, require_redis, where_redis


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``detail`` says how it is, ``remedy`` what to do ("" when all is well). What is ``ok`` may
    have one too: then it is well now, and should be seen to."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def checks(house: House, language: Language = "en") -> list[Check]:
    """Database, tables, Redis, workers and scheduler, in the order in which they need each other."""
    looks = {
        "database": _database,
        "migrations": _migrations,
        "redis": _redis,
        "workers": _workers,
        "scheduler": _scheduler,
    }
    return [look_at(name, look, house, language) for name, look in looks.items()]


def look_at(name: str, look: Callable[[House, Language], Check], house: House, language: Language) -> Check:
    """What a look finds; what does not answer is a finding too."""
    try:
        return look(house, language)
    except KeybatchError as error:
        return Check(name, False, error.code, error.sentence(language))
    except RedisError as error:
        return Check(name, False, str(error), words.REDIS_FIRST.say(language))


def _database(house: House, language: Language) -> Check:
    asked = "SELECT sqlite_version()" if house.db.sqlite else "SHOW server_version"
    with house.db.read() as connection:
        began = time.monotonic()
        version = connection.exec_driver_sql(asked).scalar_one()
        ms = round(1000 * (time.monotonic() - began), 1)
    kind = "SQLite" if house.db.sqlite else "Postgres"
    told = words.DATABASE.say(language, where=house.db.where, version=f"{kind} {version}", ms=ms)
    return Check("database", True, told)


def _migrations(house: House, language: Language) -> Check:
    require_current(house.db)
    return Check("migrations", True, words.CURRENT.say(language))


def _redis(house: House, language: Language) -> Check:
    require_redis(house)
    about: Any = house.redis.info("server")
    version = about.get("valkey_version") or about.get("redis_version", "?")
    held = memory.of(house.redis)
    if held is None:
        told = words.NO_MEMORY.say(language)
    elif held.most is None:
        told = words.NO_MOST.say(language, used=wrongs.size(held.used))
    else:
        told = words.MEMORY.say(language, used=wrongs.size(held.used), most=wrongs.size(held.most))
    detail = words.REDIS.say(language, where=where_redis(house), version=version, memory=told)
    if held is not None and held.evicts:
        return Check("redis", False, detail, words.NOEVICTION.say(language, policy=held.policy))
    if held is not None and held.full:
        return Check("redis", False, detail, RedisFull(where=where_redis(house)).sentence(language))
    return Check("redis", True, detail, words.RAISE.say(language) if held is not None and held.little else "")


def _workers(house: House, language: Language) -> Check:
    count = crew.workers_there(house)
    told: Any = house.redis.hgetall(hosts.KEY)
    pools = [one for one in hosts.processes(told, clock.now_ms()) if one.kind == "workers"]
    served = [words.POOL.say(language, host=one.host, serves=", ".join(one.serves)) for one in pools]
    detail = "; ".join([words.RUNNING.say(language, count=count), *served])
    return Check("workers", count > 0, detail, "" if count else words.NO_WORKERS.say(language))


def _scheduler(house: House, language: Language) -> Check:
    found = crew.schedulers_there(house.redis)
    active = ", ".join(f"{one.host} · {one.pid}" for one in found if one.active)
    others = ", ".join(f"{one.host} · {one.pid}" for one in found if not one.active)
    nobody = words.NOBODY.say(language)
    detail = words.SCHEDULERS.say(language, active=active or nobody, others=others or nobody)
    return Check("scheduler", bool(found), detail, "" if found else words.NO_SCHEDULER.say(language))
