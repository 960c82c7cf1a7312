"""Keywords that come in a table: the same list however it was saved, and the other columns given back."""

import csv
import io
import unicodedata
from pathlib import Path

import pytest
import xlsxwriter

from app.errors import BrokenSheet, NotText, ProtectedSheet, Refused
from app.services import batches, preview, results, sheets, texts
from app.services.house import House
from app.services.intake import Told
from tests.store.working import csv_of

ROWS = [
    ("번호", "키워드", "분류", "메모"),
    ("1", "맥북 에어, 13인치", "노트북", '그는 "싸다"고'),
    ("2", "", "", ""),
    ("3", "갤럭시 탭", "태블릿", ""),
    ("4", "=1+1", "수식", "=cmd|' /C calc'!A0"),
    ("5", "맥북 에어, 13인치", "중복", ""),
    ("6", "캠핑의자", "캠핑", "줄\n바꿈"),
]


def as_csv(encoding: str, *, bom: bytes = b"", form: str = "NFC", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in ROWS:
        writer.writerow(row if any(row[1:]) else ["", "", "", ""])
    return bom + unicodedata.normalize(form, text.getvalue()).encode(encoding)


def as_xlsx(folder: Path) -> bytes:
    path = folder / "keywords.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("키워드")
        for y, row in enumerate(ROWS):
            for x, cell in enumerate(row if any(row[1:]) else ("",) * 4):
                sheet.write_string(y, x, cell)
    return path.read_bytes()


def saved(how: str, folder: Path) -> bytes:
    ways = {
        "cp949": lambda: as_csv("cp949"),
        "utf-8 with a mark": lambda: as_csv("utf-8", bom=b"\xef\xbb\xbf"),
        "tabs": lambda: as_csv("utf-8", delimiter="\t"),
        "utf-16": lambda: as_csv("utf-16-le", bom=b"\xff\xfe", delimiter="\t"),
        "a Mac's": lambda: as_csv("utf-8", form="NFD"),
        "xlsx": lambda: as_xlsx(folder),
    }
    return ways[how]()


def submitted(house: House, data: bytes) -> int:
    layout = sheets.detect(data[: texts.HEAD], [data[texts.HEAD :]])
    others = [name for n, name in enumerate(layout.columns) if n != layout.keyword_column]
    return batches.submit(house, sheets.read([data], layout), ["wordfreq.ko"], columns=others).batch


@pytest.mark.parametrize("how", ["cp949", "utf-8 with a mark", "tabs", "utf-16", "a Mac's", "xlsx"])
def test_the_same_list_however_it_was_saved(house: House, how: str, tmp_path: Path) -> None:
    batch = submitted(house, saved(how, tmp_path))

    view = batches.get(house, batch)
    rows = results.rows(house, view)
    assert [row.asked for row in rows] == ["맥북 에어, 13인치", "갤럭시 탭", "=1+1", "캠핑의자"]
    assert [row.merged for row in rows] == [1, 0, 0, 0]
    assert [unicodedata.normalize("NFC", name) for name in view.columns] == ["번호", "분류", "메모"]
    beside = [tuple(unicodedata.normalize("NFC", cell).replace("\r", "") for cell in row.others) for row in rows]
    assert beside == [
        ("1", "노트북", '그는 "싸다"고'),
        ("3", "태블릿", ""),
        ("4", "수식", ROWS[4][3]),
        ("6", "캠핑", "줄\n바꿈"),
    ]


def test_what_stood_beside_is_given_back_and_made_safe(house: House) -> None:
    batch = submitted(house, as_csv("cp949"))

    text = csv_of(house, batch)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert list(rows[0])[-3:] == ["번호", "분류", "메모"]
    assert rows[0]["메모"] == '그는 "싸다"고'
    assert rows[2]["keyword"] == "'=1+1"
    assert rows[2]["메모"].startswith("'=cmd")


def test_bad_lines_are_told_with_their_numbers_and_good_ones_go_on(house: House) -> None:
    data = (
        "맥북\n".encode() * 20
        + b"\xb8\xc6\xba\xcf\n"
        + "그램\0\n".encode()
        + b"x" * 2_000_000
        + b"\n"
        + "에어팟\n".encode()
    )
    told: list[Told] = []
    layout = sheets.detect(data[: texts.HEAD])

    found = preview.preview(house, sheets.read([data], layout), ["wordfreq.ko"], tell=told.append)

    assert (found.items, found.merged, found.rejected) == (2, 19, 3)
    assert [(one.line, one.reason) for one in found.rejections] == [(21, "not_text"), (22, "nul"), (23, "too_long")]
    assert [one.line for one in told if one.what == "rejected"] == [21, 22, 23]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PK\x03\x04" + b"xl/workbook.xml broken" * 50, BrokenSheet),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le") * 3, ProtectedSheet),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, NotText),
    ],
)
def test_what_is_no_list_is_told_apart(house: House, data: bytes, error: type[Refused]) -> None:
    with pytest.raises(error):
        submitted(house, data)

    assert batches.listing(house) == []


def test_a_preview_tells_of_changes_doubts_and_spacing(house: House) -> None:
    lines = ["맥북 에어", "맥북에어", "ｉＰａｄ", "dkssud", "ㄱㅏ방", "그램  프로"]

    found = preview.preview(house, lines, ["wordfreq.ko"])

    assert found.changed == {"width": 1, "spaces": 1}
    assert found.doubted == {"latin_typed": 1, "lone_jamo": 1}
    assert [(one.position, one.typed, one.offered) for one in found.doubtful] == [
        (4, "dkssud", "안녕"),
        (5, "ㄱㅏ방", "가방"),
    ]
    assert found.spacings == (("맥북 에어", "맥북에어"),)
    assert found.spaced == 1
