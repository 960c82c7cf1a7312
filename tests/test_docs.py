"""The documents say what is there: links, files, commands, options, targets, settings, sources, decisions."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from fastapi import FastAPI
from typer.core import TyperGroup

from app.api import bodies
from app.api.main import build_api
from app.cli import supervisor, web
from app.cli.doctor import known_settings
from app.cli.main import app
from app.errors import KeybatchError, Refused
from app.services import (
    batches,
    channel,
    derived,
    dispatch,
    exports,
    followers,
    intake,
    ledger,
    outbox,
    posting,
    ring,
    slices,
    tempo,
)
from app.services.exports import LONG
from app.services.house import open_house
from app.settings import Settings
from app.sources import registry
from app.sources.kakao import Kakao
from app.sources.naver_searchad import NaverSearchAd
from app.web import door
from bench.__main__ import PARTS
from workers import courier, retry, schedule
from workers.budget import limiter
from workers.engine import caller, desk, feeder, offline, run, till

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
BY_EXAMPLE = [ROOT / "docs/api.md", ROOT / "docs/api.ko.md"]
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "References"]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Where a path that a document shortens may begin.
SHORT = ["", "app/", "workers/", "workers/budget/", "tests/"]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
each_example = pytest.mark.parametrize("page", BY_EXAMPLE, ids=lambda page: page.name)
each_readme = pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    return FENCED.sub("", text(page))


def spans(page: Path) -> list[str]:
    """What stands between backticks."""
    return [span.replace("\\|", "|") for span in re.findall(r"`([^`]+)`", prose(page))]


def code(page: Path) -> str:
    """Everything written as code, in blocks or in lines."""
    return "\n".join([*(block for _, block in FENCED.findall(text(page))), *spans(page)])


def commands() -> dict[str, click.Command]:
    group = typer.main.get_command(app)
    return dict(group.commands)  # type: ignore[attr-defined] -- the root is a group


def options(command: click.Command) -> set[str]:
    return {option for param in command.params for option in (*param.opts, *param.secondary_opts)}


def called(line: str) -> list[click.Command]:
    """The commands that a line calls, those of a group by their own name."""
    found = []
    for name, own in re.findall(r"python -m app ([a-z]+)(?: ([a-z-]+))?", line):
        command = commands()[name]
        found.append(command.commands[own] if isinstance(command, TyperGroup) and own else command)
    return found


def anchors(page: Path) -> set[str]:
    """The anchors GitHub gives to headings."""
    heads = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def every_error(of: type[KeybatchError] = KeybatchError) -> list[type[KeybatchError]]:
    return [of, *(deeper for error in of.__subclasses__() for deeper in every_error(error))]


def routes_of(routes: Sequence[Any]) -> Iterator[str]:
    """The paths of routes, and of routers among them, which FastAPI keeps as they were included."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes)
        elif "{rest:path}" not in route.path:  # that one answers what no other does
            yield route.path


