"""Normalising: what cannot be seen makes no other keyword, and each step can be left out."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadValue
from app.services.normal import DEFAULT, STEPS, changes, clean, is_plain, named

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
#: Text in which steps are likely to meet.
CROWDED = st.text(
    "가ᄀᄀ\u1161\u11a8ㅏeé\u0301\u0345ßİ\u200b\u00ad\ufeff \u3000\u00a0\tＡｶﾞ\uff9eﾡￂΐŉ\ud800\x00", max_size=12
)
SUBSETS = st.sets(st.sampled_from([step.key for step in STEPS]))


HIDDEN = "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"


def plain(text: str) -> str:
    """NFC, nothing hidden, runs of white space one space."""
    return re.sub(r"\s+", " ", re.sub(HIDDEN, "", unicodedata.normalize("NFC", text))).strip()


@given(ANY | CROWDED)
def test_text_without_forms_of_width_is_composed_shown_and_trimmed(text):
    narrow = "".join(letter for letter in text if not "\uff01" <= letter <= "\uffee")

    # Twice: what a hidden character kept apart is composed the second time only.
    assert clean(narrow) == plain(plain(narrow))


@given(ANY | CROWDED)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)

    assert clean(once) == once
    assert clean(clean(text, STEPS), STEPS) == clean(text, STEPS)
    assert unicodedata.is_normalized("NFC", once)


@given(ANY | CROWDED, SUBSETS)
def test_nothing_changes_exactly_where_no_step_says_so(text, keys):
    steps = named(keys)

    changed = changes(text, steps)

    assert set(changed) <= keys
    assert clean(text, steps) == clean(text, named(changed))
    assert (clean(text, steps) == text) or changed


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_each_step_is_done_once_for_every_letter(step):
    for code in range(sys.maxunicode + 1):
        once = step.run(chr(code))
        assert step.run(once) == once


@pytest.mark.parametrize(
    ("key", "typed", "asked"),
    [
        ("invisible", "맥\u200b북\ufeff\x07", "맥북"),
        ("width", "ＭａｃＢｏｏｋ　１４！", "MacBook　14!"),
        ("width", "ﾏｯｸﾌﾞｯｸ", "マックブック"),
        ("nfc", unicodedata.normalize("NFD", "맥북"), "맥북"),
        ("spaces", " 맥북\u00a0 \u3000프로\t", "맥북 프로"),
        ("case", "MacBook Größe", "macbook grösse"),
    ],
)
def test_a_step_does_what_it_says_and_is_named(key, typed, asked):
    assert clean(typed, named([key])) == asked
    assert key in changes(typed, STEPS)


def test_letters_of_any_width_are_one_keyword_and_capitals_are_kept():
    assert clean("ＭａｃＢｏｏｋ") == "MacBook"
    assert "case" not in [step.key for step in DEFAULT]


def test_an_unknown_step_is_refused_and_order_is_the_house_s():
    assert [step.key for step in named(["spaces", "invisible"])] == ["invisible", "spaces"]
    with pytest.raises(BadValue):
        named(["spaces", "stem"])


@given(st.text("ab가힣0 9\t\u3000\u00a0é~", max_size=8) | ANY)
def test_what_is_plain_at_a_look_is_what_no_step_changes(text):
    if is_plain(text):
        for step in DEFAULT:
            assert step.run(text) == text
