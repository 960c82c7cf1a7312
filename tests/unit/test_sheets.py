"""Sheets: whatever a list was saved as, the same keywords come out, and a bad line costs no other."""

import base64
import csv
import io
import tracemalloc
import unicodedata
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadValue, BrokenSheet, NotText, ProtectedSheet, TooLarge
from app.services import workbooks
from app.services.sheets import Layout, Line, detect, read
from app.services.texts import HEAD, MAX_LINE

KEYWORDS = [
    "맥북 에어",
    "동성로 치과",
    "SSD 2TB 후기",
    "아이폰, 15 케이스",
    '27" 모니터',
    "애월 산부인과",
    "=1+1",
    "@home",
    "맥북",
] * 40
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), max_size=12)
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
#: A workbook of Excel 97 with the rows 키워드 수 / 맥북 12 / "에어, 팟" 3.
XLS = zlib.decompress(
    base64.b85decode(
        b"c-rk(U2GIp6h3$Mr?YM8PD`r@TE+@Xp<7en!5YOD3L+}BsWlQqqT4d9m2DT>5;gH>TOh_n5)BW&kQkD_7!CdrjZtH3g7E=kqai`#"
        b"Lm}~j=)+<(hJ<$g&Y3%OUAJ*}CB&aSlQZ|;bLZZ3?mfRV^Hufi@pqP=qb#_Cd^Dd9Q80t1fTlOFhzw1ePp8u!IbDK(70l_Db?Arw"
        b"0zlSznbvDaw<Y**LN_JwjFC;-Xc+AXJxztcb+DMs{qk8epXYb^LWzIz{5gJe9QOgU{hwn!`+qsG0$2%L0;~dt-4sC8z#8CEU@fpt"
        b"Y=Y=|;4<J1z~#Udz#D-#Y5ps9%h-VaEqc7V6mPC6giL5L7@&`qoMx4a?$5y@-u6$6U7QE*q5W(d9kF<yeXU@N$PiO3!xW5k6MBk{"
        b"fm%gx3H4)nZxZVRw3FScEqb@nF0vnycZ0mEh}VB0YrYf8df4R`>^;xFteqgBHY5HGQjFr+vvf6QTeA3CYL~>|1fuW*_-2?!(d(dl"
        b"={})!P`$sBCfO&qJHyUMEIuo~Hc7vx?F_%3vYF1C3jLS-=thBb`rpwfad)}yxyk)Ll}%r}2tB$8ecdATP)>TllgC`3A2r~gNlJ5T"
        b"C4JIXCxg<~B>mDZO_oVpn+&8M6+bu(4(I)@&y2kU7gu<ul?f#3Iil!CdYA)!s$19uQykDa5_pAwCT^sP6uaW5kjtcTg~VY_sdl{E"
        b"ss5tnrVbM+#6)T^e}mOurdCNgen~%Sa_02s-=BmC%RYmv{_x@WCjkoiXy(+(Q&Aju<u{z14EY`<2a=LWFZkW0)MwTK7Zg;dTZ1!~"
        b"8{w=!M7T<9v=>L?m{2X7TG;OL>leS?+1u6jh|rS@7fh=S_nO8rGwoj|E1KjzA>Y>0D!Q2{(h+Is860v(?Oo23c6VYZHXQAC1`fny"
        b"BMp)D8zP(QU>lLY{H`lD;MkF_gTmmDydw~1qrio>H5vUz^ba<looGIrYFnGpKaQ{$!V#4`6BJcZ<*o5rMGs<clb)43Bzm_jEG>_D"
        b")gj-)7&53AE5iC(tEBO{11=N{%j>%VPlbi1a?p${+MJXZp3dBn!bs_nk~v=WoKY@vg=vGHGi1)E=M0%+*?yufR&MGZSFtHm+bEk_"
        b"n0%=gDPa7mMxlpNR*oXcpmJHqYq%)7%c!CEgKnlFx)XOxQqF|+J?Ik=4Zy$$%*>6HSD2OmnT<lV<12S-ILkC#e|D$t=9+2eVBbh$"
        b"G|@k1Z+oiGiQBi|*4z{8b>eYH40+37e}C)WsU4N8!J=V4&3hQR_NCdwul;<f^D*m<S4?VJ^WL|7?aycr<oQ-zU$*P3xnI|ryLGL("
        b"SJ#{SwV7R*BdXW^7QN1ceENmRFJ^k?%QMGrU11%474k<fo!H8mJd3tR*STI8v@&E}jQ&r8tNH&Y=ghL<Tx-~2k|DSM5V()fKI#=Y"
        b"_7yCD4Q|!YNhDpsf7KIZo}G4p?+|RP6EZwr6n|gFKUh9%*oJpp@sm!}gig`=<FHrg|DUb@)ub{-eR%-qA41*9y59jS=og(ZWehcI"
        b"0+hv}QS%QJaR11Z^yU@*Tfw1EWN^d+3zMg{i1V)kj+OrZ1%3yIoH4`"
    )
)