def is_route(path: str, paths: list[str]) -> bool:
    return any(re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", known), path) for known in paths)


def takes(spec: dict[str, Any], path: str, name: str) -> bool:
    """Whether a call of that path has a parameter of that name."""
    calls = [call for known, calls in spec["paths"].items() if is_route(path, [known]) for call in calls.values()]
    return any(name == one["name"] for call in calls for one in call.get("parameters", ()))


def blocks(page: Path, *kinds: str) -> list[str]:
    return [block for kind, block in FENCED.findall(text(page)) if not kinds or kind in kinds]


def shown(block: str) -> list[str]:
    """The lines of a block without what is said beside them."""
    return [line.partition("  #")[0].partition(" # ")[0].rstrip() for line in block.splitlines()]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The API with the door, as the web process has it, over a house that nobody goes into."""
    folder = tmp_path_factory.mktemp("house")
    house = open_house(Settings(data_dir=folder, redis_url=f"unix://{folder}/none.sock"))
    built = build_api(house)
    built.include_router(door.router)
    return built


@pytest.fixture(scope="module")
def paths(api: FastAPI) -> list[str]:
    return list(routes_of(api.routes))


@pytest.fixture(scope="module")
def spec(api: FastAPI) -> dict[str, Any]:
    return api.openapi()


@each_page
def test_links_lead_somewhere(page):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _, anchor = link.partition("#")
        if re.match("https?:|mailto:", path):
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@each_page
def test_files_named_are_there(page):
    named = [span for span in spans(page) if re.fullmatch(r"[\w./*-]+\.(py|lua|md|toml|css|http|example)", span)]
    absent = [span for span in named if not any(any(ROOT.glob(start + span)) for start in SHORT)]
    assert absent == []


@each_page
def test_commands_named_are_there(page):
    assert set(re.findall(r"python -m app ([a-z]+)", text(page))) <= set(commands())


@each_page
def test_make_targets_named_are_there(page):
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code(page))) <= targets


@each_page
def test_settings_named_mean_something(page):
    assert set(re.findall(r"\bKEYBATCH_[A-Z0-9_]*[A-Z0-9]", text(page))) <= known_settings()


@each_page
def test_sources_named_are_there(page):
    upstreams = "|".join(registry.upstreams())
    named = {span for span in spans(page) if re.fullmatch(rf"({upstreams})\.[a-z]+", span)}
    assert named - {"naver.py", "wikipedia.py", "wordfreq.py"} <= set(registry.sources())


@each_page
def test_bench_parts_named_are_there(page):
    assert set(re.findall(r'make bench ARGS="(\w+)"', text(page))) <= set(PARTS)


@each_page
def test_no_page_knows_the_machine_it_was_written_on(page):
    assert not re.search(r"/(work|home|root|Users)/", text(page))


@each_readme
def test_a_readme_names_every_command(page):
    assert set(re.findall(r"python -m app ([a-z]+)", text(page))) == set(commands())
    for name, group in commands().items():
        if isinstance(group, TyperGroup):
            assert set(re.findall(rf"python -m app {name} ([a-z-]+)", text(page))) == set(group.commands)


@each_readme
def test_options_a_readme_names_beside_a_command_are_its_own(page):
    for line in text(page).splitlines():
        given = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line.split("ARGS=")[0])) - {"-m"}
        for command in called(line):
            assert given <= options(command), line


@each_readme
def test_a_readme_says_which_commands_take_json(page):
    [line] = re.findall(r"`watch`, `cancel`, [^.]*?`submit`", text(page))
    assert set(re.findall(r"`(\w+)`", line)) == {n for n, command in commands().items() if "--json" in options(command)}


@each_readme
def test_a_readme_names_every_source_or_counts_them(page):
    known = registry.upstreams()
    [languages] = [span for span in spans(page) if span.startswith("en ja ")]
    by_language = ("wikipedia", "wikipedia_views")
    for name in by_language:
        assert {"ko", *languages.split()} == set(known[name].channels)
        assert f"{name}.ko" in spans(page)
    # An upstream the page does not speak of yet is printed by ``sources``; one it does, it names whole.
    spoken = {span.partition(".")[0] for span in spans(page)} & set(known)
    named = {f"{name}.{channel}" for name in spoken - {*by_language, "wordfreq"} for channel in known[name].channels}
    assert named <= set(spans(page))
    [more] = re.findall(r"`wordfreq\.en`\D+(\d+)", text(page))
    assert int(more) + 2 == len(registry.upstreams()["wordfreq"].channels)


@each_readme
def test_a_readme_gives_the_columns_of_the_export(page):
    assert ", ".join(LONG) in spans(page)


@each_readme
def test_addresses_a_readme_names_are_routes(page, paths):
    curled = re.findall(r"http://127\.0\.0\.1:8000(/[^?'\s]+)", text(page))
    named = [*curled, *(span for span in spans(page) if re.fullmatch(r"/[\w./-]+", span))]
    assert curled
    assert [path for path in named if not is_route(path, paths)] == []


@each_example
def test_calls_an_example_makes_are_routes(page, paths):
    written = text(page).replace("$API", "/api/v1")
    calls = re.findall(r"(/api/v1/[^\s?'\"`]+)", written)
    named = [span.rpartition(" ")[2].partition("?")[0] for span in spans(page) if re.match(r"([A-Z]+ )?/", span)]
    assert len(calls) > 10
    assert [path for path in (*calls, *named) if not is_route(path.replace("$API", "/api/v1"), paths)] == []


@each_example
def test_parameters_an_example_gives_are_those_of_its_call(page, spec):
    lines = text(page).replace("\\\n", " ").splitlines()
    given = [
        (f"/api/v1{path}", name)
        for line in lines
        for path, query in re.findall(r"\$API(/[^\s?'\"`]+)\?([^\s'\"`]*)", line)
        for name in re.findall(r"(?:^|&)(\w+)=", query)
    ]
    assert given
    assert [one for one in given if not takes(spec, *one)] == []


@each_example
def test_codes_an_example_names_are_those_of_errors(page):
    table = text(page).partition("| `code` |")[2].partition("\n\n")[0]
    said = {
        (int(status), code)
        for statuses, codes in re.findall(r"^\| ([\d, ]+) \| ([^|]*) \|", table, re.MULTILINE)
        for status in statuses.split(", ")
        for code in re.findall(r"`(\w+)`", codes)
    }
    known = {error.code: error.http_status for error in every_error()} | {"bad_request": 422}
    assert {code for _, code in said} <= set(known)
    assert {code for _, code in said} == {code for status, code in said if known[code] == status}
    assert {status for error in every_error(Refused) for status in [error.http_status]} <= {
        status for status, _ in said
    }


def test_both_examples_give_the_same_commands():
    assert [shown(block) for block in blocks(BY_EXAMPLE[0])] == [shown(block) for block in blocks(BY_EXAMPLE[1])]
    assert prose(BY_EXAMPLE[0]).count("\n|") == prose(BY_EXAMPLE[1]).count("\n|")
    assert len(re.findall(r"^## ", prose(BY_EXAMPLE[0]), re.MULTILINE)) == len(
        re.findall(r"^## ", prose(BY_EXAMPLE[1]), re.MULTILINE)
    )


def test_both_readmes_are_built_alike():
    english, korean = ([len(head) for head in re.findall(r"^(#+) ", prose(page), re.MULTILINE)] for page in READMES)
    assert english == korean
    assert prose(READMES[0]).count("\n|") == prose(READMES[1]).count("\n|")


def test_both_readmes_give_the_same_commands():
    given = [[shown(block) for block in blocks(page, "sh", "csv")] for page in READMES]
    assert given[0] == given[1]


def test_every_decision_is_in_the_index():
    index = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.+) \|$", text(ROOT / "docs/decisions/README.md"), re.MULTILINE)
    assert [name for _, name, _ in index] == [path.name for path in DECISIONS]
    assert [number for number, _, _ in index] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_sections(decision):
    assert text(decision).startswith(f"# {decision.name[:4]}: ")
    assert re.findall(r"^## (.+)$", text(decision), re.MULTILINE) == SECTIONS


def test_the_design_says_which_part_of_the_bench_measures_a_goal():
    goals = text(ROOT / "DESIGN.md").partition("## 12.")[2].partition("## 13.")[0]
    assert set(re.findall(r"\| `(\w+)` \|$", goals, re.MULTILINE)) == set(PARTS)


@pytest.mark.parametrize(
    "sentence",
    [
        f"puts `heal` on the queue `chores` every {schedule.HEAL_S} s",
        f"({supervisor.FIRST_PAUSE:g} s, doubling to {supervisor.LONGEST_PAUSE:g} s, back to "
        f"{supervisor.FIRST_PAUSE:g} s after {supervisor.HEALTHY_AFTER:g} s of health)",
        f"lines over {intake.MAX_LENGTH} characters",
        f"1 to {intake.MAX_ITEMS:,} keywords",
        f"one for each {dispatch.CALLS_PER_LANE} calls a second",
        f"chunks of {dispatch.CHUNK}",
        f"keeps at least {desk.LOW_WATER} lookups on the desk, claiming {dispatch.CHUNK} positions",
        f"An offline source answers {offline.OFFLINE} keywords at a time",
        f"Every {run.LOOK_S:g} s it looks",
        f"its own priority after {run.BOX_S:g} s",
        f"looked for every {feeder.LOOK_S:g} s",
        f"lets calls under way end ({run.DRAIN_S:g} s)",
        f"Every {1000 * run.FLUSH_S:g} ms if there is anything, at once from {desk.FLUSH_AT} readings on, and every "
        f"{run.HEARTBEAT_S:g} s as a sign of life",
        f"A lease is {slices.LEASE_MS / 1000:g} s",
        f"among the last {tempo.SAMPLE} readings, while the newest of them is under {tempo.FRESH_MS / 1000:g} s old",
        f"creeps back by {100 * limiter.CREEP:g} % of the limit a second",
        f"is probed every {retry.CREDENTIALS_S:g} s",
        f"a `Retry-After` over {retry.SIT_OUT_S:g} s",
        f"reserves calls of the day before it makes them, {till.FEW} at least",
        f"No call is made within {ledger.GUARD_MS / 1000:g} s of the turn",
        f"goes before less urgent ones for {limiter.FIRST_S:g} s",
        f"full jitter up to {retry.BASE_S:g} s × 2ⁿ, {retry.CAP_S:g} s at most",
        f"probed after {retry.down_for(0):g} s, doubling to {retry.DOWN_CAP_S:g} s",
        f"Slots are spaced {100 * (limiter.MARGIN - 1):.2g} % wider than the limit and lie at most "
        f"{limiter.AHEAD_S:g} s ahead",
        f"leaves more than {1000 * till.LATE_S:g} ms late",
        f"one missed by {till.MISSED_S:g} s is let go",
        f"halves the rate, once a second at most, down to {100 * limiter.FLOOR:g} %",
        f"(`throttle_s`: {', '.join(f'{one:g}' for one in NaverSearchAd.throttle_s)} s of Search Ads), a step further "
        f"each time it says so again within {limiter.AGAIN_S:g} s",
        f"A request that waited over {caller.STALE_S:g} s for its moment is written anew",
        f"the batch stores formulas, {derived.MOST} at most",
        f"of Kakao's {Kakao.budget.quota:,} calls a day {Kakao.channels['blog'].quota:,} at most for one channel",
        f"inserts keywords and items {batches.INSERT:,} at a time",
        f"{bodies.MOST >> 20} MiB at most, {bodies.MOST_JSON >> 20} MiB as one JSON value",
        f"{channel.TICK_S:g} s after the last at the earliest",
        f"in messages of {ring.READINGS} readings or {ring.BYTES // 1000} kB at most, and the newest "
        f"{ring.KEPT // 1_000_000} MB of them are kept",
        f"A heartbeat comes after {followers.HEARTBEAT_S:g} s without news",
        f"{exports.MOST} at a time in a process",
        f"looks every {courier.LOOK_S:g} s, or when nudged, takes what is due in hand for "
        f"{posting.LEASE_MS / 1000:g} s, "
        f"signs and posts it: {courier.AT_ONCE} at a time, {posting.PER_HOST} to a host, {courier.TRY_S:g} s a try",
        f"seqs, {outbox.MOST:,} at most, that are looked up when it is sent; one of fewer comes "
        f"{outbox.SPACE_MS / 1000:g} s after",
        f"({web.CONNECTIONS} here)",
        f"({web.HELD:,} here)",
        f"followers are sent away first ({web.FAREWELL_S:g} s), then open tabs and downloads have {web.GRACE_S:g} s",
    ],
)
def test_numbers_the_design_gives_are_those_of_the_code(sentence):
    assert sentence in " ".join(text(ROOT / "DESIGN.md").split())


def test_what_is_said_to_be_not_there_yet_is_not_there(paths):
    promised, _, missing = text(ROOT / "DESIGN.md").partition("## 8.")[2].partition("## 13.")
    line = "".join(re.findall(r"\*\*HTTP\*\*: no ([^.]*)\.", missing))
    named = set(re.findall(r"`(/\w+)`", line))
    assert {path for path in named if is_route(path, paths)} == set()
    assert {path for path in named if not re.search(rf"{path}\b", promised)} == set()
    assert "KEYBATCH_SECRET_KEY" not in known_settings()


def test_the_design_names_what_the_api_has_and_what_the_command_line_has(paths):
    contracts = text(ROOT / "DESIGN.md").partition("## 8.")[2].partition("## 9.")[0]
    nouns = {path.split("/")[3] for path in paths if path.startswith("/api/v1/")}
    assert {noun for noun in nouns if not re.search(rf"/{noun}\b", contracts)} == set()
    assert {name for name in commands() if not re.search(rf"\b{name}\b", contracts)} == set()


def test_what_is_unreleased_is_said():
    assert "## [Unreleased]\n\n### Added\n" in text(ROOT / "CHANGELOG.md")
