"""What every process of the house holds: settings, database, Redis."""

from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

from app.db.database import Database
from app.db.migrate import require_current
from app.errors import RedisDown
from app.services.aside import settled
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """Built once a process, handed down."""

    settings: Settings
    db: Database
    redis: Redis

    def close(self) -> None:
        """Close every connection, once what is written aside is written."""
        settled()
        self.db.close()
        self.redis.close()


def open_house(settings: Settings) -> House:
    """The house of ``settings``; nothing is connected until it is used. Settings: database_url, redis_url, data_dir."""
    redis = Redis.from_url(settings.redis, socket_connect_timeout=3, health_check_interval=30)
    return House(settings, Database(settings.database), redis)


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
