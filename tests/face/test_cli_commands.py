"""The commands against a house that runs: one worker, the offline source, and one upstream that is down."""

import csv
import json
import logging
import re
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.errors import WrongState
from app.services import batches, control
from tests.stage import ROOT, Stage, until

SOURCE = "wordfreq.en"
NOWHERE = "http://127.0.0.1:9/{lang}"  # the port that discards: nobody listens


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    env = {"KEYBATCH_WIKIPEDIA_BASE_URL": NOWHERE, "KEYBATCH_WIKIPEDIA_RATE": "none", "LC_ALL": "C.UTF-8"}
    with Stage(tmp_path_factory.mktemp("house"), workers=1, env=env) as running:
        yield running


@pytest.fixture
def run(stage, monkeypatch):
    """Run a command in this process; the logs go back where they went before."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield partial(CliRunner().invoke, app)
    root.handlers[:], root.level = before


@pytest.fixture
def keywords(tmp_path):
    path = tmp_path / "keywords.txt"
    path.write_text("apple\nbanana\n\napple\n" + "x" * 400 + "\n사과\n", encoding="utf-8")
    return str(path)


def process(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    interruptible = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # whatever the tests were started with
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    argv = [sys.executable, "-m", "app", *arguments]
    return subprocess.Popen(argv, cwd=ROOT, preexec_fn=interruptible, **{**pipes, **options})


def submitted(run, keywords, *options):
    done = run(["submit", keywords, "--source", SOURCE, *options])
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


def test_submit_prints_the_id_and_nothing_else(run, stage, keywords):
    done = run(["submit", keywords, "--source", SOURCE, "--name", "fruit"])
    assert done.exit_code == 0
    assert re.fullmatch(r"\d+\n", done.stdout)
    assert batches.get(stage.house, int(done.stdout)).name == "fruit"
    assert "accepted 3, duplicates merged 1, lines rejected 1" in done.stderr
    assert "line 5: too long" in done.stderr


def test_submit_as_json(run, keywords):
    said = json.loads(submitted(run, keywords, "--json"))
    assert (said["items"], said["merged"], said["rejected"]) == (3, 1, 1)
    assert said["rejections"][0]["line"] == 5


def test_wait_follows_to_the_end_with_plain_lines(run, keywords):
    done = run(["submit", keywords, "--source", SOURCE, "--wait"])
    assert done.exit_code == 0
    assert re.fullmatch(r"\d+\n", done.stdout)
    assert f"{done.stdout.strip()}  completed  3/3" in done.stderr
    assert "\x1b" not in done.stderr


def test_keywords_come_through_a_pipe(stage):
    with process("submit", "-", "--source", SOURCE, "--wait") as done:
        out, err = done.communicate("pear\n배\n".encode())
    assert (done.returncode, err.count(b"accepted 2")) == (0, 1)
    assert out.strip().isdigit()


def test_options_reach_the_batch(run, stage, keywords):
    batch = batches.get(stage.house, int(submitted(run, keywords, "--priority", "high", "--max-age", "12h")))
    assert (batch.priority, batch.max_age_s) == ("high", 43_200)


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (None, ["--source", SOURCE], "No such file"),
        (b"", ["--source", SOURCE], "no keyword"),
        (b"\n \n", ["--source", SOURCE], "no keyword"),
        (b"\x00\xff\n", ["--source", SOURCE], "Line 1 is no text"),
        (b"apple\n", [], "at least one source"),
        (b"apple\n", ["--source", "nobody.here"], "nobody.here"),
        (b"apple\n", ["--source", "naver.blog"], "KEYBATCH_NAVER_CLIENT_ID"),
        (b"apple\n", ["--source", SOURCE, "--max-age", "7w"], "7d, 12h"),
        (b"apple\n", ["--source", SOURCE, "--priority", "huge"], "high"),
        (b"apple\n", ["--source", SOURCE, "--deadline", "soon"], "2026-11-22T09:00"),
        (b"apple\n", ["--source", SOURCE, "--deadline", "2020-01-01"], "moment to come"),
        (b"apple\n", ["--source", SOURCE, "--deadline", "-2h"], "2h, 3d"),
    ],
)
def test_wrong_use_is_one_sentence_and_2(run, tmp_path, content, options, sentence):
    path = tmp_path / "given"
    if content is not None:
        path.write_bytes(content)
    done = run(["submit", str(path), *options])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_no_list_of_keywords(run, tmp_path):
    done = run(["submit", str(tmp_path), "--source", SOURCE])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Is a directory" in done.stderr


def test_nothing_read_is_a_failure(run, stage, keywords):
    batch = int(submitted(run, keywords))
    stage.wait(batch)
    assert run(["watch", str(batch)]).exit_code == 0
    never = run(["submit", keywords, "--source", "wikipedia.en"]).stdout.strip()
    assert run(["cancel", never]).exit_code == 0
    watched = run(["watch", never])
    assert watched.exit_code == 1
    assert "cancelled" in watched.stderr


def test_a_ctrl_c_while_waiting_leaves_the_batch_running(stage, keywords):
    with process("submit", keywords, "--source", "wikipedia.en", "--wait") as waiting:
        batch = int(waiting.stdout.readline())
        line = b""
        while not line.startswith(str(batch).encode()):  # the first plain line: it follows now
            line = waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate()
    assert waiting.returncode == 130
    assert b"goes on without you" in err
    assert b"Traceback" not in err
    assert not batches.get(stage.house, batch).ended
    control.cancel(stage.house, batch)


def test_watch_tells_a_program_every_change_until_the_end(run, stage, keywords):
    batch = submitted(run, keywords)
    done = run(["watch", batch, "--json"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert lines[-1]["state"] == "completed"
    assert lines[-1]["counts"]["ok"] + lines[-1]["counts"]["below"] + lines[-1]["counts"]["missing"] == 3
    assert lines[-1]["finished_at"].endswith("Z")


def test_batches_are_listed_newest_first(run, keywords):
    first, second = submitted(run, keywords), submitted(run, keywords, "--name", "과일")
    listed = json.loads(run(["batches", "--json", "--limit", "2"]).stdout)
    assert [str(batch["id"]) for batch in listed] == [second, first]
    head, *lines = run(["batches", "--limit", "2"]).stdout.splitlines()
    assert head.split("\t")[:2] == ["id", "name"]
    assert lines[0].split("\t")[:2] == [second, "과일"]


def test_a_preview_counts_what_earlier_readings_would_answer(run, stage, keywords):
    stage.wait(int(submitted(run, keywords)))
    found = json.loads(run(["preview", keywords, "--source", SOURCE, "--max-age", "7d", "--json"]).stdout)
    assert (found["items"], found["cached"]) == (3, 3)
    assert json.loads(run(["preview", keywords, "--source", SOURCE, "--json"]).stdout)["cached"] == 0


def test_export_is_csv_for_a_spreadsheet(run, stage, keywords):
    batch = submitted(run, keywords)
    stage.wait(int(batch))
    whole = run(["export", batch])
    assert whole.stdout_bytes.startswith(b"\xef\xbb\xbfposition,keyword,wordfreq.en,wordfreq.en.status\r\n")
    long = run(["export", batch, "--layout", "long", "--no-bom"])
    rows = list(csv.DictReader(long.stdout_bytes.decode().splitlines()))
    assert [(row["keyword"], row["source"]) for row in rows] == [
        ("apple", SOURCE),
        ("banana", SOURCE),
        ("사과", SOURCE),
    ]


def test_export_to_a_file_leaves_all_of_it_or_nothing(run, stage, keywords, tmp_path):
    batch = submitted(run, keywords)
    stage.wait(int(batch))
    folder = tmp_path / "out"
    folder.mkdir()
    done = run(["export", batch, "-o", str(folder / "a.csv")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert (folder / "a.csv").read_bytes() == run(["export", batch]).stdout_bytes
    assert run(["export", "999999", "-o", str(folder / "b.csv")]).exit_code == 2
    assert run(["export", batch, "-o", str(folder)]).exit_code == 2
    assert run(["export", batch, "-o", str(folder / "none" / "c.csv")]).exit_code == 2
    assert [path.name for path in folder.iterdir()] == ["a.csv"]


def test_a_format_that_is_not_there_is_wrong_use(run):
    done = run(["export", "1", "--format", "exe"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "exe" in done.stderr
    assert "csv" in done.stderr


def test_a_reader_that_has_enough_is_no_error(stage):
    batch = stage.submit([f"keyword {n}" for n in range(50_000)], [SOURCE])
    with process("export", str(batch)) as exporting:
        assert exporting.stdout.readline().startswith(b"\xef\xbb\xbfposition")
        exporting.stdout.close()
        assert exporting.stderr.read() == b""
        assert exporting.wait(timeout=30) == 0
    with suppress(WrongState):  # it may be completed by now
        control.cancel(stage.house, batch)


def test_cancel_says_what_became_of_the_batch(run, stage, keywords):
    batch = run(["submit", keywords, "--source", "wikipedia.en"]).stdout.strip()
    assert run(["cancel", batch]).exit_code == 0
    until(lambda: json.loads(run(["cancel", batch, "--json"]).stdout)["state"] == "cancelled")
    done = submitted(run, keywords)
    stage.wait(int(done))
    refused = run(["cancel", done])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "completed" in refused.stderr


@pytest.mark.parametrize("command", ["watch", "export", "cancel"])
def test_a_batch_that_is_not_there_is_wrong_use(run, command):
    done = run([command, "999999"])
    assert done.exit_code == 2
    assert "999999" in done.stderr
    assert run([command, "many"]).exit_code == 2


def test_sources_say_what_they_need(run):
    found = {source["name"]: source for source in json.loads(run(["sources", "--json"]).stdout)}
    assert found[SOURCE]["ready"] is True
    assert found["naver.blog"]["ready"] is False
    assert found["naver.blog"]["missing"] == ["KEYBATCH_NAVER_CLIENT_ID", "KEYBATCH_NAVER_CLIENT_SECRET"]
    table = run(["sources"]).stdout.splitlines()
    assert len(table) == len(found) + 1
    assert any("needs KEYBATCH_NAVER_CLIENT_ID" in line for line in table)


def test_the_doctor_is_content_with_a_house_that_runs(run):
    until(lambda: run(["doctor"]).exit_code == 0)
    checks = {check["name"]: check for check in json.loads(run(["doctor", "--json"]).stdout)}
    assert {"settings", "data folder", "database", "migrations", "redis", "workers", "scheduler", "wordfreq"} <= set(
        checks
    )


def test_the_doctor_finds_a_typing_error(run, monkeypatch):
    monkeypatch.setenv("KEYBATCH_NAVER_CLIENT_SECERT", "x")
    done = run(["doctor"])
    assert done.exit_code == 1
    assert "did you mean KEYBATCH_NAVER_CLIENT_SECRET?" in done.stdout


def test_sentences_are_korean_where_the_terminal_is(run, keywords, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "키워드 3개 접수" in run(["submit", keywords, "--source", SOURCE]).stderr
    assert "999999번 배치는 없습니다" in run(["watch", "999999"]).stderr


def test_commands_are_found_by_the_module_name():
    done = subprocess.run([sys.executable, "-m", "app", "--help"], cwd=ROOT, capture_output=True, check=True, text=True)
    commands = {"up", "web", "worker", "scheduler", "migrate", "doctor", "sources", "submit", "batches", "watch"}
    commands |= {"export", "pause", "resume", "cancel", "failures", "retry", "rerun", "preview", "usage", "history"}
    commands |= {"accounts", "define", "undefine", "expand", "columns", "settings", "user", "token", "webhooks"}
    commands |= {"activity", "alive", "backup", "forget", "restore", "support"}
    assert commands == set(re.findall(r"^  (\w+)  ", done.stdout, re.MULTILINE))
