"""Not asking twice: young readings answer, and what another batch asks at this moment is left to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from app import clock
from app.db.database import Database
from app.services import batches, control, history, sharing, slices
from app.services.house import House
from app.services.lanes import Lane, Lookup
from tests.simulators.naver import NaverSimulator
from tests.stage import Stage, until
from tests.store.hands import Hands, hands
from tests.store.working import outcome, take_lane

SOURCE = "wordfreq.ko"
HOUR = 3_600


@pytest.fixture
def pair(house: House) -> tuple[Lane, Lane]:
    """The lanes of two batches that ask for the same keywords, the older first; both may share."""
    keywords = [f"키워드 {n}" for n in range(10)]
    both = [batches.submit(house, keywords, [SOURCE], max_age_s=HOUR).batch for _ in range(2)]
    older, younger = (take_lane(house, batch, SOURCE, 0, 1) for batch in both)
    assert older is not None
    assert younger is not None
    return older, younger


def asked(house: House, lane: Lane, found: list[Lookup], *, patient: bool = True) -> set[int]:
    ids = sharing.asked_elsewhere(house, lane, found, patient=patient)
    return {one.position for one in found if one.keyword_id in ids}


def test_what_a_running_slice_holds_is_left_to_it_until_it_is_read(house: House, pair: tuple[Lane, Lane]) -> None:
    older, younger = pair
    first = slices.claim(house, older, 6)
    found = slices.claim(house, younger, 10)

    assert asked(house, younger, found) == set(range(6))
    slices.flush(house, older, [outcome(lookup) for lookup in first[:2]], 2)
    assert asked(house, younger, found) == set(range(2, 6))
    assert [one.position for one in sharing.answered(house, younger, found, clock.now_ms())] == []
    assert [one.position for one in sharing.answered(house, younger, found, 0)] == [0, 1]


def test_two_batches_never_wait_for_each_other(house: House, pair: tuple[Lane, Lane]) -> None:
    older, younger = pair
    theirs, mine = slices.claim(house, younger, 10), slices.claim(house, older, 10)

    assert asked(house, older, mine) == set(range(10)), "the older one came later, and is patient"
    assert asked(house, older, mine, patient=False) == set(), "but not for ever"
    assert asked(house, younger, theirs) == set(range(10))


def test_what_nobody_works_on_is_not_waited_for(house: House, pair: tuple[Lane, Lane]) -> None:
    older, younger = pair
    slices.claim(house, older, 10)
    found = slices.claim(house, younger, 10)

    slices.release(house, older, 0, finished=False)
    assert asked(house, younger, found) == set()
    control.pause(house, older.piece.batch)
    assert asked(house, younger, found) == set()


def test_a_batch_that_takes_no_earlier_reading_takes_no_shared_one_either(
    house: House, pair: tuple[Lane, Lane]
) -> None:
    slices.claim(house, pair[0], 10)
    forced = batches.submit(house, [f"키워드 {n}" for n in range(10)], [SOURCE]).batch
    lane = take_lane(house, forced, SOURCE, 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, 10)

    assert asked(house, lane, found) == set()
    assert sharing.answered(house, lane, found) == []


@pytest.fixture
def sim() -> Iterator[NaverSimulator]:
    with NaverSimulator(process=True, rate=None, latency_ms=20) as simulator:
        yield simulator


@pytest.fixture
def worker(
    database: Database, valkey: redis.Redis, sim: NaverSimulator, tmp_path: Path, valkey_url: str
) -> Iterator[Hands]:
    env = {"KEYBATCH_DATA_DIR": str(tmp_path), "KEYBATCH_REDIS_URL": valkey_url, "KEYBATCH_NAVER_RATE": "500/s"}
    with hands(database, valkey, {**env, **sim.env()}) as built:
        yield built


def submit(worker: Hands, **options: int) -> int:
    return batches.submit(worker.house, [f"키워드 {n}" for n in range(40)], ["naver.blog"], **options).batch  # type: ignore[arg-type]


def test_age_decides_whether_an_earlier_reading_answers(worker: Hands, sim: NaverSimulator) -> None:
    first = submit(worker)
    worker.work()
    with clock.starting(clock.now_ms() + 30 * 60_000):
        young, old, forced = (submit(worker, max_age_s=age) for age in (HOUR, 60, 0))
        worker.work()
        views = {batch: worker.view(batch) for batch in (young, old, forced)}

    assert [(view.counts.ok, view.counts.cached) for view in views.values()] == [(40, 40), (40, 0), (40, 0)]
    assert sim.stats()["calls"] == 40 + 40 + 40
    points = history.history(worker.house, "키워드 7")
    assert [point.batch for point in points] == [first, old, forced], "one point a measurement; an answer again is none"


def test_two_batches_at_the_same_time_share_their_calls(tmp_path: Path) -> None:
    keywords = [f"키워드 {n}" for n in range(300)]
    with NaverSimulator(process=True, rate=None, latency_ms=20) as sim:
        with Stage(tmp_path, workers=2, env={**sim.env(), "KEYBATCH_NAVER_RATE": "100/s"}) as stage:
            both = [stage.submit(keywords, ["naver.blog"], max_age_s=HOUR) for _ in range(2)]
            until(lambda: all(stage.view(batch).state == "running" for batch in both))
            views = [stage.wait(batch) for batch in both]

        assert [view.counts.ok for view in views] == [300, 300]
        assert sum(view.counts.cached for view in views) == 300
        assert sim.stats()["calls"] == 300


def test_a_shared_lookup_whose_batch_is_cancelled_is_asked_by_the_other(tmp_path: Path) -> None:
    keywords = [f"키워드 {n}" for n in range(200)]
    with NaverSimulator(process=True, rate=None, latency_ms=20) as sim:
        with Stage(tmp_path, workers=2, env={**sim.env(), "KEYBATCH_NAVER_RATE": "50/s"}) as stage:
            older, younger = [stage.submit(keywords, ["naver.blog"], max_age_s=HOUR) for _ in range(2)]
            until(lambda: stage.view(older).seq > 20)
            control.cancel(stage.house, older)
            view = stage.wait(younger)

            assert (view.state, view.counts.ok) == ("completed", 200)
            assert stage.view(older).state == "cancelled"
        assert sim.stats()["repeated_calls"] <= 10, "only what was under way at the cancel may be asked again"
