"""Hangul and its keyboard: what is typed comes back as typed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import hangul

SYLLABLES = st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), max_size=12)


@given(SYLLABLES)
def test_every_syllable_can_be_taken_apart_and_put_together(text):
    assert hangul.compose(hangul.decompose(text)) == text


@given(SYLLABLES)
def test_every_syllable_can_be_typed_on_the_other_keyboard(text):
    latin = hangul.to_latin(text)

    assert set(latin) <= set(string.ascii_letters)
    assert hangul.from_latin(latin) == text


@given(st.text(max_size=60))
def test_any_text_will_do(text):
    for change in (hangul.compose, hangul.decompose, hangul.from_latin, hangul.to_latin):
        assert isinstance(change(text), str)
    assert hangul.compose(hangul.compose(text)) == hangul.compose(text)


@pytest.mark.parametrize(
    ("latin", "korean"),
    [
        ("dkssud", "안녕"),
        ("aorqnr", "맥북"),
        ("rkqt", "값"),
        ("rkqtl", "갑시"),
        ("ehowl", "돼지"),
        ("dmltk", "의사"),
        ("Rhc", "꽃"),
        ("iphone", "ㅑㅔㅙㅜㄷ"),
        ("mac", "ㅡㅁㅊ"),
        ("DKSSUD", "안녕"),
    ],
)
def test_keys_give_what_the_keyboard_gives(latin, korean):
    assert hangul.from_latin(latin) == korean


def test_jamo_are_put_together_and_syllables_left_alone():
    assert hangul.compose("ㄱㅏ방") == "가방"
    assert hangul.compose("안녕ㅎ") == "안녕ㅎ"
    assert hangul.compose("ㅋㅋ") == "ㅋㅋ"


def test_ordinary_korean_is_told_from_rare_syllables():
    assert len(hangul.COMMON) == 2350
    assert hangul.common("맥북")
    assert not hangul.common("힏")
    assert hangul.complete("맥북")
    assert not hangul.complete("맥북ㅋ")
    assert not hangul.complete("")
