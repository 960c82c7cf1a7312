"""Lines over time with gaps as gaps."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from app.web.sparkline import HEIGHT, WIDTH, drawing, runs, top_of

values = st.lists(st.one_of(st.none(), st.just(0.0), st.floats(1e-3, 1e6)), min_size=1, max_size=150)


def pieces(path: str) -> list[list[tuple[float, float]]]:
    """The points of each piece of a path."""
    found = re.findall(r"M([^MZ]+)", path)
    return [[(float(x), float(y)) for x, y in (point.split() for point in one.split("L"))] for one in found]


def test_a_gap_ends_the_line_and_begins_another() -> None:
    [first, second] = pieces(drawing([10, 20, None, None, 5], top=20).line)

    assert first == [(0, 50), (60, 50), (180, 0), (240, 0)]
    assert second == [(480, 75), (540, 75), (600, 75)], "a lone value is as wide as its moment"


def test_nothing_is_no_line_and_zero_is_one() -> None:
    assert drawing([None, None], top=1).line == ""
    assert pieces(drawing([0, 0], top=1).line) == [[(0, 100), (150, 100), (450, 100), (600, 100)]]


def test_a_limit_goes_in_steps() -> None:
    [one, other] = pieces(drawing([1] * 4, top=20, limit=[10, 20, None, 10]).limit)

    assert one == [(0, 50), (150, 50), (150, 0), (300, 0)]
    assert other == [(450, 50), (600, 50)]


def test_the_area_stands_on_the_ground_under_its_line() -> None:
    [[*_, right, left]] = pieces(drawing([None, 5, 5, None], top=10).area)

    assert (right, left) == ((450, 100), (150, 100))


@given(values)
def test_every_value_is_drawn_in_its_place_and_no_other(found: list[float | None]) -> None:
    top = top_of(found)
    drawn = drawing(found, top)

    wide = WIDTH / len(found)
    spans = [(piece[0][0], piece[-1][0]) for piece in pieces(drawn.line)]
    assert len(spans) == len(list(runs(found)))
    for n, value in enumerate(found):
        middle = (n + 0.5) * wide
        assert any(start <= middle <= end for start, end in spans) == (value is not None)
    assert all(0 <= y <= HEIGHT and 0 <= x <= WIDTH for piece in pieces(drawn.line) for x, y in piece)
    assert drawn.line.count("M") == drawn.area.count("M") == drawn.area.count("Z")


@given(values, st.floats(0, 100))
def test_the_top_is_above_everything_and_not_far_above(found: list[float | None], least: float) -> None:
    top = top_of(found, least=least)

    highest = max([least, *(value for value in found if value is not None)])
    assert top >= highest
    assert math.isfinite(top)
    assert highest < 1e-3 or top <= 1.6 * highest
