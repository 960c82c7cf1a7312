"""Pause, resume, cancel, retry, rerun: each by hand, with what it changes and what it leaves alone."""

import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rq import Queue
from sqlalchemy import select

from app import clock
from app.errors import BadValue, KeybatchError, NoSuchBatch, NothingToRetry, UnknownSource, WrongState
from app.models import tables
from app.queue import Slice
from app.services import batches, control, dispatch, healing, history, results, sharing, slices, tally
from app.services.house import House
from app.services.lanes import Lane, LaneLost, Lookup, Outcome
from app.services.shapes import BatchView
from app.sources.base import Reading
from tests.store.test_ledger import DAILY, NOON, _account, _usage
from tests.store.working import NOW, lanes, outcome, take_lane

KO, EN = "wordfreq.ko", "wordfreq.en"
HOUR_MS = 3_600_000
Asked = list[tuple[str, int]]
#: (source, position) → the error that the lookup fails with.
Failing = Mapping[tuple[str, int], str]


def submitted(house: House, count: int, sources: Sequence[str] = (KO,), **options: Any) -> int:
    return batches.submit(house, [f"키워드 {n}" for n in range(count)], sources, **options).batch


def failed(lookup: Lookup, error: str = "unreachable") -> Outcome:
    return Outcome(lookup.position, Reading("failed"), clock.now_ms(), attempts=1, error=error, detail=f"a {error}")


def first_lane(house: House, batch: int, generation: int = 1) -> Lane:
    lane = take_lane(house, batch, KO, 0, generation)
    assert lane is not None
    return lane


def pieces(house: House, batch: int) -> list[Slice]:
    with house.db.read() as connection:
        return dispatch.pieces(connection, batch)


def work(house: House, batch: int, failing: Failing | None = None) -> Asked:
    """Do every slice that should exist until none should; what was asked, in that order."""
    asked: Asked = []
    while found := pieces(house, batch):
        for piece in found:
            lane = slices.begin(house, piece, "hands")
            if lane is not None:
                asked += work_on(house, lane, failing or {})
    return asked


def work_on(house: House, lane: Lane, failing: Failing, desk: list[Lookup] | None = None) -> Asked:
    """Work on a lane until nothing is left to claim and hand it back; what was asked."""
    source, asked = lane.piece.source, []
    desk = slices.resume(house, lane) if desk is None else desk
    while desk or (desk := slices.claim(house, lane, 7)):
        asked += [(source, one.position) for one in desk]
        errors = [failing.get((source, one.position)) for one in desk]
        told = [failed(one, error) if error else outcome(one) for one, error in zip(desk, errors, strict=True)]
        slices.flush(house, lane, told, len(asked))
        desk = []
    slices.release(house, lane, len(asked), finished=True)
    return asked


def each(count: int, *sources: str) -> Asked:
    return [(source, position) for source in sources or (KO,) for position in range(count)]


def rows(house: House, batch: int) -> tuple[Any, ...]:
    """The rows of a batch, its sources, lanes and readings."""
    keyed = [(table, table.c.id if table is tables.batch else table.c.batch_id) for table in STORED]
    with house.db.read() as connection:
        return tuple(sorted(connection.execute(select(table).where(key == batch)).all()) for table, key in keyed)


STORED = (tables.batch, tables.batch_source, tables.claim, tables.reading, tables.superseded)


def stored(house: House, batch: int) -> Asked:
    """(source, position) of what has a reading now."""
    c = tables.reading.c
    with house.db.read() as connection:
        return sorted(tuple(row) for row in connection.execute(select(c.source, c.position).where(c.batch_id == batch)))


def seqs(house: House, batch: int) -> list[int]:
    """The seq of every reading, superseded ones too."""
    with house.db.read() as connection:
        found = [
            connection.execute(select(table.c.seq).where(table.c.batch_id == batch)).scalars().all()
            for table in (tables.reading, tables.superseded)
        ]
    return sorted(seq for part in found for seq in part)


