"""Days in seconds: a quota that lasts for a part of a batch, with the clocks of house and upstream put forward."""

from datetime import datetime
from pathlib import Path

import pytest
import redis

from app.db.database import Database
from app.services import accounts, batches, pace, preview
from tests.simulators.naver import NaverSimulator
from tests.store.hands import Hands, at, hands

QUOTA = 1_000
AFTERNOON = int(datetime.fromisoformat("2026-11-21T15:00:00+09:00").timestamp() * 1000)
DAY_MS = 86_400_000
SOURCES = ["naver.blog", "naver.cafe"]


@pytest.fixture
def env(tmp_path: Path, valkey_url: str) -> dict[str, str]:
    return {"KEYBATCH_DATA_DIR": str(tmp_path), "KEYBATCH_REDIS_URL": valkey_url, "KEYBATCH_LOG_FORMAT": "json"}


def test_three_days_of_a_spent_quota(database: Database, valkey: redis.Redis, env: dict[str, str]) -> None:
    keywords = [f"키워드 {n}" for n in range(1_300)]
    with NaverSimulator(process=True, rate=None, daily_quota=QUOTA) as sim:
        limits = {"KEYBATCH_NAVER_RATE": "600/s", "KEYBATCH_NAVER_DAILY_QUOTA": str(QUOTA)}
        with hands(database, valkey, {**env, **sim.env(), **limits}) as worker:
            with at(AFTERNOON, sim):
                told = preview.preview(worker.house, keywords, SOURCES)
                batch = batches.submit(worker.house, keywords, SOURCES).batch
                promised = pace.pace(worker.house, worker.view(batch))
            seen = _until_it_ends(worker, sim, batch)
            view = worker.view(batch)

        assert [(reason, done) for _, reason, done in seen] == [("quota", 1_000), ("quota", 2_000), ("", 2_600)]
        assert (view.state, view.counts.failed, view.counts.ok) == ("completed", 0, 2_600)
        stats = sim.stats()
        assert (stats["calls"], stats["quota_refused"], stats["repeated_calls"]) == (2_600, 0, 0)
        assert (promised.binds, promised.days, told.binds, told.days) == ("quota", 2, "quota", 2)
        assert view.finished_at is not None
        for ends_at in (promised.ends_at, told.ends_at):
            assert ends_at is not None
            assert abs(ends_at - view.finished_at) <= 0.05 * (view.finished_at - AFTERNOON)


def _until_it_ends(worker: Hands, sim: NaverSimulator, batch: int) -> list[tuple[int, str, int]]:
    """Put the clocks forward to the end of each wait: (moment, what it waited for, lookups read) each time."""
    seen, moment = [], AFTERNOON
    while not worker.view(batch).ended:
        with at(moment, sim):
            worker.work()
            view = worker.view(batch)
            seen.append((moment, view.waiting_reason, view.counts.done))
            if not view.ended:
                assert view.state == "waiting"
                moment = worker.wait_over(batch)
                assert pace.pace(worker.house, view).binds == "quota"
    midnights = [moment - AFTERNOON for moment, _, _ in seen[1:]]
    assert all(9 * 3_600_000 < later - n * DAY_MS < 9 * 3_600_000 + 5_000 for n, later in enumerate(midnights))
    return seen


def test_an_emptied_redis_does_not_give_the_day_back(
    database: Database, valkey: redis.Redis, env: dict[str, str]
) -> None:
    with NaverSimulator(process=True, rate=None, daily_quota=QUOTA) as sim:
        limits = {"KEYBATCH_NAVER_RATE": "600/s", "KEYBATCH_NAVER_DAILY_QUOTA": "100"}
        with hands(database, valkey, {**env, **sim.env(), **limits}) as worker, at(AFTERNOON, sim):
            first = batches.submit(worker.house, [f"하나 {n}" for n in range(60)], ["naver.blog"]).batch
            worker.work()
            valkey.flushall()
            second = batches.submit(worker.house, [f"둘 {n}" for n in range(60)], ["naver.blog"]).batch
            worker.work()
            [account] = [one for one in accounts.listing(worker.house) if one.key == "naver/default"]

            assert worker.view(first).state == "completed"
            assert (worker.view(second).state, worker.view(second).counts.done) == ("waiting", 40)
            assert (account.spent_today, account.reserved, account.left_today) == (100, 0, 0)
        assert sim.stats()["calls"] == 100
