"""Upstreams with limits of their own kind, worked by hand against their simulators."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import redis

from app import clock
from app.db.database import Database
from app.db.migrate import upgrade_database
from app.services import batches, expansion, preview, results
from app.services.house import House
from app.sources.kakao import Kakao
from app.sources.naver_searchad import NaverSearchAd
from tests.simulators.kakao.simulator import KakaoSimulator
from tests.simulators.searchad import expected_related, expected_volume
from tests.simulators.searchad.simulator import SearchAdSimulator
from tests.store.hands import Hands, at, hands

NOON = 1_795_230_000_000  # 2026-11-21T12:00 in Seoul


@contextmanager
def worker(
    database: Database, valkey: redis.Redis, settings_of: dict[str, str], values: dict[str, str]
) -> Iterator[Hands]:
    upgrade_database(database)
    with hands(database, valkey, {**settings_of, **values}) as built:
        yield built


@pytest.fixture
def searchad() -> Iterator[SearchAdSimulator]:
    with SearchAdSimulator(rate=None) as sim:
        yield sim


def test_five_keywords_a_call_each_with_its_own_answer(
    database: Database, valkey: redis.Redis, settings_of: dict[str, str], searchad: SearchAdSimulator
) -> None:
    keywords = [f"키워드 {n}" for n in range(23)]
    fast = {**searchad.env(), "KEYBATCH_NAVER_SEARCHAD_RATE": "none"}
    with worker(database, valkey, settings_of, fast) as by_hand:
        batch = batches.submit(by_hand.house, keywords, ["naver_searchad.volume"]).batch
        by_hand.work()
        rows = results.rows(by_hand.house, by_hand.view(batch))

    for row in rows:
        [cell], said = row.cells, expected_volume(row.keyword)
        parts = [said.pc, said.mobile]
        if not said.named:
            assert cell.state == "missing"
        elif None in parts:
            assert cell.state == "below"
        else:
            assert (cell.state, cell.value) == ("ok", sum(part or 0 for part in parts))
    assert searchad.most_in_flight == 1, "serial"
    assert searchad.calls <= 5 + sum(not expected_volume(keyword).named for keyword in keywords)


def test_too_fast_again_and_again_makes_the_batch_wait(
    database: Database,
    valkey: redis.Redis,
    settings_of: dict[str, str],
    searchad: SearchAdSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(NaverSearchAd, "throttle_s", (0.05, 300.0))
    monkeypatch.setattr("workers.budget.limiter.CREEP", 10.0)
    searchad.configure(faults={"throttled": 1.0})
    fast = {**searchad.env(), "KEYBATCH_NAVER_SEARCHAD_RATE": "none"}
    with worker(database, valkey, settings_of, fast) as by_hand, at(NOON):
        batch = batches.submit(by_hand.house, ["맥북"], ["naver_searchad.volume"]).batch
        by_hand.work()
        view = by_hand.view(batch)

        assert (view.state, view.waiting_reason) == ("waiting", "throttled")
        assert 290_000 < (view.waiting_until or 0) - clock.now_ms() <= 300_000
    assert searchad.calls < 40


def test_related_keywords_make_a_batch(
    database: Database, valkey: redis.Redis, settings_of: dict[str, str], searchad: SearchAdSimulator
) -> None:
    fast = {**searchad.env(), "KEYBATCH_NAVER_SEARCHAD_RATE": "none"}
    with worker(database, valkey, settings_of, fast) as by_hand:
        batch = batches.submit(by_hand.house, ["맥북", "그램"], ["naver_searchad.related"]).batch
        by_hand.work()
        done = expansion.expand(by_hand.house, batch, ["naver_searchad.volume"], most=5)
        made = batches.get(by_hand.house, done.batch)
        named = [row.keyword for row in results.rows(by_hand.house, made)]

    assert made.items == len(set(named)) <= 10
    told = {keyword.replace(" ", "").upper() for one in ("맥북", "그램") for keyword in expected_related(one)}
    assert {keyword.replace(" ", "").upper() for keyword in named} <= told


def submit(house: House, count: int, name: str, sources: list[str]) -> int:
    return batches.submit(house, [f"{name} {n}" for n in range(count)], sources).batch


def test_a_channel_s_own_quota_holds_beside_its_account_s(
    database: Database, valkey: redis.Redis, settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with KakaoSimulator(rate=None, type_quota=30, daily_quota=50) as sim:
        limits = {"KEYBATCH_KAKAO_RATE": "none", "KEYBATCH_KAKAO_DAILY_QUOTA": "50"}
        with worker(database, valkey, settings_of, {**sim.env(), **limits}) as by_hand, at(NOON, sim):
            few = {name: replace(channel, quota=30) for name, channel in Kakao.channels.items()}
            monkeypatch.setattr(Kakao, "channels", few)
            told = preview.preview(by_hand.house, [f"블로그 {n}" for n in range(40)], ["kakao.blog"])
            first = submit(by_hand.house, 40, "블로그", ["kakao.blog"])
            by_hand.work()
            second = submit(by_hand.house, 40, "카페", ["kakao.cafe"])
            by_hand.work()
            views = by_hand.view(first), by_hand.view(second)

        assert [view.counts.ok for view in views] == [30, 20]
        assert [(view.state, view.waiting_reason) for view in views] == [("waiting", "quota")] * 2
        assert (told.binds, told.days) == ("quota", 1)
        assert sim.statuses == {200: 50}, "not one call too many"
