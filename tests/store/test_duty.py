"""Several schedulers: one is active, whatever becomes of it and of Redis."""

import pytest
import redis
from rq import Queue

from app.models.people import MAIN
from app.services import crew, duty, ops
from app.services.duty import Duty
from app.services.house import House
from workers import jobs, schedule
from workers.schedule import Chores


class Time:
    """A clock that goes when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = 1_000.0
        monkeypatch.setattr("app.services.duty.time.monotonic", lambda: self.at)


def expire(valkey: redis.Redis) -> None:
    """Let the lease run out, as it does when its holder was killed."""
    assert 0 < valkey.pttl(duty.KEY) <= duty.LEASE_MS
    valkey.delete(duty.KEY)


def test_of_two_one_is_active_until_it_leaves(valkey: redis.Redis) -> None:
    first, second = Duty(valkey, "a"), Duty(valkey, "b")

    assert [first.held(), second.held(), first.held(), second.held()] == [True, False, True, False]
    assert duty.on(valkey) == "a"
    first.leave()
    assert [second.held(), first.held()] == [True, False]
    assert duty.on(valkey) == "b"


def test_who_stands_by_does_not_end_the_others_lease(valkey: redis.Redis) -> None:
    first, second = Duty(valkey, "a"), Duty(valkey, "b")
    assert first.held()
    second.leave()
    assert (first.held(), second.held()) == (True, False)


def test_after_a_kill_the_other_one_takes_over_when_the_lease_is_over(valkey: redis.Redis) -> None:
    first, second = Duty(valkey, "a"), Duty(valkey, "b")
    assert first.held()
    assert not second.held()
    expire(valkey)
    assert second.held()
    assert duty.LEASE_MS / 1000 + duty.STAND_BY_S < 10, "so long it takes at most"


def test_an_emptied_redis_leaves_one_as_soon_as_the_other_looks(valkey: redis.Redis) -> None:
    first, second = Duty(valkey, "a"), Duty(valkey, "b")
    assert first.held()
    valkey.flushall()
    assert second.held()
    assert not first.held()


def test_whose_redis_is_away_is_active_no_longer_than_the_lease(
    valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time(monkeypatch)
    away = redis.Redis(unix_socket_path="/nowhere/valkey.sock")
    one = Duty(valkey, "a")
    assert one.held()
    monkeypatch.setattr(one, "_renew", away.register_script("return 1"))
    time.at += duty.LEASE_MS / 1000 - 0.5
    assert one.held()
    time.at += 1.0
    assert not one.held()


def chores(house: House, name: str) -> Chores:
    found = schedule.scheduler(house.redis, jobs.heal, jobs.tidy)
    found.name = found.duty.name = name
    found.register_birth()
    found.heartbeat()
    return found


def test_only_the_active_one_has_chores_done(house: House) -> None:
    first, second = chores(house, "a"), chores(house, "b")

    assert first.enqueue_jobs()
    assert second.enqueue_jobs() == []
    assert Queue("chores", connection=house.redis).count
    assert first.calculate_sleep_interval() <= duty.RENEW_S
    assert second.calculate_sleep_interval() == duty.STAND_BY_S

    first.register_death()
    assert second.enqueue_jobs()


def test_both_are_told_and_which_of_them_is_active(house: House) -> None:
    first, second = chores(house, "a"), chores(house, "b")
    assert (first.duty.held(), second.duty.held()) == (True, False)

    told = crew.crew(house, MAIN).schedulers

    assert [(one.name, one.active) for one in told] == [("a", True), ("b", False)]
    assert "no_scheduler" not in ops.health(house).troubles


def test_one_that_hears_of_a_wait_while_it_stands_by_has_nothing_enqueued(house: House) -> None:
    waker = schedule.Waker(house.redis)
    waker.awake = False
    waker._heard("1")
    waker._look()
    assert Queue("chores", connection=house.redis).count == 0
    waker.awake = True
    waker._heard("1")
    waker._look()
    assert Queue("chores", connection=house.redis).count
