"""Ranges: what comes out holds every possible outcome, no more than needed, and is written so that it stays true."""

import math
from fractions import Fraction
from itertools import product
from operator import add, mul, sub, truediv

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.services.intervals import (
    ANYTHING,
    Interval,
    exact,
    greatest,
    known,
    known_part,
    least,
    log10,
    status,
    text,
)
from app.services.shapes import Cell

OPERATIONS = [add, sub, mul, truediv, least, greatest]
INF = math.inf
#: Fractions, so that no rounding stands between an end that is reached and one that is not.
numbers = st.integers(-6, 6).map(Fraction) | st.fractions(-20, 20, max_denominator=12)
parts = st.fractions(0, 1, max_denominator=60).filter(lambda part: 0 < part < 1)
floats = st.floats(-1e9, 1e9).filter(lambda value: value == 0 or abs(value) > 1e-9)


@st.composite
def ranges(draw, unbounded=True):
    """An interval of any kind: a number, with open or closed ends, with no bound on a side."""
    low, high = sorted([draw(numbers), draw(numbers)])
    if low == high:
        return Interval(low, high)
    low = draw(st.sampled_from([low, -INF])) if unbounded else low
    high = draw(st.sampled_from([high, INF])) if unbounded else high
    return Interval(low, high, low == -INF or draw(st.booleans()), high == INF or draw(st.booleans()))


def member(data, interval):
    """A number of ``interval``, with ends and zero as likely as all between."""
    if interval.low == interval.high:
        return interval.low
    sure = [end for end, is_open in interval.ends if not is_open] + [Fraction(0)] * (0 in interval)
    part = data.draw(parts)
    if interval == ANYTHING:
        between = part / (1 - part) * data.draw(st.sampled_from([-1, 1]))
    elif interval.high == INF:
        between = interval.low + part / (1 - part)
    elif interval.low == -INF:
        between = interval.high - part / (1 - part)
    else:
        between = interval.low + part * (interval.high - interval.low)
    return data.draw(st.sampled_from([between, *sure]))


def samples(interval):
    """Members at the ends of a bounded ``interval``, or as good as there, and one between."""
    (low, low_open), (high, high_open) = interval.ends
    near = (high - low) / 10**9
    return [low + near if low_open else low, (low + high) / 2, high - near if high_open else high]


def outcome(operation, x, y):
    """The same of two numbers; None for a division by 0."""
    if operation in (least, greatest):
        return (min if operation is least else max)(x, y)
    return None if operation is truediv and y == 0 else operation(x, y)


def within(inner, outer):
    low = inner.low > outer.low or (inner.low == outer.low and (inner.low_open or not outer.low_open))
    return low and (inner.high < outer.high or (inner.high == outer.high and (inner.high_open or not outer.high_open)))


@pytest.mark.parametrize("operation", OPERATIONS)
@given(ranges(), ranges(), st.data())
def test_every_outcome_is_in_the_range_that_comes_out(operation, xs, ys, data):
    found = operation(xs, ys)
    value = outcome(operation, member(data, xs), member(data, ys))

    if found is None:
        assert operation is truediv
        assert 0 in ys
    elif value is not None:
        assert value in found


@pytest.mark.parametrize("operation", OPERATIONS)
@given(ranges(unbounded=False), ranges(unbounded=False))
@example(Interval(Fraction(0), Fraction(5)), Interval(Fraction(3), Fraction(7), True, True))
def test_no_range_is_wider_than_needed(operation, xs, ys):
    assume(operation is not truediv or (0 not in ys and 0 not in (ys.low, ys.high)))
    assume(operation is not truediv or (ys.low > 0) == (ys.high > 0))
    found = operation(xs, ys)
    values = [outcome(operation, x, y) for x, y in product(samples(xs), samples(ys))]

    assert all(value in found for value in values)
    assert found.low == min(values) or (found.low_open and min(values) == pytest.approx(float(found.low), abs=1e-4))
    assert found.high == max(values) or (found.high_open and max(values) == pytest.approx(float(found.high), abs=1e-4))


