"""``preview`` and ``usage`` on an empty house without workers: what is told, and that nothing is changed."""

import json
import logging
from functools import partial

import pytest
from typer.testing import CliRunner

from app import clock
from app.cli import usage
from app.cli.main import app
from app.errors import RedisDown
from app.services import batches
from app.services.holdings import AccountView
from app.services.house import open_house, require_redis
from app.settings import Settings
from tests.stage import environment

ENV = {
    "KEYBATCH_NAVER_CLIENT_ID": "x",
    "KEYBATCH_NAVER_CLIENT_SECRET": "y",
    "KEYBATCH_NAVER_RATE": "10/s",
    "KEYBATCH_NAVER_DAILY_QUOTA": "100",
    "KEYBATCH_NAVER_MONTHLY_QUOTA": "5000",
    "KEYBATCH_NAVER_RESERVE": "10",
}
NOW = 1_795_230_000_000  # 2026-11-21T03:00Z, noon in Seoul


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Commands in a house of tables alone: there is no Redis."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with environment({**ENV, "KEYBATCH_DATA_DIR": str(tmp_path / "data")}), clock.frozen(NOW):
        invoke = partial(CliRunner().invoke, app)
        assert invoke(["migrate"]).exit_code == 0
        yield invoke
    root.handlers[:], root.level = before


