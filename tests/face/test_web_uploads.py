"""Files and tables for a new batch: kept privately, shown as what they are taken for, submitted with their columns."""

import asyncio
import os
import stat
import time
from dataclasses import asdict
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.errors import NoRoom
from app.services import batches, results
from app.services.house import House
from app.services.intake import Told
from app.services.sheets import Layout
from app.web import report, uploads
from app.web.given import Given
from app.web.pages.new import NewState
from app.web.report import Report
from app.web.uploads import Kept
from tests.face.new_form import Tab, kept, keywords

ROWS = "번호,키워드,메모\r\n" + "\r\n".join(f'{n},"제주, 맛집 {n}",메모 {n}' for n in range(1, 41))
PASTED = "키워드\tPC\n제주 맛집\t10\n캠핑\t20\n"


def workbook(path: Path) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("표지").write(0, 0, "안내")
        sheet = book.add_worksheet("목록")
        for row, cells in enumerate([("순위", "검색어"), (1, "캠핑"), (2, "제주")]):
            sheet.write_row(row, 0, cells)
    return path.read_bytes()


def test_what_finds_no_room_is_said_to(tmp_path: Path):
    with pytest.raises(NoRoom) as caught:
        uploads.append(Path("/dev/full"), b"x" * 100_000)
    assert caught.value.http_status == 507
    assert "No space left" in caught.value.sentence()
    (tmp_path / "uploads").write_text("a file where the folder should be")
    with pytest.raises(NoRoom):
        uploads.write(tmp_path, b"x")


def test_what_is_kept_is_this_users_alone_and_old_files_go(tmp_path: Path):
    old = uploads.write(tmp_path, b"old")
    os.utime(old, times=(time.time() - uploads.KEPT_S - 60,) * 2)
    young = uploads.write(tmp_path, b"young")
    new = uploads.fresh(tmp_path)
    assert sorted(new.parent.iterdir()) == sorted([young, new])
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert stat.S_IMODE(new.parent.stat().st_mode) == 0o700


def test_a_csv_of_a_korean_spreadsheet_is_shown_and_submitted_with_its_columns(house: House):
    tab, data = Tab(), ROWS.encode("cp949")
    tab.upload("목록.csv", data[:100], data[100:])
    table = tab.given.table
    assert (table.name, table.encoding, table.delimiter, table.header) == ("목록.csv", "cp949", "comma", "yes")
    assert tab.picked == ["키워드"]
    assert [cell.text for cell in table.rows[0].cells] == ["1", "제주, 맛집 1", "메모 1"]
    assert "CP949" in table.about
    [event] = [one for one in tab.press() if one is not None]
    [made] = batches.listing(house)
    assert f"batch:{made.id}," in str(event), "on to the batch"
    assert (made.items, made.columns) == (40, ("번호", "메모"))
    assert kept(house) == []


def test_a_lost_connection_costs_no_file_and_no_preview(house: House):
    tab = Tab()
    tab.upload("a.csv", ROWS.encode())
    tab.press(intent="preview")
    asyncio.run(NewState.enter.fn(tab.new))
    assert (tab.given.table.name, tab.new.forecast.shown) == ("a.csv", True)


def test_only_the_first_rows_are_held(house: House):
    tab = Tab()
    tab.upload("목록.csv", ROWS.encode())
    held = str([asdict(tab.given.table), tab.given._layout, tab.given._kept])
    assert "맛집 5" in held
    assert "맛집 6" not in held


def test_the_keywords_column_is_the_one_a_person_picks(house: House):
    tab = Tab()
    tab.upload("목록.csv", ROWS.encode())
    tab.choose("column", "2")
    assert tab.picked == ["메모"]
    tab.choose("column", "99")
    assert tab.picked == ["메모"]
    tab.press()
    assert keywords(house)[:2] == ["메모 1", "메모 2"]