@pytest.mark.parametrize("operation", OPERATIONS)
@given(ranges(), ranges(), st.data())
def test_who_knows_more_never_learns_something_else(operation, xs, ys, data):
    inner_x = Interval(*sorted([member(data, xs), member(data, xs)]))
    inner_y = Interval(*sorted([member(data, ys), member(data, ys)]))
    inner, outer = operation(inner_x, inner_y), operation(xs, ys)

    if inner is not None and outer is not None:
        assert within(inner, outer)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(floats, floats, floats, floats, parts, parts)
def test_floats_stay_within_the_ends(operation, a, b, c, d, one, other):
    xs, ys = Interval(*sorted([a, b])), Interval(*sorted([c, d]))
    x = min(max(a + float(one) * (b - a), xs.low), xs.high)
    y = min(max(c + float(other) * (d - c), ys.low), ys.high)
    found, value = operation(xs, ys), outcome(operation, x, y)

    if found is not None and value is not None:
        assert found.low <= value <= found.high


@given(ranges(), st.data())
def test_the_sign_and_the_size_of_a_range(xs, data):
    x, negative = member(data, xs), -xs

    assert -x in negative
    assert abs(x) in abs(xs)
    assert abs(xs).low >= 0
    assert -negative == xs


@given(ranges(), st.data())
def test_the_logarithm_is_of_what_is_above_zero(xs, data):
    x, found = member(data, xs), log10(xs)

    if xs.high <= 0:
        assert found is None
    elif x > 0:
        assert found.low <= math.log10(x) <= found.high


def test_dividing_by_what_may_be_zero_has_no_upper_end():
    assert exact(12543.0) / Interval(0, 10, False, True) == Interval(1254.3, INF, True, True)
    assert exact(12543.0) / Interval(0, 10) == Interval(1254.3, INF, False, True)
    assert exact(-5.0) / Interval(0, 10, True, True) == Interval(-INF, -0.5, True, True)
    assert exact(5.0) / Interval(-10, 0, True) == Interval(-INF, -0.5, True, True)
    assert exact(5.0) / Interval(-1, 10) == ANYTHING


@pytest.mark.parametrize("divided", [exact(0.0), exact(7.0), Interval(1, 2), ANYTHING])
def test_dividing_by_zero_has_no_value(divided):
    assert divided / exact(0.0) is None
    assert divided / exact(-0.0) is None


def test_what_may_be_zero_by_zero_has_no_value():
    assert exact(0.0) / Interval(0, 20, False, True) is None
    assert Interval(0, 3) / Interval(0, 20, False, True) is None
    assert exact(0.0) / Interval(0, 20, True, True) == exact(0)
    assert exact(0.0) / exact(20.0) == exact(0)


def test_zero_stays_reached_whatever_it_is_taken_with():
    some, more = Interval(0, 5), Interval(3, 7, True, True)

    assert some * more == Interval(0, 35, False, True)
    assert some / more == Interval(0, 5 / 3, False, True)
    assert some * Interval(3, INF, True, True) == Interval(0, INF, False, True)
    assert Interval(1, 6) / Interval(3, INF, False, True) == Interval(0, 2, True, False)