def is_right(house: House, batch: int) -> BatchView:
    """The batch, once its counters have been found equal to its rows and its seq without holes."""
    view = batches.get(house, batch)
    c = tables.reading.c
    with house.db.read() as connection:
        told = connection.execute(select(c.source, c.state).where(c.batch_id == batch)).all()
    for source in view.sources:
        states = [state for name, state in told if name == source.name]
        counted = {state: getattr(source.counts, state) for state in ("ok", "below", "missing", "failed")}
        assert counted == {state: states.count(state) for state in counted}
    assert seqs(house, batch) == list(range(1, view.seq + 1))
    return view


def refused(house: House, batch: int, error: type[KeybatchError], do: Callable[[], object]) -> None:
    before = rows(house, batch)
    with pytest.raises(error):
        do()
    assert rows(house, batch) == before, "what is refused changes nothing"


def completed(house: House, count: int, failing: Failing | None = None, sources: Sequence[str] = (KO,)) -> int:
    batch = submitted(house, count, sources)
    work(house, batch, failing)
    assert is_right(house, batch).state == "completed"
    return batch


def test_a_paused_batch_enqueues_nothing_and_its_lane_keeps_what_it_holds(house: House) -> None:
    batch = submitted(house, 10)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 6)
    slices.flush(house, lane, [outcome(one) for one in found[:2]], 2)

    assert control.pause(house, batch).state == "paused"
    flushed = slices.flush(house, lane, [outcome(found[2])], 3)
    slices.release(house, lane, 3, finished=False)
    house.redis.flushall()

    assert not flushed.wanted, "a slice that did not hear of it hears it here"
    assert (healing.heal(house), dispatch.wake(house, batch)) == (0, 0)
    assert Queue.all(connection=house.redis) == []
    assert take_lane(house, batch, KO, 0, 2) is None, "a slice that was queued before finds nothing to do"
    assert batches.get(house, batch).state == "paused"
    assert [row.held for row in rows(house, batch)[2]] == ["0-6"]


def test_a_paused_batch_goes_on_with_exactly_the_rest(house: House) -> None:
    batch = submitted(house, 20, [KO, EN])
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 6)
    slices.flush(house, lane, [outcome(one) for one in found[:2]], 2)
    control.pause(house, batch)
    slices.release(house, lane, 2, finished=False)
    house.redis.flushall()

    assert control.resume(house, batch).state == "queued"
    assert len(Queue("default-wordfreq", connection=house.redis)) == 2, "what goes on is queued at once"
    asked = work(house, batch)

    assert sorted(asked) == sorted(set(each(20, KO, EN)) - {(KO, 0), (KO, 1)})
    assert is_right(house, batch).state == "completed"


def test_a_slice_that_outlives_a_pause_goes_on_after_the_resume(house: House) -> None:
    batch = submitted(house, 10)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 6)

    control.pause(house, batch)
    control.resume(house, batch)
    flushed = slices.flush(house, lane, [outcome(one) for one in found], 6)
    work_on(house, lane, {}, [])

    assert flushed.wanted
    assert stored(house, batch) == each(10)
    assert is_right(house, batch).state == "completed"


def test_a_waiting_batch_that_is_paused_and_resumed_waits_no_longer_than_it_has_to(house: House) -> None:
    batch = submitted(house, 3)
    lane = first_lane(house, batch)
    waiting = slices.Waiting("quota", clock.now_ms() + HOUR_MS, "quota_spent", "")
    slices.release(house, lane, 0, finished=False, waiting=waiting)

    paused = control.pause(house, batch)
    resumed = control.resume(house, batch)

    assert (paused.state, paused.waiting_reason, paused.waiting_until) == ("paused", "", None)
    assert (resumed.state, resumed.waiting_reason, resumed.waiting_until) == ("waiting", "quota", waiting.until)
    assert pieces(house, batch) == []
    with clock.frozen(waiting.until):
        healing.heal(house)
        assert sorted(work(house, batch)) == each(3)


def test_asking_for_what_is_so_already_changes_nothing(house: House) -> None:
    batch = submitted(house, 5)
    for do in (control.resume, control.pause, control.resume, control.cancel):
        first = do(house, batch)
        before = rows(house, batch)

        assert do(house, batch) == first
        assert rows(house, batch) == before


