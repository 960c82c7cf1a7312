"""The control verbs against a house that runs: Naver is simulated and can be made to fail, one upstream is down."""

import json
import logging
import re
from contextlib import contextmanager
from functools import partial
from itertools import count, islice

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.services import batches, control
from tests.simulators.naver import Fault, NaverSimulator
from tests.stage import Stage, until

BLOG, CAFE = "naver.blog", "naver.cafe"
NEVER = "wikipedia.en"  # nobody listens where it is asked
NOWHERE = "http://127.0.0.1:9/{lang}"  # the port that discards
#: Strikes one call in twenty, by the keyword; the keywords below at all three attempts.
FAULT = "garbage=0.05"
#: With it Naver's control keyword is not struck in its first calls.
SEED = 4
VERBS = ["pause", "resume", "cancel", "retry", "rerun", "failures"]


@pytest.fixture(scope="module")
def sim():
    with NaverSimulator(process=True, rate=None, daily_quota=None) as running:
        yield running


@pytest.fixture(scope="module")
def stage(sim, tmp_path_factory):
    env = {
        **sim.env(), "KEYBATCH_NAVER_RATE": "none", "LC_ALL": "C.UTF-8",
        "KEYBATCH_WIKIPEDIA_BASE_URL": NOWHERE, "KEYBATCH_WIKIPEDIA_RATE": "none",
    }  # fmt: skip
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
def korean(run, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")


@pytest.fixture
def open_batch(stage):
    """A batch that does not end by itself."""
    batch = stage.submit(["apple", "banana"], [NEVER])
    yield str(batch)
    if not stage.view(batch).ended:
        control.cancel(stage.house, batch)


def struck(service: str, how_many: int) -> list[str]:
    """Keywords of which the simulated Naver fails to answer the first three calls."""
    strikes = partial(Fault.parse(FAULT).strikes, SEED, service)
    names = (f"keyword {n}" for n in count())
    return list(islice((name for name in names if all(strikes(name, nth) for nth in (1, 2, 3))), how_many))


IN_BLOG, IN_CAFE = struck("blog", 3), struck("cafearticle", 3)


@contextmanager
def failing(sim):
    """While the simulated Naver fails."""
    sim.reset()
    sim.configure(faults=[FAULT], seed=SEED)
    try:
        yield
    finally:
        sim.configure(faults=[])


@pytest.fixture
def failed_batch(stage, sim):
    """A completed batch with three failures at each of two sources, while the upstream answers again."""
    with failing(sim):
        batch = stage.submit(IN_BLOG + IN_CAFE, [BLOG, CAFE])
        assert stage.wait(batch).counts.failed == 6
    return str(batch)


def said(done):
    """What a command that went well says to a person; nothing goes to standard output."""
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    return done.stderr


def test_a_paused_batch_rests_until_it_is_resumed(run, stage, open_batch):
    first = said(run(["pause", open_batch]))
    assert first.startswith(f"Batch {open_batch} is paused, 0 of 2 lookups read.")
    assert f"resume {open_batch}" in first
    assert said(run(["pause", open_batch])) == first
    assert json.loads(run(["pause", open_batch, "--json"]).stdout)["state"] == "paused"
    assert f"Batch {open_batch} goes on" in said(run(["resume", open_batch]))
    assert f"Batch {open_batch} goes on" in said(run(["resume", open_batch]))
    assert json.loads(run(["resume", open_batch, "--json"]).stdout)["state"] in ("queued", "running", "waiting")


def test_a_cancelled_batch_goes_on_where_it_stopped(run, stage, open_batch):
    assert re.match(rf"Batch {open_batch} is cancel(ling|led); 0 of 2 lookups", said(run(["cancel", open_batch])))
    until(lambda: stage.view(int(open_batch)).ended)
    assert said(run(["cancel", open_batch])).startswith(f"Batch {open_batch} is cancelled;")
    assert f"Batch {open_batch} goes on" in said(run(["resume", open_batch]))
    assert not stage.view(int(open_batch)).ended


def test_control_is_korean_where_the_terminal_is(korean, run, stage, open_batch):
    assert f"{open_batch}번 배치를 일시정지했습니다" in said(run(["pause", open_batch]))
    assert f"{open_batch}번 배치를 이어서 합니다" in said(run(["resume", open_batch]))
    assert re.match(rf"{open_batch}번 배치: 취소", said(run(["cancel", open_batch])))


def test_a_deadline_that_has_passed_is_told_as_such(run, stage, tmp_path, monkeypatch):
    (tmp_path / "list").write_text("apple\n")
    done = run(["submit", str(tmp_path / "list"), "--source", NEVER, "--deadline", "1s", "--wait"])
    batch = done.stdout.strip()
    assert done.exit_code == 1
    assert "What is not read by " in done.stderr
    assert f"Batch {batch} cancelled (its deadline has passed)" in done.stderr
    assert "is cancelled (its deadline has passed);" in said(run(["cancel", batch]))
    assert "cancelled (its deadline has passed)" in run(["batches"]).stdout
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "취소됨 (기한이 지남)" in said(run(["cancel", batch]))


def test_a_deadline_and_an_owner_reach_the_batch(run, stage, tmp_path):
    (tmp_path / "list").write_text("apple\n")
    options = ["--deadline", "2099-01-01T00:00Z", "--owner", "kim"]
    assert run(["submit", str(tmp_path / "list"), "--source", BLOG, *options]).exit_code == 2
    options[1] = "3d"
    done = run(["submit", str(tmp_path / "list"), "--source", BLOG, *options])
    batch = batches.get(stage.house, int(done.stdout))
    assert batch.owner == "kim"
    assert 0 <= batch.deadline_at - batch.created_at - 3 * 86_400_000 + 60_000 <= 60_000


def test_failures_are_counted_by_source_and_error_class(run, stage, failed_batch):
    found = json.loads(run(["failures", failed_batch, "--json"]).stdout)
    assert [(one["source"], one["error"], one["count"]) for one in found] == [
        (BLOG, "unreadable", 3),
        (CAFE, "unreadable", 3),
    ]
    head, *lines = run(["failures", failed_batch]).stdout.splitlines()
    assert head.split("\t") == ["source", "error class", "lookups", "what it said"]
    assert [line.split("\t")[:3] for line in lines] == [[BLOG, "unreadable", "3"], [CAFE, "unreadable", "3"]]
    assert "HTTP 200: <!DOCTYPE html>" in lines[0]
    assert f"retry {failed_batch}" in run(["watch", failed_batch]).stderr


def test_a_canary_goes_first_then_a_source_then_the_rest(run, stage, failed_batch):
    batch = int(failed_batch)
    canary = run(["retry", failed_batch, "--source", BLOG, "--error", "unreadable", "--first", "1"])
    assert f"Batch {failed_batch} asks 1 of its failed lookups again; it is " in said(canary)
    assert stage.wait(batch).counts.failed == 5
    done = json.loads(run(["retry", failed_batch, "--source", CAFE, "--json"]).stdout)
    assert (done["batch"]["id"], done["lookups"]) == (batch, 3)
    assert stage.wait(batch).counts.failed == 2
    assert "asks 2 of its failed" in said(run(["retry", failed_batch]))
    assert stage.wait(batch).counts.ok == 12
    assert run(["failures", failed_batch, "--json"]).stdout == "[]\n"
    assert "has no failed lookup" in said(run(["failures", failed_batch]))
    refused = run(["retry", failed_batch])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no failed lookup that fits" in refused.stderr


def test_a_failure_that_was_asked_again_stays_in_the_history(run, stage, failed_batch):
    run(["retry", failed_batch])
    stage.wait(int(failed_batch))
    keyword = IN_BLOG[0]
    told = run(["history", keyword, "--source", BLOG]).stdout.splitlines()
    mine = [line.split("\t") for line in told[1:] if line.split("\t")[3] == failed_batch]
    assert mine[0][2] == "failed: unreadable (asked again since)"
    assert mine[-1][2].replace(",", "").isdigit()
    assert [cells[5] for cells in mine] == ["3", "1"]
    points = json.loads(run(["history", f"  {keyword} ", "--source", BLOG, "--json"]).stdout)
    assert [point["superseded"] for point in points if point["batch"] == int(failed_batch)] == [True, False]
    assert all(point["observed_at"].endswith("Z") for point in points)


def test_failures_of_a_paused_batch_wait_until_it_goes_on(run, stage, sim, monkeypatch):
    with failing(sim):
        batch = str(stage.submit(IN_BLOG[:1], [BLOG, NEVER]))
        until(lambda: stage.view(int(batch)).counts.failed == 1)
    run(["pause", batch])
    assert "once it goes on; it is paused" in said(run(["retry", batch]))
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "조건에 맞는 실패가 없습니다" in run(["retry", batch]).stderr
    assert stage.view(int(batch)).counts.failed == 0
    control.cancel(stage.house, int(batch))


def test_rerun_prints_the_id_of_the_new_batch_and_nothing_else(run, stage, open_batch):
    refused = run(["rerun", open_batch])
    assert (refused.exit_code, refused.stdout) == (2, "")
    control.cancel(stage.house, int(open_batch))
    until(lambda: stage.view(int(open_batch)).ended)
    done = run(["rerun", open_batch])
    assert re.fullmatch(r"\d+\n", done.stdout)
    assert f"asks everything of batch {open_batch} anew: 2 lookups" in done.stderr
    assert run(["rerun", open_batch]).stdout == done.stdout
    again = json.loads(run(["rerun", open_batch, "--json"]).stdout)
    assert (again["id"], again["rerun_of"]) == (int(done.stdout), int(open_batch))
    control.cancel(stage.house, again["id"])


@pytest.mark.parametrize("verb", VERBS)
def test_a_batch_that_is_not_there_is_wrong_use(run, verb):
    done = run([verb, "999999"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "999999" in done.stderr
    for strange in ("many", "0", "-1"):
        assert run([verb, strange]).exit_code == 2


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_a_completed_batch_is_left_alone(run, stage, verb):
    batch = stage.submit(["apple"], ["wordfreq.en"])
    stage.wait(batch)
    done = run([verb, str(batch)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "completed" in done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--first", "0"], "--first"),
        (["--first", "-1"], "--first"),
        (["--first", "some"], "--first"),
        (["--error", "bad luck"], "unreachable, unreadable"),
        (["--source", NEVER], "Known: wordfreq.en"),
        ([], "no failed lookup that fits"),
    ],
)
def test_a_retry_of_nothing_sensible_is_wrong_use(run, stage, options, sentence):
    batch = stage.submit(["apple"], ["wordfreq.en"])
    stage.wait(batch)
    done = run(["retry", str(batch), *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_an_error_class_that_is_none_is_refused_in_korean(korean, run):
    assert "오류 종류: bad_credentials" in run(["retry", "1", "--error", "bad luck"]).stderr
