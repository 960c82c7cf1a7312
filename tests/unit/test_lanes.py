"""What a slice holds: written down and read back, kept apart from what others hold, given up when it is read."""

from hypothesis import given
from hypothesis import strategies as st

from app.services.lanes import Held, Span

#: Every position is one of a batch's; each is read already (a gap), free, or held by another lane.
fields = st.lists(st.sampled_from(["read", "free", "others"]), max_size=60)


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Spans that do not meet, ascending."""
    edges = sorted(draw(st.lists(st.integers(0, 10_000), unique=True, max_size=20)))
    return list(zip(edges[::2], edges[1::2], strict=False))


def positions(found: list[Span]) -> list[int]:
    return [position for a, b in found for position in range(a, b)]


def others(field: list[str]) -> list[Span]:
    """The spans of other lanes, with what is read already inside."""
    found: list[Span] = []
    for position, what in enumerate(field):
        if what == "others":
            joined = found and all(one == "read" for one in field[found[-1][1] : position])
            found = [*found[:-1], (found[-1][0], position + 1)] if joined else [*found, (position, position + 1)]
    return found


def free(field: list[str]) -> list[int]:
    return [position for position, what in enumerate(field) if what == "free"]


@given(spans())
def test_what_is_written_down_is_read_back(found: list[Span]) -> None:
    held = Held.parse(",".join(f"{a}-{b}" for a, b in found))

    assert list(held.spans.items()) == [((a, b), b - a) for a, b in found]
    assert Held.parse(str(held)) == held


def test_nothing_held_is_an_empty_text() -> None:
    assert str(Held()) == ""
    assert Held.parse("") == Held() == Held.of([], [(0, 5)])


@given(fields)
def test_spans_cover_exactly_what_was_claimed_and_keep_off_what_others_hold(field: list[str]) -> None:
    held = Held.of(free(field), others(field))
    covered = positions(list(held.spans))

    assert len(covered) == len(set(covered)), "no span meets another"
    assert set(covered) >= set(free(field))
    assert {field[position] for position in covered} <= {"read", "free"}
    assert not set(covered) & set(positions(others(field)))
    for (a, b), count in held.spans.items():
        assert (field[a], field[b - 1]) == ("free", "free"), "a span begins and ends with what was claimed"
        assert count == field[a:b].count("free")


@given(fields)
def test_there_are_no_more_spans_than_others_make_necessary(field: list[str]) -> None:
    groups, before = 0, "others"
    for what in field:
        if what == "free":
            groups += before == "others"
        before = before if what == "read" else what

    assert len(Held.of(free(field), others(field)).spans) <= groups


@given(fields, st.data())
def test_what_is_read_is_given_up_and_a_span_goes_with_its_last(field: list[str], data: st.DataObject) -> None:
    held = Held.of(free(field), others(field))
    left = set(free(field))
    while left:
        some = data.draw(st.sets(st.sampled_from(sorted(left)), min_size=1))
        left -= some
        held = held.without(sorted(some))

        assert all(count == len(left & set(range(a, b))) for (a, b), count in held.spans.items())
        assert left <= set(positions(list(held.spans)))
    assert held == Held()


@given(fields)
def test_what_is_not_held_changes_nothing(field: list[str]) -> None:
    held = Held.of(free(field), others(field))

    assert held.without(()) == held
    assert held.without(positions(others(field))) == held


@given(fields, fields)
def test_further_claims_are_held_beside_the_first(first: list[str], second: list[str]) -> None:
    mine = Held.of(free(first), others(first))
    offset = len(first)
    more = Held.of([offset + position for position in free(second)], list(mine.spans))
    both = mine.and_(more)

    assert sum(both.spans.values()) == len(free(first)) + len(free(second))
    assert Held.parse(str(both)).spans.keys() == both.spans.keys()
    assert both.without(free(first)) == more
