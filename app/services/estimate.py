"""When so many calls will have been made, by what binds: the rate, or the quota in days. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass

from app import clock
from app.services import ledger
from workers.budget.values import Budget

#: Days looked ahead; what takes longer has no end worth telling.
LONGEST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class Left:
    """Calls left now: of the day, of the month (None without such a quota); those kept for high priority taken off."""

    today: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """When it ends (UTC ms; None = not to be told), what decides that, and how many midnights it waits for."""

    at: int | None
    binds: str
    days: int = 0


def end(calls: int, budget: Budget, left: Left, now: int, *, part: float = 1.0, high: bool = False) -> End:
    """When ``calls`` calls will have been made from ``now`` on. ``part``: what is in force of the rate."""
    per_second = budget.rate.per_second * part if budget.rate else None
    if not budget.counted:
        return End(now + round(1000 * calls / per_second), "rate") if per_second else End(now, "speed")
    at, today, month, days = now, left.today, left.month, 0
    while days <= LONGEST_DAYS:
        turn = clock.day_starts(at, budget.zone)[2]
        by_rate = None if per_second is None else int((turn - at) / 1000 * per_second)
        can = _least(by_rate, today, month)
        if can is None or calls <= can:
            took = calls / per_second if per_second else 0.0
            return End(at + round(1000 * took), "quota" if days else "rate" if per_second else "speed", days)
        calls -= can
        days += by_rate is None or can < by_rate
        if month is not None:
            month = budget.monthly if clock.month_end(at, budget.zone) == turn else month - can
        today = None if budget.quota is None else budget.quota - (0 if high else budget.reserve)
        at = turn + ledger.GUARD_MS
    return End(None, "quota", days)


def ahead(mine: int, rank: int, others: Iterable[tuple[int, int]]) -> int:
    """Calls that will have been made when ``mine`` have: ``others`` are (rank of the priority, calls) of the batches
    that share the account. More urgent ones go first, equals take turns, less urgent ones wait."""
    return mine + sum(calls if other < rank else min(calls, mine) for other, calls in others if other <= rank)


def _least(*limits: int | None) -> int | None:
    known = [max(0, limit) for limit in limits if limit is not None]
    return min(known) if known else None