def test_a_cancel_of_a_batch_under_work_is_over_when_its_lane_is_handed_back(house: House) -> None:
    batch = submitted(house, 10)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 6)

    assert control.cancel(house, batch).state == "cancelling"
    before = rows(house, batch)
    assert control.cancel(house, batch).state == "cancelling"
    assert rows(house, batch) == before
    refused(house, batch, WrongState, lambda: control.resume(house, batch))
    refused(house, batch, WrongState, lambda: control.pause(house, batch))
    flushed = slices.flush(house, lane, [outcome(one) for one in found[:2]], 2)
    slices.release(house, lane, 2, finished=False)

    view = is_right(house, batch)
    assert not flushed.wanted
    assert (view.state, view.stopped_by, view.counts.ok, view.counts.cancelled) == ("cancelled", "person", 2, 8)
    assert lanes(house, batch) == []


@pytest.mark.parametrize("how", ["handed back", "killed"])
def test_a_cancelled_batch_that_is_resumed_asks_exactly_what_has_no_reading(house: House, how: str) -> None:
    batch, now = submitted(house, 20, [KO, EN]), clock.now_ms()
    with clock.frozen(now):
        lane = first_lane(house, batch)
        found = slices.claim(house, lane, 9)
        slices.flush(house, lane, [outcome(one) for one in (found[1], found[4])], 2)
        control.cancel(house, batch)
        if how == "handed back":
            slices.release(house, lane, 2, finished=False)
    with clock.frozen(now + slices.LEASE_MS + 1):
        healing.heal(house)
        assert batches.get(house, batch).state == "cancelled"
        resumed = control.resume(house, batch)
        heirs = [slices.begin(house, piece, "heir") for piece in pieces(house, batch)]
        with pytest.raises(LaneLost):
            slices.flush(house, lane, [outcome(found[0])], 3)
        asked = [one for heir in heirs if heir is not None for one in work_on(house, heir, {})] + work(house, batch)

    assert (resumed.state, resumed.stopped_by, resumed.finished_at) == ("queued", "", None)
    assert resumed.counts.cancelled == 0
    assert sorted(asked) == sorted(set(each(20, KO, EN)) - {(KO, 1), (KO, 4)})
    assert is_right(house, batch).state == "completed"


def test_a_batch_can_be_cancelled_and_resumed_again_and_again(house: House) -> None:
    batch, asked, before = submitted(house, 12), [], []
    for _ in range(3):
        [piece] = pieces(house, batch)
        lane = slices.begin(house, piece, "hands")
        assert lane is not None
        for lost in before:
            with pytest.raises(LaneLost):
                slices.claim(house, lost, 1)
        before.append(lane)
        found = slices.claim(house, lane, 5)[:3]
        asked += [(KO, one.position) for one in found]
        slices.flush(house, lane, [outcome(one) for one in found], 3)
        control.cancel(house, batch)
        slices.release(house, lane, 3, finished=False)
        assert control.resume(house, batch).state == "queued"

    assert sorted(asked + work(house, batch)) == each(12), "nothing twice, nothing left out"
    assert is_right(house, batch).state == "completed"


def test_a_source_that_has_finished_is_not_opened_by_a_resume(house: House) -> None:
    batch = submitted(house, 3, [KO, EN])
    work_on(house, first_lane(house, batch), {})
    control.cancel(house, batch)

    resumed = control.resume(house, batch)

    assert [source.state for source in resumed.sources] == ["completed", "queued"]
    assert work(house, batch) == each(3, EN)


def test_a_cancel_that_comes_after_the_last_reading_finds_nothing_to_cancel(house: House) -> None:
    batch = submitted(house, 3)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 7)

    control.cancel(house, batch)
    slices.flush(house, lane, [outcome(one) for one in found], 3)
    slices.release(house, lane, 3, finished=True)

    view = is_right(house, batch)
    assert (view.state, view.stopped_by) == ("completed", "")
    assert lanes(house, batch) == []


def test_the_last_readings_of_a_paused_batch_complete_it(house: House) -> None:
    batch = submitted(house, 3)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 7)

    control.pause(house, batch)
    slices.flush(house, lane, [outcome(one) for one in found], 3)
    slices.release(house, lane, 3, finished=True)

    assert is_right(house, batch).state == "completed"