def taken(data: bytes, size: int = 65_536, **given) -> tuple[Layout, list[Line]]:
    layout = detect(data[:HEAD], [data[HEAD:]], **given)
    return layout, list(read([data[n : n + size] for n in range(0, len(data), size)], layout))


def texts(data: bytes, **given) -> list[str]:
    return [line.text for line in taken(data, **given)[1] if not line.trouble]


def table(rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def workbook(*tables, names=()) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        for n, rows in enumerate(tables):
            sheet = book.add_worksheet(names[n] if names else None)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_the_same_in_every_encoding(encoding, end):
    assert texts(end.join(KEYWORDS).encode(encoding)) == KEYWORDS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_the_same_with_every_delimiter(encoding, delimiter):
    rows = [["번호", "키워드", "메모"], *([n, one, "가, 나;\n다" if n % 7 else ""] for n, one in enumerate(KEYWORDS))]

    layout, lines = taken(table(rows, delimiter).encode(encoding))

    assert (layout.delimiter, layout.header, layout.columns) == (delimiter, True, ("번호", "키워드", "메모"))
    assert [line.text for line in lines] == KEYWORDS
    assert lines[1].others == {"번호": "1", "메모": "가, 나;\n다"}


def test_a_workbook_is_the_same_as_its_table():
    layout, lines = taken(workbook([], [["번호", "키워드"], *enumerate(KEYWORDS)], names=["빈", "목록"]))

    assert (layout.encoding, layout.sheets, layout.sheet, layout.header) == ("xlsx", ("빈", "목록"), "목록", True)
    assert [line.text for line in lines] == KEYWORDS
    assert lines[0] == Line(2, KEYWORDS[0], {"번호": "0"})


def test_what_was_decomposed_comes_decomposed_for_the_normal_form_to_mend():
    decomposed = [unicodedata.normalize("NFD", one) for one in KEYWORDS]

    assert texts("\n".join(decomposed).encode("utf-8-sig")) == decomposed


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=20),
    st.integers(1, 40),
    st.sampled_from(",;|\t"),
)
def test_what_a_writer_of_csv_wrote_comes_back_whatever_the_chunks(rows, size, delimiter):
    data = table(rows, delimiter).encode("utf-16-le")

    _, lines = taken(data, size, encoding="utf-16-le", delimiter=delimiter, header=False, keyword_column=0)

    filled = [row for row in rows if any(map(str.strip, row))]
    assert [(line.text, line.others.get("2", "")) for line in lines] == [tuple(row) for row in filled]


@given(st.lists(CELLS.map(lambda cell: cell.replace("\n", "")), max_size=30), st.integers(1, 40))
def test_a_plain_list_comes_back_with_its_line_numbers(lines, size):
    _, found = taken("\n".join(lines).encode(), size, encoding="utf-8", delimiter="", header=False)

    want = [(n, one) for n, one in enumerate(lines, start=1) if one.strip()]
    assert [(line.number, line.text) for line in found] == want


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        layout, lines = taken(data)
    except NotText:
        return
    assert layout.keyword_column < len(layout.columns)
    assert all(line.trouble in {"", "not_text", "nul", "extra_cells"} for line in lines)


