"""Records of jobs that have ended: kept for people, in nobody's way, and no more of them than the house keeps."""

import time

import pytest
from rq import Queue, SimpleWorker
from rq.job import Job

from app.queue import Slice, enqueue_probe
from app.services import batches, healing, jobs, ops, records, slices
from app.services.house import House
from tests.store.working import outcome, take_lane

SOURCE = "wordfreq.ko"
QUEUE = "default-wordfreq"


def run_out(house: House) -> None:
    """Let a worker of this process do what is queued."""
    SimpleWorker([QUEUE], connection=house.redis).work(burst=True, logging_level="CRITICAL")


@pytest.fixture
def by_hand(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house whose slices read ten lookups each, and then make room."""

    def slice_by_hand(batch: int, source: str, lane: int, generation: int) -> str:
        held = take_lane(house, batch, source, lane, generation)
        if held is None:
            return "not needed"
        found = slices.resume(house, held)[:10] or slices.claim(house, held, 10)
        slices.flush(house, held, [outcome(lookup) for lookup in found], 0)
        slices.release(house, held, 0, finished=not found)
        return f"{len(found)} readings"

    monkeypatch.setattr("workers.jobs.run_slice", slice_by_hand)
    return house


def test_what_slices_did_stays_and_holds_up_no_successor(by_hand: House):
    batch = batches.submit(by_hand, [f"k{n}" for n in range(35)], [SOURCE]).batch
    run_out(by_hand)
    assert batches.get(by_hand, batch).state == "completed"
    page = records.page(by_hand.redis, QUEUE, "finished", 1, 20, newest_first=False)
    assert [job.return_value() for job in page.jobs] == [f"{n} readings" for n in (10, 10, 10, 5)]
    assert 86_000 < by_hand.redis.ttl(page.jobs[0].key) <= 86_400


@pytest.mark.parametrize("end", ["finished", "failed", "canceled", "stopped"])
def test_a_record_of_the_same_run_gives_way(by_hand: House, end: str):
    """A database that was set back, or a slice that had nothing to do: its run comes again under the same id."""
    batch = batches.submit(by_hand, ["a"], [SOURCE]).batch
    with_record = Slice(batch, SOURCE, 0, 1)
    job = Job.fetch(with_record.job_id, connection=by_hand.redis)
    Queue(QUEUE, connection=by_hand.redis).remove(job)
    job.set_status(end)
    getattr(Queue(QUEUE, connection=by_hand.redis), f"{'canceled' if end == 'stopped' else end}_job_registry").add(
        job, 900
    )
    assert healing.heal(by_hand) == 1
    run_out(by_hand)
    assert batches.get(by_hand, batch).state == "completed"


def test_a_probe_comes_again_and_again(house: House):
    for _ in range(3):
        assert enqueue_probe(house.redis, "naver/default")
        assert not enqueue_probe(house.redis, "naver/default")
        queue = Queue("high-naver", connection=house.redis)
        [job] = queue.jobs
        queue.empty()
        job.save()
        job.set_status("failed")
        queue.failed_job_registry.add(job, 900)


def kept(house: House, registry: str, queue: str, count: int, first: int = 0) -> list[str]:
    """Records as workers leave them, the oldest first, with what was raised or done."""
    ids = [f"b{n}-wordfreq_ko-l0-g1" for n in range(first, first + count)]
    with house.redis.pipeline(transaction=False) as many:
        many.sadd("rq:queues", f"rq:queue:{queue}")
        for n, one in enumerate(ids):
            job = Job.create("workers.jobs.run_slice", (n, SOURCE, 0, 1), id=one, connection=house.redis, origin=queue)
            job.meta = {"batch": first + n, "source": SOURCE}
            many.hset(job.key, mapping={**job.to_dict(), "status": registry, "ended_at": "2026-11-21T00:00:00.0Z"})
            many.xadd(f"rq:results:{one}", {"type": 2, "exc_string": "none"})
            many.zadd(f"rq:{registry}:{queue}", {one: time.time() + 86_400 + first + n})
        many.execute()
    return ids


@pytest.mark.parametrize("registry", ["finished", "failed"])
def test_the_oldest_of_the_house_go_in_steps(house: House, registry: str):
    ours = kept(house, registry, QUEUE, 8)
    theirs = kept(house, registry, "low-naver", 8, first=4_000)
    assert records.trim(house.redis, 10, 4) == 4
    assert records.trim(house.redis, 10, 4) == 2
    assert records.trim(house.redis, 10, 4) == 0
    left = [records.page(house.redis, queue, registry, 1, 20, newest_first=False) for queue in (QUEUE, "low-naver")]
    assert [[job.id for job in page.jobs] for page in left] == [ours[6:], theirs]
    assert not house.redis.exists(*(key for one in ours[:6] for key in (f"rq:job:{one}", f"rq:results:{one}")))


def test_pages_are_told_from_either_end(house: House):
    ids = kept(house, "finished", QUEUE, 7)
    for newest_first, whole in ((False, ids), (True, ids[::-1])):
        pages = [records.page(house.redis, QUEUE, "finished", n, 3, newest_first=newest_first) for n in range(1, 5)]
        assert [[job.id for job in page.jobs] for page in pages] == [whole[:3], whole[3:6], whole[6:], []]
        assert {page.total for page in pages} == {7}
    batches.submit(house, [f"k{n}" for n in range(2_000)], [SOURCE, "wordfreq.en"])
    queued = Queue(QUEUE, connection=house.redis).job_ids
    for newest_first, whole in ((False, queued), (True, queued[::-1])):
        page = records.page(house.redis, QUEUE, "queued", 1, 3, newest_first=newest_first)
        assert [job.id for job in page.jobs] == whole[:3]


def test_what_is_kept_costs_no_more_round_trips(house: House, monkeypatch: pytest.MonkeyPatch):
    asked = 0
    real = type(house.redis).execute_command

    def counted(self: object, *words: object, **options: object) -> object:
        nonlocal asked
        asked += 1
        return real(self, *words, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(type(house.redis), "execute_command", counted)

    def cost() -> list[int]:
        found = []
        looks = (records.counts, jobs.queues, records.trim)
        for look in (*(lambda look=look: look(house.redis) for look in looks), lambda: ops.health(house)):
            before = asked
            look()
            found.append(asked - before)
        return found

    batches.submit(house, ["a"], [SOURCE])
    before = cost()
    kept(house, "finished", QUEUE, 300)
    kept(house, "failed", QUEUE, 300)
    assert cost() == before