def test_a_batch_that_has_ended_is_neither_paused_nor_resumed_nor_cancelled(house: House) -> None:
    done, cancelled = completed(house, 3), submitted(house, 3)
    control.cancel(house, cancelled)

    refused(house, done, WrongState, lambda: control.resume(house, done))
    refused(house, done, WrongState, lambda: control.pause(house, done))
    refused(house, done, WrongState, lambda: control.cancel(house, done))
    refused(house, cancelled, WrongState, lambda: control.pause(house, cancelled))


def test_a_batch_that_was_cancelled_is_not_retried_and_one_that_goes_on_is_not_run_again(house: House) -> None:
    cancelled = submitted(house, 3)
    lane = first_lane(house, cancelled)
    slices.flush(house, lane, [failed(one) for one in slices.claim(house, lane, 1)], 1)
    refused(house, cancelled, WrongState, lambda: control.rerun(house, cancelled))
    control.pause(house, cancelled)
    refused(house, cancelled, WrongState, lambda: control.rerun(house, cancelled))
    control.cancel(house, cancelled)
    for _ in range(2):
        refused(house, cancelled, WrongState, lambda: control.retry(house, cancelled))
        slices.release(house, lane, 1, finished=False) if lanes(house, cancelled) else None

    assert batches.get(house, cancelled).state == "cancelled"


def test_controls_of_an_unknown_batch_say_so(house: House) -> None:
    for do in (control.pause, control.resume, control.cancel, control.retry, control.rerun, control.failures):
        with pytest.raises(NoSuchBatch):
            do(house, 404)  # type: ignore[operator] -- they all take these two


FAILING: Failing = {
    (KO, 3): "unreachable",
    (KO, 9): "rejected",
    (EN, 1): "unreachable",
    (EN, 2): "unreadable",
    (EN, 12): "unreachable",
}


CHOICES: list[tuple[dict[str, Any], set[tuple[str, int]]]] = [
    ({}, set(FAILING)),
    ({"error": "unreachable"}, {(KO, 3), (EN, 1), (EN, 12)}),
    ({"source": EN}, {(EN, 1), (EN, 2), (EN, 12)}),
    ({"source": EN, "error": "unreachable"}, {(EN, 1), (EN, 12)}),
    ({"first": 3}, {(KO, 3), (KO, 9), (EN, 1)}),
    ({"first": 2, "error": "unreachable"}, {(KO, 3), (EN, 1)}),
    ({"first": 1, "source": EN, "error": "unreachable"}, {(EN, 1)}),
    ({"first": 99}, set(FAILING)),
]


def test_a_retry_asks_exactly_what_was_chosen(house: House) -> None:
    for chosen, expected in CHOICES:
        batch = completed(house, 15, FAILING, [KO, EN])

        retried = control.retry(house, batch, **chosen)

        assert (retried.lookups, retried.batch.state, retried.batch.finished_at) == (len(expected), "queued", None)
        assert is_right(house, batch).counts.failed == len(FAILING) - len(expected)
        assert sorted(work(house, batch)) == sorted(expected), chosen
        view = is_right(house, batch)
        assert (view.state, view.seq) == ("completed", 30 + len(expected))
        assert view.counts.failed == len(FAILING) - len(expected)
        assert stored(house, batch) == sorted(each(15, KO, EN))


def test_a_canary_takes_those_that_failed_first_wherever_they_are(house: House) -> None:
    batch = submitted(house, 10)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 10)
    for position in (7, 2, 5):
        slices.flush(house, lane, [failed(found[position])], 0)
    slices.flush(house, lane, [outcome(one) for one in found if one.position not in (7, 2, 5)], 10)
    slices.release(house, lane, 10, finished=True)

    control.retry(house, batch, first=2)

    assert work(house, batch) == [(KO, 2), (KO, 7)]


def test_a_failure_that_is_retried_and_fails_again_can_be_retried_again(house: House) -> None:
    batch = completed(house, 8, {(KO, 4): "unreachable"})
    for n in range(3):
        control.retry(house, batch)
        assert work(house, batch, {(KO, 4): "unreadable"}) == [(KO, 4)]
        assert (is_right(house, batch).seq, batches.get(house, batch).counts.failed) == (9 + n, 1)

    points = history.history(house, "키워드 4")
    assert [(point.error, point.superseded) for point in points] == [
        ("unreachable", True),
        ("unreadable", True),
        ("unreadable", True),
        ("unreadable", False),
    ]


