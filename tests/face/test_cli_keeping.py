"""Accounts, defined sources and worked-out columns on the command line."""

import csv
import io
import json
import logging
from functools import partial
from hashlib import blake2b

import pytest
import xlsxwriter
from typer.testing import CliRunner

from app.cli.main import app
from app.services import batches, texts
from app.services.house import open_house
from app.settings import Settings
from tests.simulators.naver.simulator import NaverSimulator
from tests.simulators.naver.totals import expected_total
from tests.stage import environment

SECRET = "a-secret-that-nobody-may-see-0042"


@pytest.fixture(scope="module")
def sim():
    with NaverSimulator(rate=None) as running:
        yield running


@pytest.fixture
def run(sim, settings_of, monkeypatch):
    """Commands in a house of its own, with Redis and without workers."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    own = {"KEYBATCH_NAVER_BASE_URL": sim.base_url, "KEYBATCH_HTTP_ALLOW": "127.0.0.1", "KEYBATCH_DATABASE_URL": ""}
    with environment({**settings_of, **own}):
        invoke = partial(CliRunner().invoke, app)
        assert invoke(["migrate"]).exit_code == 0
        yield invoke
    root.handlers[:], root.level = before


def added(run, sim, *more):
    given = f"client_id={sim.client_id}\nclient_secret={sim.client_secret}\n"
    return run(["accounts", "add", "naver/team", "--stdin", *more], input=given)


def test_an_account_is_added_listed_tried_and_removed(run, sim):
    assert added(run, sim, "--set", "daily_quota=900").exit_code == 0
    listed = run(["accounts"]).stdout
    assert "naver/team" in listed
    assert "900" in listed
    tried = run(["accounts", "test", "naver/team", "--keyword", "맥북"])
    assert tried.exit_code == 0
    assert f"{expected_total('blog', '맥북'):,}" in tried.stdout
    [kept] = [one for one in json.loads(run(["accounts", "--json"]).stdout) if one["key"] == "naver/team"]
    assert (kept["kept"]["checked"], kept["spent_today"]) == ("", 1)
    assert run(["accounts", "remove", "naver/team"]).exit_code == 0
    assert run(["accounts", "remove", "naver/team"]).exit_code == 2


def test_no_secret_is_printed_by_anything(run, sim):
    given = f"client_id={sim.client_id}\nclient_secret={SECRET}\n"
    out = run(["accounts", "add", "naver/team", "--stdin"], input=given)
    tried = run(["accounts", "test", "naver/team"])
    everything = [
        out,
        tried,
        run(["accounts"]),
        run(["accounts", "--json"]),
        run(["usage", "--json"]),
        run(["sources"]),
    ]
    assert tried.exit_code == 1
    assert "credentials" in tried.stderr
    assert all(SECRET not in one.output for one in everything)
    assert "…0042" in run(["accounts", "--json"]).stdout


@pytest.mark.parametrize(
    "given",
    [
        ["add", "naver/team"], ["add", "naver", "--set", "client_id=x"], ["add", "naver/a", "--set", "client_id"],
        ["add", "nobody/a", "--set", "x=y"], ["add", "naver/a", "--set", "color=red"], ["test", "naver/nobody"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_wrong_use(run, given):
    done = run(["accounts", *given], input="")
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_credentials_are_sealed_anew(run, sim):
    added(run, sim)
    assert "1 sealed anew" in run(["accounts", "rotate"]).stderr
    assert run(["accounts", "test", "naver/team"]).exit_code == 0
    assert len(run(["accounts", "new-key"]).stdout.strip()) == 44


def test_a_source_is_defined_tried_used_and_forgotten(run, sim, tmp_path):
    url = f"{sim.base_url}/v1/search/blog.json?query={{keyword}}"
    headers = [f"X-Naver-Client-Id: {sim.client_id}", f"X-Naver-Client-Secret: {sim.client_secret}"]
    command = ["define", "own", "--url", url, "--path", "total", "--rate", "none", "--title", "내 소스"]
    tried = run([*command, *(part for one in headers for part in ("--header", one)), "--test", "맥북"])
    assert tried.exit_code == 0
    assert f"http.own: {expected_total('blog', '맥북'):,}" in tried.stdout
    assert "http.own" in run(["sources"]).stdout
    submitted = run(["submit", "-", "--source", "http.own"], input="맥북\n")
    assert submitted.exit_code == 0
    assert run(["undefine", "own"]).exit_code == 2, "a batch is to be asked with it"
    run(["cancel", submitted.stdout.strip()])
    assert run(["undefine", "http.own"]).exit_code == 0
    assert "http.own" not in run(["sources"]).stdout


def test_a_wrong_path_shows_the_beginning_of_the_answer(run, sim):
    url = f"{sim.base_url}/v1/search/blog.json?query={{keyword}}"
    done = run(["define", "own", "--url", url, "--path", "meta.total", "--rate", "none", "--test", "맥북"])
    assert done.exit_code == 1
    assert "024" in done.stderr


@pytest.mark.parametrize(
    "given",
    [
        ["--url", "ftp://x/{keyword}"],
        ["--path", "a..b"],
        ["--rule", "429"],
        ["--header", "no colon"],
        ["--rate", "fast"],
    ],
)
def test_a_definition_that_makes_no_sense_is_wrong_use(run, given):
    sound = ["define", "own", "--url", "https://shop.example/?q={keyword}", "--path", "total"]
    assert run([*sound, *given]).exit_code == 2


def test_worked_out_columns_are_listed_and_changed(run):
    made = run(["submit", "-", "--source", "wordfreq.ko", "--source", "wordfreq.en"], input="사랑\n").stdout.strip()
    assert run(["columns", made]).stdout == ""
    done = run(
        ["columns", made, "--formula", "합: wordfreq.ko + wordfreq.en", "--formula", "wordfreq.ko / 2", "--json"]
    )
    assert [(one["column"], one["title"]) for one in json.loads(done.stdout)] == [
        ("derived.1", "합"), ("derived.2", "wordfreq.ko / 2")
    ]  # fmt: skip
    assert run(["columns", made, "--formula", "wordfreq.fr"]).exit_code == 2
    assert run(["columns", made, "--ratio", "wordfreq.ko"]).exit_code == 2
    assert run(["columns", made, "--none"]).stdout == ""


def test_a_batch_without_related_keywords_cannot_be_expanded(run):
    made = run(["submit", "-", "--source", "wordfreq.ko"], input="사랑\n").stdout.strip()
    done = run(["expand", made])
    assert done.exit_code == 2
    assert "naver_searchad.related" in done.stderr


def test_a_table_is_read_for_what_it_is_and_given_back(run, tmp_path):
    table = tmp_path / "표.csv"
    table.write_bytes('번호,검색어,메모\r\n1,"맥북, 프로",a\r\n2,,\r\n3,dkssud,b\r\n'.encode("cp949"))
    report = tmp_path / "lines.csv"
    found = run(["preview", str(table), "--source", "wordfreq.ko", "--report", str(report)])
    assert "CP949" in found.stderr
    assert "“검색어” (column 2 of 3)" in found.stderr
    assert "“dkssud” → “안녕”?" in found.stdout
    told = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"))))
    assert [(one["line"], one["what"], one["why"]) for one in told] == [("3", "rejected", "no_keyword")]
    made = run(["submit", str(table), "--source", "wordfreq.ko", "--fix", "latin_typed"]).stdout.strip()
    house = open_house(Settings.read())
    view = batches.get(house, int(made))
    house.close()
    assert (view.items, view.rejected, view.columns) == (2, 1, ("번호", "메모"))


@pytest.mark.parametrize(
    "given",
    [
        ["--column", "없는 열"], ["--column", "9"], ["--encoding", "latin-1"], ["--delimiter", "x"],
        ["--normalise", "nfd"], ["--fix", "all"], ["--sheet", "1"],
    ],
)  # fmt: skip
def test_a_wish_that_does_not_fit_the_file_is_wrong_use(run, tmp_path, given):
    table = tmp_path / "a.csv"
    table.write_text("키워드,메모\n맥북,a\n그램,b\n", encoding="utf-8")
    done = run(["preview", str(table), "--source", "wordfreq.ko", *given])
    assert done.exit_code == (0 if given[0] == "--sheet" else 2)


def test_every_setting_is_printed(run):
    assert "#KEYBATCH_NAVER_CLIENT_ID=" in run(["settings"]).stdout
    assert "| `KEYBATCH_KAKAO_REST_API_KEY` |" in run(["settings", "--format", "markdown"]).stdout


def test_a_large_workbook_is_read_whole(run, tmp_path):
    path = tmp_path / "큰.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("목록")
        for n in range(30_000):
            sheet.write_string(n, 0, f"키워드 {blake2b(str(n).encode()).hexdigest()[:24]}")
    assert path.stat().st_size > 2 * texts.HEAD
    found = json.loads(run(["preview", str(path), "--source", "wordfreq.ko", "--json"]).stdout)
    assert found["items"] == 30_000
