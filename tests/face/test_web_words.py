"""Korean and English throughout."""

import re
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import parse
from fluent.syntax.ast import Junk, Message
from fluent.syntax.serializer import FluentSerializer

from app.services.shapes import BatchState, CellState, Priority
from app.web.state import language_of
from app.web.words import known, word

WEB = Path(__file__).resolve().parents[2] / "app" / "web"


CATALOGUES = {
    language: {
        entry.id.name: entry
        for file in sorted((WEB / "locales" / language).glob("*.ftl"))
        for entry in parse(file.read_text(encoding="utf-8")).body
        if isinstance(entry, Message)
    }
    for language in ("ko", "en")
}


def facts_of(entry: Message) -> set[str]:
    """The names of what a word is told."""
    return set(re.findall(r"\$(\w+)", FluentSerializer().serialize_entry(entry)))


def test_every_word_is_there_in_both_languages_and_told_the_same():
    assert CATALOGUES["ko"].keys() == CATALOGUES["en"].keys()
    for key, korean in CATALOGUES["ko"].items():
        english = CATALOGUES["en"][key]
        assert facts_of(english) == facts_of(korean), key
        assert not re.search("[가-힣]", FluentSerializer().serialize_entry(english)), key
        facts = dict.fromkeys(facts_of(korean), 1)
        assert all(word(key, language, **facts).strip() for language in ("ko", "en")), key


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_catalogue_has_nothing_that_cannot_be_read_and_no_word_twice(language: str):
    files = [parse(file.read_text(encoding="utf-8")) for file in (WEB / "locales" / language).glob("*.ftl")]
    assert not [entry.content for file in files for entry in file.body if isinstance(entry, Junk)]
    keys = [entry.id.name for file in files for entry in file.body if isinstance(entry, Message)]
    assert len(keys) == len(set(keys)), {key for key in keys if keys.count(key) > 1}


def test_every_word_that_is_used_is_known():
    used = {
        key
        for file in WEB.rglob("*.py")
        for key in re.findall(r"""\b(?:w|word|both)\(\s*"([a-z_0-9]+)\"""", file.read_text(encoding="utf-8"))
    }
    assert used
    assert used - CATALOGUES["ko"].keys() == set()


def test_every_state_and_priority_has_a_word():
    for key in (*get_args(BatchState), *get_args(CellState), *get_args(Priority)):
        assert known(key)


def test_numbers_and_plurals_are_written_as_the_language_does():
    assert word("retried", "en", count=1) == "One failed lookup is asked again."
    assert word("retried", "en", count=12_543) == "12,543 failed lookups are asked again."
    assert word("retried", "ko", count=12_543) == "실패한 조회 12,543건을 다시 묻습니다."


def test_an_unknown_word_is_shown_rather_than_lost():
    assert word("of_tomorrow", "ko") == "of_tomorrow"


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("", "", "ko"),
        ("", "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("", "en-US,en;q=0.9,ko;q=0.8", "en"),
        ("", "de-DE,de;q=0.9", "ko"),
        ("", "fr,en;q=0.5", "en"),
        ("en", "ko-KR", "en"),
        ("ko", "en-US", "ko"),
        ("xx", "en-US", "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers_else_korean(chosen: str, accepted: str, language: str):
    assert language_of(chosen, accepted) == language