def test_a_retry_that_matches_nothing_changes_nothing(house: House) -> None:
    batch = completed(house, 5, {(KO, 1): "unreachable"}, [KO, EN])

    refused(house, batch, NothingToRetry, lambda: control.retry(house, batch, error="rejected"))
    refused(house, batch, NothingToRetry, lambda: control.retry(house, batch, source=EN))
    refused(house, batch, BadValue, lambda: control.retry(house, batch, error="no such class"))
    refused(house, batch, BadValue, lambda: control.retry(house, batch, first=0))
    refused(house, batch, BadValue, lambda: control.retry(house, batch, first=-1))
    refused(house, batch, UnknownSource, lambda: control.retry(house, batch, source="wordfreq.ja"))
    assert healing.heal(house) == 0


def test_a_retry_twice_finds_nothing_the_second_time(house: House) -> None:
    batch = completed(house, 5, {(KO, 1): "unreachable"})

    control.retry(house, batch)

    refused(house, batch, NothingToRetry, lambda: control.retry(house, batch))


def test_failures_are_told_by_source_and_error(house: House) -> None:
    batch = completed(house, 15, FAILING, [KO, EN])

    found = [(one.source, one.error, one.count, one.detail) for one in control.failures(house, batch)]

    assert found == [
        (EN, "unreachable", 2, "a unreachable"),
        (EN, "unreadable", 1, "a unreadable"),
        (KO, "rejected", 1, "a rejected"),
        (KO, "unreachable", 1, "a unreachable"),
    ]


def test_history_has_one_point_a_measurement_and_none_is_overwritten(house: House) -> None:
    moments = [NOW, NOW + HOUR_MS, NOW + 2 * HOUR_MS]
    with clock.frozen(moments[0]):
        batch = completed(house, 3, {(KO, 1): "unreachable"})
    with clock.frozen(moments[1]):
        control.retry(house, batch)
        [piece] = pieces(house, batch)
        lane = slices.begin(house, piece, "hands")
        assert lane is not None
        [one] = slices.claim(house, lane, 7)
        read = Outcome(one.position, Reading("ok", 42.0), moments[1], attempts=3, latency_ms=5)
        slices.flush(house, lane, [read], 3)
        slices.release(house, lane, 3, finished=True)
    with clock.frozen(moments[2]):
        shared = submitted(house, 3, max_age_s=10**6)
        lane = first_lane(house, shared)
        found = slices.claim(house, lane, 7)
        slices.flush(house, lane, sharing.answered(house, lane, found), 0)
        slices.release(house, lane, 0, finished=True)

    assert batches.get(house, shared).counts.cached == 3
    points = history.history(house, " 키워드  1 ", KO)
    told = [(p.state, p.value, p.error, p.detail, p.observed_at, p.attempts, p.batch, p.superseded) for p in points]
    assert told == [
        ("failed", None, "unreachable", "a unreachable", moments[0], 1, batch, True),
        ("ok", 42.0, "", "", moments[1], 3, batch, False),
    ]
    assert history.history(house, "키워드 1", EN) == []


@pytest.mark.parametrize("held", [3, 8], ids=["the failed one was claimed before", "the failed one is held"])
def test_a_retry_while_others_are_still_read_reads_everything_exactly_once(house: House, held: int) -> None:
    batch = submitted(house, 12)
    lane = first_lane(house, batch)
    first = slices.claim(house, lane, held)
    slices.flush(house, lane, [failed(one) if one.position == 2 else outcome(one) for one in first[:3]], 3)
    rest = first[3:] or slices.claim(house, lane, 5)

    retried = control.retry(house, batch)

    assert (retried.lookups, retried.batch.state) == (1, "running")
    asked = work_on(house, lane, {}, rest) + work(house, batch)
    assert sorted(asked) == sorted([*each(12)[3:], (KO, 2)])
    assert stored(house, batch) == each(12)
    assert is_right(house, batch).state == "completed"


