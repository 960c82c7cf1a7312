"""Takes this host's bearings: how far its clock is off that of Redis, which all hosts of a house share."""

import time
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from app import clock
from app.log import get

log = get(__name__)
#: A clock that is off by less, in milliseconds, is left as it is: the way to Redis and back hides as much.
LEAVE_MS: Final = 500
#: An offset that has changed by less is the same one.
_SAME_MS: Final = 100
#: Times Redis is asked; the quickest answer tells best.
_ASKED: Final = 3
#: An answer that took longer, in milliseconds, tells nothing.
_SLOW_MS: Final = 1_000


def take(redis: Redis) -> int | None:
    """Let the clock of this process follow that of Redis where this host's own is off; by how much it is, in
    milliseconds (positive: it is ahead). None, and no change, while Redis does not answer."""
    try:
        ahead = _ahead(redis)
    except RedisError:
        return None
    if ahead is None:
        return None
    wanted = -ahead if abs(ahead) > LEAVE_MS else 0
    if abs(wanted - clock.offset_ms()) > _SAME_MS:
        _said(ahead, wanted)
        clock.follow(wanted)
    return ahead


def _ahead(redis: Redis) -> int | None:
    best: tuple[float, int] | None = None
    for _ in range(_ASKED):
        sent, began = clock.host_ms(), time.monotonic()
        told: Any = redis.time()
        took = 1000 * (time.monotonic() - began)
        ahead = round(sent + took / 2) - (1000 * told[0] + told[1] // 1000)
        if best is None or took < best[0]:
            best = took, ahead
    return best[1] if best is not None and best[0] < _SLOW_MS else None


def _said(ahead: int, wanted: int) -> None:
    if wanted:
        log.warning("clock_off", ahead_s=round(ahead / 1000, 1), follows="redis")
    else:
        log.info("clock_right", ahead_s=round(ahead / 1000, 1))
