"""What to do about an error, as a pure rule: no clock, no Redis, no queue."""

import random
from dataclasses import dataclass

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError

#: Attempts before a lookup is given up, by error class.
ATTEMPTS: dict[type[UpstreamError], int] = {Unreachable: 5, Unreadable: 3}
#: The longest pause before another attempt, in seconds.
CAP_S = 30.0
BASE_S = 0.5
#: A pause that an upstream asks for is sat out up to this; longer ones the batch spends waiting, in seconds.
SIT_OUT_S = 10.0
#: Failures in a row after which an upstream counts as down.
DOWN_AFTER = 10
#: How long an upstream that is down is left alone: 1 s doubling to 30 s.
DOWN_CAP_S = 30.0
#: How long refused credentials are left alone before they are tried once more.
CREDENTIALS_S = 300.0


@dataclass(frozen=True, slots=True)
class Again:
    """Ask once more after ``seconds``. ``counts``: whether this was an attempt (being told to wait is none)."""

    seconds: float
    counts: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The lookup has failed; its reading says why."""


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing more for now from this account: its sources wait, the lookup stays unread. ``seconds`` is None where
    something else says how long (the day must turn, a pause doubles)."""

    reason: str
    seconds: float | None


Decision = Again | GiveUp | Halt


def decide(error: UpstreamError, failures: int, jitter: float | None = None) -> Decision:
    """What to do after ``error`` on a lookup that has failed ``failures`` times, this time included.

    ``jitter`` in [0, 1) picks the pause between nothing and the full back-off; by default it is drawn at random.
    """
    draw = random.random() if jitter is None else jitter  # noqa: S311 -- spreads calls, guards nothing
    if isinstance(error, QuotaSpent):
        return Halt("quota", error.retry_after)
    if isinstance(error, BadCredentials):
        return Halt("credentials", None)
    asked = error.retry_after
    if isinstance(error, Throttled | Unreachable) and asked is not None and asked > SIT_OUT_S:
        return Halt("throttled" if isinstance(error, Throttled) else "upstream_down", asked)
    if isinstance(error, Throttled):
        return Again(asked if asked is not None else draw, counts=False)
    if isinstance(error, Rejected) or failures >= ATTEMPTS.get(type(error), 1):
        return GiveUp()
    pause = draw * min(CAP_S, BASE_S * 2 ** min(failures, 16))
    return Again(max(pause, min(asked or 0.0, CAP_S)), counts=True)


def in_doubt(error: UpstreamError) -> bool:
    """Whether the error may as well be the upstream's own trouble, not this lookup's."""
    return isinstance(error, Unreachable)


def down_for(waits: int) -> float:
    """Seconds an upstream that is down is left alone, after it has been so ``waits`` times in a row."""
    return min(DOWN_CAP_S, 2.0 ** min(waits, 16))
