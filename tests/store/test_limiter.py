"""Never over the limit, on a real Valkey: rate and concurrency, also with many takers at once."""

import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workers.budget.limiter import AGAIN_S, AHEAD_S, CREEP, FLOOR, MARGIN, Grant, Limiter, Wait, part_left
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

    parts = [limiter.cut(0.0)[0] for _ in range(5)]
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


def test_a_first_question_leaves_no_key_that_lives_for_ever(valkey: redis.Redis) -> None:
    Limiter(valkey, "a", Budget(rate=Rate.parse("10/s"))).take(1)

    assert {key for key in valkey.keys("budget:*") if valkey.pttl(key) <= 0} == {b"budget:born"}


@dataclass
class Clock:
    """A clock that the scripts read instead of the server's: whole days of turns in an instant, always the same."""

    valkey: redis.Redis
    now: float = 1_000.0

    def __post_init__(self) -> None:
        self.valkey.flushall()
        self.valkey.set("budget:born", 1)

    def to(self, now: float) -> None:
        self.now = now
        micros = round(now * 1e6)
        self.valkey.delete("clock")
        self.valkey.rpush("clock", micros // 1_000_000, micros % 1_000_000)

    def limiter(self, budget: Budget, rank: int = 0) -> Limiter:
        """A limiter of account "a" that lives by this clock."""
        self.to(self.now)
        limiter = Limiter(self.valkey, "a", budget, rank=rank)
        for name in ("_take", "_cut", "_pause"):
            script = getattr(limiter, name).script
            assert script.count("redis.call('TIME')") == 1
            mine = script.replace("redis.call('TIME')", "redis.call('LRANGE', 'clock', 0, 1)")
            setattr(limiter, name, self.valkey.register_script(mine))
        return limiter

    def slots(self, answer: Grant | Wait) -> list[float]:
        if isinstance(answer, Wait):
            return []
        return [self.now + answer.first + n * answer.spacing for n in range(answer.count)]


@dataclass
class Taker:
    """Asks for ``want`` slots, again as soon as it has some, or only ``every`` so many seconds."""

    rank: int
    want: int = 100
    every: float | None = None
    slots: list[float] = field(default_factory=list)
    #: How long after it wanted one its slots were.
    waited: list[float] = field(default_factory=list)


def compete(valkey: redis.Redis, rate: Rate, takers: list[Taker], seed: int, periods: int) -> None:
    """Let ``takers`` ask for as long as ``periods`` slots take; each answer takes its time on the way."""
    clock, draw = Clock(valkey), random.Random(seed)
    limiters = [clock.limiter(Budget(rate=rate), taker.rank) for taker in takers]
    asks = [clock.now + draw.random() * 0.01 for _ in takers]
    wanted = list(asks)
    end = clock.now + periods / rate.per_second
    while min(asks) < end:
        n = asks.index(min(asks))
        clock.to(asks[n])
        answer, taker = limiters[n].take(takers[n].want), takers[n]
        asks[n] += draw.uniform(0.0003, 0.003)
        if isinstance(answer, Wait):
            assert answer.seconds > 0
            asks[n] += answer.seconds
            continue
        taker.slots += clock.slots(answer)
        if taker.every:
            taker.waited.append(taker.slots[-1] - wanted[n])
            asks[n] = wanted[n] = max(asks[n], wanted[n] + taker.every)
    assert sum(len(taker.slots) for taker in takers) >= 0.98 * periods, "never slower than the limit"


def longest_gap(slots: list[float], start: float = 1_000.0) -> float:
    return max(later - earlier for earlier, later in pairwise([start, *slots]))


RATES = [Rate(1, 1.0), Rate(200, 60.0), Rate(10, 1.0), Rate(50, 1.0)]
rates = pytest.mark.parametrize("rate", RATES, ids=str)
STEPS = st.tuples(
    st.integers(0, 5), st.integers(1, 80), st.floats(0, 0.6), st.sampled_from(["take"] * 8 + ["cut", "pause"])
)


@FAST
@given(rate=st.integers(1, 500), steps=st.lists(STEPS, min_size=1, max_size=40))
def test_no_sliding_period_holds_more_than_the_rate_whoever_takes(
    valkey: redis.Redis, rate: int, steps: list[tuple[int, int, float, str]]
) -> None:
    clock = Clock(valkey)
    takers = [clock.limiter(Budget(rate=Rate(rate, 1.0)), n % 3) for n in range(6)]
    taken: list[float] = []
    for taker, count, later, what in steps:
        if what == "cut":
            takers[taker].cut(later)
        elif what == "pause":
            takers[taker].pause(later)
        else:
            taken += clock.slots(takers[taker].take(count))
        clock.to(clock.now + later)

    assert taken == sorted(taken), "a later taker never gets an earlier slot"
    for first, beyond in zip(taken, taken[rate:], strict=False):
        assert beyond - first > 1.0
    assert all(later - earlier > 1.01 / rate - 2e-6 for earlier, later in pairwise(taken))


@rates
@pytest.mark.parametrize("count", [2, 5])
def test_none_of_many_that_are_equal_starves(valkey: redis.Redis, rate: Rate, count: int) -> None:
    takers = [Taker(1) for _ in range(count)]

    compete(valkey, rate, takers, 1, 40 * count)

    assert min(len(taker.slots) for taker in takers) > 40 / 4
    assert all(longest_gap(taker.slots) < 2 + 8 * count / rate.per_second for taker in takers)


@rates
def test_a_more_urgent_taker_that_can_use_everything_goes_first(valkey: redis.Redis, rate: Rate) -> None:
    low, plain, high = Taker(2), Taker(1), Taker(0)

    compete(valkey, rate, [low, plain, high], 2, 100)

    most = 1 + AHEAD_S * rate.per_second
    assert len(low.slots) + len(plain.slots) <= most, "what was given out before it came, no more"


@rates
def test_one_that_is_not_the_most_urgent_goes_before_the_least(valkey: redis.Redis, rate: Rate) -> None:
    high, low, plain = Taker(0, want=1, every=4 / rate.per_second), Taker(2), Taker(1)

    compete(valkey, rate, [low, high, plain], 3, 100)

    assert len(high.slots) >= 20
    assert len(plain.slots) >= 60
    assert len(low.slots) <= 3 + AHEAD_S * rate.per_second


@rates
def test_what_urgent_takers_leave_over_is_for_the_others_and_keeps_nobody_waiting(
    valkey: redis.Redis, rate: Rate
) -> None:
    high, low = Taker(0, want=1, every=3 / rate.per_second), Taker(2)

    compete(valkey, rate, [high, low], 4, 120)

    assert len(high.slots) >= 35
    assert max(high.waited) <= 2 * AHEAD_S + 2 / rate.per_second, "it waits for no more than was given out before"
    assert len(low.slots) >= 60
    assert longest_gap(low.slots) <= 1 + 4 / rate.per_second


def test_urgency_that_has_gone_holds_nobody_up(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    high, low = (clock.limiter(Budget(rate=Rate.parse("10/s")), rank) for rank in (0, 2))
    high.take(100)
    held_up = low.take(1)
    assert isinstance(held_up, Wait)

    clock.to(clock.now + held_up.seconds)

    assert held_up.seconds <= 0.5
    assert isinstance(low.take(1), Grant)


def test_who_gets_all_it_can_use_holds_nobody_up(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    high, low = (clock.limiter(Budget(rate=Rate.parse("100/s")), rank) for rank in (0, 2))

    high.take(3)

    assert isinstance(low.take(3), Grant)


@FAST
@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 3)), min_size=1, max_size=8))
def test_no_slot_lies_in_a_pause_and_a_shorter_one_ends_no_longer_one(
    valkey: redis.Redis, pauses: list[tuple[float, float]]
) -> None:
    for budget in (Budget(rate=Rate.parse("100/s")), Budget(concurrency=50)):
        clock = Clock(valkey)
        limiter, until = clock.limiter(budget), 0.0
        for seconds, later in pauses:
            limiter.pause(seconds)
            until = max(until, clock.now + seconds)
            clock.to(clock.now + later)
            answer = limiter.take(1)
            if isinstance(answer, Grant):
                assert clock.slots(answer)[0] >= until - 2e-6
            else:
                assert answer.seconds <= until - clock.now + 1
        clock.to(max(clock.now, until) + 1)
        assert isinstance(limiter.take(1), Grant), "it ends by itself"