def test_a_retry_between_the_last_reading_and_the_hand_back_of_its_lane_is_worked_on(house: House) -> None:
    batch = submitted(house, 3)
    lane = first_lane(house, batch)
    found = slices.claim(house, lane, 7)
    slices.flush(house, lane, [failed(found[0]), *(outcome(one) for one in found[1:])], 3)
    assert batches.get(house, batch).state == "completed"

    control.retry(house, batch)
    slices.release(house, lane, 3, finished=True)

    assert house.redis.exists(f"rq:job:b{batch}-wordfreq_ko-l0-g2"), "a successor is queued at once"
    assert work(house, batch) == [(KO, 0)]
    assert is_right(house, batch).state == "completed"


def test_a_retry_while_several_lanes_work_leaves_nothing_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "CHUNK", 5)
    batch = submitted(house, 20)
    hands = [slices.begin(house, piece, "hands") for piece in pieces(house, batch)]
    assert len(hands) == 4
    desks = [(lane, slices.claim(house, lane, 5)) for lane in hands if lane is not None]
    for lane, desk in desks:
        slices.flush(house, lane, [failed(desk[1]), outcome(desk[3])], 2)

    control.retry(house, batch)
    asked = [one for lane, desk in desks for one in work_on(house, lane, {}, [desk[0], desk[2], desk[4]])]

    assert sorted(asked + work(house, batch)) == [one for one in each(20) if one[1] % 5 != 3]
    assert stored(house, batch) == each(20)
    assert is_right(house, batch).state == "completed"
    assert lanes(house, batch) == []


def test_a_retry_of_a_paused_batch_waits_for_its_resume(house: House) -> None:
    batch = submitted(house, 6, [KO, EN])
    work_on(house, first_lane(house, batch), {(KO, 1): "unreachable"})
    control.pause(house, batch)
    house.redis.flushall()

    assert control.retry(house, batch).batch.state == "paused"
    assert (healing.heal(house), Queue.all(connection=house.redis)) == (0, [])
    control.resume(house, batch)

    assert sorted(work(house, batch)) == sorted([(KO, 1), *each(6, EN)])
    assert is_right(house, batch).state == "completed"


def test_a_retried_batch_that_is_cancelled_and_resumed_asks_what_it_has_not_asked_again(house: House) -> None:
    batch = completed(house, 20, {(KO, n): "unreachable" for n in (2, 3, 15)})
    control.retry(house, batch)
    [piece] = pieces(house, batch)
    lane = slices.begin(house, piece, "hands")
    assert lane is not None
    [one] = slices.claim(house, lane, 1)
    slices.flush(house, lane, [outcome(one)], 1)
    control.cancel(house, batch)
    slices.release(house, lane, 1, finished=False)
    assert (batches.get(house, batch).state, batches.get(house, batch).counts.cancelled) == ("cancelled", 2)

    control.resume(house, batch)

    assert work(house, batch) == [(KO, 3), (KO, 15)]
    assert is_right(house, batch).state == "completed"


def test_a_rerun_copies_the_items_and_asks_them_all_anew(house: House) -> None:
    lines = ["맥북", " 맥북", "에어팟\u200b 프로", "아이폰", "", "맥북 "]
    batch = batches.submit(
        house,
        lines,
        [EN, KO],
        name="가을",
        priority="high",
        max_age_s=10**8,
        deadline_at=clock.now_ms() + HOUR_MS,
        owner="kim",
    ).batch
    work(house, batch)

    again = control.rerun(house, batch)

    old = batches.get(house, batch)
    assert (again.state, again.max_age_s, again.deadline_at, again.rerun_of) == ("queued", 0, None, batch)
    assert (again.name, again.priority, again.owner) == ("가을", "high", "kim")
    assert (again.items, again.lookups, again.merged, again.rejected) == (3, 6, 2, old.rejected)
    assert (again.seq, again.counts.done, again.started_at, again.finished_at) == (0, 0, None, None)
    assert [source.name for source in again.sources] == [EN, KO]
    told = [(row.position, row.keyword, row.asked, row.merged) for row in results.rows(house, again)]
    assert told == [(row.position, row.keyword, row.asked, row.merged) for row in results.rows(house, old)]
    assert len(Queue("high-wordfreq", connection=house.redis)) > 0
    assert sorted(work(house, again.id)) == sorted(each(3, KO, EN))
    assert is_right(house, again.id).state == "completed"
    assert len(history.history(house, "맥북", KO)) == 2


