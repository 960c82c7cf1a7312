"""Troubles that a process has met, told to all through Redis: what one host sees, the ops page of another one shows.

Each is forgotten a minute after it was met last.
"""

import socket
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from redis import Redis
from redis.exceptions import RedisError

from app import clock
from app.errors import DiskFull, KeybatchError
from app.log import get

log = get(__name__)
KEY: Final = "keybatch:troubles"
#: How long one is told after it was met last, in milliseconds.
FRESH_MS: Final = 60_000
#: Seconds between two times that a process tells of the same.
AGAIN_S: Final = 5.0
_last: dict[tuple[int, str], float] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Met:
    """A trouble: its ``code``, the ``host`` that met it last ``at`` (UTC ms), and where."""

    code: str
    host: str
    at: int
    where: str


def tell(redis: Redis, error: KeybatchError) -> None:
    """Tell of ``error`` if it is one that no look at a host would find; the log says so too."""
    if isinstance(error, DiskFull) and _due((id(redis), error.code)):
        log.error(error.code, why=error.sentence())
        met = {"at": clock.now_ms(), "where": str(error.facts.get("where", ""))}
        try:
            with redis.pipeline(transaction=False) as write:
                write.hset(KEY, f"{error.code} {host()}", orjson.dumps(met).decode())
                write.pexpire(KEY, 10 * FRESH_MS)
                write.execute()
        except RedisError:
            pass  # the log has it


def _due(key: tuple[int, str]) -> bool:
    with _lock:
        due = time.monotonic() - _last.get(key, float("-inf")) > AGAIN_S
        if due:
            _last[key] = time.monotonic()
    return due


def met(told: dict[bytes, bytes], now: int) -> list[Met]:
    """What Redis has under `KEY`, as far as it is fresh; the latest first."""
    found = []
    for field, value in told.items():
        code, _, name = field.decode().partition(" ")
        facts: Any = orjson.loads(value)
        if now - facts["at"] < FRESH_MS:
            found.append(Met(code, name, facts["at"], facts["where"]))
    return sorted(found, key=lambda one: -one.at)


@cache
def host() -> str:
    """What this host is called."""
    return socket.gethostname()
