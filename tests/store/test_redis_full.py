"""A Redis that takes nothing more: what needs it waits, nothing ends for good, and it goes on by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import redis
from rq import Queue

from app.errors import DiskFull
from app.services import batches, duty, healing, ops, troubles
from app.services.house import House
from tests.store.working import take_lane
from workers import jobs, schedule, worker
from workers.worker import HouseWorker

SOURCE = "wordfreq.ko"


@pytest.fixture
def full(valkey: redis.Redis) -> Iterator[redis.Redis]:
    """A Valkey that is full until `room`."""
    fill(valkey)
    yield valkey
    room(valkey)


def fill(valkey: redis.Redis) -> None:
    valkey.config_set("maxmemory-policy", "noeviction")
    valkey.config_set("maxmemory", 1)


def room(valkey: redis.Redis) -> None:
    valkey.config_set("maxmemory", 0)


def a_worker(house: House) -> HouseWorker:
    found = HouseWorker(["default-wordfreq"], name="slices-a-1", connection=house.redis, worker_ttl=worker.IDLE_S)
    found.register_birth()
    return found


def test_it_is_named(house: House, full: redis.Redis) -> None:
    found = ops.health(house)
    assert found.redis
    assert "redis_full" in found.troubles
    assert found.memory is not None
    assert found.memory.full
    room(full)
    assert "redis_full" not in ops.health(house).troubles


def test_one_that_may_throw_things_away_is_named(house: House, valkey: redis.Redis) -> None:
    valkey.config_set("maxmemory", 1 << 30)
    valkey.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert ops.health(house).about["redis_evicts"] == "allkeys-lru"
    finally:
        valkey.config_set("maxmemory-policy", "noeviction")
        room(valkey)


def test_a_batch_is_taken_and_worked_on_later(house: House, full: redis.Redis) -> None:
    batch = batches.submit(house, ["맥북"], [SOURCE]).batch
    queue = Queue("default-wordfreq", connection=house.redis)
    assert queue.count == 0
    room(full)
    healing.heal(house)
    assert queue.count == 1
    assert take_lane(house, batch, SOURCE, 0, 1) is not None


def test_a_worker_keeps_its_place_while_it_cannot_write(house: House, valkey: redis.Redis) -> None:
    one = a_worker(house)
    fill(valkey)
    try:
        valkey.expire(one.key, 5)
        one.heartbeat()
        assert valkey.ttl(one.key) > 5
        one.set_state("idle")
        one.set_current_job_working_time(3.0)
    finally:
        room(valkey)
    one.heartbeat()
    assert valkey.hexists(one.key, "birth")


def test_a_worker_waits_and_takes_the_job_when_there_is_room(
    house: House, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = a_worker(house)
    batches.submit(house, ["맥북"], [SOURCE])
    fill(valkey)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            room(valkey)

    monkeypatch.setattr("workers.worker.time.sleep", wait)
    taken = one.dequeue_job_and_maintain_ttl(1)
    room(valkey)
    assert taken is not None
    assert waited in ([], [worker.FULL_S] * 3), "a queue can be popped where that takes no room"


def test_a_job_that_cannot_be_begun_ends_no_worker(
    house: House, valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = a_worker(house)
    forked: list[Any] = []
    monkeypatch.setattr(one, "fork_work_horse", lambda *given: forked.append(given))
    batches.submit(house, ["맥북"], [SOURCE])
    queue = Queue("default-wordfreq", connection=house.redis)
    [job] = queue.jobs
    fill(valkey)
    try:
        one.execute_job(job, queue)
    finally:
        room(valkey)
    assert forked == []


def test_the_scheduler_stays_active_and_goes_on(house: House, valkey: redis.Redis) -> None:
    chores = schedule.scheduler(house.redis, jobs.heal, jobs.tidy)
    assert chores.enqueue_jobs()
    fill(valkey)
    try:
        chores._cron_jobs[0].latest_enqueue_time = None
        chores.heartbeat()
        assert chores.enqueue_jobs() == []
        assert chores.calculate_sleep_interval() == duty.STAND_BY_S
        assert "no_scheduler" not in ops.health(house).troubles
    finally:
        room(valkey)
    assert chores.enqueue_jobs()


def test_what_was_met_is_in_the_log_where_it_cannot_be_told(house: House, full: redis.Redis) -> None:
    troubles.tell(house.redis, DiskFull(where="there", why="full."))
    assert full.hlen(troubles.KEY) == 0
