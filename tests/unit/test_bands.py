"""Bands: a word only where it is sure, by limits a person can write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadValue
from app.services.bands import COMPETITION, Bands
from app.services.intervals import Interval, exact

limits = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4, unique=True).map(sorted)
INF = float("inf")


@pytest.mark.parametrize(
    ("value", "ko", "en"),
    [
        (0.0, "낮음", "low"),
        (0.499, "낮음", "low"),
        (0.5, "보통", "medium"),
        (1.0, "높음", "high"),
        (2.999, "높음", "high"),
        (3.0, "매우 높음", "very high"),
        (700.0, "매우 높음", "very high"),
    ],
)
def test_competition_in_a_word(value, ko, en):
    band = COMPETITION.of(exact(value))

    assert (COMPETITION.label(band, "ko"), COMPETITION.label(band, "en")) == (ko, en)


@pytest.mark.parametrize(
    ("interval", "band"),
    [
        (Interval(0.1, 0.4), 0),
        (Interval(0.1, 0.5, False, True), 0),
        (Interval(0.1, 0.5), None),
        (Interval(0.4, 0.6), None),
        (Interval(0.5, 1.0, True, True), 1),
        (Interval(0.1, 2.0), None),
        (Interval(627.15, INF, True, True), 3),
        (Interval(3.0, INF, True, True), 3),
        (Interval(2.9, INF, True, True), None),
        (Interval(-INF, 0.2, True, False), 0),
    ],
)
def test_a_range_over_a_limit_has_no_word(interval, band):
    assert COMPETITION.of(interval) == band
    assert bool(COMPETITION.label(band, "ko")) is (band is not None)


@given(limits, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1))
def test_the_word_of_a_range_is_that_of_everything_in_it(limits, one, other, part):
    bands = Bands.parse(",".join(map(repr, limits)))
    low, high = sorted([one, other])
    band = bands.of(Interval(low, high))
    among = [bands.of(exact(value)) for value in (low, min(max(low + part * (high - low), low), high), high)]

    assert None not in among
    assert among == [band] * 3 if band is not None else among[0] != among[2]


@given(limits)
def test_limits_are_read_back_as_they_are_written(limits):
    bands = Bands.parse(",".join(map(repr, limits)))

    assert bands.limits == tuple(limits)
    assert Bands.parse(str(bands)) == bands
    assert len(bands.labels_ko) == len(bands.labels_en) == len(limits) + 1


def test_limits_may_have_blanks_between():
    assert Bands.parse(" 0.5, 1 ,3 ") == COMPETITION
    assert str(COMPETITION) == "0.5,1,3"
    assert Bands.parse("10").labels_ko == ("낮음", "높음")


@pytest.mark.parametrize("given", ["", "a", "1,", "1;2", "1,2,3,4,5", "3,1", "1,1", "nan", "1,inf", "1,<3", "0,-0"])
def test_limits_that_make_no_sense_are_refused(given):
    with pytest.raises(BadValue) as refused:
        Bands.parse(given)

    assert refused.value.facts["name"] == "bands"
    assert str(refused.value.facts["why"]).endswith(".")
