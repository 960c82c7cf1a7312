"""How the house does: workers, queues, lanes, what broke; with Redis or the database away too."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from rq import Queue, Worker
from rq.job import Job

from app import clock
from app.db.database import Database
from app.models.people import MAIN
from app.repositories import halts
from app.services import batches, healing, jobs, ops, slices, workings
from app.services.callers import MAY, Caller
from app.services.house import House, open_house
from app.services.workings import Workings
from app.settings import Settings
from tests.store.working import outcome, take_lane
from workers.schedule import Chores

SOURCE = "wordfreq.ko"
OWNER, VIEWER = Caller(MAIN, MAY["owner"], "지민"), Caller(MAIN, MAY["viewer"], "구경꾼")
STRANGER = Caller(MAIN + 1, MAY["owner"], "다른 사람")


def worker(house: House, name: str, *queues: str, state: str = "idle") -> Worker:
    found = Worker(list(queues), connection=house.redis, name=name)
    found.register_birth()
    found.set_state(state)
    return found


def scheduler(house: House) -> Chores:
    found = Chores(connection=house.redis, name="s1")
    found.register_birth()
    found.heartbeat()
    return found


@pytest.fixture
def staffed(house: House) -> House:
    """Two workers, one for chores, a scheduler that has just healed."""
    worker(house, "slices-a-1", "high-wordfreq", "default-wordfreq")
    worker(house, "slices-a-2", "high-wordfreq", "default-wordfreq", state="busy")
    worker(house, "chores-a-1", "chores")
    scheduler(house)
    healing.heal(house)
    return house


@pytest.fixture
def without_redis(database: Database, settings_of: dict[str, str], tmp_path: Path) -> Iterator[House]:
    url = database.url.render_as_string(hide_password=False)
    found = open_house(Settings(database_url=url, redis_url=f"unix://{tmp_path}/none.sock"))
    yield found
    found.close()


@pytest.fixture
def without_database(valkey: redis.Redis, settings_of: dict[str, str], tmp_path: Path) -> Iterator[House]:
    found = open_house(Settings(database_url=f"sqlite:///{tmp_path}/no/such/folder.db"))
    yield found
    found.close()


def submit(house: House, name: str = "가을", **options: object) -> int:
    return batches.submit(house, ["맥북", "에어팟"], [SOURCE], name=name, **options).batch  # type: ignore[arg-type]


def broken(house: House, batch: int, why: str = "KeyError: 'naver'") -> Job:
    """A slice of the batch that broke."""
    queue, meta = Queue("default-wordfreq", connection=house.redis), {"batch": batch, "source": SOURCE}
    job = queue.enqueue_call("workers.jobs.run_slice", args=(batch, SOURCE, 0, 1), meta=meta, failure_ttl=60)
    queue.remove(job)
    job.set_status("failed")
    job.ended_at = clock.at(clock.now_ms())
    with house.redis.pipeline() as pipeline:
        job._handle_failure(f"Traceback (most recent call last):\n  File x\n{why}\n", pipeline)
        pipeline.execute()
    return job


def test_a_staffed_house_is_well(staffed: House) -> None:
    found = ops.health(staffed)

    assert (found.workers, found.busy, found.queued, found.oldest_s) == (2, 1, 0, None)
    assert (found.redis, found.database, found.scheduler, found.troubles) == (True, True, True, ())


def test_what_waits_is_counted_and_the_oldest_told(staffed: House) -> None:
    submit(staffed)
    submit(staffed)
    with clock.frozen(clock.now_ms() + 5_000):
        found = ops.health(staffed)

    assert found.queued == 2
    assert found.oldest_s is not None
    assert 4.5 < found.oldest_s < 30


def test_a_house_without_anybody_says_what_is_missing(house: House) -> None:
    assert ops.health(house).troubles == ("no_workers", "no_chores", "no_scheduler")
    worker(house, "slices-a-1", "default-naver")
    worker(house, "chores-a-1", "chores")
    scheduler(house)
    submit(house)
    assert ops.health(house).troubles == ("not_healed", "not_served")


def test_a_scheduler_that_fell_silent_is_none(staffed: House) -> None:
    with clock.frozen(clock.now_ms() + ops.SILENT_MS + 1_000):
        found = ops.health(staffed)
    assert not found.scheduler
    assert found.troubles == ("no_scheduler",)


def test_refused_credentials_are_a_trouble(staffed: House) -> None:
    now = clock.now_ms()
    with staffed.db.work() as work:
        common = {"source": "naver.blog", "since": now, "waits": 1, "trouble": "bad_credentials", "detail": ""}
        halts.put(work.connection, "naver/default", reason="credentials", until=now + 1, **common)
        halts.put(work.connection, "kakao/default", reason="quota", until=now + 9_000, **common)

    assert ops.health(staffed).troubles == ("credentials",)
    halted = workings.look(staffed, VIEWER).halted
    assert halted is not None
    assert {one.account: one.reason for one in halted} == {"kakao/default": "quota", "naver/default": "credentials"}


def test_without_redis_what_the_database_knows_is_told(without_redis: House) -> None:
    batch = batches.submit(without_redis, ["맥북"], [SOURCE]).batch
    assert take_lane(without_redis, batch, SOURCE, 0, 1) is not None

    found = workings.look(without_redis, OWNER)

    assert (found.health.redis, found.health.database, found.health.workers, found.health.queued) == (
        False,
        True,
        None,
        None,
    )
    assert found.health.troubles == ("redis_down",)
    assert (found.crew, found.queues, found.waiting) == (None, None, ())
    assert [lane.batch for lane in found.lanes] == [batch]
    assert found.busy_lanes == 1


def test_without_the_database_what_redis_knows_is_told(without_database: House) -> None:
    worker(without_database, "slices-a-1", "default-wordfreq")

    found = workings.look(without_database, OWNER)

    assert (found.health.redis, found.health.database, found.health.workers) == (True, False, 1)
    assert found.health.troubles[0] == "database_down"
    assert found.crew is not None
    assert [one.name for one in found.crew.workers] == ["slices-a-1"]
    assert (found.halted, found.backlog, found.busy_lanes, found.lanes) == (None, None, None, ())


def test_a_batch_is_named_to_its_own_workspace_alone(staffed: House) -> None:
    batch = submit(staffed, "비밀")
    lane = take_lane(staffed, batch, SOURCE, 0, 1)
    assert lane is not None
    slices.flush(staffed, lane, [outcome(slices.claim(staffed, lane, 2)[0])], 1)
    broken(staffed, batch)

    ours, theirs = workings.look(staffed, OWNER), workings.look(staffed, STRANGER)

    assert [(one.batch, one.name, one.held) for one in ours.lanes] == [(batch, "비밀", 2)]
    assert [(one.batch, one.name, one.source) for one in ours.waiting] == [(batch, "비밀", SOURCE)]
    assert [(one.batch, one.about) for one in ours.failed] == [(batch, "KeyError: 'naver'")]
    assert "비밀" not in repr(theirs)
    assert "KeyError" not in repr(theirs)
    assert [one.batch for one in (*theirs.lanes, *theirs.waiting, *theirs.failed)] == [None] * 3
    assert {one.source for one in (*theirs.lanes, *theirs.waiting, *theirs.failed)} == {SOURCE}


def test_members_see_how_it_does_and_no_job(staffed: House) -> None:
    broken(staffed, submit(staffed))

    found = workings.look(staffed, VIEWER)

    assert (found.waiting, found.failed, found.lanes) == ((), (), ())
    assert found.queues is not None
    assert [(one.waiting, one.failed) for one in found.queues if one.name == "default-wordfreq"] == [(1, 1)]


def test_what_broke_last_comes_first(house: House) -> None:
    batch = submit(house)
    start = clock.now_ms()
    for n in range(3):
        with clock.frozen(start + 1_000 * n):
            broken(house, batch, f"ValueError: {n}")

    found = workings.look(house, OWNER).failed

    assert [one.about for one in found] == ["ValueError: 2", "ValueError: 1", "ValueError: 0"]
    assert found[0].at == start + 2_000


def test_thousands_of_jobs_are_counted_and_not_fetched(staffed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = submit(staffed)
    [template] = Queue("default-wordfreq", connection=staffed.redis).jobs
    fields = staffed.redis.hgetall(template.key)
    broke = broken(staffed, batch)
    hurt, results = staffed.redis.hgetall(broke.key), staffed.redis.dump(f"rq:results:{broke.id}")
    with staffed.redis.pipeline(transaction=False) as many:
        for n in range(2_000):
            many.hset(f"rq:job:q{n}", mapping=fields)
            many.rpush("rq:queue:default-wordfreq", f"q{n}")
            many.hset(f"rq:job:f{n}", mapping=hurt)
            many.restore(f"rq:results:f{n}", 0, results)
            many.zadd("rq:failed:default-wordfreq", {f"f{n}": time.time() + n})
        many.execute()
    fetched: list[str] = []
    plain = Job.fetch_many
    monkeypatch.setattr(Job, "fetch_many", lambda ids, **rest: fetched.extend(ids) or plain(ids, **rest))

    found = workings.look(staffed, OWNER)

    assert found.health.queued == 2_001
    assert (len(found.waiting), len(found.failed)) == (workings.MOST, workings.MOST)
    assert found.queues is not None
    assert sum(queue.failed for queue in found.queues) == 2_001
    assert len(fetched) < 200


def test_an_unknown_thing_in_a_queue_is_passed_over(staffed: House) -> None:
    staffed.redis.sadd("rq:queues", "rq:queue:default-wordfreq")
    staffed.redis.rpush("rq:queue:default-wordfreq", "gone")

    found = workings.look(staffed, OWNER)

    assert isinstance(found, Workings)
    assert (found.health.queued, found.health.oldest_s, found.waiting) == (1, None, ())
    assert jobs.queues(staffed.redis)[0].name == "default-wordfreq"
