"""Turns: priorities, owners, batches. One worker that does a slice every fifteen seconds of a clock of its own."""

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rq import Queue
from rq.job import Job

from app import clock
from app.queue import Slice, enqueue_slice, queue_names, waiting
from app.repositories import claims
from app.services import batches, slices
from app.services.house import House
from tests.store.working import NOW, outcome
from workers.engine.run import BOX_S

SOURCE = "wordfreq.ko"
OWNERS = ["", "kim", "이", "박"]


@dataclass
class Worker:
    """Its clock; ``first`` is when each batch got its first reading."""

    house: House
    now: int = NOW
    turns: list[int] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)

    def slice(self) -> None:
        """Do one slice as long as others wait: part of what it could claim, then make room."""
        queues = [Queue(name, connection=self.house.redis) for name in queue_names(["wordfreq"])]
        queue = next(one for one in queues if not one.is_empty())
        job = Job.fetch(queue.pop_job_id(), connection=self.house.redis)
        piece = Slice(*job.args)
        job.delete()
        with clock.frozen(self.now):
            lane = slices.begin(self.house, piece, "fake")
            assert lane is not None
            found = slices.resume(self.house, lane) or slices.claim(self.house, lane, 20)
            slices.flush(self.house, lane, [outcome(lookup) for lookup in found[:20]], 0)
        self.turns.append(piece.batch)
        self.first.setdefault(piece.batch, self.now)
        self.now += int(BOX_S * 1000)
        with clock.frozen(self.now):
            slices.release(self.house, lane, 0, finished=False)

    def submit(self, count: int, **options: str) -> int:
        with clock.frozen(self.now):
            return batches.submit(self.house, [f"키워드 {n}" for n in range(count)], [SOURCE], **options).batch  # type: ignore[arg-type]


@pytest.fixture
def worker(house: House, monkeypatch: pytest.MonkeyPatch) -> Worker:
    monkeypatch.setattr("app.services.dispatch.lanes_for", lambda *_: 1)
    return Worker(house)


def test_twenty_keywords_beside_a_hundred_thousand_are_read_within_two_slices(worker: Worker) -> None:
    big = worker.submit(100_000)
    worker.slice()
    small = worker.submit(20)
    submitted = worker.now
    for _ in range(2):
        worker.slice()

    assert worker.turns == [big, big, small]
    assert worker.first[small] - submitted <= 2 * BOX_S * 1000
    assert batches.get(worker.house, small).counts.done == 20


def test_batches_of_equal_priority_take_turns(worker: Worker) -> None:
    three = [worker.submit(1_000) for _ in range(3)]
    for _ in range(9):
        worker.slice()

    assert worker.turns == three * 3


def test_owners_take_turns_however_many_batches_each_has(worker: Worker) -> None:
    crowd = [worker.submit(1_000, owner="김부장") for _ in range(8)]
    alone = worker.submit(1_000, owner="이대리")
    for _ in range(8):
        worker.slice()

    assert worker.turns[1::2] == [alone] * 4
    assert len(set(worker.turns[::2])) == 4, "and within an owner's turns his batches do"
    assert set(worker.turns) <= {*crowd, alone}


def test_a_higher_priority_goes_first_and_a_lower_one_last(worker: Worker) -> None:
    low, default, high = (worker.submit(40, priority=name) for name in ("low", "default", "high"))
    for _ in range(6):
        worker.slice()

    assert worker.turns == [high, high, default, default, low, low]


@pytest.mark.parametrize(
    ("mine", "theirs", "answer"),
    [
        ("default", "high", "now"),
        ("default", "default", "turn"),
        ("high", "default", "turn"),
        ("low", "default", "now"),
    ],
)
def test_room_is_made_at_once_for_what_is_more_urgent(worker: Worker, mine: str, theirs: str, answer: str) -> None:
    running = Slice(worker.submit(1_000, priority=mine), SOURCE, 0, 1)
    Queue(f"{mine}-wordfreq", connection=worker.house.redis).empty()
    assert waiting(worker.house.redis, running, mine) == ""

    worker.submit(10, priority=theirs)

    assert waiting(worker.house.redis, running, mine) == answer


def test_further_lanes_of_the_same_batch_need_no_room(house: House) -> None:
    batch = batches.submit(house, [f"키워드 {n}" for n in range(2_000)], [SOURCE, "wordfreq.en"]).batch
    with house.db.read() as connection:
        lanes = [lane.lane for lane in claims.of_source(connection, batch, SOURCE)]
    queue = Queue("default-wordfreq", connection=house.redis)
    for job_id in queue.job_ids:
        if "-l0-" in job_id:
            queue.remove(job_id)

    assert len(lanes) == 4
    assert queue.job_ids
    assert waiting(house.redis, Slice(batch, SOURCE, 0, 1), "default") == ""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(OWNERS), st.integers(1, 9)), min_size=1, max_size=25))
def test_no_owner_waits_for_more_than_one_turn_of_each_other_owner(house: House, jobs: list[tuple[str, int]]) -> None:
    house.redis.flushall()
    pieces = [Slice(10 * OWNERS.index(o) + n, SOURCE, lane, 1, o) for lane, (o, n) in enumerate(jobs)]
    for piece in pieces:
        enqueue_slice(house.redis, piece, "default", "x")
    ids = Queue("default-wordfreq", connection=house.redis).job_ids

    assert len(ids) == len(jobs)
    owner_of = {piece.job_id: piece.owner for piece in pieces}
    order = [owner_of[job_id] for job_id in ids]
    for owner in set(order):
        places = [n for n, one in enumerate(order) if one == owner]
        for earlier, later in pairwise(places):
            between = order[earlier + 1 : later]
            assert len(between) == len(set(between)), "each other owner has one turn at most in between"
