"""Takes call slots of an account, for all processes and machines that share a Redis.

Each decision is one Lua step on Redis' clock (``take.lua``). The answer is a time, not a yes: a slot is a moment at
which one call may be made, and it is the taker's own. Quotas are not kept here but in the ledger, in the database.
"""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from redis import Redis

from workers.budget.values import Budget

#: Spacing beyond the exact one. Calls jitter on the way; without a margin, one over the limit lands in some sliding
#: second. 1.4 % leaves 14 ms for it and keeps the run above 0.98 of the limit.
MARGIN = 1.014
#: How far ahead slots are given out, in seconds: the most that a stopped slice leaves unused.
AHEAD_S = 0.25
#: The lowest an unpublished or changed limit can cut the rate, as a part of it.
FLOOR = 0.02
#: What a rate that was cut regains a second, as a part of the limit.
CREEP = 0.02
#: Cuts further apart than this, in seconds, have nothing to do with each other: pauses begin with the shortest.
AGAIN_S = 900.0
#: How long a taker who got less than he could use goes before less urgent ones, in seconds: he asks again sooner.
FIRST_S = 0.3

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
    """Nothing now: ask again in ``seconds``."""

    seconds: float
    reason: Literal["rate", "concurrency"]


def _fresh_s(budget: Budget) -> float:
    if budget.rate is None:
        return 0.0
    return AHEAD_S + 1 / budget.rate.per_second if budget.burst == 1 else budget.rate.seconds


class Limiter:
    """Rate and concurrency of one account. ``call_s``: the longest a call may take, after which it no longer counts as
    under way (its process died). ``rank`` of the taker's priority: 0 is the most urgent; as long as a taker could use
    more than the limit gives, less urgent ones get nothing."""

    def __init__(self, redis: Redis, account: str, budget: Budget, call_s: float = 30.0, rank: int = 0) -> None:
        self.budget = budget
        self._redis, self._rank = redis, rank
        self._call_us = int((call_s + 5) * 1e6)
        #: After an emptied Redis: until then, slots given out before may still be used.
        self._fresh_us = int(1e6 * _fresh_s(budget))
        self._keys = [_key(account), f"{_key(account)}:calls", "budget:born"]
        self._take = redis.register_script((_HERE / "take.lua").read_text())
        self._cut = redis.register_script((_HERE / "cut.lua").read_text())
        self._pause = redis.register_script((_HERE / "pause.lua").read_text())
        self._push = redis.register_script((_HERE / "push.lua").read_text())
        self._name = f"{os.getpid()}-{os.urandom(4).hex()}"

    def take(self, count: int) -> Grant | Wait:
        """Take up to ``count`` slots. Raises RedisError."""
        budget, rate = self.budget, self.budget.rate
        prefix = f"{self._name}-{next(_tokens)}-"
        arguments: Sequence[Any] = (
            count,
            int(1e6 * MARGIN / rate.per_second) if rate else 0,
            budget.burst,
            budget.concurrency or 0,
            int(AHEAD_S * 1e6),
            self._call_us,
            prefix,
            self._fresh_us,
            int(CREEP * 1e6),
            self._rank,
            int(FIRST_S * 1e6),
        )
        granted, first, spacing, reason, wait, _factor = self._take(self._keys, arguments)
        if not granted:
            return Wait(wait / 1e6, reason.decode())
        tokens = tuple(f"{prefix}{n + 1}" for n in range(granted)) if budget.concurrency else ()
        return Grant(granted, max(first, 0) / 1e6, spacing / 1e6, tokens)

    def done(self, tokens: Sequence[str]) -> None:
        """The calls of these slots have ended, or were never made. Raises RedisError."""
        if tokens:
            self._redis.zrem(self._keys[1], *tokens)

    def push(self, seconds: float) -> None:
        """A call left ``seconds`` after its slot: move the slots not yet given out, so that the one a full period
        after it keeps its distance. Raises RedisError."""
        self._push(self._keys[:1], (int(seconds * 1e6),))

    def pause(self, seconds: float) -> None:
        """The upstream wants to be left alone: no slot before ``seconds`` from now. Raises RedisError."""
        self._pause(self._keys[:1], (int(seconds * 1e6),))

    def cut(self, *pauses: float) -> tuple[float, float]:
        """The upstream said "too fast": halve the rate for everyone, after a pause: the first of ``pauses`` (seconds),
        the next one if it said so a while ago already, and so on. What part of the limit is left, and the pause.
        Raises RedisError."""
        settings = (int(FLOOR * 1e6), int(CREEP * 1e6), int(AGAIN_S * 1e6))
        factor, pause = self._cut(self._keys[:1], (*settings, *(int(one * 1e6) for one in pauses)))
        return factor / 1e6, pause / 1e6


def part_left(redis: Redis, account: str) -> float:
    """What part of an account's rate is in force now: 1.0, or less after a cut. Raises RedisError."""
    state: Any = redis.hmget(_key(account), ["factor", "factor_at"])
    if state[0] is None or float(state[0]) >= 1:
        return 1.0
    now: Any = redis.time()
    since = now[0] + now[1] / 1e6 - float(state[1]) / 1e6
    return float(min(1.0, float(state[0]) + max(0.0, since) * CREEP))


def _key(account: str) -> str:
    return f"budget:{account}"
