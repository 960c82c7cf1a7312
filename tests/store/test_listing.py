"""The list of batches: every filter, and pages by id."""

from typing import Any

import pytest
from sqlalchemy import insert, update

from app import clock
from app.models.people import MAIN
from app.models.tables import batch as table
from app.models.tables import batch_tag
from app.services import batches, control, listing
from app.services.house import House

OTHER = MAIN + 1


def made(house: House, name: str, *, sources: list[str] | None = None, owner: str = "", **columns: Any) -> int:
    batch = batches.submit(house, ["맥북"], sources or ["wordfreq.ko"], name=name, owner=owner).batch
    tags = columns.pop("tags", ())
    with house.db.work() as work:
        if columns:
            work.connection.execute(update(table).where(table.c.id == batch).values(**columns))
        for tag in tags:
            work.connection.execute(insert(batch_tag).values(batch_id=batch, tag=tag))
    return batch


def ids(house: House, **words: Any) -> list[int]:
    return [view.id for view in listing.page(house, MAIN, **words).batches]


def test_each_filter_finds_what_fits_and_nothing_else(house: House) -> None:
    autumn = made(
        house, "가을 시즌 Sale_1", sources=["wordfreq.en", "wordfreq.ko"], owner="mina", tags=("가을", "세일")
    )
    winter = made(house, "겨울 100%", owner="jun", tags=("겨울",), created_at=5_000)
    control.cancel(house, winter)
    made(house, "다른 집", workspace_id=OTHER, tags=("가을",))

    assert ids(house) == [winter, autumn]
    assert ids(house, states=["cancelled", "completed"]) == [winter]
    assert ids(house, source="wordfreq.en") == [autumn]
    assert ids(house, owner="jun") == [winter]
    assert ids(house, tag="가을") == [autumn]
    assert ids(house, tag="세") == [], "a tag is a whole word"
    assert ids(house, q="SALE") == ids(house, q="e_1") == [autumn]
    assert ids(house, q="0%") == [winter]
    assert ids(house, q="_%") == [], "what is a pattern elsewhere is a letter here"
    assert ids(house, since=5_000, until=5_001) == [winter]
    assert ids(house, until=5_000) == []
    assert ids(house, since=5_001) == [autumn]
    assert ids(house, owner="jun", tag="가을") == []


def test_pages_joined_are_the_whole_list(house: House) -> None:
    all_of_them = [made(house, f"{n}", owner="a" if n % 2 else "b") for n in range(9)]
    odd = all_of_them[1::2]
    found: list[int] = []
    before = None
    while True:
        page = listing.page(house, MAIN, owner="a", before=before, limit=2)
        found += [view.id for view in page.batches]
        made(house, "later", owner="a")
        if page.next is None:
            break
        before = page.next

    assert found == odd[::-1]


def test_a_page_that_ends_with_the_last_batch_says_so(house: House) -> None:
    made(house, "1")
    made(house, "2")

    assert listing.page(house, MAIN, limit=2).next is None
    assert listing.page(house, MAIN, limit=1).next is not None
    assert listing.page(house, OTHER).batches == []


def test_views_come_whole(house: House) -> None:
    batch = made(house, "가을", sources=["wordfreq.en", "wordfreq.ko"], tags=("b", "a"))

    [view] = listing.page(house, MAIN).batches

    assert view == batches.get(house, batch)
    assert view.tags == ("a", "b")
    assert [source.name for source in view.sources] == ["wordfreq.en", "wordfreq.ko"]
    assert view.created_at <= clock.now_ms()


@pytest.mark.parametrize("q", ["\u1100\u1161\u110b\u1173\u11af", "가을"])
def test_a_name_is_found_in_any_form_of_its_letters(house: House, q: str) -> None:
    batch = made(house, "가을")

    assert ids(house, q=q) == [batch]


def test_the_way_back_leads_over_the_same_pages(house: House) -> None:
    for n in range(7):
        made(house, f"{n}", owner="a" if n != 3 else "b")

    def page(**words: Any) -> listing.ListPage:
        return listing.page(house, MAIN, owner="a", limit=2, **words)

    first = page()
    second = page(before=first.next)
    third = page(before=second.next)
    assert [len(one.batches) for one in (first, second, third)] == [2, 2, 2]
    assert [one.newer for one in (first, second, third)] == [False, True, True]
    assert page(after=third.batches[0].id) == second
    assert page(after=second.batches[0].id) == first


def test_the_way_back_never_ends_on_half_a_page(house: House) -> None:
    all_of_them = [made(house, f"{n}") for n in range(5)]
    back = listing.page(house, MAIN, after=all_of_them[3], limit=2)
    assert [one.id for one in back.batches] == all_of_them[:2:-1]
    assert (back.newer, back.next) == (False, all_of_them[3])
    assert listing.page(house, MAIN, after=all_of_them[-1], limit=2).newer is False


def test_what_there_is_to_filter_by_is_the_workspace_s_own(house: House) -> None:
    made(house, "a", sources=["wordfreq.ko", "wordfreq.en"], owner="mina", tags=("가을", "세일"))
    made(house, "b", owner="mina", tags=("가을",))
    made(house, "c", owner="else", tags=("남",), workspace_id=OTHER)
    assert listing.known(house, MAIN) == listing.Known(("wordfreq.en", "wordfreq.ko"), ("mina",), ("가을", "세일"))


def test_some_batches_and_all_that_match_are_the_workspace_s_own(house: House) -> None:
    one, two = made(house, "Sale 1"), made(house, "Sale 2", state="paused")
    theirs = made(house, "Sale 3", workspace_id=OTHER)
    assert [view.id for view in listing.some(house, MAIN, [one, two, theirs, 9_999])] == [two, one]
    assert listing.matching(house, MAIN, listing.fitting(q="sale"), 10) == [two, one]
    assert listing.matching(house, MAIN, listing.fitting(q="sale"), 1) == [two]
    assert listing.matching(house, MAIN, listing.fitting(states=["queued"]), 10) == [one]