def test_a_second_rerun_while_the_first_is_open_is_the_first(house: House) -> None:
    batch = completed(house, 3)
    first = control.rerun(house, batch)
    before = rows(house, first.id)

    assert control.rerun(house, batch) == first
    assert rows(house, first.id) == before
    control.pause(house, first.id)
    assert control.rerun(house, batch).id == first.id
    control.cancel(house, first.id)
    second = control.rerun(house, batch)
    assert second.id != first.id
    work(house, second.id)
    assert control.rerun(house, second.id).rerun_of == second.id


def test_two_reruns_at_once_make_one_batch(house: House) -> None:
    batch = completed(house, 3)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: control.rerun(house, batch).id, range(6)))

    assert len(set(found)) == 1
    assert len(batches.listing(house)) == 2


def test_a_deadline_that_has_passed_is_refused(house: House) -> None:
    with clock.frozen(NOW):
        for moment in (NOW - 1, NOW):
            with pytest.raises(BadValue):
                submitted(house, 3, deadline_at=moment)
        assert batches.get(house, submitted(house, 3, deadline_at=NOW + 1)).deadline_at == NOW + 1


@pytest.mark.parametrize("paused", [False, True])
def test_a_deadline_ends_a_batch_and_what_was_read_is_kept(house: House, paused: bool) -> None:
    with clock.frozen(NOW):
        batch = submitted(house, 10, deadline_at=NOW + HOUR_MS)
        lane = first_lane(house, batch)
        found = slices.claim(house, lane, 6)
        slices.flush(house, lane, [outcome(one) for one in found[:4]], 4)
        if paused:
            control.pause(house, batch)
    with clock.frozen(NOW + HOUR_MS - 1):
        healing.heal(house)
        assert batches.get(house, batch).state == ("paused" if paused else "running")
    with clock.frozen(NOW + HOUR_MS):
        healing.heal(house)
        view = is_right(house, batch)
        assert (view.state, view.stopped_by, view.finished_at) == ("cancelled", "deadline", NOW + HOUR_MS)
        assert (view.counts.ok, view.counts.cancelled) == (4, 6)
        assert healing.heal(house) == 0

        resumed = control.resume(house, batch)
        assert (resumed.state, resumed.deadline_at, resumed.stopped_by) == ("queued", None, "")
        assert work(house, batch) == each(10)[4:]


def test_a_slice_under_way_at_the_deadline_may_still_store_what_it_has(house: House) -> None:
    with clock.frozen(NOW):
        batch = submitted(house, 10, deadline_at=NOW + 5_000)
        lane = first_lane(house, batch)
        found = slices.claim(house, lane, 6)
        assert lane.deadline_at == NOW + 5_000
    with clock.frozen(NOW + 5_000):
        control.expire(house, batch)
        assert (batches.get(house, batch).state, batches.get(house, batch).stopped_by) == ("cancelling", "deadline")
        slices.flush(house, lane, [outcome(one) for one in found[:2]], 2)
        slices.release(house, lane, 2, finished=False)

    view = is_right(house, batch)
    assert (view.state, view.stopped_by, view.counts.ok) == ("cancelled", "deadline", 2)


def test_a_deadline_to_come_is_kept_by_a_resume_and_concerns_no_batch_that_has_ended(house: House) -> None:
    with clock.frozen(NOW):
        batch = submitted(house, 2, deadline_at=NOW + HOUR_MS)
        control.cancel(house, batch)
        assert control.resume(house, batch).deadline_at == NOW + HOUR_MS
        control.expire(house, batch)
        assert batches.get(house, batch).state == "queued", "it has not come"
        work(house, batch)
    with clock.frozen(NOW + HOUR_MS):
        before = rows(house, batch)
        healing.heal(house)
        control.expire(house, batch)
        control.expire(house, 404)
        assert rows(house, batch) == before


