"""Never over the limit, on a real Valkey: rate and concurrency, also with many takers at once."""

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
    one, other = (Limiter(valkey, name, Budget(concurrency=5)) for name in ("a", "b"))

    one.take(5)
    answer = other.take(5)

    assert isinstance(answer, Grant)
    assert answer.count == 5


def test_keys_do_not_live_for_ever(valkey: redis.Redis) -> None:
    valkey.set("budget:born", 1)
    Limiter(valkey, "a", Budget(rate=Rate.parse("10/s"), concurrency=2)).take(1)
    Limiter(valkey, "b", Budget(rate=Rate.parse("10/s"))).pause(1)
    Limiter(valkey, "c", Budget(rate=Rate.parse("10/s"))).cut(1)

    assert {key for key in valkey.keys("budget:*") if valkey.pttl(key) <= 0} == {b"budget:born"}
