"""Nothing lost, nothing twice: lanes, leases, flushes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.repositories import readings, usage
from app.services import batches, healing, sharing, slices
from app.services.house import House
from app.services.lanes import LaneLost
from tests.store.working import lanes, outcome, read_everything, take_lane

SOURCE = "wordfreq.ko"


def submitted(house: House, count: int, **options: int) -> int:
    return batches.submit(house, [f"키워드 {n}" for n in range(count)], [SOURCE], **options).batch  # type: ignore[arg-type]


def stored(house: House, batch: int) -> list[tuple[int, int]]:
    """(seq, position) of every reading."""
    with house.db.read() as connection:
        return sorted((row.seq, row.position) for row in readings.of_source(connection, batch, SOURCE, range(10_000)))


def test_a_batch_read_to_the_end_is_completed_with_seq_without_holes(house: House) -> None:
    batch = submitted(house, 20)

    asked = read_everything(house, batch)

    assert sorted(lookup.position for lookup in asked) == list(range(20))
    assert [seq for seq, _ in stored(house, batch)] == list(range(1, 21))
    view = batches.get(house, batch)
    assert (view.state, view.seq, view.counts.ok) == ("completed", 20, 20)
    assert view.finished_at is not None
    assert lanes(house, batch) == []


def test_a_lane_is_taken_once(house: House) -> None:
    batch = submitted(house, 5)

    first = take_lane(house, batch, SOURCE, 0, 1)
    second = take_lane(house, batch, SOURCE, 0, 2)

    assert first is not None
    assert second is None, "its lease has not run out"


def test_a_lane_whose_worker_died_goes_to_the_next_with_what_it_held(house: House) -> None:
    batch = submitted(house, 10)
    now = clock.now_ms()
    with clock.frozen(now):
        dead = take_lane(house, batch, SOURCE, 0, 1)
        assert dead is not None
        found = slices.claim(house, dead, 6)
        slices.flush(house, dead, [outcome(lookup) for lookup in found[:2]], 2)
    with clock.frozen(now + slices.LEASE_MS + 1):
        assert healing.heal(house) == 1
        heir = take_lane(house, batch, SOURCE, 0, 2)
        assert heir is not None
        held = slices.resume(house, heir)

        assert [lookup.position for lookup in held] == [2, 3, 4, 5]
        with pytest.raises(LaneLost):
            slices.flush(house, dead, [outcome(lookup) for lookup in found[2:]], 4)
        assert len(stored(house, batch)) == 2, "a slice that lost its lane writes nothing"


def test_a_slice_that_makes_room_queues_its_successor(house: House) -> None:
    batch = submitted(house, 10)
    lane = take_lane(house, batch, SOURCE, 0, 1)
    assert lane is not None
    slices.claim(house, lane, 4)

    slices.release(house, lane, 0, finished=False)

    assert house.redis.exists(f"rq:job:b{batch}-wordfreq_ko-l0-g2")
    heir = take_lane(house, batch, SOURCE, 0, 2)
    assert heir is not None
    assert len(slices.resume(house, heir)) == 4


def test_a_lane_that_starts_after_everything_is_read_does_not_open_the_batch_again(house: House) -> None:
    batch = submitted(house, 700)
    assert [lane for _, lane, _ in lanes(house, batch)] == [0, 1]
    first = take_lane(house, batch, SOURCE, 0, 1)
    assert first is not None
    while found := slices.claim(house, first, 500):
        slices.flush(house, first, [outcome(lookup) for lookup in found], 0)

    late = take_lane(house, batch, SOURCE, 1, 1)

    assert late is None
    slices.release(house, first, 0, finished=True)
    assert batches.get(house, batch).state == "completed"
    assert lanes(house, batch) == []


def test_the_ledger_counts_calls_with_the_readings(house: House) -> None:
    batch = submitted(house, 5)
    lane = take_lane(house, batch, SOURCE, 0, 1)
    assert lane is not None

    slices.flush(house, lane, [], 3)
    slices.flush(house, lane, [], 7)

    today = clock.day(clock.now_ms(), "UTC")
    with house.db.read() as connection:
        assert usage.on(connection, "wordfreq/default", today) == (7, 0)


def test_a_young_reading_of_another_batch_answers_with_its_own_time(house: House) -> None:
    read_everything(house, submitted(house, 3))
    again = submitted(house, 4, max_age_s=10**8)
    lane = take_lane(house, again, SOURCE, 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, 10)

    known = sharing.answered(house, lane, found)

    assert [(one.position, one.reading.value, one.from_cache) for one in known] == [(n, 1.0, True) for n in range(3)]
    assert {one.observed_at for one in known} == {1_795_000_000_000}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["claim", "flush some", "flush all", "die", "release"]), max_size=12), st.integers(1, 30)
)
def test_whatever_is_killed_every_lookup_is_read_exactly_once(house: House, steps: list[str], count: int) -> None:
    batch = submitted(house, count)
    now, generation, lane, desk = clock.now_ms(), 1, None, []
    for step in steps:
        with clock.frozen(now):
            if lane is None:
                lane = take_lane(house, batch, SOURCE, 0, generation)
                if lane is None:
                    break
                desk = slices.resume(house, lane)
            if step == "claim":
                desk += slices.claim(house, lane, 4)
            elif step.startswith("flush"):
                part = desk if step == "flush all" else desk[::2]
                slices.flush(house, lane, [outcome(lookup) for lookup in part], 0)
                desk = [lookup for lookup in desk if lookup not in part]
            else:
                if step == "release":
                    slices.release(house, lane, 0, finished=False)
                lane, generation, now = None, generation + 1, now + slices.LEASE_MS + 1
    with clock.frozen(now + slices.LEASE_MS + 1):
        read_everything(house, batch)

    found = stored(house, batch)
    assert sorted(position for _, position in found) == list(range(count))
    assert [seq for seq, _ in found] == list(range(1, count + 1))
    assert batches.get(house, batch).state == "completed"
