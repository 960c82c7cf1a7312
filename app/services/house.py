"""What every process of the house holds: settings, database, Redis."""

import socket
from dataclasses import dataclass
from functools import partial
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from app import traces
from app.db.database import UNREADABLE, Database
from app.db.migrate import require_current
from app.errors import BadSetting, RedisDown
from app.services import troubles, warned
from app.services.aside import settled
from app.settings import Settings

#: How long Redis may take to answer, in seconds; what waits for work on purpose brings its own time.
ANSWER_S = 5.0
#: What asks over a wire that was silently cut hears of it in about ten seconds, instead of a quarter of an hour.
_WIRE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 10_000}


@dataclass(frozen=True, slots=True)
class House:
    """Built once a process, handed down."""

    settings: Settings
    db: Database
    redis: Redis

    def close(self) -> None:
        """Close every connection, once what is written aside is written."""
        settled()
        warned.settled()
        traces.flush()
        self.db.close()
        self.redis.close()


def open_house(settings: Settings) -> House:
    """The house of ``settings``; nothing is connected until it is used. Settings: database_url, redis_url, data_dir."""
    redis, database = open_redis(settings), Database(settings.database)
    database.told = partial(troubles.tell, redis)
    return House(settings, database, redis)


def open_redis(settings: Settings, answer_s: float | None = ANSWER_S) -> Redis:
    """Redis of ``settings``, with what its address says of TLS (`rediss://…?ssl_ca_certs=…`); what is there answers
    within ``answer_s``, None for ever. Raises BadSetting. Settings: redis_url, data_dir."""
    options: dict[str, Any] = {"socket_connect_timeout": 3, "socket_timeout": answer_s, "health_check_interval": 30}
    if not settings.redis.startswith("unix:"):
        known = {getattr(socket, name): value for name, value in _WIRE.items() if hasattr(socket, name)}
        options |= {"socket_keepalive": True, "socket_keepalive_options": known}
    try:
        redis = Redis.from_url(settings.redis, **options)
        redis.connection_pool.make_connection()
    except (TypeError, ValueError):  # what it says may quote a part of the password
        raise BadSetting(name="KEYBATCH_REDIS_URL", why=UNREADABLE) from None
    return redis


def require_redis(house: House) -> None:
    """Raises RedisDown."""
    try:
        house.redis.ping()
    except RedisError as exc:
        raise RedisDown(where=where_redis(house)) from exc


def require(house: House) -> None:
    """Raises DatabaseDown, Unmigrated or RedisDown when something the house stands on is missing."""
    require_current(house.db)
    require_redis(house)


def where_redis(house: House) -> str:
    """Redis' address without its password."""
    kwargs = house.redis.connection_pool.connection_kwargs
    return str(kwargs.get("path") or f"{kwargs.get('host')}:{kwargs.get('port')}")