def back_by(valkey: redis.Redis, seconds: float) -> None:
    """Let the last look at the rate have been that long ago."""
    at = float(valkey.hget("budget:a", "factor_at") or 0)
    valkey.hset("budget:a", "factor_at", f"{at - seconds * 1e6:.0f}")
    valkey.hset("budget:a", "cut_at", 0)


@FAST
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 30)), max_size=12))
def test_a_rate_that_was_cut_creeps_back_to_all_of_it_and_never_beyond(
    valkey: redis.Redis, steps: list[tuple[bool, float]]
) -> None:
    valkey.flushall()
    limiter, part = Limiter(valkey, "a", Budget(rate=Rate(100, 1.0))), 1.0
    assert part_left(valkey, "a") == 1.0
    for cuts, seconds in steps:
        if cuts:
            part = max(FLOOR, part / 2)
            assert limiter.cut(0.0)[0] == pytest.approx(part, abs=0.005)
        else:
            limiter.take(1)
        back_by(valkey, seconds)
        part = min(1.0, part + CREEP * seconds)
        assert part_left(valkey, "a") == pytest.approx(part, abs=0.005)
        assert FLOOR <= part_left(valkey, "a") <= 1.0
    back_by(valkey, 1 / CREEP)
    assert part_left(valkey, "a") == 1.0
    limiter.take(1)
    assert part_left(valkey, "a") == 1.0