def test_commas_in_a_few_keywords_are_no_delimiter():
    layout, lines = taken("맥북, 에어\n아이폰\n갤럭시, 15\n아이패드\n".encode())

    assert layout.delimiter == ""
    assert [line.text for line in lines] == ["맥북, 에어", "아이폰", "갤럭시, 15", "아이패드"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ('"맥북, 에어"\n아이폰\n갤럭시\n', ["맥북, 에어", "아이폰", "갤럭시"]),
        ('"맥북"\n"아이폰"\n', ["맥북", "아이폰"]),
        ('맥북\n"정확히 이것"\n아이폰\n', ["맥북", '"정확히 이것"', "아이폰"]),
        ('맥북\n"닫히지 않음\n아이폰\n', ["맥북", '"닫히지 않음', "아이폰"]),
    ],
)
def test_a_list_may_be_quoted(text, want):
    assert texts(text.encode()) == want


def test_a_quote_that_nothing_closes_costs_no_other_row():
    rows = "".join(f"키워드{n},{n}\n" for n in range(500))

    assert texts(f'{rows}"맥북,1\n15" 모니터,2\n{rows}'.encode())[498:503] == [
        "키워드498",
        "키워드499",
        '"맥북',
        '15" 모니터',
        "키워드0",
    ]


@pytest.mark.parametrize(
    ("text", "header", "column", "starts"),
    [
        ("키워드\n맥북\n", True, 0, 2),
        ("맥북\n키워드\n", False, 0, 1),
        ("순위,검색어\n1,맥북\n2,아이폰\n", True, 1, 2),
        ("Rank,Search term,Volume\n1,mac,3\n2,pc,4\n", True, 1, 2),
        ("이름,수량\n맥북,3\n아이폰,4\n", True, 0, 2),
        ("맥북,3\n아이폰,4\n", False, 0, 1),
        ("3,맥북\n4,아이폰\n", False, 1, 1),
        ("보고서,\n기간,2026\n\n번호,키워드\n1,맥북\n2,아이폰\n", True, 1, 5),
    ],
)
def test_the_header_and_the_keywords_column_are_found(text, header, column, starts):
    layout = detect(text.encode())

    assert (layout.header, layout.keyword_column, layout.starts) == (header, column, starts)


def test_what_a_person_corrects_goes_before_what_is_guessed():
    data = "이름,키워드\n맥북,가\n아이폰,나\n".encode()

    assert texts(data, keyword_column=0) == ["맥북", "아이폰"]
    assert texts(data, header=False) == ["이름", "맥북", "아이폰"]
    assert texts(data, delimiter="") == ["이름,키워드", "맥북,가", "아이폰,나"]
    assert texts(workbook([["맥북"]], [["아이폰"]], names=["하나", "둘"]), sheet="둘") == ["아이폰"]


@pytest.mark.parametrize(
    "given", [{"encoding": "ebcdic"}, {"delimiter": "x"}, {"keyword_column": 9}, {"keyword_column": -1}]
)
def test_a_correction_that_cannot_be_is_refused(given):
    with pytest.raises(BadValue):
        detect("맥북,1\n아이폰,2\n".encode(), **given)


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(BadValue, match="하나"):
        detect(workbook([["맥북"]], names=["하나"]), sheet="둘")


def test_bad_lines_are_told_and_good_ones_taken():
    lines = [
        b"ok",
        b"\xff\xfe\xfa",
        "맥\0북".encode(),
        b"x" * (MAX_LINE + 1),
        "맥북".encode(),
        "아이폰".encode("cp949"),
        b"end",
    ]

    _, found = taken(b"\n".join([*[b"more"] * 5, *lines]))

    assert [(line.number, line.trouble) for line in found[5:]] == [
        (6, ""), (7, "not_text"), (8, "nul"), (9, "too_long"), (10, ""), (11, "not_text"), (12, ""),
    ]  # fmt: skip
    assert max(len(line.text) for line in found) < 100


