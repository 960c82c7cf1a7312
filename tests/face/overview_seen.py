"""Overviews made by hand, for what pages make of them."""

from dataclasses import replace
from typing import Any

from app.services.holdings import AccountView
from app.services.ops import Health
from app.services.overview import Overview, Speed
from app.services.pulse import BOUNDS, HOUR_MS, MINUTE_MS, Beat, Sums
from app.services.shapes import BatchView, Counts, Pace, SourceView

#: 2026-11-21 12:00:00 in Seoul.
NOON = 1_795_230_000_000
WELL = Health(2, 1, 0, None, True, True, True, NOON, 0.4, 3.0, ())
PACE = Pace(5.0, 10.0, NOON + HOUR_MS, "rate", None, None)
_ACCOUNT = AccountView(
    "naver/default", "naver", "10/s", 1.0, 250, 0, 1000, 750, 0, 250, None, None, NOON + 12 * HOUR_MS
)


def sums(ok: int = 0, failed: int = 0, cached: int = 0, ms: int = 100) -> Sums:
    """Readings, each of which took as long."""
    timed = ok + failed - cached
    place = next(n for n, bound in enumerate((*BOUNDS, 10**9)) if ms <= bound)
    times = tuple(timed if n == place else 0 for n in range(len(BOUNDS) + 1))
    return Sums(ok=ok, failed=failed, cached=cached, latency_ms=timed * ms, times=times)


def beats(**accounts: Sums) -> list[Beat]:
    """An hour of which only the last full minute has something; ``naver_default`` stands for ``naver/default``."""
    found = {key.replace("_", "/"): value for key, value in accounts.items()}
    starts = range(NOON - 59 * MINUTE_MS, NOON + 1, MINUTE_MS)
    return [Beat(at, MINUTE_MS, found if at == NOON - MINUTE_MS else {}) for at in starts]


def account(**values: Any) -> AccountView:
    return replace(_ACCOUNT, **values)


def batch(number: int = 7, *, counts: Counts | None = None, **values: Any) -> BatchView:
    """One that runs, half done."""
    counts = counts or Counts(ok=5)
    source = SourceView("naver.blog", values.get("state", "running"), 10, counts)
    plain = BatchView(
        number, "가을", "running", "default", 10, 10, 0, 0, 5, counts, NOON, NOON, None, "", None, 0, (source,)
    )
    return replace(plain, **values)


def overview_of(**values: Any) -> Overview:
    """An overview of a house in which nothing has happened, but for ``values``."""
    plain = Overview("hour", False, beats(), [None] * 60, {}, Speed(None, None), [], 0, False, [], {}, [], {}, [], WELL)
    return replace(plain, **values)