def test_however_often_it_is_cut_a_fiftieth_is_left(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    limiter = clock.limiter(Budget(rate=Rate(100, 1.0)))
    parts = []
    for _ in range(20):
        parts.append(limiter.cut(0.0)[0])
        clock.to(clock.now + 1.0)

    answer = limiter.take(1)

    assert parts == sorted(parts, reverse=True)
    assert parts[-1] == pytest.approx(FLOOR, rel=0.01)
    assert min(parts) >= FLOOR
    assert isinstance(answer, Grant)
    assert answer.spacing == pytest.approx(MARGIN / 100 / (FLOOR + CREEP), rel=0.01)


def test_cuts_of_less_than_a_second_are_one(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    limiter = clock.limiter(Budget(rate=Rate(100, 1.0)))
    parts = []
    for _ in range(20):
        parts.append(limiter.cut(0.0)[0])
        clock.to(clock.now + 0.1)

    assert min(parts) == pytest.approx(0.26, abs=0.01)


def test_pauses_grow_while_the_upstream_keeps_saying_too_fast_and_begin_anew_later(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    limiter = clock.limiter(Budget(rate=Rate(50, 60.0), concurrency=1))
    pauses = []
    for _ in range(6):
        pauses.append(limiter.cut(5.0, 15.0, 60.0, 300.0)[1])
        clock.to(clock.now + pauses[-1] + 1)
    clock.to(clock.now + AGAIN_S + 1)

    assert pauses == [5.0, 15.0, 60.0, 300.0, 300.0, 300.0]
    assert limiter.cut(5.0, 15.0)[1] == 5.0


def test_many_that_hear_it_together_are_one_step(valkey: redis.Redis) -> None:
    clock = Clock(valkey)
    limiter = clock.limiter(Budget(rate=Rate(100, 1.0)))

    assert [limiter.cut(1.0, 30.0)[1] for _ in range(5)] == [1.0] * 5