def test_an_encoding_that_changes_on_the_way_is_told_line_by_line():
    korean = "\n".join(KEYWORDS)
    plain = sum(one.isascii() for one in KEYWORDS)

    for first, second in (("utf-8", "cp949"), ("cp949", "utf-8")):
        data = korean.encode(first) * (HEAD // len(korean) + 1) + b"\n" + korean.encode(second)
        _, lines = taken(data)
        last = lines[-len(KEYWORDS) :]
        assert sum(not line.trouble for line in last) == plain
        assert not any(line.trouble for line in lines[: -len(KEYWORDS)])


def test_a_row_with_more_cells_than_columns_is_in_doubt_and_told():
    _, lines = taken("키워드,수\n맥북,1\n아이폰,2\n".encode() * 1 + "가,1\n".encode() * 20 + "맥북, 에어,3\n".encode())

    assert [line.trouble for line in lines[-2:]] == ["", "extra_cells"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0",
        b"\x7fELF" + bytes(3000),
        bytes(range(256)) * 40,
        "東京タワー\n日本語\n".encode("euc_jp"),
        "上海大众\n北京饭店\n中华人民\n".encode("gbk"),
        "café\nnaïve\n".encode("latin-1"),
        "맥북".encode("utf-32"),
        b"PK\3\4" + b"x" * 500,
        OLE + bytes(5000),
    ],
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(NotText):
        detect(data)


def test_an_archive_of_something_else_is_no_text():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "맥북")

    with pytest.raises(NotText):
        detect(out.getvalue())


def test_text_that_is_in_another_encoding_throughout_is_refused_when_read():
    with pytest.raises(NotText):
        texts("맥북\n아이폰\n".encode("cp949"), encoding="utf-8")


def test_nothing_is_nothing():
    assert texts(b"") == []
    assert texts(b"\n\r\n \n") == []
    assert texts(workbook([])) == []


def test_a_workbook_shows_cells_as_a_spreadsheet_does():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, cell in enumerate([2024, 0.5, 0.1 + 0.2, True, "2024", 1e20], start=2):
            sheet.write(number, 1, cell)
        sheet.write_number(8, 1, 46347, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_formula(9, 1, "=1+1", None, "계산한 값")
    _, lines = taken(out.getvalue(), header=False)

    assert [line.text for line in lines] == ["2024", "0.5", "0.3", "TRUE", "2024", "1e+20", "2026-11-21", "계산한 값"]
    assert lines[0].number == 3


def test_an_old_workbook_is_read():
    layout, lines = taken(XLS)

    assert (layout.encoding, layout.columns) == ("xls", ("키워드", "수"))
    assert [line.text for line in lines] == ["맥북", "에어, 팟"]


def test_a_protected_workbook_is_said_to_be_one():
    begun = XLS.index(bytes.fromhex("09081000")) + 20
    for data in (XLS[:begun] + b"\x2f\0" + XLS[begun + 2 :], OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600)):
        with pytest.raises(ProtectedSheet):
            detect(data)


def test_a_broken_workbook_is_said_to_be_one():
    whole = workbook([[one] for one in KEYWORDS])
    torn = XLS[:1500] + bytes(byte ^ 0x5A for byte in XLS[1500:4500]) + XLS[4500:]

    for data in (whole[:-100], whole[: len(whole) // 2], torn):
        with pytest.raises(BrokenSheet):
            detect(data)


def test_a_workbook_that_would_fill_the_memory_ends_its_reader_only():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "맥북")
        sheet.write(1_048_575, 16_383, "끝")

    with pytest.raises(TooLarge):
        detect(out.getvalue())


def test_a_workbook_that_unpacks_to_more_than_is_read_is_refused(monkeypatch):
    data = workbook([[one] for one in KEYWORDS])
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1_000)
    with pytest.raises(TooLarge):
        detect(data)

    monkeypatch.setattr(workbooks, "MAX_BYTES", 1_000)
    with pytest.raises(TooLarge):
        detect(data[:900], [data[900:]])


def test_no_temporary_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks.tempfile, "tempdir", str(tmp_path))
    data = workbook([[one] for one in KEYWORDS])

    assert next(read([data], detect(data))).text == KEYWORDS[0]
    assert not any(tmp_path.iterdir())


def test_memory_stays_flat_however_long_the_text_or_a_line_of_it_is():
    row = "맥북 에어,12\n".encode() * 10_000
    layout = detect(row[:HEAD])
    tracemalloc.start()
    try:
        count = sum(1 for _ in read((part for part in [row] * 30 + [b"x" * HEAD] * 60), layout))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 300_001
    assert peak < 20_000_000
