"""Charts as SVG: well formed whatever they are given, and within their box."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from app.web import drawing
from app.web.axes import Axis
from app.web.drawing import Tick

PART = st.floats(0, 1)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


#: What a person may type; a control character never comes into a keyword.
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40)


@given(TEXT, st.lists(st.tuples(PART, PART), max_size=30))
def test_whatever_a_keyword_holds_the_drawing_is_well_formed_and_has_no_script(text, places):
    said = f"<script>alert(1)</script>\"'&{text}"
    drawn = drawing.svg(
        drawing.axes([Tick(0, said)], [Tick(1, said)], said, said),
        drawing.dots((x, y, said) for x, y in places),
        drawing.band(0, 1, "wait", said),
        drawing.columns([(0.5, "c", said)]),
        drawing.line(places),
        title=said,
        description=said,
    )
    tree = parsed(drawn)
    assert tree.find(f".//{SVG}script") is None
    assert len(tree.findall(f"{SVG}circle")) == len(places)
    assert [one.text for one in tree.findall(f"{SVG}circle/{SVG}title")] == [said] * len(places)


@given(st.lists(st.tuples(PART, PART), min_size=1, max_size=50))
def test_nothing_is_drawn_outside_of_the_box(places):
    for x, y in places:
        assert 0 <= drawing.x_of(x) <= drawing.WIDTH
        assert 0 <= drawing.y_of(y) <= drawing.HEIGHT


@given(st.floats(1e-6, 1e15))
def test_marks_begin_at_zero_are_even_and_reach_over_what_they_measure(greatest):
    ticks = drawing.nice_ticks(greatest)
    assert ticks[0] == 0
    assert ticks[-1] >= greatest * (1 - 1e-6)
    assert 2 <= len(ticks) <= 7
    if greatest >= 1:
        assert all(tick == int(tick) for tick in ticks)


@given(st.floats(1e-6, 1e15), st.floats(1, 1e9))
def test_powers_of_ten_enclose_what_they_measure(least, times):
    ticks = drawing.decades(least, least * times)
    assert ticks[0] <= least * (1 + 1e-9)
    assert ticks[-1] >= least * times * (1 - 1e-9)
    assert len(ticks) >= 2


def test_a_count_that_exists_is_seen_and_one_that_does_not_is_not():
    drawn = parsed(drawing.svg(drawing.columns([(0, "a", ""), (1e-9, "b", "one")]), title="t", description=""))
    [only] = drawn.findall(f"{SVG}rect")
    assert only.get("class") == "b"
    assert float(only.get("height") or 0) >= 1


def test_a_line_without_places_is_none():
    assert drawing.line([]) == ""


@given(st.lists(st.just(0.0) | st.floats(1e-6, 1e12), min_size=1, max_size=20), st.booleans())
def test_every_value_has_a_place_on_its_axis_in_order_and_zero_one_of_its_own(values, even):
    axis = Axis.over(values, even=even)
    places = [axis.part(value) for value in sorted(values)]
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in places)
    assert places == sorted(places)
    assert all(0 <= axis.part(mark) <= 1 + 1e-9 for mark in axis.marks())
    if not even and 0 in values:
        assert all(axis.part(value) >= axis.strip > axis.part(0) for value in values if value >= axis.low)


@given(st.lists(st.integers(-(10**6), 10**6).map(float), min_size=1, max_size=20))
def test_values_under_zero_have_a_place_too(values):
    axis = Axis.over(values, even=False)
    assert all(-1e-9 <= axis.part(value) <= 1 + 1e-9 for value in values)
