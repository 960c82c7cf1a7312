"""Following a batch: what is shown when, and how it ends. The batches are made up; no house is needed."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from app import clock
from app.cli import follow, outlook, output
from app.errors import DatabaseDown
from app.services.shapes import BatchView, Counts, Pace, SourceView

QUIET = Pace(None, None, None, "", None, None)
BATCH = BatchView(
    id=7, name="", state="running", priority="default", items=10, lookups=10, merged=0, rejected=0, seq=0,
    counts=Counts(), created_at=0, started_at=None, finished_at=None, waiting_reason="", waiting_until=None,
    max_age_s=0, owner="", deadline_at=None, stopped_by="", rerun_of=None, sources=(),
)  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")


@pytest.mark.parametrize(
    ("state", "counts", "code"),
    [
        ("completed", Counts(ok=1), output.DONE),
        ("completed", Counts(missing=1, failed=9), output.DONE),
        ("completed", Counts(below=1), output.DONE),
        ("completed", Counts(failed=10), output.FAILED),
        ("cancelled", Counts(ok=5, cancelled=5), output.FAILED),
    ],
)
def test_the_exit_code_says_whether_anything_was_read(state, counts, code):
    assert follow.verdict(replace(BATCH, state=state, counts=counts)) == code


def test_plain_lines_are_told_when_the_state_changes_not_at_every_look():
    said = io.StringIO()
    lines = follow.Lines(Console(file=said))
    for batch in (
        BATCH,
        BATCH,
        replace(BATCH, seq=3, counts=Counts(ok=3)),  # too soon for another line
        replace(BATCH, seq=3, counts=Counts(ok=3), state="waiting", waiting_reason="quota", waiting_until=0),
        replace(BATCH, seq=10, counts=Counts(ok=9, failed=1), state="completed"),
    ):
        lines.show(batch, QUIET)
    first, second, third = said.getvalue().splitlines()
    assert first == "7  running  0/10"
    assert second.startswith("7  waiting (the quota is used up)  3/10  until 19")
    assert third == "7  completed  10/10  1 failed"


def test_a_terminal_gets_a_bar():
    said = io.StringIO()
    with follow.bar_or_lines(Console(file=said, force_terminal=True, width=100)) as show:
        show.show(replace(BATCH, counts=Counts(ok=4)), replace(QUIET, per_second=12.34))
    assert "4/10" in said.getvalue()
    assert "12.3/s" in said.getvalue()


def test_a_terminal_that_is_narrow_shows_all_of_it():
    said = io.StringIO()
    waits = replace(BATCH, state="waiting", waiting_reason="credentials", waiting_until=0)
    with follow.bar_or_lines(Console(file=said, force_terminal=True, width=40, soft_wrap=True)) as show:
        show.show(waits, replace(QUIET, per_second=12.34, rate_part=0.5, ends_at=0, binds="quota"))
    assert "the quota" in said.getvalue()
    assert "decides)" in said.getvalue()


@pytest.mark.parametrize(
    ("batch", "en", "ko"),
    [
        ({"state": "running"}, "running", "진행 중"),
        ({"state": "paused"}, "paused", "일시정지"),
        ({"state": "cancelled", "stopped_by": "person"}, "cancelled", "취소됨"),
        (
            {"state": "cancelled", "stopped_by": "deadline"},
            "cancelled (its deadline has passed)",
            "취소됨 (기한이 지남)",
        ),
        (
            {"state": "waiting", "waiting_reason": "throttled"},
            "waiting (the upstream asked to slow down)",
            "기다리는 중 (외부 서비스의 감속 요청)",
        ),
        ({"state": "waiting", "waiting_reason": "moon"}, "waiting (moon)", "기다리는 중 (moon)"),
    ],
)
def test_a_state_says_what_is_waited_for_and_what_stopped_it(monkeypatch, batch, en, ko):
    assert outlook.state(replace(BATCH, **batch)) == en
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert outlook.state(replace(BATCH, **batch)) == ko


NOW = 1_795_230_000_000
LATER = output.when(NOW + 90_000_000)


@pytest.mark.parametrize(
    ("batch", "speed", "en", "ko"),
    [
        (
            {},
            {"per_second": 9.96, "ends_at": NOW + 90_000_000, "binds": "quota", "days": 1},
            f"10.0/s  ends {LATER} (in 1 d 1 h: the quota decides)",
            f"초당 10.0  끝나는 때 {LATER} (1일 1시간 뒤: 호출 한도가 결정)",
        ),
        (
            {"counts": Counts(ok=1, failed=2)},
            {"rate_part": 0.5, "ends_at": NOW + 90_000_000, "binds": "rate"},
            f"2 failed  rate cut to 50 %  ends {LATER} (in 1 d 1 h: the rate limit decides)",
            f"실패 2  속도를 50%로 낮춤  끝나는 때 {LATER} (1일 1시간 뒤: 호출 속도 한도가 결정)",
        ),
        (
            {"state": "waiting", "waiting_reason": "quota", "waiting_until": NOW + 90_000_000},
            {"ends_at": NOW + 90_000_000, "binds": "quota", "days": 1},
            f"until {LATER}  ends {LATER} (in 1 d 1 h: the quota decides)",
            f"{LATER}까지  끝나는 때 {LATER} (1일 1시간 뒤: 호출 한도가 결정)",
        ),
        (
            {"state": "waiting", "waiting_reason": "credentials", "waiting_until": NOW + 90_000_000},
            {"binds": "credentials"},
            f"until {LATER}",
            f"{LATER}까지",
        ),
        (
            {},
            {"binds": "upstream_down"},
            "no end in sight: the upstream does not answer",
            "끝나는 때를 알 수 없음: 외부 서비스가 응답하지 않음",
        ),
        ({}, {"binds": "speed"}, "", ""),
        ({"state": "paused", "counts": Counts(failed=1)}, {"binds": "paused", "rate_part": 0.5}, "1 failed", "실패 1"),
        ({"state": "cancelling"}, {"binds": "upstream_down", "rate_part": 0.5}, "", ""),
    ],
)
def test_what_is_ahead_says_the_end_and_what_decides_it(monkeypatch, batch, speed, en, ko):
    given = replace(BATCH, **batch), replace(QUIET, **speed)
    with clock.frozen(NOW):
        assert outlook.ahead(*given) == en
        monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
        assert outlook.ahead(*given) == ko


def test_sources_that_wait_are_named_while_others_go_on(monkeypatch):
    def source(name: str, state: str, until: int | None) -> SourceView:
        return SourceView(name, state, 5, Counts(), "quota" if state == "waiting" else "", until)

    blog, cafe = (source(name, "waiting", NOW + 90_000_000) for name in ("naver.blog", "naver.cafe"))
    sources = blog, cafe, source("wordfreq.ko", "running", None)
    batch = replace(BATCH, sources=sources)
    assert outlook.ahead(batch, QUIET) == f"naver.blog and 1 more waiting (the quota is used up) until {LATER}"
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert outlook.ahead(batch, QUIET) == f"naver.blog 외 1개 {LATER}까지 기다리는 중 (호출 한도 소진)"
    alone = replace(BATCH, sources=(source("naver.blog", "waiting", None),))
    assert outlook.ahead(alone, QUIET) == "naver.blog 기다리는 중 (호출 한도 소진)"


@pytest.fixture
def database(monkeypatch):
    """Answers with the batches given, one a look; an error is raised."""
    answers: list[BatchView | Exception] = []

    def get(_house, _batch_id):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(follow.batches, "get", get)
    monkeypatch.setattr(follow, "pace", lambda _house, _batch: QUIET)
    monkeypatch.setattr(follow, "LOOK", 0)
    return answers


def test_a_database_that_is_away_for_a_moment_is_waited_for(database):
    down = DatabaseDown(where="here", why="gone.")
    database += [BATCH, down, down, replace(BATCH, state="completed")]
    assert follow.until_ended(None, 7, follow.JsonLines()).ended


def test_a_database_that_stays_away_ends_it(database, monkeypatch):
    monkeypatch.setattr(follow, "PATIENCE", -1)
    database += [BATCH, DatabaseDown(where="here", why="gone.")]
    with pytest.raises(DatabaseDown):
        follow.until_ended(None, 7, follow.JsonLines())
