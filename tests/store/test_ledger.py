"""The ledger: a day's and a month's calls, right to the call with many takers, crashes and another clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.queue import Slice
from app.repositories import usage
from app.services import ledger, slices, tally
from app.services.house import House
from app.services.ledger import Allowance
from tests.store.test_slices import submitted
from tests.store.working import take_lane
from workers.budget.values import Budget

DAILY = Budget(quota=777, zone="Asia/Seoul")


def seoul(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+09:00").timestamp() * 1000)


NOON = seoul("2026-11-21T12:00:00")
TODAY = "2026-11-21"


def reserve(house: House, budget: Budget, want: int, *, high: bool = False) -> Allowance:
    with house.db.work() as work:
        return ledger.reserve(work.connection, "a", budget, want, high=high)


def settle(house: House, calls: int, reserved: int, day: str = TODAY) -> None:
    with house.db.work() as work:
        ledger.settle(work.connection, "a", DAILY, day, calls, reserved)


def spent(house: House, day: str = TODAY) -> tuple[int, int]:
    with house.db.read() as connection:
        return usage.on(connection, "a", day)


def test_a_hundred_takers_at_once_get_exactly_the_quota(house: House) -> None:
    def drain(_: int) -> int:
        made = 0
        while not (answer := reserve(house, DAILY, 7)).spent:
            settle(house, answer.granted, answer.granted)
            made += answer.granted
        return made

    with clock.frozen(NOON), ThreadPoolExecutor(100) as pool:
        total = sum(pool.map(drain, range(100)))

    assert total == 777
    assert spent(house) == (777, 0)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 50), st.lists(st.tuples(st.integers(1, 20), st.floats(0, 1)), max_size=20), st.integers(0, 9))
def test_what_is_made_and_reserved_never_exceeds_the_quota(
    house: House, quota: int, steps: list[tuple[int, float]], kept: int
) -> None:
    with house.db.work() as work:
        work.connection.exec_driver_sql("DELETE FROM usage")
    budget = Budget(quota=quota + kept, reserve=kept)
    made = 0
    with clock.frozen(NOON):
        for want, part in steps:
            answer = reserve(house, budget, want)
            calls = round(answer.granted * part)
            settle(house, calls, answer.granted)
            made += calls
            assert answer.granted <= want
            assert answer.spent == (made >= quota and not answer.granted and not calls)
        assert made <= quota
        urgent = reserve(house, budget, 1_000, high=True)

    assert urgent.granted == quota + kept - made, "what is kept is there for the urgent ones"


def test_what_others_hold_is_waited_for_and_not_taken_for_spent(house: House) -> None:
    with clock.frozen(NOON):
        everything = reserve(house, DAILY, 1_000)
        nothing = reserve(house, DAILY, 1)
        settle(house, 700, everything.granted)
        rest = reserve(house, DAILY, 100)
        settle(house, 77, 77)
        none = reserve(house, DAILY, 1)

    assert (everything.granted, rest.granted) == (777, 77)
    assert (nothing.granted, nothing.spent) == (0, False)
    assert nothing.until - NOON == ledger.OTHERS_MS
    assert none.spent
    assert none.until == seoul("2026-11-22T00:00:00") + ledger.GUARD_MS


def test_no_call_is_made_around_midnight_where_clocks_may_differ(house: House) -> None:
    midnight = seoul("2026-11-22T00:00:00")
    granted = {}
    for away in (-ledger.GUARD_MS - 1, -ledger.GUARD_MS, 0, ledger.GUARD_MS - 1, ledger.GUARD_MS):
        with clock.frozen(midnight + away):
            granted[away] = reserve(house, DAILY, 5)

    assert [one.granted for one in granted.values()] == [5, 0, 0, 0, 5]
    assert granted[-ledger.GUARD_MS - 1].until == midnight - ledger.GUARD_MS, "an allowance ends with its day"
    assert granted[0].until == midnight + ledger.GUARD_MS
    assert not granted[0].spent


@pytest.mark.parametrize(
    ("zone", "evening"),
    [("Asia/Seoul", "2026-11-21T14:00:00+00:00"), ("America/New_York", "2026-11-22T04:00:00+00:00")],
)
def test_the_day_turns_in_the_zone_of_the_upstream(house: House, zone: str, evening: str) -> None:
    moment = int(datetime.fromisoformat(evening).timestamp() * 1000)
    budget = Budget(quota=5, zone=zone)
    with clock.frozen(moment):
        first = reserve(house, budget, 5)
        settle(house, 5, 5, first.day)
        assert reserve(house, budget, 5).spent
    with clock.frozen(moment + 2 * 3_600_000):
        assert reserve(house, budget, 5).granted == 5
    assert first.day == "2026-11-21"


def test_a_month_binds_before_its_days_do(house: House) -> None:
    budget = Budget(quota=10, monthly=25, zone="Asia/Seoul")
    taken = []
    for day in ("2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01"):
        with clock.frozen(seoul(f"{day}T12:00:00")):
            answer = reserve(house, budget, 100)
            settle(house, answer.granted, answer.granted, answer.day)
            taken.append((answer.granted, reserve(house, budget, 1).until))

    assert [granted for granted, _ in taken] == [10, 10, 5, 10]
    assert taken[2][1] == seoul("2026-12-01T00:00:00") + ledger.GUARD_MS
    assert taken[3][1] == seoul("2026-12-02T00:00:00") + ledger.GUARD_MS


@pytest.mark.parametrize("known", [True, False], ids=["its tally is here", "its tally is elsewhere"])
def test_calls_of_a_killed_slice_are_counted_by_its_heir(
    house: House, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(house, 50)
    monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
        assert lane is not None
        slices.flush(house, lane, [], 0, want=20)
        counter = tally.Tally(house.settings, lane.piece)
        counter.add(7)
        slices.flush(house, lane, [], counter.made, want=20)
        counter.add(6)  # made and not settled when it is killed
        if not known:
            tally.left_by(house.settings, lane.piece)
        assert _usage(house) == (7, 33)
    with clock.frozen(NOON + slices.LEASE_MS + 1):
        assert take_lane(house, batch, "wordfreq.ko", 0, 2) is not None

    assert _usage(house) == ((13, 0) if known else (40, 0)), "what nobody knows counts as made"
    assert tally.left_by(house.settings, Slice(batch, "wordfreq.ko", 0, 1)) is None


def test_what_a_slice_did_not_use_goes_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = submitted(house, 50)
    monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
        assert lane is not None
        slices.flush(house, lane, [], 0, want=20)
        slices.release(house, lane, 3, finished=False)

    assert _usage(house) == (3, 0)


def test_what_was_reserved_yesterday_is_not_todays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = submitted(house, 50)
    monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
        assert lane is not None
        slices.flush(house, lane, [], 0, want=20)
    with clock.frozen(NOON + 86_400_000):
        flushed = slices.flush(house, lane, [], 4, want=10)

    assert flushed.allowance is not None
    assert flushed.allowance.granted == 10
    assert _usage(house) == (4, 0)
    assert _usage(house, "2026-11-22") == (0, 10)


def _account(budget: Budget) -> object:
    return SimpleNamespace(key="wordfreq/default", budget=budget)


def _usage(house: House, day: str = TODAY) -> tuple[int, int]:
    with house.db.read() as connection:
        return usage.on(connection, "wordfreq/default", day)


PARTED = Budget(quota=10, zone="Asia/Seoul", part="blog", part_quota=4)


def test_a_channel_that_is_limited_by_itself_stops_before_its_account(house: House) -> None:
    other = Budget(quota=10, zone="Asia/Seoul", part="cafe", part_quota=8)
    with clock.frozen(NOON):
        first = reserve(house, PARTED, 100)
        second = reserve(house, PARTED, 1)
        third = reserve(house, other, 100)
        with house.db.work() as work:
            ledger.settle(work.connection, "a", PARTED, TODAY, 4, 4)
            ledger.settle(work.connection, "a", other, TODAY, 6, 6)
        after = reserve(house, PARTED, 1), reserve(house, other, 1)

    assert (first.granted, second.granted, second.spent) == (4, 0, False)
    assert third.granted == 6, "what is left of the account"
    assert [one.spent for one in after] == [True, True]
    assert spent(house) == (10, 0)
    with house.db.read() as connection:
        assert usage.on(connection, ledger.part_key("a", "blog"), TODAY) == (4, 0)
        assert usage.on(connection, ledger.part_key("a", "cafe"), TODAY) == (6, 0)
