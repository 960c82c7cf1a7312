"""The house tested as a house: what is written about it is true of it."""

import ast
import re
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from app import errors
from app.cli import settings as printed
from app.cli import words
from app.errors import KeybatchError, UpstreamError
from app.settings import PREFIX, Settings
from app.sources import registry

ROOT = Path(__file__).parent.parent
SETTINGS = {
    name
    for described in (Settings, *(upstream.settings_class for upstream in registry.upstreams().values()))
    for name in described.described()
}
MODULES = sorted(path for top in ("app", "workers") for path in (ROOT / top).rglob("*.py"))
#: The tree of errors and the settings are one module each to whoever imports them.
PACKAGES = [path for path in MODULES if path.name == "__init__.py" and path.parent.name not in ("errors", "settings")]


def every_error(of: type[KeybatchError] = KeybatchError) -> list[type[KeybatchError]]:
    ours = [error for error in of.__subclasses__() if error.__module__.startswith(errors.__name__)]
    return [of, *(deeper for error in ours for deeper in every_error(error))]


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def sections(text: str, mark: str) -> set[str]:
    return {part.strip() for part in re.split(rf"^{mark} ", text, flags=re.MULTILINE)[1:]}


def test_the_written_settings_are_the_printed_ones():
    page, example = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/settings.md", ".env.example"))
    # A new source needs no other file: its settings are printed at once, and written down with the next release.
    assert sections(page, "##") <= sections(printed.markdown(), "##"), "python -m app settings --format markdown"
    assert sections(example, "#") <= sections(printed.env(), "#"), "python -m app settings > .env.example"


@pytest.mark.parametrize("page", ["docs/settings.md", ".env.example"])
def test_the_house_s_settings_are_written_down_and_none_that_is_not_there(page):
    written = set(re.findall(rf"\b{PREFIX}[A-Z0-9_]*[A-Z0-9]", (ROOT / page).read_text(encoding="utf-8")))
    files = {name for name in written if name.endswith("_FILE") and name.removesuffix("_FILE") in SETTINGS}
    assert written - files <= SETTINGS
    assert set(Settings.described()) <= written


def test_every_setting_says_what_it_is():
    nameless = [
        name
        for described in (Settings, *(upstream.settings_class for upstream in registry.upstreams().values()))
        for name, description in described.described().items()
        if not description
    ]
    assert nameless == []


def test_the_tree_of_errors_is_drawn_as_it_is():
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    ((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)\b", line)
        if match:
            drawn.append((len(match[1]) // 4, match[2]))

    def grown(error: type[KeybatchError], depth: int) -> list[tuple[int, str]]:
        below = [one for one in error.__subclasses__() if one.__module__.startswith(errors.__name__)]
        # The branches are drawn in the order of what happens to a lookup, not of the modules they stand in.
        below.sort(key=lambda one: [name for _, name in drawn].index(one.__name__))
        return [(depth, error.__name__), *(line for one in below for line in grown(one, depth + 1))]

    assert drawn == grown(KeybatchError, 0)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_speaks_both_languages_with_the_same_facts(error):
    assert error.en
    assert error.ko
    assert re.search("[가-힣]", error.ko) or error.ko == error.en
    assert facts(error.en) == facts(error.ko)
    if issubclass(error, UpstreamError):
        assert facts(error.en) <= {"detail"}


def test_every_code_of_an_error_is_its_own():
    codes = [error.code for error in every_error()]
    assert len(codes) == len(set(codes))


def every_sentence() -> list[words.Sentence]:
    found = []
    for value in vars(words).values():
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else [value]
        found += [part for part in parts if isinstance(part, words.Sentence)]
    return found


@pytest.mark.parametrize("sentence", every_sentence(), ids=lambda sentence: sentence.en[:40])
def test_the_command_line_speaks_both_languages_with_the_same_facts(sentence):
    assert facts(sentence.en) == facts(sentence.ko)


@pytest.mark.parametrize("path", PACKAGES, ids=named)
def test_packages_import_nothing(path):
    assert not [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_stay_small_enough_to_read(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 300


def test_every_module_stands_on_a_floor():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    floors = {name.strip() for layer in contracts[0]["layers"] for name in re.split("[|:]", layer)}
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts[:2]) for path in MODULES}
    unfounded = modules - floors - {"app.__init__", "app.__main__", "workers.__init__"}
    assert unfounded == set()


@pytest.mark.parametrize("module", ["workers.jobs", "workers.main", "app.cli.main", "app.cli.supervisor"])
def test_no_web_framework_is_loaded_outside_the_web_process(module):
    look = (
        f"import sys, {module}; "
        "print(sorted({'reflex', 'fastapi', 'starlette', 'flask', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_supervisor_loads_the_standard_library_only():
    look = (
        "import sys; before = set(sys.modules); import app.cli.supervisor; "
        "print({name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)"
    )
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'app'}"
