"""How fast a batch's last readings came, and how long answers took."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.repositories import readings
from app.services import tempo

NOW = 1_795_230_000_000


def look(monkeypatch: pytest.MonkeyPatch, *rows: tuple[str, int, int]) -> tempo.Tempo:
    found = [SimpleNamespace(source=source, observed_at=NOW + at, latency_ms=ms) for source, at, ms in rows]
    monkeypatch.setattr(readings, "fresh_after", lambda *_: found)
    monkeypatch.setattr(clock, "now_ms", lambda: NOW)
    connection: Any = None
    return tempo.tempo(connection, 1, 500)


def test_each_source_has_its_own_speed_and_a_burst_has_none(monkeypatch: pytest.MonkeyPatch):
    slow = [("naver.blog", -n * 200, 60) for n in range(21)]
    burst = [("wordfreq.ko", -5_000 + n // 4, 0) for n in range(400)]
    found = look(monkeypatch, *slow, *burst)
    assert found.by_source == {"naver.blog": pytest.approx(5.0)}
    assert (found.mean_ms, found.p95_ms, found.answers) == (60, 60, 21)


def test_what_came_long_ago_is_no_speed_of_now(monkeypatch: pytest.MonkeyPatch):
    assert look(monkeypatch, *[("naver.blog", -60_000 - n * 200, 60) for n in range(21)]).by_source == {}


def test_without_a_call_there_is_no_answer_time(monkeypatch: pytest.MonkeyPatch):
    nothing = look(monkeypatch, ("wordfreq.ko", 0, 0))
    assert (nothing.mean_ms, nothing.p95_ms, nothing.answers) == (None, None, 0)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=200))
def test_95_of_100_are_answered_within_the_time_said(took: list[int]):
    within = tempo.p95(sorted(took))
    assert within in took
    assert sum(one <= within for one in took) >= 0.95 * len(took)
    assert sum(one < within for one in took) < 0.95 * len(took)
