"""A host whose clock is off goes by that of Redis, and says so; leases of hosts then agree."""

import time
from collections.abc import Iterator

import pytest
import redis

from app import clock
from app.services import batches, bearings, slices
from app.services.house import House
from tests.store.working import take_lane


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    yield
    clock.follow(0)


def off(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let this host's clock be ahead by so much."""
    monkeypatch.setattr(clock, "host_ms", lambda: time.time_ns() // 1_000_000 + round(1000 * seconds))


def right() -> bool:
    return abs(clock.now_ms() - time.time_ns() // 1_000_000) < 400


@pytest.mark.parametrize("seconds", [-120.0, -0.9, 0.9, 120.0, 86_400.0])
def test_a_clock_that_is_off_is_named_and_not_gone_by(
    valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    off(monkeypatch, seconds)
    ahead = bearings.take(valkey)
    assert ahead == pytest.approx(1000 * seconds, abs=400)
    assert right()


@pytest.mark.parametrize("seconds", [-0.05, 0.0, 0.05])
def test_a_clock_that_is_nearly_right_is_left_alone(
    valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    off(monkeypatch, seconds)
    bearings.take(valkey)
    assert clock.offset_ms() == 0


def test_a_clock_that_was_mended_is_gone_by_again(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    off(monkeypatch, 120)
    bearings.take(valkey)
    assert clock.offset_ms() < -100_000
    off(monkeypatch, 0)
    bearings.take(valkey)
    assert clock.offset_ms() == 0
    assert right()


def test_while_redis_is_away_what_was_found_last_holds(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    off(monkeypatch, 120)
    bearings.take(valkey)
    assert bearings.take(redis.Redis(unix_socket_path="/nowhere/valkey.sock")) is None
    assert right()


def test_a_slow_way_to_redis_tells_nothing(valkey: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(0, 1_000, 2))
    monkeypatch.setattr("app.services.bearings.time.monotonic", lambda: next(ticks))
    off(monkeypatch, 120)
    assert bearings.take(valkey) is None
    assert clock.offset_ms() == 0


@pytest.mark.parametrize("seconds", [-120.0, 120.0])
def test_a_lane_is_safe_from_a_host_whose_clock_is_off(
    house: House, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"]).batch
    lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
    assert lane is not None

    off(monkeypatch, seconds)
    bearings.take(house.redis)

    assert take_lane(house, batch, "wordfreq.ko", 0, 2) is None, "its lease is young"
    with clock.starting(clock.now_ms() + slices.LEASE_MS + 500):
        assert take_lane(house, batch, "wordfreq.ko", 0, 2) is not None, "and it ends when it should"
