"""People and tokens on the command line."""

import json
import logging
import string
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from app.cli import people_words
from app.cli.main import app
from app.cli.words import Sentence
from app.errors import NotSignedIn
from app.services import passwords, people, tokens
from app.services.house import open_house
from app.settings import Settings
from tests.stage import environment

PASSWORD = "a sentence of one's own"


@pytest.fixture
def run(settings_of, monkeypatch):
    """Commands in a house of its own, with passwords that cost little."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with environment({**settings_of, "KEYBATCH_DATABASE_URL": ""}):
        invoke = partial(CliRunner().invoke, app)
        assert invoke(["migrate"]).exit_code == 0
        yield invoke
    root.handlers[:], root.level = before


@pytest.fixture
def house(run):
    opened = open_house(Settings.read())
    yield opened
    opened.close()


def test_the_owner_is_added_listed_and_stays(run):
    assert "user add" in run(["user", "list"]).stderr
    added = run(["user", "add", "지민"], input=f"{PASSWORD}\nnot this line\n")
    assert (added.exit_code, added.stdout) == (0, "")
    assert "owner" in added.stderr
    assert PASSWORD not in added.output
    assert run(["user", "add", "손님", "--role", "viewer", "--workspace", "고객"], input=PASSWORD).exit_code == 0
    listed = json.loads(run(["user", "list", "--json"]).stdout)
    assert [(one["name"], one["role"], one["workspace"]) for one in listed] == [
        ("손님", "viewer", "고객"), ("지민", "owner", "main")
    ]  # fmt: skip
    assert "지민\towner\tmain" in run(["user", "list"]).stdout
    last = run(["user", "remove", "지민"])
    assert last.exit_code == 2
    assert "last owner" in last.stderr
    assert run(["user", "remove", "손님"]).exit_code == 0
    assert run(["user", "remove", "손님"]).exit_code == 2


def test_a_password_is_asked_for_twice_on_a_terminal(run, house, monkeypatch):
    asked: list[Any] = []

    def prompt(text: str, **how: Any) -> str:
        asked.append(how)
        return PASSWORD

    monkeypatch.setattr("app.cli.people.typer.prompt", prompt)
    monkeypatch.setattr("app.cli.people._piped", lambda: False)
    assert run(["user", "add", "지민"]).exit_code == 0
    assert [(how["hide_input"], how["err"], bool(how["confirmation_prompt"])) for how in asked] == [(True, True, True)]
    assert people.known(house, "지민", PASSWORD)


def test_another_password_replaces_the_one_before(run, house):
    run(["user", "add", "지민"], input=PASSWORD)
    assert run(["user", "password", "지민"], input="short").exit_code == 2
    assert people.known(house, "지민", PASSWORD)
    assert run(["user", "password", "지민"], input="another sentence").exit_code == 0
    assert people.known(house, "지민", "another sentence")
    assert run(["user", "password", "nobody"], input=PASSWORD).exit_code == 2


def test_the_output_of_a_new_token_is_the_token(run, house):
    made = run(["token", "create", "--name", "밤마다", "--scope", "submit", "--scope", "read", "--expires", "90d"])
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert made.stdout == f"{secret}\n"
    assert secret not in made.stderr
    found = tokens.caller(house, secret)
    assert (found.name, found.scopes) == ("밤마다", {"read", "submit"})
    [listed] = json.loads(run(["token", "list", "--json"]).stdout)
    assert listed["expires_at"].endswith("Z")
    assert secret not in run(["token", "list"]).stdout
    assert "\tvalid\t" in run(["token", "list"]).stdout
    assert run(["token", "revoke", str(listed["id"])]).exit_code == 0
    assert "\trevoked\t" in run(["token", "list"]).stdout
    with pytest.raises(NotSignedIn):
        tokens.caller(house, secret)
    assert run(["token", "revoke", "999"]).exit_code == 2


def test_a_token_for_a_person_is_of_that_person(run, house):
    run(["user", "add", "지민"], input=PASSWORD)
    run(["user", "add", "손님", "--role", "viewer", "--workspace", "고객"], input=PASSWORD)
    secret = run(["token", "create", "--name", "t", "--for", "손님"]).stdout.strip()
    assert tokens.caller(house, secret).workspace == people.workspace(house, "고객")
    assert tokens.listing(house, None)[0].person == "손님"
    assert run(["token", "create", "--name", "t", "--for", "손님", "--scope", "submit"]).exit_code == 2
    assert run(["token", "create", "--name", "t", "--for", "손님", "--workspace", "main"]).exit_code == 2
    other = run(["token", "create", "--name", "t", "--workspace", "고객"]).stdout.strip()
    assert tokens.caller(house, other).workspace == tokens.caller(house, secret).workspace


@pytest.mark.parametrize(
    "given",
    [
        ["user", "add", ""], ["user", "add", "a", "--role", "king"], ["user", "add", "a", "--workspace", ""],
        ["token", "create"], ["token", "create", "--name", ""], ["token", "create", "--name", "t", "--scope", "write"],
        ["token", "create", "--name", "t", "--expires", "soon"], ["token", "create", "--name", "t", "--for", "nobody"],
        ["token", "create", "--name", "t", "--expires", "2020-01-01"], ["token", "revoke", "x"],
        ["token", "create", "--name", "t", "--workspace", "nowhere"],
        ["token", "create", "--name", "t", "--expires", "0"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_wrong_use(run, given):
    done = run(given, input=PASSWORD)
    assert done.exit_code == 2
    assert done.stdout == ""


def test_the_sentences_speak_both_languages_with_the_same_facts():
    values = vars(people_words).values()
    parts = [
        part for v in values for part in (v.values() if isinstance(v, dict) else v if isinstance(v, tuple) else [v])
    ]
    sentences = [part for part in parts if isinstance(part, Sentence)]
    assert len(sentences) > 20

    def facts(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for one in sentences:
        assert facts(one.en) == facts(one.ko), one.en
