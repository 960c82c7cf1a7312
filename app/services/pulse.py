"""The pulse: how much upstreams answered, how fast, how often in vain, minute by minute.

Flushes write it, in their own transaction, so it says what is stored and nothing else. It is about accounts and knows
no batches, keywords or workspaces. A minute of which there is nothing is a gap: nothing was read in it.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Row

from app import clock
from app.repositories import pulse
from app.repositories.pulse import BOUNDS, BUCKETS, SUMS
from app.services.house import House
from app.services.lanes import Outcome
from app.sources import registry

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
#: How long it is kept, and how much of it is removed at a time.
KEEP_MS = 8 * DAY_MS
STEP_MS = 2 * HOUR_MS
#: The day is told in spans of this.
SPAN_MS = 10 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Sums:
    """Readings by state; ``cached`` of them were answered by earlier readings and cost no call. Those that waited for
    an upstream did so for ``latency_ms`` together; ``times``: how many of them for up to each of `BOUNDS`, and the
    rest."""

    ok: int = 0
    below: int = 0
    missing: int = 0
    failed: int = 0
    cached: int = 0
    latency_ms: int = 0
    times: tuple[int, ...] = (0,) * len(BUCKETS)

    @property
    def readings(self) -> int:
        return self.ok + self.below + self.missing + self.failed

    @property
    def asked(self) -> int:
        """Readings that no earlier one answered."""
        return self.readings - self.cached

    @property
    def mean_ms(self) -> float | None:
        """The mean answer time; None where nobody waited for one."""
        timed = sum(self.times)
        return self.latency_ms / timed if timed else None

    def within_ms(self, part: float) -> float | None:
        """The least of `BOUNDS` within which at least ``part`` of the answers came; infinite where none of them is
        long enough, None where nobody waited for an answer."""
        timed = sum(self.times)
        if not timed:
            return None
        place = next(n for n, many in enumerate(accumulate(self.times)) if many >= part * timed)
        return BOUNDS[place] if place < len(BOUNDS) else float("inf")

    def and_(self, other: "Sums") -> "Sums":
        """These and those of ``other``."""
        return Sums(
            self.ok + other.ok,
            self.below + other.below,
            self.missing + other.missing,
            self.failed + other.failed,
            self.cached + other.cached,
            self.latency_ms + other.latency_ms,
            tuple(a + b for a, b in zip(self.times, other.times, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Beat:
    """What was stored from ``at`` (UTC ms) on for ``span_ms``, by account; none of them: a gap."""

    at: int
    span_ms: int
    accounts: Mapping[str, Sums]


def note(connection: Connection, account: str, outcomes: Sequence[Outcome]) -> None:
    """Count ``outcomes``, which this transaction stores, as said to ``account`` now. It writes one row, and should do
    so last: whoever else flushes with this account in this minute waits for the end of the transaction."""
    if not outcomes:
        return
    sums: Counter[str] = Counter([outcome.reading.state for outcome in outcomes])
    # What cannot be asked at all has no attempt and was not waited for; no offline source is.
    timed = [] if is_offline(account) else [one.latency_ms for one in outcomes if one.attempts and not one.from_cache]
    sums.update([BUCKETS[bisect_left(BOUNDS, ms)] for ms in timed])
    sums["latency_ms"] = sum(timed)
    sums["cached"] = sum([outcome.from_cache for outcome in outcomes])
    now = clock.now_ms()
    pulse.add(connection, account, now - now % MINUTE_MS, sums)


def is_offline(account: str) -> bool:
    """Whether no call is made with an account: its upstream answers by itself."""
    upstream = registry.upstreams().get(account.partition("/")[0])
    return upstream is not None and upstream.offline


def hour(house: House) -> list[Beat]:
    """The last 60 minutes, one by one; the last of them is under way. Raises DatabaseDown."""
    return _beats(house, HOUR_MS, MINUTE_MS)


def day(house: House) -> list[Beat]:
    """The last 24 hours in spans of ten minutes; the last of them is under way. Raises DatabaseDown."""
    return _beats(house, DAY_MS, SPAN_MS)


def _beats(house: House, length: int, step: int) -> list[Beat]:
    now = clock.now_ms()
    last = now - now % step
    starts = range(last + step - length, last + 1, step)
    found: dict[int, dict[str, Sums]] = defaultdict(dict)
    with house.db.read() as connection:
        for row in pulse.between(connection, starts[0], last + step, step):
            found[int(row.at)][row.account] = _sums(row)
    return [Beat(at, min(step, now - at) if at == last else step, found.get(at, {})) for at in starts]


def lately(house: House) -> dict[tuple[str, int], int]:
    """Lookups asked by calls in this minute and the two before it, by account and minute. Raises DatabaseDown."""
    now = clock.now_ms()
    minute = now - now % MINUTE_MS
    with house.db.read() as connection:
        rows = pulse.between(connection, minute - 2 * MINUTE_MS, minute + MINUTE_MS, MINUTE_MS)
    return {(row.account, int(row.at)): _sums(row).asked for row in rows if not is_offline(row.account)}


def upstreams(house: House) -> dict[str, Sums]:
    """What each upstream was asked for in the last hour. Raises DatabaseDown."""
    return by_upstream(by_account(hour(house)))


def by_account(beats: Iterable[Beat]) -> dict[str, Sums]:
    """All beats together."""
    return _together((account, sums) for beat in beats for account, sums in beat.accounts.items())


def by_upstream(accounts: Mapping[str, Sums]) -> dict[str, Sums]:
    """The accounts of each upstream together."""
    return _together((account.partition("/")[0], sums) for account, sums in accounts.items())


def total(found: Iterable[Sums]) -> Sums:
    """All of them together."""
    return _together(("", sums) for sums in found).get("", Sums())


def _together(found: Iterable[tuple[str, Sums]]) -> dict[str, Sums]:
    sums: dict[str, Sums] = {}
    for key, more in found:
        sums[key] = sums[key].and_(more) if key in sums else more
    return sums


def today(house: House, zone: str) -> dict[str, Sums]:
    """What each account was asked for since midnight in ``zone``. Raises DatabaseDown."""
    now = clock.now_ms()
    start = clock.day_starts(now, zone)[1]
    with house.db.read() as connection:
        rows = pulse.between(connection, start, now + MINUTE_MS, 2 * DAY_MS)
    return _together((row.account, _sums(row)) for row in rows)


def _sums(row: Row[Any]) -> Sums:
    counts = {name: int(getattr(row, name)) for name in SUMS if name not in BUCKETS}
    return Sums(**counts, times=tuple(int(getattr(row, name)) for name in BUCKETS))


def clean(house: House) -> int:
    """Remove some of what is older than eight days: how many rows. Raises DatabaseDown."""
    end = clock.now_ms() - KEEP_MS
    with house.db.read() as connection:
        oldest = pulse.oldest(connection)
    if oldest is None or oldest >= end:
        return 0
    with house.db.work() as work:
        return pulse.forget(work.connection, min(end, oldest + STEP_MS))