def test_what_no_float_can_hold_has_no_value():
    assert exact(1e300) * exact(1e300) is None
    assert exact(-1e308) + exact(-1e308) is None
    assert exact(1e300) / exact(1e-300) is None
    assert Interval(1.0, 1e300) * exact(1e300) == Interval(1e300, INF, False, True)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (Cell("ok", 12543.0), exact(12543.0)),
        (Cell("ok", 0.0), exact(0.0)),
        (Cell("below", upper=20.0), Interval(0, 20, False, True)),
        (Cell("below", upper=4380.0, data={"at_least": 4370, "pc": 4370}), Interval(4370, 4380, False, True)),
        (Cell("below"), None),
        (Cell("below", upper=0.0), None),
        (Cell("below", upper=10.0, data={"at_least": 10}), None),
        (Cell("below", upper=10.0, data={"at_least": "many"}), None),
        (Cell("ok"), None),
        (Cell("ok", math.nan), None),
        (Cell("ok", INF), None),
        *((Cell(state), None) for state in ("missing", "failed", "cancelled", "pending")),
    ],
)
def test_what_a_reading_makes_known(cell, found):
    assert known(cell) == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"pc": 4370}, exact(4370.0)),
        ({"pc": 0}, exact(0.0)),
        ({"pc": 0.59}, exact(0.59)),
        ({"pc": {"below": 10}}, Interval(0, 10, False, True)),
        ({"pc": {"above": 10}}, None),
        ({"pc": {"below": None}}, None),
        ({"pc": "높음"}, None),
        ({"pc": "12"}, None),
        ({"pc": True}, None),
        ({"pc": None}, None),
        ({"pc": 10**400}, None),
        ({"mobile": 1}, None),
        ({}, None),
        (None, None),
    ],
)
def test_what_a_further_column_makes_known(data, found):
    assert known_part(Cell("ok", 1.0, data=data), "pc") == found


@pytest.mark.parametrize(
    ("interval", "decimals", "shown", "told"),
    [
        (exact(1.25), 2, "1.25", "ok"),
        (exact(12543.0), 0, "12,543", "ok"),
        (exact(0.0), 2, "0.00", "ok"),
        (exact(-0.0), 2, "0.00", "ok"),
        (exact(0.0003), 2, "< 0.01", "ok"),
        (exact(-0.0003), 2, "> -0.01", "ok"),
        (exact(0.4), 0, "< 1", "ok"),
        (exact(-1234.5), 1, "-1,234.5", "ok"),
        (Interval(1254.3, INF, True, True), 2, "> 1,254.30", "above 1254.3"),
        (Interval(1234.56, INF, True, True), 1, "> 1,234.5", "above 1234.56"),
        (Interval(1234.56, INF, False, True), 1, "≥ 1,234.5", "range 1234.56.."),
        (Interval(627.15, INF, True, True), 2, "> 627.15", "above 627.15"),
        (Interval(-INF, 1.301, True, True), 2, "< 1.31", "below 1.301"),
        (Interval(-INF, 3.0, True, False), 1, "≤ 3.0", "range ..3"),
        (Interval(0.5, 1.2), 1, "0.5–1.2", "range 0.5..1.2"),
        (Interval(0.514, 1.021), 2, "0.51–1.03", "range 0.514..1.021"),
        (Interval(0.0003, 0.0004), 2, "0.00–0.01", "range 0.0003..0.0004"),
        (Interval(-3.5, -0.001, True), 1, "-3.5 – 0.0", "range -3.5..-0.001"),
        (Interval(1e300, INF, True, True), 0, f"> {10**300:,}", f"above {int(1e300)}"),
    ],
)
def test_how_a_range_is_written(interval, decimals, shown, told):
    assert text(interval, decimals) == shown
    assert status(interval) == told


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), st.integers(0, 6))
def test_what_is_written_of_a_range_holds(one, other, decimals):
    assume(one != other)
    low, high = sorted([one, other])
    shown = text(Interval(low, high), decimals).replace(",", "")
    first, last = (float(part) for part in shown.replace(" – ", "–").split("–"))

    assert first <= low
    assert last >= high
    assert low - first < 1.01 * 10**-decimals + abs(low) * 1e-15
    assert last - high < 1.01 * 10**-decimals + abs(high) * 1e-15


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_number_is_shown_as_zero_only_if_it_is_zero(value, decimals):
    shown = text(exact(value), decimals)

    assert (shown.strip("0.") == "") == (value == 0)
