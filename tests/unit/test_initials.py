"""Initial consonants: what a query of them stands for."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import hangul, initials

syllables = st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣"))


def finds(q: str, keyword: str) -> bool:
    """What the databases do, in Python."""
    places = ["".join(f"{re.escape(a)}-{re.escape(z)}" for a, z in letter) for letter in initials.letters(q)]
    return bool(places) and re.search("".join(f"[{one}]" for one in places), keyword.replace(" ", "")) is not None


@given(st.text(syllables, min_size=1, max_size=8))
def test_every_word_is_found_by_the_consonants_its_syllables_begin_with(word: str):
    leads = "".join(hangul.decompose(one)[0] for one in word)

    assert finds(leads, word)
    assert finds(leads, f"x{word}y")
    assert finds(" ".join(leads), word)
    assert finds(leads, " ".join(word))
    assert finds(word[0] + leads[1:], word) or len(word) == 1
    assert finds(unicodedata.normalize("NFD", word[0]) + leads[1:], word) or len(word) == 1


@pytest.mark.parametrize(
    ("q", "keyword", "found"),
    [
        ("ㅈㅈㄷ", "제주도 여행", True),
        ("ㅈㅈㄷ", "제주 여행", False),
        ("맛ㅈ", "제주 맛집", True),
        ("맛ㅈ", "마진", False),
        ("ㄱ", "까치", False),
        ("ㄲ", "까치", True),
        ("ㄳ", "감사", True),
        ("ㅁㅂ air", "맥북 AIR", True),
        ("ㅋㅋ", "ㅋㅋ 영상", True),
        ("ㅁ*", "맥북", False),
        ("ㅁ]", "매]", True),
        ("맥북", "맥북", False),
        ("ㅏ", "가", False),
        ("", "가", False),
    ],
)
def test_what_a_query_finds(q: str, keyword: str, found: bool):
    assert finds(q, keyword) is found
