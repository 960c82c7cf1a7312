"""What the doctor looks at besides: disks, clocks, keys, versions, queues, and the page's own view of the queue."""

import http.client
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from app import clock
from app.errors import Language, WrongKey
from app.services import accounts, bearings, crew, hosts, inforce, jobs, troubles, wrongs
from app.services import health_words as words
from app.services.health import Check, look_at
from app.services.hosts import ProcessView
from app.services.house import House

#: Clocks of Redis and database may differ by so much, in milliseconds.
_ALIKE_MS: Final = 2_000
#: How long the page may take to answer, in seconds.
_PAGE_S: Final = 3.0


def checks(house: House, language: Language) -> list[Check]:
    """Everything that `app.services.health` does not look at."""
    looks: dict[str, Callable[[House, Language], Check]] = {
        "disk": _disk,
        "clock": _clock,
        "encryption key": _keys,
        "versions": _versions,
        "queues": _queues,
        "/rq": _rq,
    }
    return [look_at(name, look, house, language) for name, look in looks.items()]


def _processes(house: House) -> list[ProcessView]:
    told: Any = house.redis.hgetall(hosts.KEY)
    return hosts.processes(told, clock.now_ms())


def _disk(house: House, language: Language) -> Check:
    folder = house.settings.data_dir
    free, size = hosts.room(folder)
    facts = {"free": "–" if free is None else wrongs.size(free), "size": "–" if size is None else wrongs.size(size)}
    detail = words.ROOM.say(language, folder=folder.absolute(), **facts)
    wanting = hosts.little(free, size)
    return Check("disk", not hosts.full(free), detail, words.FREE_SOME.say(language) if wanting else "")


def _clock(house: House, language: Language) -> Check:
    ahead = bearings.take(house.redis) or 0
    beside = _ahead_of_database(house)
    told = words.CLOCK_NO_DATABASE.say(language)
    if beside is not None:
        told = words.CLOCK_DATABASE.say(language, ahead=wrongs.ahead(beside))
    detail = words.CLOCK.say(language, ahead=wrongs.ahead(ahead), database=told)
    off = [one.host for one in _processes(house) if wrongs.off(one.ahead_ms)]
    off += [troubles.host()] if wrongs.off(ahead) else []
    if beside is not None and abs(beside - ahead) > _ALIKE_MS:
        return Check("clock", False, detail, words.SET_REDIS_CLOCK.say(language))
    remedy = words.SET_CLOCK.say(language, hosts=", ".join(dict.fromkeys(off))) if off else ""
    return Check("clock", not off, detail, remedy)


def _ahead_of_database(house: House) -> int | None:
    """How far this host's clock is ahead of the database's, in milliseconds; SQLite has none."""
    if house.db.sqlite:
        return None
    with house.db.read() as connection:
        sent = clock.host_ms()
        there = connection.exec_driver_sql("SELECT extract(epoch FROM clock_timestamp()) * 1000").scalar_one()
        return round((sent + clock.host_ms()) / 2 - float(there))


def _keys(house: House, language: Language) -> Check:
    wrong = [key for key, why in accounts.broken(house).items() if isinstance(why, WrongKey)]
    told = [f"{one.host}: {key}" for one in _processes(house) for key in one.locked if one.host != troubles.host()]
    closed = [*wrong, *told]
    if closed:
        detail = words.NOT_OPENED.say(language, accounts=", ".join(closed))
        return Check("encryption key", False, detail, words.RIGHT_KEY.say(language))
    return Check("encryption key", True, words.KEYS.say(language, count=accounts.kept_count()))


def _versions(house: House, language: Language) -> Check:
    found = _processes(house)
    if not found:
        return Check("versions", True, words.NOT_TOLD.say(language))
    told = ", ".join(f"{one.host} {one.kind} {one.version}" for one in found)
    others = [one for one in found if one.version != inforce.version()]
    remedy = words.ONE_VERSION.say(language, version=inforce.version()) if others else ""
    return Check("versions", True, words.VERSIONS.say(language, versions=told), remedy)


def _queues(house: House, language: Language) -> Check:
    there = crew.crew(house, 0)
    served = {name for one in there.workers for name in one.queues}
    waiting = [one for one in jobs.queues(house.redis) if one.waiting]
    missing = [one.name for one in waiting if one.name not in served]
    if missing:
        detail = words.NOT_SERVED.say(language, queues=", ".join(missing))
        upstreams = ",".join(dict.fromkeys(name.partition("-")[2] or name for name in missing))
        return Check("queues", False, detail, words.SERVE.say(language, upstreams=upstreams))
    return Check("queues", True, words.QUEUES.say(language, count=sum(one.waiting for one in waiting)))


def _rq(house: House, language: Language) -> Check:
    """Asked at this host's own address; whoever is not signed in is sent to the door, which is an answer."""
    settings = house.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}/rq/"
    try:
        status = _status(url)
    except OSError as exc:
        why = exc.strerror or str(exc)
        return Check("/rq", True, words.NO_RQ.say(language, url=url, why=why), words.START_WEB.say(language))
    detail = words.RQ.say(language, url=url) if status < 500 else words.NO_RQ.say(language, url=url, why=status)
    return Check("/rq", status < 500, detail)


def _status(url: str) -> int:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=_PAGE_S)
    try:
        connection.request("GET", place.path)
        return connection.getresponse().status
    finally:
        connection.close()
