"""Never over the limit, on a real Valkey: rate, concurrency and day's quota, also with many takers at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workers.budget.limiter import AHEAD_S, Grant, Limiter, Wait
from workers.budget.values import Budget, Rate

FAST = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def server_time(valkey: redis.Redis) -> float:
    seconds, micros = valkey.time()
    return float(seconds) + float(micros) / 1e6


def slots(valkey: redis.Redis, limiter: Limiter, count: int) -> list[float]:
    """The moments (server time, at the latest) of up to ``count`` slots taken now."""
    answer = limiter.take(count)
    if isinstance(answer, Wait):
        return []
    now = server_time(valkey)
    return [now + answer.first + n * answer.spacing for n in range(answer.count)]


@FAST
@given(rate=st.integers(1, 2000), asks=st.lists(st.integers(1, 80), min_size=1, max_size=25))
def test_no_sliding_period_holds_more_than_the_rate(valkey: redis.Redis, rate: int, asks: list[int]) -> None:
    valkey.flushall()
    takers = [Limiter(valkey, "a", Budget(rate=Rate(rate, 1.0))) for _ in range(3)]

    taken = sorted(at for n, ask in enumerate(asks) for at in slots(valkey, takers[n % 3], ask))

    for first, beyond in zip(taken, taken[rate:], strict=False):
        assert beyond - first > 1.0
    gaps = [later - earlier for earlier, later in pairwise(taken)]
    assert all(gap > 0.9 / rate - 0.005 for gap in gaps), "slots are spaced, not heaped"


def test_slots_are_given_out_no_further_ahead_than_a_stop_can_afford(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(rate=Rate.parse("100/s")))
    valkey.set("budget:born", 1)

    answers = [limiter.take(10_000) for _ in range(3)]

    for answer in answers:
        if isinstance(answer, Grant):
            assert answer.first + (answer.count - 1) * answer.spacing <= AHEAD_S
    last = answers[-1]
    assert isinstance(last, Wait)
    assert 0 < last.seconds <= AHEAD_S


def test_an_emptied_redis_starts_after_the_slots_of_before(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(rate=Rate.parse("100/s")))

    answer = limiter.take(1)

    assert isinstance(answer, Wait)
    assert answer.reason == "rate"


def test_a_hundred_takers_get_exactly_the_quota(valkey: redis.Redis) -> None:
    budget = Budget(quota=777, zone="Asia/Seoul")
    takers = [Limiter(valkey, "a", budget) for _ in range(20)]
    takers[0].take(1, ledger=0)

    def drain(limiter: Limiter) -> int:
        got = 0
        while isinstance(answer := limiter.take(7), Grant):
            got += answer.count
        assert answer.reason == "quota"
        assert 0 < answer.seconds <= 86_400
        return got

    with ThreadPoolExecutor(20) as pool:
        total = sum(pool.map(drain, takers))
    assert total == 776


def test_an_emptied_redis_asks_the_ledger_and_believes_the_larger_count(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(quota=100))

    asked, told = limiter.take(50), limiter.take(50, ledger=98)
    more = limiter.take(50, ledger=50)

    assert isinstance(asked, Wait)
    assert asked.reason == "ledger"
    assert isinstance(told, Grant)
    assert told.count == 2
    assert isinstance(more, Wait)
    assert more.reason == "quota"


def test_slots_given_back_can_be_taken_again(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(quota=10))
    limiter.take(10, ledger=0)

    limiter.give(4)
    answer = limiter.take(10)

    assert isinstance(answer, Grant)
    assert answer.count == 4


def test_concurrency_holds_over_all_takers_until_calls_end(valkey: redis.Redis) -> None:
    first, second = (Limiter(valkey, "a", Budget(concurrency=3)) for _ in range(2))

    taken, refused = first.take(5), second.take(1)
    assert isinstance(taken, Grant)
    first.done(taken.tokens[:1])
    again = second.take(5)

    assert taken.count == 3
    assert isinstance(refused, Wait)
    assert refused.reason == "concurrency"
    assert isinstance(again, Grant)
    assert again.count == 1


def test_too_fast_halves_the_rate_once_for_many_that_hear_it(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(rate=Rate.parse("100/s")))
    valkey.set("budget:born", 1)

    parts = [limiter.cut(0.0) for _ in range(5)]
    answer = limiter.take(10)

    assert parts == pytest.approx([0.5] * 5, abs=0.01)
    assert isinstance(answer, Grant)
    assert answer.spacing == pytest.approx(2 * 1.014 / 100, rel=0.05)


def test_the_upstreams_pause_is_obeyed(valkey: redis.Redis) -> None:
    limiter = Limiter(valkey, "a", Budget(rate=Rate.parse("100/s")))

    limiter.cut(30.0)
    answer = limiter.take(1)

    assert isinstance(answer, Wait)
    assert answer.seconds > 29


def test_budgets_of_two_accounts_know_nothing_of_each_other(valkey: redis.Redis) -> None:
    one, other = (Limiter(valkey, name, Budget(quota=5)) for name in ("a", "b"))

    one.take(5, ledger=0)
    answer = other.take(5, ledger=0)

    assert isinstance(answer, Grant)
    assert answer.count == 5


def test_keys_do_not_live_for_ever(valkey: redis.Redis) -> None:
    began = time.monotonic()
    Limiter(valkey, "a", Budget(rate=Rate.parse("10/s"), quota=5, concurrency=2)).take(1, ledger=0)

    assert all(valkey.pttl(key) > 0 for key in valkey.keys("budget:a*"))
    assert time.monotonic() - began < 60
