"""How often something may be asked: a sliding window for each key, counted in the house's Redis for all processes.

Without Redis everybody is let through: a limit protects the house, and is no reason to be away itself.
"""

import math
import time
from collections.abc import Callable
from functools import lru_cache

from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.errors import TooFast
from app.log import get
from app.services.callers import hashed
from app.services.house import House

log = get(__name__)
#: Sign-ins that are tried: by name, and by the address that they come from.
_OF_A_NAME, _OF_AN_ADDRESS = parse("10/minute"), parse("30/minute")
#: Seconds in which a Redis that did not answer is not asked again.
_REST_S = 1.0


class Throttle:
    """The limits of one house."""

    def __init__(self, url: str) -> None:
        # It is asked before every answer: it answers at once or not at all.
        pool = ConnectionPool.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))
        storage = RedisStorage("redis://", connection_pool=pool, key_prefix="keybatch:limit")
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._rests_until = 0.0

    def hit(self, limit: RateLimitItem, *key: str) -> None:
        """Count one of ``key``. Raises TooFast."""
        if time.monotonic() < self._rests_until:
            return
        try:
            if self._limiter.hit(limit, *key):
                return
            reset_at = self._limiter.get_window_stats(limit, *key).reset_time
        except (RedisError, OSError) as exc:
            self._rests_until = time.monotonic() + _REST_S
            log.warning("throttle_away", error=str(exc))
            return
        # The library tells the moment by this very clock, whatever `app.clock` says.
        raise TooFast(after=max(1, math.ceil(reset_at - time.time())))


def request(house: House, *key: str) -> None:
    """Count a request to the API by ``key``, which tells a token or a session. Raises TooFast. Settings: api_rate."""
    limit = _parsed(house.settings.api_rate)
    if limit is not None:
        _of(house.settings.redis).hit(limit, "api", *key)


def sign_in(house: House, name: str, peer: str, was_here: Callable[[], bool] = lambda: False) -> None:
    """Count an attempt to sign in as ``name`` from the address ``peer``. Raises TooFast. ``was_here``: whether he has
    signed in from there before; then others who try his name keep him out of nothing."""
    throttle, key = _of(house.settings.redis), hashed(ascii(name))
    throttle.hit(_OF_AN_ADDRESS, "peer", peer)
    try:
        throttle.hit(_OF_A_NAME, "name", key)
    except TooFast:
        if not was_here():
            raise
        throttle.hit(_OF_A_NAME, "name", key, peer)


@lru_cache(maxsize=4)
def _of(url: str) -> Throttle:
    return Throttle(url)


@lru_cache(maxsize=4)
def _parsed(rate: str) -> RateLimitItem | None:
    return None if rate == "none" else parse(rate)
