"""The ledger of calls: a slice reserves calls of the day's quota before it makes them and settles what it made.

All of it is in the database, in the transactions that slices make anyway. So the count is right to the call whatever is
lost: an emptied Redis knows nothing of quotas, and what a killed slice had reserved is settled from its tally.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from app import clock
from app.queue import Slice
from app.repositories import usage
from app.services import tally
from app.settings import Settings
from workers.budget.values import Budget

#: No call is made so near to the turn of a day, on either side: the upstream's clock may be off by as much.
GUARD_MS = 2_000
#: How soon to ask again while other slices hold what is left of the day.
OTHERS_MS = 500


@dataclass(frozen=True, slots=True)
class Allowance:
    """``granted`` calls may be made before ``until`` (UTC ms), counted on ``day``. With none granted: ask again at
    ``until``; ``spent`` then says that the quota is gone until that moment."""

    granted: int
    until: int
    day: str = ""
    spent: bool = False


def reserve(
    connection: Connection,
    account: str,
    budget: Budget,
    want: int,
    *,
    high: bool,
    settled: tuple[str, int, int] = ("", 0, 0),
) -> Allowance:
    """Reserve up to ``want`` calls of ``account``, after settling (day, calls, reserved) as `settle` does. The last
    `Budget.reserve` calls of a day are for ``high`` priority only. The account's row of today stays locked until the
    transaction ends."""
    now = clock.now_ms()
    _, start, end = clock.day_starts(now, budget.zone)
    day = clock.day(now, budget.zone)
    before, made, back = settled
    if before != day:
        settle(connection, account, budget, before, made, back)
        made = back = 0
    spent = _add(connection, account, budget, day, made, -back)
    if now < start + GUARD_MS or now >= end - GUARD_MS:
        return Allowance(0, (start if now < start + GUARD_MS else end) + GUARD_MS)
    granted = want
    for limit, made, promised, until in _limits(connection, account, budget, day, end, spent, high=high):
        if made >= limit:
            return Allowance(0, until + GUARD_MS, day, spent=True)
        granted = min(granted, limit - made - promised)
    if granted <= 0:
        return Allowance(0, now + OTHERS_MS, day)
    _add(connection, account, budget, day, 0, granted)
    return Allowance(granted, end - GUARD_MS, day)


def _add(
    connection: Connection, account: str, budget: Budget, day: str, calls: int, reserved: int
) -> list[tuple[int, int]]:
    """Add to what the account has made and reserved, and to what its part has: how much each of them has now."""
    return [usage.add(connection, key, day, calls, reserved) for key in _keys(account, budget)]


def _keys(account: str, budget: Budget) -> list[str]:
    return [account, part_key(account, budget.part)] if budget.part else [account]


def part_key(account: str, part: str) -> str:
    """The name under which the ledger counts a channel that its upstream limits by itself."""
    return f"{account}#{part}"


def _limits(
    connection: Connection,
    account: str,
    budget: Budget,
    day: str,
    end: int,
    today: list[tuple[int, int]],
    *,
    high: bool,
) -> list[tuple[int, int, int, int]]:
    """(limit, made, reserved, renewed at) of the month, of the day and of the part's day: what is renewed last comes
    first."""
    found = []
    if budget.monthly is not None:
        month = usage.in_month(connection, account, day[:7])
        found.append((budget.monthly, *month, clock.month_end(clock.now_ms(), budget.zone)))
    if budget.quota is not None:
        found.append((budget.quota - (0 if high else budget.reserve), *today[0], end))
    if budget.part_quota is not None:
        found.append((budget.part_quota, *today[-1], end))
    return found


def spend_one(connection: Connection, account: str, budget: Budget) -> bool:
    """Count one call that is about to be made by itself; False when the quota does not allow it."""
    day = clock.day(clock.now_ms(), budget.zone)
    if budget.counted:
        allowance = reserve(connection, account, budget, 1, high=True)
        if not allowance.granted:
            return False
        day = allowance.day
    settle(connection, account, budget, day, 1, 1 if budget.counted else 0)
    return True


def settle(connection: Connection, account: str, budget: Budget, day: str, calls: int, reserved: int) -> None:
    """``calls`` were made on ``day``; ``reserved`` of that day are reserved no longer (those made among them)."""
    if calls or reserved:
        _add(connection, account, budget, day, calls, -reserved)


def bury(connection: Connection, settings: Settings, lane: Row[Any], account: str, budget: Budget) -> None:
    """Settle what a slice left behind that did not hand its lane back. Without its tally, all it had reserved counts
    as made. ``lane`` is its claim, held by this transaction."""
    made = tally.left_by(settings, Slice(lane.batch_id, lane.source, lane.lane, lane.generation))
    calls = lane.reserved if made is None else max(0, made - lane.settled)
    if budget.counted:
        calls = min(calls, lane.reserved)
    settle(connection, account, budget, lane.day or clock.day(clock.now_ms(), budget.zone), calls, lane.reserved)
