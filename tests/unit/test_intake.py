"""From bytes to keywords: good lines are never lost beside bad ones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import NotText, TooLarge
from app.services.intake import MAX_LENGTH, MAX_LINE_BYTES, Intake, clean, decode


def chunked(data: bytes, size: int) -> list[bytes]:
    return [data[n : n + size] for n in range(0, len(data), size)]


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r\0\ufeff", codec="utf-8"), max_size=30)), st.integers(1, 50)
)
def test_lines_come_back_whatever_the_chunks(lines: list[str], size: int) -> None:
    data = "\n".join(lines).encode("utf-8-sig")

    assert "\n".join(decode(chunked(data, size))).rstrip("\n") == "\n".join(lines).rstrip("\n")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("맥북\n에어팟".encode("cp949"), 1),
        (b"ok\n\xff\xfe\n", 2),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1),
        (b"a\nb\x00c\n", 2),
    ],
)
def test_what_is_no_text_names_its_line(data: bytes, line: int) -> None:
    with pytest.raises(NotText) as caught:
        list(decode([data]))

    assert caught.value.facts["line"] == line


def test_a_line_without_an_end_is_not_kept_in_memory() -> None:
    with pytest.raises(TooLarge):
        list(decode(b"x" * 65_536 for _ in range(MAX_LINE_BYTES // 65_536 + 2)))


@given(st.text(max_size=100))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  맥북   프로 ", "맥북 프로"),
        ("맥북\u00a0프로\u3000중고", "맥북 프로 중고"),
        ("맥\u200b북\ufeff", "맥북"),
        (unicodedata.normalize("NFD", "맥북"), "맥북"),
        ("a\tb\x07c", "a bc"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, asked: str) -> None:
    assert clean(typed) == asked


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=60))
def test_every_line_is_taken_merged_refused_or_blank(lines: list[str]) -> None:
    intake = Intake()

    taken = list(intake.take(lines))

    blank = sum(not line.strip() for line in lines)
    assert len(taken) + intake.merged + intake.rejected + blank == len(lines)
    assert [one.position for one in taken] == list(range(len(taken)))
    assert len({one.asked for one in taken}) == len(taken)
    assert sum(intake.again.values()) == intake.merged


def test_a_keyword_at_the_limit_is_taken_and_one_beyond_it_is_not() -> None:
    intake = Intake()

    taken = list(intake.take(["가" * MAX_LENGTH, "나" * (MAX_LENGTH + 1), "다"]))

    assert [one.asked[0] for one in taken] == ["가", "다"]
    assert intake.rejections[0].line == 2


def test_what_no_database_stores_is_left_out() -> None:
    [one] = Intake().take(["맥\x00북\ud800"])

    assert (one.typed, one.asked) == ("맥북", "맥북")
