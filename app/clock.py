"""The house's clock: UTC, in whole milliseconds since 1970.

Rows carry these, and leases are written by one host and compared by another. So where this host's own clock is off that
of Redis, every process here goes by Redis' (`follow`, which `app.services.bearings` calls). It is set in one step, back
too: spans are measured by `time.monotonic`, and an instant that is wrong for minutes does more harm than one that comes
twice.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_frozen: int | None = None
_shift = 0
_offset = 0


def now_ms() -> int:
    """Milliseconds since 1970-01-01T00:00Z, by the house's clock."""
    return _frozen if _frozen is not None else host_ms() + _offset + _shift


def host_ms() -> int:
    """The same by this host's own clock."""
    return time.time_ns() // 1_000_000


def offset_ms() -> int:
    """What is added to this host's own clock."""
    return _offset


def follow(offset_ms: int) -> None:
    """Let the house's clock be this host's own, plus so much, from now on."""
    global _offset
    _offset = offset_ms


@contextmanager
def frozen(at_ms: int) -> Iterator[None]:
    """Let tests stand still at ``at_ms``."""
    global _frozen
    before, _frozen = _frozen, at_ms
    try:
        yield
    finally:
        _frozen = before


@contextmanager
def starting(at_ms: int) -> Iterator[None]:
    """Let tests live from ``at_ms`` on: the clock goes as it does, from there. May be nested to jump ahead."""
    global _shift
    before, _shift = _shift, at_ms - host_ms() - _offset
    try:
        yield
    finally:
        _shift = before


def at(ms: int, zone: str = "UTC") -> datetime:
    """The instant ``ms`` as an aware datetime in ``zone``."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(ZoneInfo(zone))


def iso(ms: int) -> str:
    """``2026-11-21T03:04:05.678Z``: how an instant is written on every wire."""
    return at(ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def day(ms: int, zone: str) -> str:
    """The calendar day of ``ms`` in ``zone``, as ``YYYY-MM-DD``."""
    return at(ms, zone).date().isoformat()


def month_end(ms: int, zone: str) -> int:
    """When the calendar month of ``ms`` ends in ``zone``, in milliseconds."""
    today = at(ms, zone).date()
    following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return int(datetime(following.year, following.month, 1, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def day_starts(ms: int, zone: str, days: int = 3) -> list[int]:
    """When the calendar day before ``ms`` and the following ones begin in ``zone``, in milliseconds.

    The first entry is yesterday's start; days of 23 or 25 hours come out right.
    """
    today = at(ms, zone).date()
    tz = ZoneInfo(zone)
    starts = (today + timedelta(days=n) for n in range(-1, days - 1))
    return [int(datetime(d.year, d.month, d.day, tzinfo=tz).timestamp() * 1000) for d in starts]
