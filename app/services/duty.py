"""Which of several schedulers is active: the one that holds a lease in Redis, renewed while it lives. The others stand
by, and one of them takes over when it is let go of or runs out.

An emptied Redis makes two active until the older one looks again; one whose Redis is away is active no longer than its
lease lasts. What a scheduler does may be done twice (a job has an id of its own), so neither does harm.
"""

import time
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

from app.log import get

log = get(__name__)
KEY: Final = "keybatch:scheduler"
#: How long the lease lasts without being renewed, how often it is, and how often those who stand by look.
LEASE_MS: Final = 8_000
RENEW_S: Final = 2.0
STAND_BY_S: Final = 1.0

_RENEW: Final = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0"
_LEAVE: Final = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0"


class Duty:
    """The lease as seen by the scheduler called ``name``, which no other one is."""

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis, self.name = redis, name
        self._renew, self._leave = redis.register_script(_RENEW), redis.register_script(_LEAVE)
        self._until = 0.0
        #: What `held` said last.
        self.holds: bool | None = None

    def held(self) -> bool:
        """Whether this one is active: takes or renews the lease. Without Redis it is for as long as the lease lasts."""
        began = time.monotonic()
        try:
            ours = self._renew([KEY], [self.name, LEASE_MS])
            if ours or self._redis.set(KEY, self.name, nx=True, px=LEASE_MS):
                self._until = began + LEASE_MS / 1000
            else:
                self._until = 0.0
        except RedisError:
            pass
        held = began < self._until
        if held != self.holds:
            log.info("scheduler_active" if held else "scheduler_stands_by", name=self.name)
        self.holds = held
        return held

    def leave(self) -> None:
        """Let another one take over at once."""
        self._until = 0.0
        try:
            self._leave([KEY], [self.name])
        except RedisError:
            pass  # then it takes over when the lease is over


def active(told: bytes | None) -> str:
    """The name of the active scheduler, by what Redis has under `KEY`; "" for none."""
    return told.decode() if told else ""


def on(redis: Redis) -> str:
    """The same, asked now. Raises RedisError."""
    told: Any = redis.get(KEY)
    return active(told)