def test_what_a_file_is_taken_for_can_be_corrected(house: House):
    tab = Tab()
    tab.upload("목록.csv", ROWS.encode("cp949"))
    tab.choose("header", "no")
    assert tab.given.table.header == "no"
    assert [column.title for column in tab.given.table.columns] == ["1열", "2열", "3열"]
    tab.choose("delimiter", "none")
    assert len(tab.given.table.columns) == 1
    tab.choose("delimiter", "comma")
    assert tab.picked == ["키워드"]
    tab.choose("encoding", "utf-8")
    assert tab.given.table.encoding == "utf-8"
    tab.choose("encoding", "klingon")
    assert tab.given.problem
    assert tab.given.table.encoding == "utf-8"


def test_the_sheet_of_a_workbook_can_be_chosen(house: House, tmp_path: Path):
    tab = Tab()
    tab.upload("책.xlsx", workbook(tmp_path / "book.xlsx"))
    assert (tab.given.table.sheets, tab.given.table.sheet) == (["표지", "목록"], "표지")
    assert not tab.given.table.text
    tab.choose("sheet", "목록")
    assert tab.picked == ["검색어"]
    tab.press()
    assert keywords(house) == ["캠핑", "제주"]


@pytest.mark.parametrize(
    ("data", "korean"),
    [(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "텍스트가 아닙니다"), (b"PK\x03\x04xl/", "열 수 없습니다")],
)
def test_what_cannot_be_read_is_said_and_leaves_what_was_there(house: House, data: bytes, korean: str):
    tab = Tab()
    tab.upload("목록.csv", ROWS.encode())
    tab.upload("다른 것", data)
    assert korean in tab.given.problem
    assert tab.given.problem.startswith("다른 것: ")
    assert (tab.given.table.name, tab.given.loading, len(kept(house))) == ("목록.csv", False, 1)
    tab.speak("en")
    assert not any("가" <= char <= "힣" for char in tab.given.problem.removeprefix("다른 것"))


def test_a_tab_that_comes_from_elsewhere_takes_its_file_as_it_was(house: House):
    tab = Tab()
    tab.upload("목록.csv", ROWS.encode("cp949"))
    tab.choose("header", "no")
    tab.choose("column", "2")
    there = Tab()
    [path] = kept(house)
    there.take(path.name, "목록.csv", tab.given.how)
    assert there.given.table == tab.given.table
    there.press()
    assert keywords(house)[:2] == ["메모", "메모 1"]


@pytest.mark.parametrize("how", ["", "null", "[]", "{", '{"encoding": 7}', '{"sheet": "x", "column": -1}'])
@pytest.mark.parametrize("name", ["", "x", "0" * 32, "../keybatch.db"])
def test_a_file_that_nobody_keeps_is_asked_for_again_whatever_is_said(house: House, name: str, how: str):
    tab = Tab("en")
    tab.take(name, "a.csv", how)
    assert tab.given.problem.startswith("a.csv: ")
    assert not tab.given.loading


def test_another_file_takes_the_place_of_the_first_and_can_be_taken_away(house: House):
    tab = Tab()
    tab.upload("a.txt", b"one\ntwo\n")
    tab.upload("b.txt", b"three\nfour\n")
    assert (tab.given.table.name, len(kept(house))) == ("b.txt", 1)
    asyncio.run(Given.remove.fn(tab.given))
    assert (tab.given.table.shown, kept(house)) == (False, [])
    tab.press("붙여넣은 것")
    assert keywords(house) == ["붙여넣은 것"]


def test_what_the_browser_refused_is_said_and_changes_nothing(house: House):
    tab = Tab("en")
    tab.upload("a.txt", b"one\n")
    asyncio.run(Given.refuse.fn(tab.given, "too-many-files"))
    assert tab.given.problem == "One file at a time, please."
    asyncio.run(Given.refuse.fn(tab.given, "file-too-large"))
    assert tab.given.table.name == "a.txt"
    assert "200,000,000" in tab.given.problem
    tab.upload("b.txt", b"two\n")
    assert tab.given.problem == ""


def test_a_file_that_is_gone_is_asked_for_again(house: House):
    tab = Tab()
    tab.upload("a.csv", ROWS.encode())
    for path in kept(house):
        path.unlink()
    tab.press()
    assert "a.csv" in tab.new.refusal
    assert batches.listing(house) == []


