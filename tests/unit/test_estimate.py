"""When it ends: the arithmetic against days that are lived through call by call."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.services.estimate import End, Left, ahead, end
from app.services.ledger import GUARD_MS
from workers.budget.values import Budget, Rate

#: With and without summer time; some turn their clocks at midnight itself.
ZONES = [
    "Asia/Seoul",
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Havana",
    "America/Santiago",
    "Asia/Beirut",
]
YEAR = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
DAY_MS = 86_400_000
BARE = settings(max_examples=70, deadline=None)

moments = st.integers(YEAR, YEAR + 366 * DAY_MS)
parts = st.just(1.0) | st.floats(0.02, 1.0)
rates = st.builds(Rate, st.integers(1, 50), st.sampled_from([1.0, 60.0])) | st.builds(
    Rate, st.integers(50, 500), st.just(3600.0)
)


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """A rate, a day's and a month's quota, each or none."""
    quota = draw(st.none() | st.integers(1, 300))
    return Budget(
        rate=draw(st.none() | rates),
        quota=quota,
        monthly=draw(st.none() | st.integers(40, 2_000)),
        reserve=0 if quota is None else draw(st.integers(0, quota - 1)),
        zone=draw(st.sampled_from(ZONES)),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Budget, Left]:
    """A budget and what is left of it."""
    budget = draw(budgets())
    today = None if budget.quota is None else draw(st.integers(0, budget.quota - budget.reserve))
    month = None if budget.monthly is None else draw(st.integers(0, budget.monthly))
    return budget, Left(today, month)


def local_date(ms: int, zone: str) -> date:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).astimezone(ZoneInfo(zone)).date()


@cache
def turn_of(day: date, zone: str) -> int:
    """The moment at which ``day`` is over, found on the clock of its zone."""
    low = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) - DAY_MS
    high = low + 4 * DAY_MS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if local_date(middle, zone) > day else (middle, high)
    return high


def lived(calls: int, budget: Budget, left: Left, now: int, part: float, *, high: bool) -> End:
    """Make the calls one by one."""
    step = Fraction(1000) / Fraction(budget.rate.per_second * part) if budget.rate else None
    at, today, month, days = Fraction(now), left.today, left.month, 0
    while calls:
        day = local_date(int(at), budget.zone)
        turn = turn_of(day, budget.zone)
        if step is not None and at + step > turn:
            pass
        elif today == 0 or month == 0:
            days += 1
        else:
            at += step or 0
            calls -= 1
            today = None if today is None else today - 1
            month = None if month is None else month - 1
            continue
        if month is not None and (day + timedelta(days=1)).day == 1:
            month = budget.monthly
        today = None if budget.quota is None else budget.quota - (0 if high else budget.reserve)
        at = Fraction(turn + GUARD_MS)
    return End(round(at), "quota" if days else "rate" if budget.rate else "speed", days)


@BARE
@given(cases(), st.integers(0, 400), moments, parts, st.booleans())
def test_it_ends_when_the_days_that_are_lived_through_do(
    case: tuple[Budget, Left], calls: int, now: int, part: float, high: bool
) -> None:
    budget, left = case
    assume(budget.counted)

    told = end(calls, budget, left, now, part=part, high=high)
    truth = lived(calls, budget, left, now, part, high=high)

    assert told.at is not None
    assert truth.at is not None
    assert abs(told.at - truth.at) <= 2
    assert (told.binds, told.days) == (truth.binds, truth.days)


@BARE
@given(rates, st.integers(0, 10**6), moments, parts)
def test_without_a_quota_no_midnight_matters(rate: Rate, calls: int, now: int, part: float) -> None:
    told = end(calls, Budget(rate=rate, zone="Asia/Seoul"), Left(), now, part=part)

    assert (told.binds, told.days) == ("rate", 0)
    assert told.at == pytest.approx(now + 1000 * calls / (rate.per_second * part), abs=2)


@BARE
@given(cases(), st.integers(0, 1_500), st.integers(0, 1_500), moments, parts)
def test_more_calls_never_end_earlier(case: tuple[Budget, Left], calls: int, more: int, now: int, part: float) -> None:
    first, then = (end(n, *case, now, part=part) for n in (calls, calls + more))

    assert first.at is not None
    assert then.at is not None
    assert first.at <= then.at
    assert first.days <= then.days


@BARE
@given(cases(), st.integers(0, 1_500), moments, parts, st.integers(1, 500))
def test_a_larger_quota_never_ends_later(
    case: tuple[Budget, Left], calls: int, now: int, part: float, more: int
) -> None:
    budget, left = case
    was = end(calls, budget, left, now, part=part).at
    assert was is not None
    larger = [
        (replace(budget, quota=budget.quota and budget.quota + more), left),
        (replace(budget, monthly=budget.monthly and budget.monthly + more), left),
        (budget, replace(left, today=left.today and left.today + more)),
        (budget, replace(left, month=left.month and left.month + more)),
        (replace(budget, reserve=0), left),
        (replace(budget, quota=None, monthly=None, reserve=0), Left()),
    ]

    for easier, has in larger:
        found = end(calls, easier, has, now, part=part).at
        assert found is not None
        assert found <= was
    urgent = end(calls, budget, left, now, part=part, high=True).at
    assert urgent is not None
    assert urgent <= was


@BARE
@given(cases(), st.integers(0, 1_500), moments, parts, st.floats(1, 100))
def test_a_larger_rate_never_ends_later(
    case: tuple[Budget, Left], calls: int, now: int, part: float, times: float
) -> None:
    budget, left = case
    assume(budget.rate is not None)
    assert budget.rate is not None
    faster = replace(budget, rate=Rate(budget.rate.calls * times, budget.rate.seconds))
    found = [
        end(calls, budget, left, now, part=part).at,
        end(calls, faster, left, now, part=part).at,
        end(calls, replace(budget, rate=None), left, now, part=part).at,
    ]

    assert None not in found
    assert found == sorted(found, reverse=True)  # type: ignore[type-var] -- none is None


NOON = int(datetime.fromisoformat("2026-11-21T12:00:00+09:00").timestamp() * 1000)
MIDNIGHT = NOON + 12 * 3_600_000
DAILY = Budget(rate=Rate(10, 1.0), quota=1_000, zone="Asia/Seoul")


@pytest.mark.parametrize(
    ("calls", "left", "expected"),
    [
        (0, 1_000, End(NOON, "rate", 0)),
        (0, 0, End(NOON, "rate", 0)),
        (1, 1_000, End(NOON + 100, "rate", 0)),
        (1_000, 1_000, End(NOON + 100_000, "rate", 0)),
        (1_001, 1_000, End(MIDNIGHT + GUARD_MS + 100, "quota", 1)),
        (2_000, 1_000, End(MIDNIGHT + GUARD_MS + 100_000, "quota", 1)),
        (2_001, 1_000, End(MIDNIGHT + DAY_MS + GUARD_MS + 100, "quota", 2)),
        (1, 0, End(MIDNIGHT + GUARD_MS + 100, "quota", 1)),
    ],
)
def test_what_binds_is_right_at_the_edges_of_a_quota(calls: int, left: int, expected: End) -> None:
    assert end(calls, DAILY, Left(today=left), NOON) == expected


def test_a_quota_of_one_takes_a_day_a_call() -> None:
    one = Budget(quota=1, zone="Asia/Seoul")

    assert [end(n, one, Left(today=1), NOON).days for n in range(5)] == [0, 0, 1, 2, 3]
    assert end(2, one, Left(today=1), NOON).at == MIDNIGHT + GUARD_MS


def test_nothing_that_limits_leaves_the_end_to_the_speed() -> None:
    assert end(10**6, Budget(), Left(), NOON) == End(NOON, "speed", 0)


def test_a_rate_that_lasts_past_midnight_waits_for_no_quota() -> None:
    slow = Budget(rate=Rate(1, 60.0), quota=1_440, zone="Asia/Seoul")

    told = end(1_000, slow, Left(today=1_440), NOON)

    assert (told.binds, told.days) == ("rate", 0)
    assert told.at == MIDNIGHT + GUARD_MS + 280 * 60_000


def test_a_month_that_is_spent_waits_for_its_end() -> None:
    budget = Budget(quota=1_000, monthly=5_000, zone="Asia/Seoul")
    first_of_december = int(datetime.fromisoformat("2026-12-01T00:00:00+09:00").timestamp() * 1000)

    told = end(100, budget, Left(today=1_000, month=0), NOON)

    assert told == End(first_of_december + GUARD_MS, "quota", 10)


def test_an_end_that_nobody_will_see_is_not_told() -> None:
    assert end(30_000, Budget(quota=1), Left(today=1), NOON).at is None


@given(
    st.integers(0, 10_000),
    st.integers(0, 2),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10_000)), max_size=10),
)
def test_others_come_before_by_their_rank_and_equals_take_turns(
    mine: int, rank: int, others: list[tuple[int, int]]
) -> None:
    told = ahead(mine, rank, others)

    more_urgent = sum(calls for other, calls in others if other < rank)
    equals = [calls for other, calls in others if other == rank]
    assert mine + more_urgent <= told <= mine + more_urgent + sum(equals)
    assert told <= mine + more_urgent + mine * len(equals), (
        "an equal makes no more calls than mine before mine are made"
    )
    assert told == ahead(mine, rank, [one for one in others if one[0] <= rank]), "less urgent ones wait"
    assert told <= ahead(mine + 1, rank, others)
