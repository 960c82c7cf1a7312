"""``history``: one line a measurement, and never a number where there is none. The measurements are made up."""

import json
import logging
from dataclasses import replace
from functools import partial

import pytest
from typer.testing import CliRunner

from app.cli import history
from app.cli.main import app
from app.errors import Unreachable
from app.services.shapes import Point
from tests.stage import environment

OK = Point(
    keyword="맥북", source="naver.blog", state="ok", value=12_543.0, upper=None, observed_at=1_795_230_000_000, batch=7,
    account="naver/default", attempts=1, latency_ms=1_234, error="", detail="", superseded=False,
)  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with environment({"KEYBATCH_DATA_DIR": str(tmp_path / "data")}):
        invoke = partial(CliRunner().invoke, app)
        assert invoke(["migrate"]).exit_code == 0
        yield invoke
    root.handlers[:], root.level = before


@pytest.fixture
def measured(monkeypatch):
    """What has been measured."""
    points: list[Point] = []
    monkeypatch.setattr(history.service, "history", lambda _house, _keyword, _source: points)
    return points


FAILED = replace(OK, state="failed", value=None, error=Unreachable.code)


@pytest.mark.parametrize(
    ("point", "en", "ko"),
    [
        (OK, "12,543", "12,543"),
        (replace(OK, value=0.0), "0", "0"),
        (replace(OK, value=4.58), "4.58", "4.58"),
        (replace(OK, state="below", value=None, upper=10.0), "below 10", "10 미만"),
        (replace(OK, state="missing", value=None), "not in the answer", "응답에 없음"),
        (FAILED, "failed: unreachable", "실패: unreachable"),
        (
            replace(FAILED, superseded=True),
            "failed: unreachable (asked again since)",
            "실패: unreachable (그 뒤 다시 물음)",
        ),
    ],
)
def test_a_measurement_says_what_was_read(run, measured, monkeypatch, point, en, ko):
    measured.append(point)
    _, line = run(["history", "맥북"]).stdout.splitlines()
    assert line.split("\t")[1:] == ["naver.blog", en, "7", "naver/default", str(point.attempts), "1,234 ms"]
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    _, line = run(["history", "맥북"]).stdout.splitlines()
    assert line.split("\t")[2] == ko


def test_a_program_gets_the_points(run, measured):
    measured += [OK, FAILED]
    found = json.loads(run(["history", "맥북", "--json"]).stdout)
    assert [(point["state"], point["value"], point["error"]) for point in found] == [
        ("ok", 12_543.0, ""),
        ("failed", None, "unreachable"),
    ]
    assert found[0]["observed_at"] == "2026-11-21T03:00:00.000Z"


def test_a_keyword_that_was_never_measured_is_no_failure(run):
    done = run(["history", "nobody"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "“nobody” has not been measured" in done.stderr
    assert run(["history", "nobody", "--json"]).stdout == "[]\n"


@pytest.mark.parametrize("arguments", [[" "], ["맥북", "--source", "nobody.here"]])
def test_nothing_to_look_for_is_wrong_use(run, arguments):
    done = run(["history", *arguments])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
