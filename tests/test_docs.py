"""The documents say what is there: links, files, commands, options, targets, settings, sources, decisions."""

import re
from pathlib import Path

import click
import pytest
import typer
from typer.core import TyperGroup

from app.api.routes import batches, health
from app.cli import supervisor
from app.cli.doctor import known_settings
from app.cli.main import app
from app.services import derived, dispatch, intake, ledger, pace, slices
from app.services.exports import LONG
from app.sources import registry
from app.sources.kakao import Kakao
from app.sources.naver_searchad import NaverSearchAd
from bench.__main__ import PARTS
from workers import retry, schedule
from workers.budget import limiter
from workers.engine import caller, desk, feeder, offline, run, till

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "References"]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Where a path that a document shortens may begin.
SHORT = ["", "app/", "workers/", "workers/budget/", "tests/"]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
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
def test_addresses_a_readme_names_are_routes(page):
    routes = [route.path for router in (batches.router, health.router) for route in router.routes]
    known = [re.compile(re.sub(r"\{\w+\}", r"\\w+", path) + r"$") for path in (*routes, "/api/openapi.json", "/rq")]
    curled = re.findall(r"http://127\.0\.0\.1:8000(/[^?'\s]+)", text(page))
    named = [*curled, *(span for span in spans(page) if re.fullmatch(r"/[\w./]+", span))]
    assert [path for path in named if not any(route.match(path) for route in known)] == []


def test_both_readmes_are_built_alike():
    english, korean = ([len(head) for head in re.findall(r"^(#+) ", prose(page), re.MULTILINE)] for page in READMES)
    assert english == korean
    assert prose(READMES[0]).count("\n|") == prose(READMES[1]).count("\n|")


def test_both_readmes_give_the_same_commands():
    def given(page: Path) -> list[str]:
        blocks = [block for kind, block in FENCED.findall(text(page)) if kind in ("sh", "csv")]
        return [line.partition("  #")[0].rstrip() for block in blocks for line in block.splitlines()]

    assert given(READMES[0]) == given(READMES[1])


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
        f"among the last {pace.SAMPLE} readings, while the newest of them is under {pace.FRESH_MS / 1000:g} s old",
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
    ],
)
def test_numbers_the_design_gives_are_those_of_the_code(sentence):
    assert sentence in " ".join(text(ROOT / "DESIGN.md").split())


def test_what_is_said_to_be_not_there_yet_is_not_there():
    missing = text(ROOT / "DESIGN.md").partition("## 13.")[2]
    [line] = re.findall(r"\*\*Commands\*\*: (.*?);", missing)
    named = set(re.findall(r"`(\w+)`", line))
    promised = text(ROOT / "DESIGN.md").partition("**Commands**")[2].partition("**Settings**")[0]
    assert named
    assert named & set(commands()) == set()
    assert {name for name in named if not re.search(rf"\b{name}\b", promised)} == set()
    assert "KEYBATCH_SECRET_KEY" not in known_settings()


def test_what_is_unreleased_is_said():
    assert "## [Unreleased]\n\n### Added\n" in text(ROOT / "CHANGELOG.md")
