"""Which upstreams can be asked with the settings of some host: a key may be on a worker's machine alone, and the page,
the API and the command line then take batches for it all the same."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from redis.exceptions import RedisError

from app import clock
from app.log import get
from app.services import accounts, hosts
from app.services.house import House
from app.sources import registry

log = get(__name__)


def here(serves: Iterable[str]) -> tuple[str, ...]:
    """Those of ``serves`` that the settings of this host have credentials for."""
    known = registry.upstreams()
    asked = (known[name] for name in serves if name in known and not known[name].offline)
    return tuple(one.name for one in asked if not one.missing_settings(accounts.of(one.name).settings))


def look(house: House) -> None:
    """Hear of all workers what they can ask. While Redis does not answer, what was heard last holds."""
    try:
        told = cast(Mapping[bytes, Any], house.redis.hgetall(hosts.KEY))
    except RedisError as exc:
        log.info("workers_not_heard", error=str(exc))
        return
    accounts.elsewhere(name for one in hosts.processes(dict(told), clock.now_ms()) for name in one.keyed)
