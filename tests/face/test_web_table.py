"""The table of results: one column a source, its further columns, and those worked out; no two states look the same."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.services import bands, derived
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Cell, Counts, Row, SourceView
from app.sources import registry
from app.sources.base import Column
from app.web import columns, table
from app.web.table import RowShown
from tests.face.test_web_shown import batch, info

DOCUMENTS = "naver.blog"
VOLUME = "naver_searchad.volume"


def test_columns_of_the_same_title_are_told_apart():
    both = tuple(SourceView(name, "running", 1, Counts()) for name in ("naver.blog", "kakao.blog", "gone.one"))
    infos = {"naver.blog": info("naver.blog"), "kakao.blog": info("kakao.blog", upstream_en="Kakao")}
    titles = [column.title for column in columns.every(batch(sources=both), infos, "en")]
    assert titles == ["Naver · blog posts", "Kakao · blog posts", "gone.one"]


def read(seqs: list[int]) -> list[Row]:
    """Rows with a reading each, of these seqs."""
    return [Row(n, f"k{n}", f"k{n}", 0, (Cell("ok", value=seq, seq=seq),)) for n, seq in enumerate(seqs)]


def told(seqs: list[int]) -> list[RowShown]:
    return table.rows(read(seqs), batch(), {}, "ko")


def test_only_cells_read_after_the_page_was_opened_are_fresh_and_the_row_stays_the_same():
    found = [table.freshened(row, 70) for row in told([0, 70, 71])]
    assert [row.cells[0].fresh for row in found] == [False, False, True]
    assert [row.number for row in found] == ["1", "2", "3"]
    assert [row.key for row in found] == ["0", "1", "2"]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_a_page_and_the_news_of_it_make_the_new_page(seqs: list[tuple[int, int]]):
    before, after = [a for a, _ in seqs], [b for _, b in seqs]
    news = table.news(table.marks(read(before)), table.marks(read(after)), told(after), 2)
    if news is None:
        assert sum(a != b for a, b in seqs) > table.MAX_NEWS
        return
    whole = [news.get(row.key, row) for row in told(before)]
    assert [(row.key, row.cells[0].seq, row.cells[0].text) for row in whole] == [
        (row.key, row.cells[0].seq, row.cells[0].text) for row in told(after)
    ]
    assert len(news) == sum(a != b for a, b in seqs)
    assert all(row.cells[0].fresh == (row.cells[0].seq > 2) for row in news.values())


def test_another_page_is_sent_whole():
    assert table.news(table.marks(read([1, 2])), table.marks(read([1])), told([1]), 0) is None


def test_a_keyword_that_was_asked_otherwise_than_typed_says_so():
    [row] = table.rows([Row(0, " a  b ", "a b", 2, (Cell("pending"),))], batch(), {}, "ko")
    assert (row.keyword, row.title, row.merged) == (" a  b ", " a  b  → a b", "+2")


def both(**changes: object) -> BatchView:
    views = tuple(SourceView(name, "running", 3, Counts()) for name in (DOCUMENTS, VOLUME))
    made = derived.stored(derived.suggested([DOCUMENTS, VOLUME]), [DOCUMENTS, VOLUME])
    return batch(sources=views, derived=made, **changes)


def infos() -> dict[str, SourceInfo]:
    further = registry.get(VOLUME).about.columns
    volume = info(VOLUME, ko="월간 검색수", en="Monthly searches", columns=further)
    return {DOCUMENTS: info(DOCUMENTS), VOLUME: volume}


def texts(documents: Cell, volume: Cell) -> dict[str, tuple[str, str, str]]:
    """Column → (kind, text, note) of a row of these cells."""
    [row] = table.rows([Row(0, "맥북", "맥북", 0, (documents, volume))], both(), infos(), "ko")
    names = [column.name for column in columns.every(both(), infos(), "ko")]
    return {name: (cell.kind, cell.text, cell.note) for name, cell in zip(names, row.cells, strict=True)}


def test_a_source_is_followed_by_its_further_columns_and_the_ratio_names_its_channel():
    found = columns.every(both(), infos(), "ko")
    assert [column.kind for column in found] == ["source", "source", "part", "part", "part", "derived"]
    assert [column.title for column in found][2:] == [
        "PC 검색수", "모바일 검색수", "경쟁정도", "경쟁률 (블로그 문서수 ÷ 월간 검색수)"
    ]  # fmt: skip


def test_the_ratio_of_two_numbers_is_a_number_with_its_band():
    volume = Cell("ok", value=24_370.0, data={"pc": 4_370, "mobile": 20_000, "competition": "높음"})
    found = texts(Cell("ok", value=12_543.0), volume)
    assert found[VOLUME] == ("ok", "24,370", "")
    assert found[f"{VOLUME}.pc"] == ("ok", "4,370", "")
    assert found[f"{VOLUME}.competition"] == ("text", "높음", "")
    assert found[f"competition.{DOCUMENTS}"] == ("ok", "0.51", "보통")


def test_the_ratio_to_a_range_is_a_range():
    volume = Cell("below", upper=19.0, data={"pc": {"below": 10}, "mobile": {"below": 10}})
    found = texts(Cell("ok", value=12_543.0), volume)
    assert found[VOLUME] == ("below", "< 19", "")
    assert found[f"{VOLUME}.pc"] == ("below", "< 10", "")
    assert found[f"competition.{DOCUMENTS}"] == ("range", "> 660.15", "매우 높음")


def test_a_volume_that_is_known_but_for_a_few_is_told_from_to():
    volume = Cell("below", upper=20_010.0, data={"pc": {"below": 10}, "mobile": 20_000, "at_least": 20_000})
    assert texts(Cell("ok", value=1.0), volume)[VOLUME] == ("below", "20,000–20,009", "")


def test_where_a_part_is_not_there_the_ratio_is_empty_and_never_0():
    for missing in (Cell("missing"), Cell("failed", error="unreachable"), Cell("pending"), Cell("withheld")):
        found = texts(Cell("ok", value=12_543.0), missing)
        assert found[f"competition.{DOCUMENTS}"] == ("none", "", "")
        assert found[f"{VOLUME}.pc"][1] == ""


def test_a_flag_says_yes_or_no():
    one = batch(sources=(SourceView("naver.adult", "running", 2, Counts()),))
    flag = {"naver.adult": info("naver.adult", kind="flag")}
    rows = [Row(n, "k", "k", 0, (Cell("ok", value=value),)) for n, value in enumerate((0.0, 1.0))]
    assert [row.cells[0].text for row in table.rows(rows, one, flag, "ko")] == ["아니오", "예"]


def test_what_is_withheld_shows_nothing_of_itself():
    assert texts(Cell("withheld"), Cell("missing"))[DOCUMENTS] == ("withheld", "비공개", "")


def test_detail_is_left_to_exports():
    kept = (Column("a", "가", "A"), Column("b", "나", "B", detail=True))
    found = columns.every(both(), {**infos(), VOLUME: replace(infos()[VOLUME], columns=kept)}, "en")
    assert [column.title for column in found if column.kind == "part"] == ["A"]


def test_a_column_whose_source_is_gone_is_left_out():
    gone = batch(sources=(SourceView(DOCUMENTS, "running", 1, Counts()),), derived='[{"formula": "http.gone / 2"}]')
    assert [column.kind for column in columns.every(gone, infos(), "ko")] == ["source"]


def test_bands_can_be_moved():
    moved = derived.stored([derived.Spec(f"{DOCUMENTS} / {VOLUME}", bands="0.1,0.2")], [DOCUMENTS, VOLUME])
    [one] = derived.columns(moved, (DOCUMENTS, VOLUME))
    assert one.bands is not None
    assert str(one.bands) == "0.1,0.2"
    assert str(bands.COMPETITION) == "0.5,1,3"
