"""What the work counts, and what is read of a house that works."""

from collections.abc import Iterator

import pytest
import redis

from app.db.database import Database
from app.db.migrate import upgrade_database
from app.errors import BadCredentials
from app.services import accounts, batches, halts, ops
from app.services.house import House
from app.services.metrics import counted, gauges
from tests.simulators.naver import NaverSimulator
from tests.store.hands import Hands, hands

BLOG = "naver.blog"


@pytest.fixture
def worker(database: Database, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[Hands]:
    upgrade_database(database)
    with NaverSimulator(rate=None, daily_quota=None) as sim:
        values = {**settings_of, **sim.env(), "KEYBATCH_NAVER_RATE": "50/s", "KEYBATCH_NAVER_DAILY_QUOTA": "1000"}
        with hands(database, valkey, values) as built:
            yield built


def said(house: House) -> dict[tuple[str, tuple[str, ...]], float]:
    return {(one.name, one.labels): one.value for one in gauges.house(house, ops.health(house))}


def test_slices_count_what_they_stored_and_what_they_called(worker: Hands) -> None:
    batch = batches.submit(worker.house, [f"k{n}" for n in range(30)], [BLOG, "wordfreq.ko"]).batch
    worker.work()
    again = batches.submit(worker.house, ["k0", "k1"], [BLOG], max_age_s=3600).batch
    worker.work()

    found = counted.kept(worker.house.redis)
    assert worker.view(batch).ended
    assert worker.view(again).ended
    assert sum(count for (source, _), count in found["lookups_total"].items() if source == BLOG) == 32
    assert found["reused_total"] == {(BLOG,): 2}
    assert found["calls_total"] == {("naver", "naver/default", "ok"): 30}
    assert sum(value for (_, place), value in found["call_seconds"].items() if place != counted.SUM) == 30
    assert found["slices_total"]["wordfreq", "done"] == 1
    stored = {upstream: value for (upstream, place), value in found["flush_readings"].items() if place == counted.SUM}
    assert stored == {"naver": 32, "wordfreq": 30}


def test_quota_and_rate_of_each_account_are_told(worker: Hands) -> None:
    batches.submit(worker.house, ["a", "b", "c"], [BLOG])
    worker.work()

    found, account = said(worker.house), ("naver", "naver/default")
    assert found["rate_limit_per_second", account] == found["rate_in_force_per_second", account] == 50
    day = (*account, "day")
    limit, used, left = (found[f"quota_{name}_calls", day] for name in ("limit", "used", "remaining"))
    assert (limit, used, left) == (1000, 3, 997)
    assert found["account_halted", (*account, "quota")] == 0
    assert ("quota_limit_calls", (*account, "month")) not in found
    assert ("queue_oldest_seconds", ("default-naver",)) not in found


def test_a_halted_account_says_why(worker: Hands) -> None:
    account = accounts.of("naver")
    halts.stop(worker.house, account, BLOG, "credentials", BadCredentials("no such key"))

    found = said(worker.house)
    halted = [labels for (name, labels), value in found.items() if name == "account_halted" and value]
    assert halted == [("naver", "naver/default", "credentials")]
    assert found["trouble", ("credentials",)] == 1


def test_who_works_and_what_waits(worker: Hands) -> None:
    batches.submit(worker.house, ["a"], [BLOG])
    found = said(worker.house)
    assert found["queue_jobs", ("default-naver",)] == 1
    assert found["queue_oldest_seconds", ("default-naver",)] >= 0
    assert (found["workers", ()], found["scheduler_active", ()]) == (0, 0)
    assert found["batches", ("queued",)] == 1
    assert found["lanes", ("idle",)] == 1
