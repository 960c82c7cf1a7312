"""Control and limits with real workers, while things are killed."""

import os
import signal
import time
from pathlib import Path

import pytest

from app import clock
from app.services import accounts, control
from app.services.holdings import AccountView
from tests.journey.test_work import every_reading_is_right, keywords, working
from tests.stage import Stage, until

pytestmark = pytest.mark.alone


def naver(stage: Stage) -> AccountView:
    [found] = [one for one in accounts.listing(stage.house) if one.key == "naver/default"]
    return found


def test_a_quota_is_right_to_the_call_whatever_is_killed(tmp_path: Path) -> None:
    quota = 700
    env = {"KEYBATCH_NAVER_DAILY_QUOTA": str(quota)}
    with working(tmp_path, rate=100, daily_quota=quota, env=env) as (stage, sim):
        batches = [stage.submit(keywords(600), [source]) for source in ("naver.blog", "naver.cafe")]
        for part in (100, 400):
            until(lambda part=part: sum(stage.view(batch).seq for batch in batches) > part)
            for horse in stage.horses():
                os.kill(horse, signal.SIGKILL)
        stage.end("valkey", signal.SIGKILL)
        stage.start_valkey()
        until(lambda: all(stage.view(batch).state == "waiting" for batch in batches), within=60)

        stats, account = sim.stats(), naver(stage)
        assert (account.spent_today, account.reserved, account.left_today) == (quota, 0, 0)
        assert (stats["calls"], stats["quota_refused"]) == (quota, 0), "not one too many, not one left over"
        for batch in batches:
            assert stage.view(batch).waiting_reason == "quota"
            assert stage.view(batch).counts.failed == 0


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_no_call_starts_later_than_a_second_after_the_answer_and_resume_goes_on(tmp_path: Path, verb: str) -> None:
    with working(tmp_path) as (stage, sim):
        batch = stage.submit(keywords(700), ["naver.blog"])
        until(lambda: stage.view(batch).seq > 100)
        getattr(control, verb)(stage.house, batch)
        answered = clock.now_ms()
        until(lambda: stage.view(batch).state in ("paused", "cancelled"))
        until(lambda: not stage.horses(), within=10)
        kept, stats = stage.view(batch).seq, sim.stats()
        assert stats["last_call_ms"] - answered < 1000
        assert 100 < kept < 700

        control.resume(stage.house, batch)
        view = stage.wait(batch)
        assert every_reading_is_right(stage, view) == 0
        assert sim.stats()["repeated_calls"] == 0, "it goes on where it stopped"


def test_stopping_is_heard_at_once_not_at_the_next_look(tmp_path: Path) -> None:
    with working(tmp_path, rate=5) as (stage, _):
        batch = stage.submit(keywords(700), ["naver.blog"])
        until(lambda: stage.view(batch).seq > 2)
        began = time.monotonic()
        control.pause(stage.house, batch)
        until(lambda: not stage.horses(), within=10)
        assert time.monotonic() - began < 2


def test_an_outage_makes_all_batches_wait_and_they_go_on_within_seconds_of_its_end(tmp_path: Path) -> None:
    with working(tmp_path) as (stage, sim):
        batches = [stage.submit(keywords(400), [source]) for source in ("naver.blog", "naver.cafe")]
        until(lambda: all(stage.view(batch).seq > 50 for batch in batches))
        sim.configure(faults=["se99=1.0"])
        until(lambda: all(stage.view(batch).state == "waiting" for batch in batches))
        assert {stage.view(batch).waiting_reason for batch in batches} == {"upstream_down"}
        sim.configure(faults=[])
        over = time.monotonic()
        until(lambda: all(stage.view(batch).state in ("running", "completed") for batch in batches))
        assert time.monotonic() - over < 15

        for batch in batches:
            assert every_reading_is_right(stage, stage.wait(batch)) == 0


def test_a_deadline_ends_a_batch_in_time_and_keeps_what_was_read(tmp_path: Path) -> None:
    with working(tmp_path, rate=50) as (stage, sim):
        deadline = clock.now_ms() + 4_000
        batch = stage.submit(keywords(2_000), ["naver.blog"], deadline_at=deadline)
        view = stage.wait(batch, within=30)

        assert (view.state, view.stopped_by) == ("cancelled", "deadline")
        assert view.counts.ok == view.seq > 0
        assert sim.stats()["last_call_ms"] - deadline < 1000