@pytest.fixture
def keywords(tmp_path):
    path = tmp_path / "keywords.txt"
    lines = [*(f"keyword {n}" for n in range(130)), "", "keyword 1", "x" * 400, "key\u200bword", "\u200b"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_the_report_says_what_a_submit_would_take_cost_and_when_it_would_end(run, keywords):
    done = run(["preview", keywords, "--source", "naver.blog", "--source", "wordfreq.en"])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "Keywords that would be accepted 131, duplicates merged 1, lines rejected 2."
    assert lines[1] == "Cleaned of invisible characters or odd spaces: 1."
    assert lines[2].startswith("  line 133: too long for a keyword: xxx")
    assert lines[3] == "  line 135: only invisible characters: –"
    assert "naver.blog\t131\t0\t131" in lines
    assert "wordfreq.en\t131\t0\t0" in lines
    [account] = [line.split("\t") for line in lines if line.startswith("naver/default")]
    assert account[1:6] == ["10/s", "0", "100", "5,000", "10"]
    assert lines[-2] == "In all 262 lookups: 0 answered by earlier readings, 131 calls to make."
    assert lines[-1].startswith("It would end 2026-11-2")
    assert lines[-1].endswith("(in 12 h: the quota decides).")
    assert not any(line.startswith("wikipedia") for line in lines), "only accounts that would be asked"


def test_the_report_is_korean_where_the_terminal_is(run, keywords, monkeypatch):
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    lines = run(["preview", keywords, "--source", "naver.blog"]).stdout.splitlines()
    assert lines[0] == "제출하면 키워드 131개 접수, 중복 1개 합침, 2줄 거절."
    assert lines[-2] == "모두 조회 131건: 이전 측정으로 0건 답함, 새로 호출 131번."
    assert lines[-1].endswith("(12시간 뒤: 호출 한도가 결정).")


def test_a_program_gets_the_shape_on_one_line(run, keywords):
    done = run(["preview", keywords, "--source", "naver.blog", "--priority", "high", "--max-age", "7d", "--json"])
    found = json.loads(done.stdout)
    assert (found["items"], found["merged"], found["rejected"], found["calls"]) == (131, 1, 2, 131)
    assert found["sources"] == [{"name": "naver.blog", "lookups": 131, "cached": 0, "calls": 131}]
    assert (found["binds"], found["days"]) == ("quota", 1)
    assert found["ends_at"].startswith("2026-11-21T15:00:")
    assert [account["key"] for account in found["accounts"]] == ["naver/default"]


def test_an_offline_source_needs_no_call_and_no_account(run, keywords):
    lines = run(["preview", keywords, "--source", "wordfreq.en"]).stdout.splitlines()
    assert lines[-1] == "It would end as soon as this machine is through: no call is needed."
    assert not any(line.startswith("account") for line in lines)


def test_what_nothing_limits_ends_when_it_is_answered(run, keywords, monkeypatch):
    monkeypatch.setenv("KEYBATCH_WIKIPEDIA_RATE", "none")
    lines = run(["preview", keywords, "--source", "wikipedia.en"]).stdout.splitlines()
    assert lines[-1] == "It would end as soon as the upstream has answered: nothing limits it."


def test_nothing_is_stored_and_no_redis_is_needed(run, keywords):
    assert run(["preview", keywords, "--source", "naver.blog"]).exit_code == 0
    house = open_house(Settings.read())
    try:
        with pytest.raises(RedisDown):
            require_redis(house)
        assert batches.listing(house) == []
    finally:
        house.close()


def test_keywords_come_through_a_pipe(run):
    done = run(["preview", "-", "--source", "wordfreq.en"], input="pear\n배\n배\n")
    assert done.stdout.startswith("Keywords that would be accepted 2, duplicates merged 1, lines rejected 0.")


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (None, ["--source", "wordfreq.en"], "No such file"),
        (b"", ["--source", "wordfreq.en"], "no keyword"),
        (b"\x00\xff\n", ["--source", "wordfreq.en"], "Line 1 is no text"),
        (b"apple\n", [], "at least one source"),
        (b"apple\n", ["--source", "nobody.here"], "nobody.here"),
        (b"apple\n", ["--source", "wordfreq.en", "--max-age", "-1d"], "7d, 12h"),
        (b"apple\n", ["--source", "wordfreq.en", "--priority", "huge"], "high"),
    ],
)
def test_wrong_use_is_one_sentence_and_2(run, tmp_path, content, options, sentence):
    path = tmp_path / "given"
    if content is not None:
        path.write_bytes(content)
    done = run(["preview", str(path), *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_usage_lists_the_accounts_that_calls_are_made_with(run):
    head, *lines = run(["usage"]).stdout.splitlines()
    assert head.split("\t")[:4] == ["account", "rate", "spent today", "left today"]
    listed = {line.split("\t")[0] for line in lines}
    assert {"naver/default", "wikipedia/default"} <= listed
    assert "kakao/default" not in listed, "it has no credentials"
    found = {account["key"]: account for account in json.loads(run(["usage", "--json"]).stdout)}
    assert found["naver/default"]["left_month"] == 5000
    assert found["naver/default"]["renewed_at"].startswith("2026-11-21T15:00:")


def test_usage_says_why_an_account_is_not_asked_and_what_its_rate_was_cut_to(run, monkeypatch):
    account = AccountView(
        key="naver/default", upstream="naver", rate="10/s", rate_part=0.499, spent_today=25_000, reserved=0,
        quota=25_000, left_today=0, reserve=100, spent_month=30_000, monthly=None, left_month=None,
        renewed_at=NOW, reason="credentials", until=NOW, trouble="bad_credentials", detail="HTTP 401:\n\x1b[31m\tno",
    )  # fmt: skip
    monkeypatch.setattr(usage.accounts, "listing", lambda _house: [account])
    _, line, why = run(["usage"]).stdout.splitlines()
    assert line.split("\t")[1:6] == ["10/s, cut to 50 %", "25,000", "0", "no limit", "100"]
    assert why.startswith("  naver/default is not asked now: credentials are not accepted, until 2026-11-21 ")
    assert why.endswith(": HTTP 401: [31m no")
    assert json.loads(run(["usage", "--json"]).stdout)[0]["until"] == "2026-11-21T03:00:00.000Z"
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    _, line, why = run(["usage"]).stdout.splitlines()
    assert line.split("\t")[1] == "10/s, 50%로 낮춤"
    assert why.startswith("  naver/default 계정으로는 지금 묻지 않습니다: 인증 정보 오류")
