"""Commands that start processes, where something they stand on is wrong: a sentence, exit code 1, within their time."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from app.cli.main import app
from app.db.migrate import upgrade
from app.settings import Settings
from tests.stage import environment
from workers import main

#: Nobody listens there.
NOBODY = "postgresql://kb:hush@127.0.0.1:1/none"
NO_REDIS = "redis://127.0.0.1:1/0"
Start = Callable[..., tuple[int, str]]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Start]:
    """Exit code, and what was said on standard error."""

    def started(command: str, **values: str) -> tuple[int, str]:
        given = {"DATA_DIR": str(tmp_path), "WAIT_S": "0", "PORT": "8249", "LOG_FORMAT": "json", **values}
        with environment({f"KEYBATCH_{name}": value for name, value in given.items()}):
            if command in ("up", "web", "migrate"):
                done = CliRunner().invoke(app, [command])
                return done.exit_code, done.stderr + capfd.readouterr().err
            monkeypatch.setattr("sys.argv", ["workers.main", command])
            return main.main(), capfd.readouterr().err

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield started
    root.handlers[:] = before
    root.setLevel(level)
    structlog.contextvars.unbind_contextvars("process")


@pytest.mark.parametrize("command", ["up", "web", "worker", "scheduler", "migrate"])
def test_a_database_that_is_not_there_ends_it_with_a_sentence(start: Start, command: str):
    code, said = start(command, DATABASE_URL=NOBODY, REDIS_URL=NO_REDIS)
    assert code == 1
    assert "KEYBATCH_DATABASE_URL" in said
    assert "hush" not in said


@pytest.mark.parametrize("command", ["up", "web", "worker", "scheduler"])
def test_a_wrong_setting_of_an_upstream_ends_it_before_anything_is_asked(start: Start, command: str):
    code, said = start(command, NAVER_RATE="fast", DATABASE_URL=NOBODY, WAIT_S="60")
    assert code == 1
    assert "KEYBATCH_NAVER_RATE" in said
    assert "waiting" not in said


def test_what_is_waited_for_is_said_in_the_log(start: Start, tmp_path: Path):
    upgrade(Settings(data_dir=tmp_path, database_url=""))
    code, said = start("worker", REDIS_URL=NO_REDIS, WAIT_S="1")
    assert code == 1
    first, *_, last = said.splitlines()
    line = json.loads(first)
    assert (line["event"], line["code"], line["left_s"], line["process"]) == ("waiting", "redis_down", 1, "worker")
    assert "KEYBATCH_REDIS_URL" in last


@pytest.mark.parametrize("command", ["web", "worker", "scheduler"])
def test_tables_that_are_not_there_yet_name_the_command_to_run(start: Start, command: str):
    code, said = start(command)
    assert code == 1
    assert "python -m app migrate" in said
