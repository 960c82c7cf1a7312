"""What the commands say where something is missing: one sentence with its remedy, never a stack trace."""

import logging
import os
import re
import socket
import subprocess
import sys
from functools import partial

import pytest
from typer.testing import CliRunner

from app.cli import preflight
from app.cli.main import app
from app.errors import BadSetting
from app.settings import Settings
from tests.stage import ROOT, environment


@pytest.fixture
def folder(tmp_path):
    """An empty place: no database, no Redis."""
    with environment({"KEYBATCH_DATA_DIR": str(tmp_path / "data"), "LC_ALL": "C.UTF-8"}):
        yield tmp_path


@pytest.fixture
def run(folder):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield partial(CliRunner().invoke, app)
    root.handlers[:], root.level = before


def one_sentence(done, code, *words):
    assert done.exit_code == code
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize("command", ["batches", "usage"])
def test_no_database(run, command):
    one_sentence(run([command]), 1, "database", "KEYBATCH_DATABASE_URL")


@pytest.mark.parametrize("command", ["watch", "export", "failures", "history", "pause", "resume", "cancel", "rerun"])
def test_no_database_for_a_batch(run, command):
    one_sentence(run([command, "1"]), 1, "database", "KEYBATCH_DATABASE_URL")


def test_no_database_for_a_preview(run, folder):
    (folder / "list").write_text("apple\n")
    arguments = ["preview", str(folder / "list"), "--source", "wordfreq.en"]
    one_sentence(run(arguments), 1, "database", "KEYBATCH_DATABASE_URL")


def test_no_tables(run, folder):
    (folder / "data").mkdir()
    one_sentence(run(["batches"]), 1, "python -m app migrate")


def test_migrate_makes_the_tables_and_may_be_run_again(run):
    for _ in range(2):
        done = run(["migrate"])
        assert (done.exit_code, done.stdout) == (0, "")
    assert run(["batches"]).exit_code == 0
    assert run(["batches", "--json"]).stdout == "[]\n"


def test_no_redis(run, folder):
    run(["migrate"])
    (folder / "list").write_text("apple\n")
    one_sentence(run(["submit", str(folder / "list"), "--source", "wordfreq.en"]), 1, "Redis", "KEYBATCH_REDIS_URL")


def test_a_wrong_setting_names_itself(run, monkeypatch):
    monkeypatch.setenv("KEYBATCH_PORT", "eighty")
    one_sentence(run(["batches"]), 1, "KEYBATCH_PORT")


def test_the_doctor_says_what_to_do(run):
    done = run(["doctor"])
    assert done.exit_code == 1
    assert "will be made" in done.stdout
    assert "Redis at" in done.stdout


def test_the_doctor_says_that_a_setting_is_wrong(run, monkeypatch):
    monkeypatch.setenv("KEYBATCH_PORT", "eighty")
    done = run(["doctor"])
    assert done.exit_code == 1
    assert "KEYBATCH_PORT" in done.stdout


def test_a_data_folder_that_cannot_be(run, folder, monkeypatch):
    (folder / "file").write_text("")
    monkeypatch.setenv("KEYBATCH_DATA_DIR", str(folder / "file" / "data"))
    one_sentence(run(["up"]), 1, "KEYBATCH_DATA_DIR", "cannot be written to")


def test_others_may_not_reach_a_house_without_sign_in(run):
    one_sentence(run(["up", "--host", "0.0.0.0"]), 1, "KEYBATCH_HOST", "0.0.0.0")


def test_a_wrong_setting_of_an_upstream_is_said_at_start(run, monkeypatch):
    monkeypatch.setenv("KEYBATCH_NAVER_RATE", "fast")
    one_sentence(run(["up"]), 1, "KEYBATCH_NAVER_RATE", "10/s")


def test_a_port_that_is_taken(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        one_sentence(run(["up", "--port", str(taken.getsockname()[1])]), 1, "is taken", "--port")


def test_a_port_that_is_none(run):
    assert run(["up", "--port", "99999"]).exit_code == 2


def test_a_second_house_on_the_same_folder_is_refused(folder):
    settings = Settings.read()
    preflight.data_folder(settings)
    held = preflight.lock(settings)
    try:
        with pytest.raises(BadSetting, match=str(os.getpid())):
            preflight.lock(settings)
        done = subprocess.run(
            [sys.executable, "-m", "app", "up"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        one_sentence_of = type("Done", (), {"exit_code": done.returncode, "stdout": done.stdout, "stderr": done.stderr})
        one_sentence(one_sentence_of, 1, "already runs", str(os.getpid()))
    finally:
        os.close(held)
    os.close(preflight.lock(settings))


def test_a_deep_data_folder_gets_a_socket_of_its_own(folder, monkeypatch):
    monkeypatch.setenv("KEYBATCH_DATA_DIR", str(folder / ("deep" * 30)))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    path = Settings.read().valkey_socket
    preflight.socket_folder(path)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert re.fullmatch(r"keybatch-\d+-[0-9a-f]{12}", path.parent.name)


def test_workers_name_an_upstream_that_is_not_there(folder):
    done = subprocess.run(
        [sys.executable, "-m", "app", "worker", "--upstreams", "nobody"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
