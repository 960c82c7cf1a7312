"""Takes call slots of an account, for all processes and machines that share a Redis.

Each decision is one Lua step on Redis' clock (``take.lua``). The answer is a time, not a yes: a slot is a moment at
which one call may be made, and it is the taker's own.
"""

import itertools
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from redis import Redis

from app import clock
from workers.budget.values import Budget

#: Spacing beyond the exact one. Calls jitter on the way; without a margin, one over the limit lands in some sliding
#: second. 1.4 % leaves 14 ms for it and keeps the run above 0.98 of the limit.
MARGIN = 1.014
#: How far ahead slots are given out, in seconds: the most that a stopped slice leaves unused.
AHEAD_S = 0.25
#: Calls of this many seconds may not have reached the ledger when an emptied Redis asks for it.
UNSETTLED_S = 1.0
#: The lowest an unpublished or changed limit can cut the rate, as a part of it.
FLOOR = 0.02

_HERE = Path(__file__).parent
_tokens = itertools.count()


@dataclass(frozen=True, slots=True)
class Grant:
    """Slots taken: ``count`` of them, the first in ``first`` seconds from now, then every ``spacing`` seconds.
    ``tokens`` name them where concurrency is limited; give each to `Limiter.done` when its call has ended."""

    count: int
    first: float
    spacing: float
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing now: ask again in ``seconds``. ``ledger``: ask again at once, with what the ledger says of today."""

    seconds: float
    reason: Literal["rate", "concurrency", "quota", "ledger"]


def _fresh_s(budget: Budget) -> float:
    if budget.rate is None:
        return 0.0
    return AHEAD_S + 1 / budget.rate.per_second if budget.burst == 1 else budget.rate.seconds


class Limiter:
    """The budget of one account. ``call_s``: the longest a call may take, after which it no longer counts as under
    way (its process died)."""

    def __init__(self, redis: Redis, account: str, budget: Budget, call_s: float = 30.0) -> None:
        self.budget = budget
        self._redis = redis
        self._call_us = int((call_s + 5) * 1e6)
        #: After an emptied Redis: until then, slots given out before may still be used.
        self._fresh_us = int(1e6 * _fresh_s(budget))
        self._keys = [f"budget:{account}", f"budget:{account}:calls", "budget:born"]
        self._take = redis.register_script((_HERE / "take.lua").read_text())
        self._cut = redis.register_script((_HERE / "cut.lua").read_text())
        self._give = redis.register_script((_HERE / "give.lua").read_text())
        self._push = redis.register_script((_HERE / "push.lua").read_text())
        self._name = f"{os.getpid()}-{os.urandom(4).hex()}"

    def take(self, count: int, ledger: int | None = None) -> Grant | Wait:
        """Take up to ``count`` slots. ``ledger``: today's calls by the database, whenever it is at hand; the larger
        count of the two holds. Raises RedisError."""
        budget, rate = self.budget, self.budget.rate
        days = [start * 1000 for start in clock.day_starts(clock.now_ms(), budget.zone)]
        prefix = f"{self._name}-{next(_tokens)}-"
        arguments: Sequence[Any] = (
            count,
            int(1e6 * MARGIN / rate.per_second) if rate else 0,
            budget.burst,
            budget.concurrency or 0,
            -1 if budget.quota is None else budget.quota,
            *days,
            -1 if ledger is None else ledger,
            days[1],
            int(AHEAD_S * 1e6),
            self._call_us,
            prefix,
            self._fresh_us,
            math.ceil(rate.per_second * UNSETTLED_S) if rate else 0,
        )
        granted, first, spacing, reason, wait, _used, _factor = self._take(self._keys, arguments)
        if not granted:
            return Wait(wait / 1e6, reason.decode())
        tokens = tuple(f"{prefix}{n + 1}" for n in range(granted)) if budget.concurrency else ()
        return Grant(granted, max(first, 0) / 1e6, spacing / 1e6, tokens)

    def done(self, tokens: Sequence[str]) -> None:
        """The calls of these slots have ended. Raises RedisError."""
        if tokens:
            self._redis.zrem(self._keys[1], *tokens)

    def give(self, count: int, tokens: Sequence[str] = ()) -> None:
        """Give back slots whose calls were never made. Raises RedisError."""
        if count and self.budget.quota is not None:
            day = clock.day_starts(clock.now_ms(), self.budget.zone)[1] * 1000
            self._give(self._keys[:1], (count, day))
        self.done(tokens)

    def push(self, seconds: float) -> None:
        """A call left ``seconds`` after its slot: move the slots not yet given out, so that the one a full period
        after it keeps its distance. Raises RedisError."""
        self._push(self._keys[:1], (int(seconds * 1e6),))

    def cut(self, pause: float) -> float:
        """The upstream said "too fast": halve the rate for everyone, after a ``pause`` in seconds. What part of the
        limit is left. Raises RedisError."""
        factor: int = self._cut(self._keys[:1], (int(pause * 1e6), int(FLOOR * 1e6)))
        return factor / 1e6
