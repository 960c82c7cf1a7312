"""What a process sees to before it begins: that every setting is right, and that what it stands on is there.

A database or a Redis that is not there yet is waited for, `WAIT_S` seconds at most; a wrong setting, or tables of a
newer version, are not: waiting would not mend them.
"""

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from app.db import migrate
from app.errors import DatabaseDown, KeybatchError, RedisDown, Unmigrated
from app.log import get
from app.services.house import House, open_house, require_redis, where_redis
from app.settings import Settings
from app.sources import registry

log = get(__name__)
T = TypeVar("T")
#: Seconds between two looks, and between two lines in the log.
LOOK_S, SAY_S = 1.0, 5.0
#: Something that takes a connection and then says nothing for so long does not answer, in seconds.
ANSWER_S = 10.0
#: What comes by itself, perhaps: a server that starts, tables that somebody migrates just now.
TO_COME: Final = (DatabaseDown, RedisDown, Unmigrated)


def check_settings() -> None:
    """Raises BadSetting for a wrong setting of an upstream, now and not when it is first asked."""
    for upstream in registry.upstreams().values():
        upstream.account()


def ready_house(settings: Settings) -> House:
    """The house of ``settings``, once everything it stands on is there. Raises BadSetting, DatabaseDown, Unmigrated,
    NewerDatabase, ForeignDatabase, RedisDown. Settings: wait_s, and whatever the house needs."""
    check_settings()
    house = open_house(settings)
    try:
        await_database(house)
        await_redis(house)
    except KeybatchError:
        house.close()
        raise
    return house


def await_database(house: House) -> None:
    """Return when the tables are of this version. Raises DatabaseDown, Unmigrated, NewerDatabase, ForeignDatabase."""
    silent = DatabaseDown(where=house.db.where, why="it takes connections and does not answer.")
    waited(lambda: answered(lambda: migrate.require_current(house.db), silent), house.settings.wait_s)


def await_redis(house: House) -> None:
    """Return when Redis answers. Raises RedisDown."""
    silent = RedisDown(where=where_redis(house))
    waited(lambda: answered(lambda: require_redis(house), silent), house.settings.wait_s)


def migrated(settings: Settings) -> None:
    """Bring the tables to this version, as soon as the database is there. Raises DatabaseDown, NewerDatabase,
    ForeignDatabase. Settings: wait_s, database_url, data_dir."""
    waited(lambda: migrate.upgrade(settings), settings.wait_s)


def waited(
    do: Callable[[], T],
    most_s: float,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """What ``do`` gives, tried again for ``most_s`` seconds while it raises what is `TO_COME`; says every few seconds
    what it waits for. Raises what ``do`` raised last."""
    begun, said = now(), float("-inf")
    while True:
        try:
            return do()
        except TO_COME as error:
            passed = now() - begun
            if passed >= most_s:
                raise
            if passed - said >= SAY_S:
                said = passed
                log.warning("waiting", code=error.code, why=error.sentence(), left_s=round(most_s - passed))
            sleep(min(LOOK_S, most_s - passed))


def answered(do: Callable[[], T], silent: KeybatchError, most_s: float = ANSWER_S) -> T:
    """What ``do`` gives, or raises. Raises ``silent`` when that takes longer than ``most_s`` seconds; the thread that
    asked is then left to itself."""
    came: list[T] = []
    went: list[BaseException] = []

    def ask() -> None:
        try:
            came.append(do())
        except BaseException as error:  # noqa: BLE001 -- raised below, in the thread that wants to know
            went.append(error)

    thread = threading.Thread(target=ask, name="ask", daemon=True)
    thread.start()
    thread.join(most_s)
    if went:
        raise went[0]
    if not came:
        raise silent
    return came[0]
