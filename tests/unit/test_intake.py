"""From lines to keywords: good lines are never lost beside bad ones, and what became of each is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadValue
from app.services.intake import MAX_LENGTH, Intake, Told, Treatment
from app.services.sheets import Line


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=60))
def test_every_line_is_taken_merged_refused_or_blank(lines: list[str]) -> None:
    intake = Intake()

    taken = list(intake.take(lines))

    blank = sum(not line.strip() for line in lines)
    assert len(taken) + intake.merged + intake.rejected + blank == len(lines)
    assert [one.position for one in taken] == list(range(len(taken)))
    assert len({one.asked for one in taken}) == len(taken)
    assert sum(intake.again.values()) == intake.merged


ODD = ["맥북", "맥북 ", "맥 북", "dkssud", "안녕", "ㄱㅏ방", "Ａｐｐｌｅ", "apple", "", "\u200b"]


@given(
    st.lists(st.sampled_from(ODD), max_size=30),
    st.booleans(),
    st.sets(st.sampled_from(["lone_jamo", "latin_typed", "hangul_typed"])),
)
@settings(deadline=None)  # the first doubt loads the word lists
def test_whatever_is_wanted_no_line_is_lost_and_no_keyword_comes_twice(
    lines: list[str], merge: bool, fix: set[str]
) -> None:
    told: list[Told] = []
    intake = Intake(Treatment.of(None, fix, merge_spacing=merge), curious=True, tell=told.append)

    taken = list(intake.take(lines))

    blank = sum(not line.strip() for line in lines)
    assert len(taken) + intake.merged + intake.rejected + blank == len(lines)
    keys = [one.asked.replace(" ", "") if merge else one.asked for one in taken]
    assert len(set(keys)) == len(keys)
    assert sum(one.what == "merged" for one in told) == intake.merged
    assert sum(one.what == "rejected" for one in told) == intake.rejected


def test_a_keyword_at_the_limit_is_taken_and_one_beyond_it_is_not() -> None:
    intake = Intake()

    taken = list(intake.take(["가" * MAX_LENGTH, "나" * (MAX_LENGTH + 1), "다"]))

    assert [one.asked[0] for one in taken] == ["가", "다"]
    assert intake.rejections[0].line == 2


def test_what_no_database_stores_is_left_out() -> None:
    [one] = Intake().take(["맥\x00북\ud800"])

    assert (one.typed, one.asked) == ("맥북", "맥북")


def test_what_stands_beside_a_keyword_comes_along_in_the_order_wanted() -> None:
    lines = [Line(2, "맥북", {"분류": "노트북", "메모": "a"}), Line(3, "그램", {"메모": "b"}), Line(4, "에어팟")]

    taken = list(Intake(columns=("메모", "분류")).take(lines))

    assert [one.others for one in taken] == [("a", "노트북"), ("b", ""), None]
    assert [one.line for one in taken] == [2, 3, 4]


def test_bad_rows_are_refused_with_their_numbers_and_reasons_beside_good_ones() -> None:
    lines = [
        Line(2, "맥북"),
        Line(3, "�", trouble="not_text"),
        Line(4, "", {"분류": "노트북"}),
        Line(5, "\u200b"),
        Line(6, "a", trouble="extra_cells"),
        Line(7, "그램"),
    ]
    intake = Intake()

    taken = [one.asked for one in intake.take(lines)]

    assert taken == ["맥북", "그램"]
    assert [(one.line, one.reason) for one in intake.rejections] == [
        (3, "not_text"), (4, "no_keyword"), (5, "empty_after_cleaning"), (6, "extra_cells")
    ]  # fmt: skip


def test_what_is_wanted_is_done_and_told() -> None:
    told: list[Told] = []
    treatment = Treatment.of(["spaces", "nfc"], ["latin_typed"], merge_spacing=True)
    intake = Intake(treatment, curious=True, tell=told.append)

    taken = list(intake.take(["  맥북   에어", "맥북에어", "dkssud", "ㄱㅏ방"]))

    assert [one.asked for one in taken] == ["맥북 에어", "안녕", "ㄱㅏ방"]
    assert [one.typed for one in taken] == ["  맥북   에어", "dkssud", "ㄱㅏ방"]
    assert [(one.what, one.why) for one in told] == [
        ("changed", "spaces"), ("merged", "1"), ("fixed", "latin_typed")
    ]  # fmt: skip
    assert dict(intake.doubted) == {"latin_typed": 1, "lone_jamo": 1}
    assert [(one.position, one.offered) for one in intake.doubtful] == [(4, "가방")]


def test_spacing_variants_are_found_and_kept_apart() -> None:
    intake = Intake(curious=True)

    taken = list(intake.take(["맥북 에어", "그램", "맥북에어", "맥 북에어"]))

    assert len(taken) == 4
    assert intake.spacings.groups(10) == [(0, 2, 3)]


@pytest.mark.parametrize(("steps", "fix"), [(["nfd"], []), (None, ["spelling"])])
def test_an_unknown_wish_is_refused(steps: list[str] | None, fix: list[str]) -> None:
    with pytest.raises(BadValue):
        Treatment.of(steps, fix)
