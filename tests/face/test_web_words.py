"""Korean and English throughout."""

import re
from pathlib import Path
from typing import get_args

import pytest

from app.services.shapes import BatchState, CellState, Priority
from app.web.state import language_of
from app.web.words import WORDS, word

WEB = Path(__file__).resolve().parents[2] / "app" / "web"


def test_every_word_is_there_in_both_languages():
    for key, (korean, english) in WORDS.items():
        assert korean.strip(), key
        assert english.strip(), key
        assert not re.search("[가-힣]", english), key


def test_every_word_that_is_used_is_known():
    used = {
        key
        for file in WEB.rglob("*.py")
        for key in re.findall(r"""\b(?:w|word)\(\s*"([a-z_0-9]+)\"""", file.read_text(encoding="utf-8"))
    }
    assert used
    assert used - WORDS.keys() == set()


def test_every_state_and_priority_has_a_word():
    for key in (*get_args(BatchState), *get_args(CellState), *get_args(Priority)):
        assert key in WORDS


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