def test_a_pasted_table_is_looked_at_before_it_is_submitted(house: House):
    tab = Tab()
    assert [one for one in tab.press(PASTED) if one is not None] == []
    assert batches.listing(house) == []
    assert (tab.new.hint != "", tab.new.forecast.facts[0].value, tab.picked) == (True, "2", ["키워드"])
    tab.choose("column", "1")
    tab.press(PASTED)
    assert keywords(house) == ["10", "20"]
    assert batches.listing(house)[0].columns == ("키워드",)
    assert kept(house) == []


def test_a_pasted_table_that_is_edited_keeps_its_picked_column(house: House):
    tab = Tab()
    tab.press(PASTED, "preview")
    tab.choose("column", "1")
    tab.press(PASTED + "맥북\t30\n")
    assert keywords(house) == ["10", "20", "30"]


def test_a_pasted_list_that_only_looks_like_a_table_can_be_taken_as_lines(house: House):
    tab, text = Tab(), "서울,부산\n대구,광주\n"
    tab.press(text, "preview")
    assert len(tab.given.table.columns) == 2
    tab.choose("delimiter", "none")
    tab.press(text)
    assert keywords(house) == ["서울,부산", "대구,광주"]


@pytest.mark.parametrize(
    "lines", [["키워드", "맥북"], ['"맥북"', '"에어팟"'], ["맥북, 16인치", "에어팟"], ["단어"], ["'맥북'"]]
)
def test_pasted_lines_are_taken_as_they_are(house: House, lines: list[str]):
    tab = Tab()
    tab.press("\n".join([*lines, ""]))
    assert keywords(house) == lines
    assert kept(house) == []


def test_what_is_ticked_is_done_to_the_keywords(house: House):
    tab = Tab()
    text = "MacBook Air\nmacbook air\nＡＢＣ\ndkssud\n제주 맛집\n제주맛집"
    tab.press(text, **{"step:case": "on", "fix:latin_typed": "on", "merge_spacing": "on"})
    [made] = batches.listing(house)
    asked = [row.asked for row in results.rows(house, made)]
    assert asked == ["macbook air", "ａｂｃ", "안녕", "제주 맛집"]


def test_every_line_that_is_not_simply_taken_can_be_downloaded(house: House):
    tab = Tab()
    tab.press("맥북\n맥북\nＡＢＣ\n" + "x" * 400, "preview", **{"step:width": "on"})
    assert tab.new.forecast.report == "3 줄"
    assert len(kept(house)) == 1
    event = asyncio.run(NewState.download.fn(tab.new))
    assert "keybatch-lines.csv" in str(event)
    told = tab.new._seen.report.read().decode("utf-8-sig").splitlines()
    assert told[:3] == ["line,typed,what,why,asked", "2,맥북,merged,1,", "3,ＡＢＣ,changed,width,ABC"]
    NewState.outdate.fn(tab.new)
    assert (kept(house), tab.new.forecast.shown) == ([], False)
    assert asyncio.run(NewState.download.fn(tab.new)) is None


def test_a_report_is_bounded_and_goes_on_counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report, "MAX_TOLD", 5)
    kept = Report(uploads.fresh(tmp_path))
    for number in range(90):
        kept.tell(Told(number, "x", "merged", "1"))
    kept.flush()
    assert (len(kept.read().splitlines()), kept.heard.counts["merged"]) == (6, 90)
    assert len(kept.heard.first["merged"]) < 90


@for_all(
    cells=st.lists(st.lists(st.text(max_size=90), min_size=1, max_size=4), max_size=5),
    width=st.integers(1, 130),
    language=st.sampled_from(["ko", "en"]),
    data=st.data(),
)
def test_every_row_has_a_cell_for_every_column_and_one_column_is_picked(cells, width, language, data):
    picked = data.draw(st.integers(0, width - 1))
    names = tuple(str(n + 1) for n in range(width))
    layout = Layout("utf-8", ",", False, 1, names, picked, tuple(map(tuple, cells)))
    table = uploads.table(Kept(Path("x"), "x", 1), layout, language)
    assert {len(row.cells) for row in table.rows} <= {len(table.columns)}
    assert [column.number for column in table.columns if column.picked] == [picked]
    assert all(len(cell.text) <= 61 for row in table.rows for cell in row.cells)
    assert (table.more == "") == (len(table.columns) == width)
