"""Real workers against the simulated upstream: the promises, with things being killed."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import clock
from app.services import accounts, control, results
from app.services.holdings import AccountView
from app.services.shapes import BatchView
from tests.simulators.naver import NaverSimulator, expected_total
from tests.stage import Stage, until

pytestmark = pytest.mark.alone

SOURCES = ["naver.blog", "naver.cafe"]
SERVICE = {"naver.blog": "blog", "naver.cafe": "cafearticle"}


def keywords(count: int) -> list[str]:
    return [f"키워드 {n}" for n in range(count)]


@contextmanager
def working(
    folder: Path,
    *,
    rate: int = 200,
    workers: int = 2,
    platform: str = "legacy",
    env: Mapping[str, str] | None = None,
    **sim_options: object,
) -> Iterator[tuple[Stage, NaverSimulator]]:
    """A stage whose Naver is the simulator, at ``rate`` calls a second on both sides."""
    with NaverSimulator(process=True, rate=rate, **{"latency_ms": 20, **sim_options}) as sim:
        settings = {**sim.env(platform), "KEYBATCH_NAVER_RATE": f"{rate}/s", **(env or {})}
        with Stage(folder, workers=workers, env=settings) as stage:
            yield stage, sim


def every_reading_is_right(stage: Stage, view: BatchView) -> int:
    """Each value is the simulator's own; each lookup has one reading. How many failed."""
    failed = 0
    for row in results.rows(stage.house, view, limit=view.items):
        for source, cell in zip(view.sources, row.cells, strict=True):
            if cell.state == "failed":
                failed += 1
                assert cell.value is None
            else:
                assert (cell.state, cell.value) == ("ok", expected_total(SERVICE[source.name], row.asked))
    seqs = sorted(cell.seq for row in results.rows(stage.house, view, limit=view.items) for cell in row.cells)
    assert seqs == list(range(1, view.lookups + 1))
    return failed


@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_every_lookup_is_asked_once_and_within_the_rate(tmp_path: Path, platform: str) -> None:
    with working(tmp_path, platform=platform) as (stage, sim):
        view = stage.wait(stage.submit(keywords(300), SOURCES))

        assert view.state == "completed"
        assert every_reading_is_right(stage, view) == 0
        assert sim.stats()["repeated_calls"] == 0


def _naver(stage: Stage) -> AccountView:
    [account] = [one for one in accounts.listing(stage.house) if one.key == "naver/default"]
    return account


def test_a_killed_worker_loses_nothing_and_its_work_goes_on(tmp_path: Path) -> None:
    with working(tmp_path) as (stage, sim):
        batch = stage.submit(keywords(800), SOURCES)
        until(lambda: stage.view(batch).seq > 200)
        stage.end("workers", signal.SIGKILL)
        killed = time.monotonic()
        until(lambda: not stage.view(batch).ended)
        before = stage.view(batch).seq
        stage.start_workers()
        until(lambda: stage.view(batch).seq > before, within=20)
        assert time.monotonic() - killed < 15

        view = stage.wait(batch)
        assert every_reading_is_right(stage, view) == 0
        assert sim.stats()["repeated_answers"] <= 250, "only what was under way or not yet stored is asked again"


def test_an_emptied_valkey_loses_nothing_and_forgets_no_quota(tmp_path: Path) -> None:
    with working(tmp_path) as (stage, sim):
        batch = stage.submit(keywords(800), SOURCES)
        until(lambda: stage.view(batch).seq > 200)
        stage.end("valkey", signal.SIGKILL)
        stage.start_valkey()

        view = stage.wait(batch)
        assert every_reading_is_right(stage, view) == 0
        # The last reading completes the batch; its slice gives back what it had reserved a moment later.
        until(lambda: _naver(stage).reserved == 0)
        assert _naver(stage).spent_today == sim.stats()["calls"]


def test_cancel_stops_calls_within_a_second_and_keeps_what_was_read(tmp_path: Path) -> None:
    with working(tmp_path) as (stage, sim):
        batch = stage.submit(keywords(10_000), ["naver.blog"])
        until(lambda: stage.view(batch).seq > 100)
        control.cancel(stage.house, batch)
        answered = clock.now_ms()

        view = stage.wait(batch, within=15)
        assert view.state == "cancelled"
        assert sim.stats()["last_call_ms"] - answered < 1000
        assert view.counts.ok == view.seq > 100
        assert view.counts.cancelled == 10_000 - view.seq


def test_a_graceful_end_drains_in_seconds_and_asks_nothing_twice(tmp_path: Path) -> None:
    with working(tmp_path) as (stage, sim):
        batch = stage.submit(keywords(600), SOURCES)
        until(lambda: stage.view(batch).seq > 150)
        began = time.monotonic()
        stage.end("workers")
        assert time.monotonic() - began < 6
        assert not stage.view(batch).ended
        stage.start_workers()

        view = stage.wait(batch)
        assert every_reading_is_right(stage, view) == 0
        assert sim.stats()["repeated_calls"] == 0


def test_a_faulty_upstream_gives_right_readings_or_honest_failures(tmp_path: Path) -> None:
    faults = ["se99=0.1", "garbage=0.05", "truncated=0.05", "reset=0.05"]
    with working(tmp_path, faults=faults) as (stage, _):
        view = stage.wait(stage.submit(keywords(200), SOURCES))

        failed = every_reading_is_right(stage, view)
        assert failed == view.counts.failed


def test_refused_credentials_stop_the_account_without_burning_the_rest(tmp_path: Path) -> None:
    with working(tmp_path, clients={"other": "keys"}) as (stage, sim):
        batch = stage.submit(keywords(500), SOURCES)
        until(lambda: stage.view(batch).state == "waiting")

        view = stage.view(batch)
        assert view.waiting_reason == "credentials"
        assert view.sources[0].trouble == "bad_credentials"
        assert view.counts.done == 0, "no lookup has failed for it"
        assert sim.stats()["calls"] < 100


def test_a_spent_quota_waits_for_the_day_in_seoul(tmp_path: Path) -> None:
    with working(tmp_path, daily_quota=60) as (stage, sim):
        batch = stage.submit(keywords(100), SOURCES)
        until(lambda: stage.view(batch).state == "waiting")

        view = stage.view(batch)
        midnight = clock.day_starts(clock.now_ms(), "Asia/Seoul")[2]
        assert view.waiting_reason == "quota"
        assert view.waiting_until is not None
        assert 0 <= view.waiting_until - midnight < 5_000
        assert view.counts.failed == 0
        assert sim.stats()["quota_refused"] < 70


def test_an_upstream_that_is_down_makes_the_batch_wait_and_comes_back(tmp_path: Path) -> None:
    with working(tmp_path, faults=["se99=1.0"]) as (stage, sim):
        batch = stage.submit(keywords(100), ["naver.blog"])
        until(lambda: stage.view(batch).state == "waiting")
        assert stage.view(batch).waiting_reason == "upstream_down"
        assert stage.view(batch).counts.failed == 0
        sim.configure(faults=[])

        view = stage.wait(batch)
        assert every_reading_is_right(stage, view) == 0
