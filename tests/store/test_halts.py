"""What concerns an account stops it for all batches at once, fails no lookup, and ends by itself or by one probe."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import redis

from app import clock
from app.db.database import Database
from app.errors import Unreachable
from app.services import accounts, batches, halts
from app.services.holdings import AccountView
from app.services.shapes import BatchView
from tests.simulators.naver import NaverSimulator
from tests.store.hands import Hands, at, hands

NOON = int(datetime.fromisoformat("2026-11-21T12:00:00+09:00").timestamp() * 1000)
BLOG, CAFE = ["naver.blog"], ["naver.cafe"]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses between attempts are tested with the rule; here they only take time."""
    monkeypatch.setattr("workers.retry.BASE_S", 0.02)


@pytest.fixture
def sim() -> Iterator[NaverSimulator]:
    with NaverSimulator(process=True, rate=None) as simulator:
        yield simulator


@pytest.fixture
def env(sim: NaverSimulator, tmp_path: Path, valkey_url: str) -> dict[str, str]:
    house = {"KEYBATCH_DATA_DIR": str(tmp_path), "KEYBATCH_REDIS_URL": valkey_url, "KEYBATCH_NAVER_RATE": "500/s"}
    return {**house, **sim.env()}


@pytest.fixture
def worker(database: Database, valkey: redis.Redis, sim: NaverSimulator, env: dict[str, str]) -> Iterator[Hands]:
    with hands(database, valkey, env) as built, at(NOON, sim):
        yield built


def account(worker: Hands) -> AccountView:
    [found] = [one for one in accounts.listing(worker.house) if one.key == "naver/default"]
    return found


def submit(worker: Hands, count: int, sources: list[str] = BLOG) -> int:
    return batches.submit(worker.house, [f"{sources[0]} {n}" for n in range(count)], sources).batch


def waits(view: BatchView) -> tuple[str, str, int]:
    return view.state, view.waiting_reason, view.counts.done


@pytest.mark.parametrize("count", [1, 3, 300])
def test_an_upstream_that_is_down_fails_no_lookup_however_few_there_are(
    worker: Hands, sim: NaverSimulator, count: int
) -> None:
    sim.configure(faults=["se99=1.0"])
    batch = submit(worker, count)
    worker.work()
    asked = sim.stats()["calls"]

    assert waits(worker.view(batch)) == ("waiting", "upstream_down", 0)
    assert asked <= 10 + 100, "ten in a row open the breaker; what was under way then may still end"
    assert account(worker).trouble == "unreachable"


def test_one_probe_serves_all_batches_and_pauses_double_up_to_half_a_minute(worker: Hands, sim: NaverSimulator) -> None:
    sim.configure(faults=["se99=1.0"])
    both = submit(worker, 30), submit(worker, 30, CAFE)
    worker.work()
    sim.reset()
    pauses, moment = [], clock.now_ms()
    for _ in range(7):
        until = account(worker).until
        assert until is not None
        pauses.append(round((until - moment) / 1000))
        moment = until
        with at(moment + 1, sim):
            worker.work()
            assert {waits(worker.view(batch)) for batch in both} == {("waiting", "upstream_down", 0)}

    assert sim.stats()["calls"] == 7, "one call a probe"
    assert pauses[1:] == [2, 4, 8, 16, 30, 30]
    until = account(worker).until
    assert until is not None
    sim.configure(faults=[])
    with at(until + 1, sim):
        worker.work()
        assert {waits(worker.view(batch)) for batch in both} == {("completed", "", 30)}
    assert account(worker).reason == ""


def test_attempts_made_while_the_upstream_was_down_do_not_count_against_a_lookup(
    worker: Hands, sim: NaverSimulator
) -> None:
    sim.configure(faults=["se99=1.0"])
    batch = submit(worker, 2)
    worker.work()
    until = account(worker).until
    assert until is not None
    sim.configure(faults=["se99=0.3"])  # it is back, and stumbles now and then
    with at(until + 1, sim):
        worker.work()
    while (view := worker.view(batch)).state == "waiting":
        with at(worker.wait_over(batch), sim):
            worker.work()

    assert (view.counts.ok, view.counts.failed) == (2, 0)


def test_refused_credentials_stop_every_batch_of_the_account_at_once(worker: Hands, sim: NaverSimulator) -> None:
    sim.configure(clients={"other": "keys"})
    both = submit(worker, 500), submit(worker, 500, CAFE)
    worker.work()

    assert {waits(worker.view(batch)) for batch in both} == {("waiting", "credentials", 0)}
    assert sim.stats()["calls"] <= 100, "what was under way when the first refusal came, no more"
    stands = account(worker)
    assert (stands.reason, stands.trouble) == ("credentials", "bad_credentials")
    assert "024" in stands.detail
    calls = sim.stats()["calls"]
    later = submit(worker, 500)
    worker.work()
    assert waits(worker.view(later)) == ("waiting", "credentials", 0)
    assert sim.stats()["calls"] == calls, "a new batch does not ask either"

    sim.configure(clients={sim.client_id: sim.client_secret})
    assert stands.until is not None
    with at(stands.until + 1, sim):
        worker.work()
        assert [worker.view(batch).state for batch in (*both, later)] == ["completed"] * 3


def test_a_quota_that_the_upstream_says_is_spent_waits_for_its_day(worker: Hands, sim: NaverSimulator) -> None:
    sim.configure(daily_quota=50)  # somebody else uses the same keys: the ledger knows of less
    batch = submit(worker, 200)
    worker.work()
    midnight = clock.day_starts(NOON, "Asia/Seoul")[2]
    refused = sim.stats()["quota_refused"]

    assert waits(worker.view(batch)) == ("waiting", "quota", 50)
    assert account(worker).until == midnight + 2_000
    assert account(worker).left_today == 0
    assert refused <= 100
    with at(midnight - 60_000, sim):
        worker.work()
        assert sim.stats()["quota_refused"] == refused, "nobody asks before the day has turned"
    sim.configure(daily_quota=25_000)
    with at(midnight + 2_001, sim):
        worker.work()
        assert waits(worker.view(batch)) == ("completed", "", 200)


def test_a_reserve_is_left_to_high_priority(
    database: Database, valkey: redis.Redis, sim: NaverSimulator, env: dict[str, str]
) -> None:
    limits = {"KEYBATCH_NAVER_DAILY_QUOTA": "100", "KEYBATCH_NAVER_RESERVE": "30"}
    with hands(database, valkey, {**env, **limits}) as worker, at(NOON, sim):
        plain = submit(worker, 200)
        worker.work()
        urgent = batches.submit(worker.house, [f"급함 {n}" for n in range(50)], BLOG, priority="high").batch
        worker.work()

        assert waits(worker.view(plain)) == ("waiting", "quota", 70)
        assert waits(worker.view(urgent)) == ("waiting", "quota", 30)
    assert sim.stats()["calls"] == 100


def test_a_halt_is_put_once_by_whoever_comes_first(worker: Hands) -> None:
    naver = accounts.of("naver")
    halts.stop(worker.house, naver, "naver.blog", "upstream_down", Unreachable("first"))
    halts.stop(worker.house, naver, "naver.cafe", "upstream_down", Unreachable("second"))

    standing = halts.standing(worker.house, naver.key)
    assert standing is not None
    assert (standing.waits, standing.detail, standing.source) == (1, "first", "naver.blog")
