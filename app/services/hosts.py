"""Hosts of a house, as their processes tell of them: versions, clocks, room on their disks, keys that do not fit."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import orjson
from redis import Redis

from app import clock
from app.services.troubles import host

KEY: Final = "keybatch:hosts"
#: A process that has told nothing for so long is gone, in milliseconds; `app.services.vigil` tells more often.
FRESH_MS: Final = 60_000
#: Less room than this on a disk is none: a database or an upload would not fit.
FULL: Final = 64_000_000
#: … and less than this, or than a twentieth of the disk, if that is not much more, is little.
LITTLE, _LITTLE_PART, _LITTLE_MOST = 1_000_000_000, 20, 10_000_000_000


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A process. ``kind``: ``web``, ``workers`` (a pool) or ``scheduler``; ``serves``: the upstreams of a pool, and
    ``keyed``: those of them that its settings have credentials for; ``ahead_ms``: how far its host's clock is ahead of
    Redis', None where that is not known; ``free`` and ``size``: bytes of the disk of its data ``folder``; ``locked``:
    accounts that its key does not open; ``newer``: the revision of tables that it does not know. ``seen_at`` (UTC
    ms)."""

    kind: str
    pid: int
    host: str
    version: str
    seen_at: int
    serves: tuple[str, ...] = ()
    ahead_ms: int | None = None
    folder: str = ""
    free: int | None = None
    size: int | None = None
    locked: tuple[str, ...] = ()
    newer: str = ""
    keyed: tuple[str, ...] = ()


def myself(kind: str, version: str, serves: Sequence[str] = ()) -> ProcessView:
    """This process."""
    return ProcessView(kind, os.getpid(), host(), version, clock.now_ms(), tuple(serves))


def tell(redis: Redis, one: ProcessView) -> None:
    """Tell of a process. Raises RedisError."""
    redis.hset(KEY, _field(one), orjson.dumps(asdict(one)).decode())


def leave(redis: Redis, one: ProcessView) -> None:
    """It ends. Raises RedisError."""
    redis.hdel(KEY, _field(one))


def tidy(redis: Redis) -> None:
    """Forget those that were killed. Raises RedisError."""
    told: Any = redis.hgetall(KEY)
    gone = [field for field, value in told.items() if not _fresh(orjson.loads(value), clock.now_ms())]
    if gone:
        redis.hdel(KEY, *gone)


def processes(told: dict[bytes, bytes], now: int) -> list[ProcessView]:
    """Those that live, by what Redis has under `KEY`; by host and kind."""
    found = [orjson.loads(value) for value in told.values()]
    views = [_view(one) for one in found if _fresh(one, now)]
    return sorted(views, key=lambda one: (one.host, one.kind, one.pid))


def _view(told: dict[str, Any]) -> ProcessView:
    """Of what a process of another version tells besides, nothing is known here."""
    known = {one.name for one in fields(ProcessView)}
    values: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in told.items()}
    return ProcessView(**{name: value for name, value in values.items() if name in known})


def _fresh(one: dict[str, Any], now: int) -> bool:
    return bool(now - one["seen_at"] < FRESH_MS)


def _field(one: ProcessView) -> str:
    return f"{one.host} {one.kind} {one.pid}"


def room(folder: Path) -> tuple[int | None, int | None]:
    """Bytes that are free and that there are on the disk of ``folder``, or of the one it will be made in; None where
    that cannot be told."""
    there = next((one for one in (folder.absolute(), *folder.absolute().parents) if one.exists()), folder)
    try:
        found = shutil.disk_usage(there)
    except OSError:
        return None, None
    return found.free, found.total


def little(free: int | None, size: int | None) -> bool:
    """Whether so little room is left that somebody should see to it."""
    if free is None or size is None:
        return False
    return free < max(LITTLE, min(size // _LITTLE_PART, _LITTLE_MOST))


def full(free: int | None) -> bool:
    """Whether there is as good as none."""
    return free is not None and free < FULL
