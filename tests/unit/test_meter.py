"""How fast the house asks, from one look to another."""

from hypothesis import given
from hypothesis import strategies as st

from app.services.meter import LONGEST_MS, SHORTEST_MS, Meter

A, B = ("naver/default", 0), ("kakao/default", 0)


def test_the_first_look_measures_nothing_and_the_next_what_came_between() -> None:
    meter = Meter()
    assert meter.look(0, {A: 100}) is None
    assert meter.look(SHORTEST_MS - 1, {A: 150}) is None
    assert meter.look(4_000, {A: 140, B: 0}) == {"naver/default": 10.0}


def test_a_new_minute_counts_with_the_one_before() -> None:
    meter = Meter()
    meter.look(58_000, {A: 100})
    assert meter.look(62_000, {A: 110, ("naver/default", 60_000): 30}) == {"naver/default": 10.0}


def test_nothing_asked_is_known_to_be_nothing() -> None:
    meter = Meter()
    meter.look(0, {A: 5})
    assert meter.look(3_000, {A: 5}) == {}


def test_old_looks_are_forgotten_and_a_clock_set_back_begins_anew() -> None:
    meter = Meter()
    meter.look(0, {A: 5})
    assert meter.look(LONGEST_MS + 1, {A: 500}) is None
    assert meter.look(5_000, {A: 500}) is None


@given(st.lists(st.tuples(st.integers(1, 4_000), st.integers(0, 50)), min_size=2, max_size=60))
def test_the_speed_is_what_was_asked_over_the_time_it_took(steps: list[tuple[int, int]]) -> None:
    meter, now, count = Meter(), 0, 0
    looks = [(0, 0)]
    meter.look(0, {A: 0})
    for pause, more in steps:
        now, count = now + pause, count + more
        looks.append((now, count))
        found = meter.look(now, {A: count})
        since, before = next(one for one in looks if now - one[0] <= LONGEST_MS)
        if now - since >= SHORTEST_MS:
            assert found == ({"naver/default": 1000 * (count - before) / (now - since)} if count > before else {})
        else:
            assert found is None
