"""What the values of a batch look like together: exact counts, whatever comes later, and never a number nobody said."""

import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from app import clock
from app.errors import NoSuchBatch
from app.repositories import charts as stored
from app.services import batches, charts, control, failures, slices, timeline
from app.services.activity import Act
from app.services.charts import LOG_EDGES
from app.services.house import House
from app.services.lanes import Lane, Outcome
from app.services.timeline import Rest
from app.sources.base import Reading
from tests.store.test_control import EN, KO, first_lane, submitted, work
from tests.store.working import take_lane


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    charts._counted.clear()
    yield
    charts._counted.clear()


def store(house: House, lane: Lane, said: Sequence[Reading], at: Sequence[int] = (), *, cached: bool = False) -> None:
    """Let the next lookups of a lane come out so."""
    desk = slices.claim(house, lane, len(said))
    told = [
        Outcome(
            one.position,
            reading,
            at[n] if at else clock.now_ms(),
            from_cache=cached,
            attempts=1,
            error="unreachable" if reading.state == "failed" else None,
        )
        for n, (one, reading) in enumerate(zip(desk, said, strict=True))
    ]
    slices.flush(house, lane, told, len(told))


def values(*amounts: float) -> list[Reading]:
    return [Reading("ok", amount) for amount in amounts]


def test_values_are_counted_by_bucket_exactly_and_what_is_no_number_is_not(house: House):
    rng = random.Random(7)
    amounts = [0.0, 0.0, 0.4, 1.0, 2.0, 9.99, 10.0, 1e12, *(rng.lognormvariate(5, 4) for _ in range(200))]
    others = [Reading("below", upper=10.0), Reading("missing"), Reading("failed")]
    batch = submitted(house, len(amounts) + len(others))
    store(house, first_lane(house, batch), [*values(*amounts), *others])
    edges = (0.0, 5e-324, *LOG_EDGES)
    with house.db.read() as connection:
        found = stored.histogram(connection, batch, KO, edges)
        assert stored.greatest(connection, batch, KO) == 1e12
    assert found == Counter(bisect_right(edges, amount) for amount in amounts)
    assert found[1] == 2  # the zeros, and nothing else


def test_what_is_read_later_is_added_to_what_was_counted(house: House):
    batch = submitted(house, 30)
    lane = first_lane(house, batch)
    store(house, lane, values(*(n / 2 for n in range(10))))
    [first] = charts.distributions(house, batch)
    assert first.spread is not None
    assert (first.spread.scale, first.spread.zeros, sum(first.spread.counts)) == ("even", 1, 9)
    store(house, lane, [*values(4.4, 0.0), Reading("missing")])
    [added] = charts.distributions(house, batch)
    charts._counted.clear()
    [anew] = charts.distributions(house, batch)
    assert added == anew
    store(house, lane, values(700.0))  # over all the edges there are
    [over] = charts.distributions(house, batch)
    assert over.spread is not None
    assert over.spread.edges[-1] > 700
    assert (over.spread.zeros, sum(over.spread.counts)) == (2, 11)


def test_a_retry_takes_no_value_away(house: House):
    batch = submitted(house, 4)
    work(house, batch, {(KO, 1): "unreachable"})
    before = charts.distributions(house, batch)
    control.retry(house, batch)
    [after] = charts.distributions(house, batch)
    assert after.spread == before[0].spread
    assert after.source.counts.failed == 0


def test_a_source_without_a_value_has_no_spread_and_an_unknown_batch_no_charts(house: House):
    [nothing] = charts.distributions(house, submitted(house, 2))
    assert nothing.spread is None
    for look in (charts.distributions, charts.cloud, timeline.timeline, failures.sampled):
        with pytest.raises(NoSuchBatch):
            look(house, 999)


def test_a_source_that_is_shown_to_nobody_is_in_no_chart(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 3, (KO, EN))
    work(house, batch)
    monkeypatch.setattr(charts, "withheld", lambda _: frozenset({KO}))
    hidden, shown = charts.distributions(house, batch)
    assert (hidden.withheld, hidden.spread) == (True, None)
    assert shown.spread is not None
    assert charts.cloud(house, batch) is None


