"""How values are written: nothing false."""

from app.services.shapes import Cell
from app.web import cells
from app.web.words import word

DAY = 86_400_000
NOON = 1_795_230_000_000  # 2026-11-21 12:00 KST


def text(cell: Cell, decimals: int = 0, language: str = "ko") -> str:
    return cells.cell_text(cell, decimals, language)  # type: ignore[arg-type]


def test_zero_is_shown_as_0():
    assert text(Cell("ok", value=0)) == "0"
    assert text(Cell("ok", value=0), 2) == "0.00"


def test_values_have_separators_and_the_decimals_of_their_source():
    assert text(Cell("ok", value=1_234_567)) == "1,234,567"
    assert text(Cell("ok", value=4.576), 2) == "4.58"
    assert text(Cell("ok", value=1e15)) == "1,000,000,000,000,000"


def test_below_is_a_range_and_never_a_plain_number():
    assert text(Cell("below", upper=10)) == "< 10"
    assert text(Cell("below", upper=3.01), 2) == "< 3.01"
    assert text(Cell("below", upper=1000)) == "< 1,000"


def test_what_has_no_value_has_no_digit():
    for language in ("ko", "en"):
        for cell in (Cell("failed", error="unreachable"), Cell("failed"), Cell("missing"), Cell("cancelled")):
            shown = text(cell, language=language)
            assert shown
            assert not any(char.isdigit() for char in shown)
    assert text(Cell("pending")) == ""
    assert text(Cell("ok", value=None)) == word("ok", "ko")


def test_a_failure_says_its_code_and_when_asked_the_upstreams_own_words():
    cell = Cell("failed", error="unreachable", detail="timed out after 10 s", attempts=5)
    assert text(cell) == "unreachable"
    assert "timed out after 10 s" in cells.cell_title(cell, "en")
    assert "5 attempts" in cells.cell_title(cell, "en")
    assert "5번 시도" in cells.cell_title(cell, "ko")


def test_a_detail_with_braces_and_an_unknown_code_are_shown_as_they_are():
    assert "{x}" in cells.cell_title(Cell("failed", error="unreadable", detail="{x}"), "ko")
    assert cells.cell_title(Cell("failed", error="of_tomorrow", detail="why"), "ko") == "why"
    assert cells.cell_title(Cell("failed", error="of_tomorrow"), "ko") == "of_tomorrow"
    assert cells.trouble_sentence("", "", "en") == ""


def test_a_cached_value_says_as_of_when():
    cell = Cell("ok", value=1, observed_at=NOON - DAY, from_cache=True)
    assert "as of 2026-11-20 12:00:00 KST" in cells.cell_title(cell, "en")
    assert "2026-11-20 12:00:00 KST" in cells.cell_title(cell, "ko")


def test_times_are_korean_and_say_so_in_english():
    assert cells.when(NOON, NOON, "ko") == "오늘 12:00"
    assert cells.when(NOON, NOON, "en") == "today 12:00 KST"
    assert cells.when(NOON + 3 * DAY, NOON, "ko") == "11월 24일 12:00"
    assert cells.when(NOON + 3 * DAY, NOON, "en") == "24 Nov 12:00 KST"
    assert cells.when(NOON + 60 * DAY, NOON, "ko") == "2027년 1월 20일 12:00"
    assert cells.when(NOON + 60 * DAY, NOON, "en") == "20 Jan 2027 12:00 KST"


def test_durations_are_in_their_two_largest_units():
    assert cells.span(200_000, "ko") == "3분 20초"
    assert cells.span(200_000, "en") == "3 min 20 s"
    assert cells.span(2 * DAY + 4 * 3_600_000 + 5, "en") == "2 d 4 h"
    assert cells.span(3_600_000, "ko") == "1시간"
    assert cells.span(0, "en") == "0 s"


def test_speeds_of_less_than_one_in_two_seconds_are_by_the_minute():
    assert cells.rate(50.94) == "50.9/s"
    assert cells.rate(1 / 6) == "10.0/min"
    assert cells.rate(0) == "0.0/s"


def test_progress_is_100_only_when_all_is_there_and_0_only_when_nothing_is():
    assert cells.percent(999_999, 1_000_000) == "99%"
    assert cells.percent(1, 1_000_000) == "1%"
    assert cells.percent(5, 5) == "100%"
    assert cells.percent(0, 5) == cells.percent(0, 0) == "0%"


def test_what_exists_is_never_rounded_out_of_a_bar():
    assert cells.share(1, 1_000_000) == "0.150%"
    assert cells.share(0, 10) == cells.share(0, 0) == "0%"
    assert cells.share(1, 2) == "50.000%"


def test_what_is_almost_nothing_is_not_written_as_nothing():
    assert cells.cell_text(Cell("ok", value=0.003), 2, "ko") == "< 0.01"
    assert cells.cell_text(Cell("ok", value=-0.003), 2, "ko") == "> -0.01"
    assert cells.cell_text(Cell("ok", value=0.0), 2, "ko") == "0.00"
    assert cells.cell_text(Cell("ok", value=0.006), 2, "ko") == "0.01"