@pytest.mark.parametrize("sure", [True, False], ids=["counted", "not counted"])
def test_calls_are_in_the_ledger_once_also_when_the_batch_is_cancelled_under_them(
    house: House, sure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(house, 10)
    if sure:
        monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        lane = first_lane(house, batch)
        counter = tally.Tally(house.settings, lane.piece)
        slices.flush(house, lane, [], 0, want=6)
        counter.add(5)
        control.cancel(house, batch)
        slices.release(house, lane, counter.made, finished=False)
        counter.close()
        healing.heal(house)

        assert batches.get(house, batch).state == "cancelled"
        assert _usage(house, clock.day(NOON, "Asia/Seoul" if sure else "UTC")) == (5, 0)


def test_a_slice_whose_lane_was_taken_stock_of_during_a_pause_writes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(house, 10)
    monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        stalled = first_lane(house, batch)
        found = slices.claim(house, stalled, 4)
        slices.flush(house, stalled, [], 0, want=20)
    with clock.frozen(NOON + slices.LEASE_MS + 1):
        control.pause(house, batch)
        assert take_lane(house, batch, KO, 0, 2) is None
        assert _usage(house) == (20, 0), "what nobody knows counts as made"
        with pytest.raises(LaneLost):
            slices.flush(house, stalled, [outcome(found[0])], 3)

        assert _usage(house) == (20, 0)
        control.resume(house, batch)
        assert sorted(work(house, batch)) == each(10)


@pytest.mark.parametrize("end", ["paused", "completed"])
def test_what_a_killed_slice_had_reserved_goes_back_though_nobody_goes_on_with_its_lane(
    house: House, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = submitted(house, 4)
    monkeypatch.setattr("app.services.accounts.of", lambda _: _account(DAILY))
    with clock.frozen(NOON):
        lane = first_lane(house, batch)
        counter = tally.Tally(house.settings, lane.piece)
        found = slices.claim(house, lane, 4)
        slices.flush(house, lane, [], 0, want=20)
        counter.add(5)
        if end == "completed":
            slices.flush(house, lane, [outcome(one) for one in found], counter.made)
        else:
            control.pause(house, batch)
        assert sum(_usage(house)) == 20
    with clock.frozen(NOON + slices.LEASE_MS + 1):
        healing.heal(house)

        assert batches.get(house, batch).state == end
        assert _usage(house) == (5, 0)
        assert bool(lanes(house, batch)) == (end == "paused")


LEGAL = {"queued", "running", "paused", "cancelling", "cancelled", "completed"}


@pytest.mark.parametrize("seed", range(2))
def test_controls_from_many_sides_at_once_leave_a_legal_state_and_lose_nothing(house: House, seed: int) -> None:
    batch = submitted(house, 60, [KO, EN])
    verbs = [control.pause, control.resume, control.cancel]

    def press(n: int) -> None:
        draw = random.Random(f"{seed} {n}")
        for _ in range(25):
            try:
                view = draw.choice(verbs)(house, batch)
            except WrongState:
                continue
            assert view.state in LEGAL

    def labour(n: int) -> Asked:
        draw, asked = random.Random(f"{seed} {n}"), []
        for _ in range(25):
            for piece in pieces(house, batch):
                lane = slices.begin(house, piece, f"hands {n}")
                if lane is None:
                    continue
                desk = slices.resume(house, lane) + slices.claim(house, lane, 3)
                some = [one for one in desk if draw.random() < 0.3]
                slices.flush(house, lane, [outcome(one) for one in some], len(some))
                asked += [(piece.source, one.position) for one in some]
                slices.release(house, lane, len(some), finished=False)
            healing.heal(house)
        return asked

    with ThreadPoolExecutor(5) as pool:
        pressing = [pool.submit(press, n) for n in range(3)]
        labouring = [pool.submit(labour, n) for n in range(2)]
        for one in pressing:
            one.result()
        asked = [found for one in labouring for found in one.result()]

    healing.heal(house)
    state = is_right(house, batch).state
    assert state in LEGAL - {"cancelling"}
    assert (state == "cancelled") <= (lanes(house, batch) == [])
    if state != "completed":
        control.resume(house, batch)
    asked += work(house, batch)
    assert sorted(asked) == sorted(each(60, KO, EN)), "nothing twice, nothing left out"
    assert is_right(house, batch).state == "completed"