def test_dots_are_rows_with_two_values_and_the_others_are_told(house: House):
    batch = submitted(house, 6, (KO, EN))
    said = [Reading("ok", 3.0), Reading("ok", 0.0), Reading("below", upper=1.0), Reading("missing"), Reading("failed")]
    store(house, first_lane(house, batch), said)
    lane = take_lane(house, batch, EN, 0, 1)
    assert lane is not None
    store(house, lane, values(1, 2, 3, 4, 5, 6))
    found = charts.cloud(house, batch, EN, KO)
    assert found is not None
    assert [(dot.keyword, dot.x, dot.y) for dot in found.dots] == [("키워드 0", 1.0, 3.0), ("키워드 1", 2.0, 0.0)]
    assert (found.x, found.y, found.rows, found.of) == (EN, KO, 6, 6)
    assert found.left_out == {"below": 1, "missing": 1, "failed": 1, "unread": 1}
    assert charts.cloud(house, submitted(house, 2)) is None  # one source alone


def test_dots_are_taken_evenly_from_many_rows(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(charts, "DOTS", 10)
    batch = submitted(house, 95, (KO, EN))
    work(house, batch)
    found = charts.cloud(house, batch)
    assert found is not None
    assert [dot.position for dot in found.dots] == [n * 95 // 10 for n in range(10)]
    assert (found.rows, found.of) == (10, 95)


def test_a_pause_is_a_gap_at_exactly_its_place_and_retried_readings_keep_theirs(house: House):
    batch = submitted(house, 600)
    lane, now = first_lane(house, batch), clock.now_ms()
    for begin, count in ((0, 200), (60_000, 150), (180_000, 250)):
        store(house, lane, [*values(*[1.0] * (count - 1)), Reading("failed")], [now + begin + n for n in range(count)])
    found = timeline.timeline(house, batch)
    assert found is not None
    assert [(run[-1].count, run[-1].at - now) for run in found.runs] == [(200, 199), (350, 60_149), (600, 180_249)]
    assert [run[0].count for run in found.runs[1:]] == [201, 351]
    slices.release(house, lane, 600, finished=True)
    control.retry(house, batch)
    assert timeline.timeline(house, batch).runs == found.runs  # type: ignore[union-attr]


def test_readings_that_earlier_ones_answered_have_no_time_of_their_own(house: House):
    batch = submitted(house, 5)
    assert timeline.timeline(house, batch) is None
    store(house, first_lane(house, batch), values(1, 2, 3, 4, 5), [1, 2, 3, 4, 5], cached=True)
    found = timeline.timeline(house, batch)
    assert found is not None
    assert not found.timed
    assert batches.get(house, batch).counts.cached == 5


def act(at: int, what: str, **about: str) -> Act:
    return Act(at, at, "", what, about)


def test_rests_are_what_was_done_from_one_end_to_the_other():
    acts = [
        act(1, "submit"),
        act(2, "waiting", account="a", reason="quota"),
        act(3, "waiting", account="b", reason="throttled"),
        act(4, "running", account="a"),
        act(5, "pause"),  # nothing waits for itself in a batch that rests
        act(7, "resume"),
        act(8, "cancel"),
        act(9, "resume"),
        act(10, "waiting", account="a", reason="upstream_down"),
    ]
    assert timeline.rests_of(acts, 20) == (
        Rest(2, 4, "quota"),
        Rest(3, 5, "throttled"),
        Rest(5, 7, "paused"),
        Rest(8, 9, "cancelled"),
        Rest(10, 20, "upstream_down"),
    )


def test_failures_come_with_the_first_keywords_of_each_kind(house: House):
    batch = submitted(house, 20)
    work(house, batch, {(KO, n): "rejected" if n == 19 else "unreachable" for n in (3, 5, 7, 9, 11, 13, 19)})
    found = {one.kind.error: one for one in failures.sampled(house, batch)}
    assert found["unreachable"].kind.count == 6
    assert found["unreachable"].sample == tuple((n, f"키워드 {n}") for n in (3, 5, 7, 9, 11))
    assert found["rejected"].sample == ((19, "키워드 19"),)
