"""What an address asks of a table: every choice is one, and the same address always means the same."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.shapes import BatchView, Counts, SourceView
from app.web import columns, filters, paging, views
from app.web.columns import Column
from app.web.paging import Steps
from app.web.views import Place, View
from tests.face.test_web_shown import batch, info

WORDS = st.text(min_size=1, max_size=20).map(str.strip).filter(bool).filter(lambda text: text.isprintable())
NAMES = st.from_regex(r"[a-z_]{1,9}\.[a-z]{1,9}", fullmatch=True)
VIEWS = st.builds(
    View,
    sort=st.sampled_from(["position", "keyword", "naver.blog", "naver.blog.status", "competition.naver.blog"]),
    order=st.sampled_from(["asc", "desc"]),
    filters=st.lists(WORDS, max_size=4, unique=True).map(tuple),
    q=st.one_of(st.just(""), WORDS),
    columns=st.lists(NAMES, max_size=4, unique=True).map(tuple),
)


@given(VIEWS, st.integers(1, 10_000), st.one_of(st.none(), st.integers(0, 999_999)))
def test_an_address_says_what_it_was_made_of(view: View, start: int, row: int | None):
    place = Place(start, "" if view.is_plain else "abc-_", row)
    path, _, query = views.address(7, view, place).partition("?")
    assert path == "/batches/7"
    assert views.parse(query) == (view, place)


@given(VIEWS)
def test_a_view_is_kept_and_opened_the_same(view: View):
    assert views.opened(views.kept(view)) == view


def test_the_plain_table_has_the_plain_address():
    assert views.address(7, View()) == "/batches/7"
    assert views.row_address(7, View(), Place(row=3)) == "/batches/7?row="
    assert views.row_address(7, View(q="a"), Place()) == "/batches/7?q=a&row="


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", Place()),
        ("from=51", Place(50)),
        ("from=-3", Place()),
        ("from=0", Place()),
        ("from=" + "9" * 40, Place()),
        ("from=²", Place()),
        ("row=x", Place()),
        ("row=0", Place(row=0)),
        ("sort=keyword&from=51", Place()),
        ("sort=keyword&from=51&cursor=c", Place(50, "c")),
        ("sort=keyword&cursor=c", Place(-1, "c")),
        ("cursor=c", Place()),
    ],
)
def test_what_makes_no_sense_begins_at_the_first_row(query: str, place: Place):
    assert views.parse(query)[1] == place


def test_a_click_sorts_down_then_up_then_not_at_all():
    down = View().sorted_next("naver.blog")
    assert (down.sort, down.order) == ("naver.blog", "desc")
    up = down.sorted_next("naver.blog")
    assert (up.sort, up.order) == ("naver.blog", "asc")
    assert up.sorted_next("naver.blog") == View()
    assert View().sorted_next("position").order == "desc"
    assert View().sorted_next("position").sorted_next("position") == View()


def test_only_orders_that_readings_cannot_change_are_filled_in_place():
    assert View().is_steady
    assert View(sort="keyword", q="맛집").is_steady
    assert not View(sort="naver.blog").is_steady
    assert not View(filters=("naver.blog:failed",)).is_steady


def two() -> BatchView:
    return batch(sources=tuple(SourceView(name, "running", 1, Counts()) for name in ("naver.blog", "naver.cafe")))


def infos() -> dict[str, object]:
    return {"naver.blog": info("naver.blog", en="Blog"), "naver.cafe": info("naver.cafe", en="Cafe")}


def test_columns_stand_as_the_address_says_and_unknown_ones_are_passed_over():
    _, heads = columns.heads(two(), infos(), View(columns=("naver.cafe", "no.such")), "en")
    assert [(one.name, one.index) for one in heads] == [("naver.cafe", 1)]
    assert len(columns.heads(two(), infos(), View(columns=("no.such",)), "en")[1]) == 2


def test_a_head_leads_to_the_next_order_and_says_the_present_one():
    items, heads = columns.heads(two(), infos(), View(sort="naver.blog", order="desc"), "en")
    assert [one.direction for one in (*items, *heads)] == ["none", "none", "descending", "none"]
    assert heads[0].href == "/batches/7?sort=naver.blog&order=asc"
    assert items[1].href == "/batches/7?sort=keyword&order=desc"


def test_columns_are_moved_hidden_and_shown_but_never_all_hidden():
    found = columns.choices(two(), infos(), View(), "en")
    assert [(one.name, one.shown, one.first, one.last) for one in found] == [
        ("naver.blog", True, True, False),
        ("naver.cafe", True, False, True),
    ]
    assert columns.moved(found, "naver.blog", 1) == ("naver.cafe", "naver.blog")
    assert columns.moved(found, "naver.blog", -1) == ("naver.blog", "naver.cafe")
    only = columns.toggled(found, "naver.blog")
    assert only == ("naver.cafe",)
    left = columns.choices(two(), infos(), View(columns=only), "en")
    assert [one.fixed for one in left] == [True, False]
    assert columns.toggled(left, "naver.cafe") == ("naver.cafe",)
    assert columns.toggled(left, "naver.blog") == ("naver.cafe", "naver.blog")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"column": "naver.blog", "is": ":", "state:failed": "on", "state:pending": "on"}, "naver.blog:failed,pending"),
        ({"column": "naver.blog", "is": "<=", "number": " 12,500 "}, "naver.blog<=12500"),
        ({"column": "ratio", "is": ">", "number": "0.50"}, "ratio>0.5"),
        ({"column": "ratio", "is": ":", "part:range,none": "on", "state:failed": "on"}, "ratio:range,none"),
        ({"column": "ratio", "is": "=", "number": "-1"}, "ratio=-1"),
    ],
)
def test_a_filter_is_written_as_the_services_read_it(form: dict[str, str], text: str):
    assert filters.written(form, "source" if "naver" in text else "derived") == text


@pytest.mark.parametrize(
    ("form", "key"),
    [
        ({}, "filter_no_column"),
        ({"column": "a.b", "is": ":"}, "filter_no_state"),
        ({"column": "a.b", "is": "<", "number": ""}, "filter_no_number"),
        ({"column": "a.b", "is": "<", "number": "ten"}, "filter_no_number"),
        ({"column": "a.b", "is": "<", "number": "1e9999"}, "filter_no_number"),
    ],
)
def test_a_filter_that_says_nothing_is_no_filter(form: dict[str, str], key: str):
    with pytest.raises(ValueError, match=key):
        filters.written(form, "source")


def test_filters_are_told_in_words_and_each_can_be_taken_away():
    view = View(filters=("naver.blog<=12500.5", "naver.blog:failed,pending", "nonsense"), q="a")
    found = filters.chips(7, view, [Column("naver.blog", "블로그")], "ko")
    assert [one.text for one in found] == ["블로그 ≤ 12,500.5", "블로그: 실패, 아직 묻지 않음", "nonsense"]
    left = replace(view, filters=view.filters[1:])
    assert found[0].href == views.address(7, left)


def test_numbered_pages_lead_to_their_neighbours():
    assert paging.numbered(7, View(), 100, 250) == Steps(
        first="/batches/7", previous="/batches/7", next="/batches/7?from=201", last="/batches/7?from=201"
    )
    assert paging.numbered(7, View(), 0, 100) == Steps()
    assert paging.numbered(7, View(), 0, 101).last == "/batches/7?from=101"


def test_sorted_pages_lead_on_and_back_to_where_one_came_from():
    view = View(sort="keyword", order="desc")
    at = views.address(7, view)
    first = paging.chained(7, view, Place(), "c1", {})
    assert first == Steps(next=f"{at}&cursor=c1&from=101")
    second = paging.chained(7, view, Place(100, "c1"), "c2", {"c1": Place(), "c2": Place(100, "c1")})
    assert second == Steps(first=at, previous=at, next=f"{at}&cursor=c2&from=201")
    shared = paging.chained(7, view, Place(-1, "c1"), "c2", {})
    assert shared == Steps(first=at, next=f"{at}&cursor=c2")


def test_which_rows_are_here_is_said_only_where_it_is_known():
    assert paging.span(100, 50, 150, "en") == "101–150 of 150 rows"
    assert paging.span(100, 50, None, "en") == "101–150 rows"
    assert paging.span(-1, 50, 12_345, "ko") == "50행 / 모두 12,345행"
    assert paging.span(0, 0, 0, "en") == ""
