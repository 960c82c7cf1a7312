"""Doubts: what was probably meant is offered, what was probably meant so is left in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.doubts import Doubt, SpacingGroups, doubt, doubts


@pytest.mark.parametrize(
    ("typed", "kind", "offered"),
    [
        ("ㄱㅏ방", "lone_jamo", "가방"),
        ("ㅋㅋ", "lone_jamo", None),
        ("맥북 ㅋㅋㅋ", "lone_jamo", None),
        ("맥부ㄱ", "lone_jamo", None),
        ("ㅎㄷㄷ", "lone_jamo", None),
        ("ᄋᄋ", "lone_jamo", None),
        ("dkssud", "latin_typed", "안녕"),
        ("aorqnr", "latin_typed", "맥북"),
        ("aorqnr vmfh 14", "latin_typed", "맥북 프로 14"),
        ("rkdskadur 맛집", "latin_typed", "강남역 맛집"),
        ("ㅑㅔㅙㅜㄷ", "hangul_typed", "iphone"),
        ("ㅡㅁㅊ 케이스", "hangul_typed", "mac 케이스"),
        ("해ㅐ힏", "hangul_typed", "google"),
    ],
)
def test_what_was_meant_is_offered(typed, kind, offered):
    assert doubt(7, typed) == Doubt(7, kind, typed, offered)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "맥북 에어",
        "똠양꿍 맛집",
        "iphone 15",
        "figma",
        "susan",
        "audi",
        "torch",
        "galaxy",
        "SKT",
        "GKS",
        "dir",
        "RTX4090",
    ],
)
def test_what_makes_sense_is_no_doubt(typed):
    assert doubt(0, typed) is None


@given(st.text(max_size=40))
def test_any_text_will_do_and_an_offer_is_something_else(typed):
    found = doubt(0, typed)

    assert found is None or found.offered != typed


def test_doubts_come_in_order_with_their_positions():
    assert [one.position for one in doubts(enumerate(["맥북", "ㅋㅋ", "에어팟", "dkssud"]))] == [1, 3]


@given(st.lists(st.text("맥북 에", max_size=6), unique=True, max_size=40))
def test_keywords_that_differ_in_spaces_only_are_one_group(keywords):
    spacing = SpacingGroups()
    for position, asked in enumerate(keywords):
        spacing.add(position, asked)

    groups = spacing.groups(100)

    alike = [
        {n for n, other in enumerate(keywords) if other.replace(" ", "") == one.replace(" ", "")} for one in keywords
    ]
    assert {frozenset(members) for members in groups} == {frozenset(members) for members in alike if len(members) > 1}
    assert all(list(members) == sorted(members) for members in groups)
    assert len(spacing) == len(groups)


def test_no_more_groups_are_told_than_asked_for():
    spacing = SpacingGroups()
    for position, asked in enumerate(["가 나", "가나", "다 라", "다라", "가 나 "]):
        spacing.add(position, asked)

    assert spacing.groups(1) == [(0, 1, 4)]
    assert len(spacing) == 2
