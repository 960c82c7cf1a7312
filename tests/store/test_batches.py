"""Submit, look, list, cancel."""

import sqlite3

import psycopg
import pytest
from rq import Queue

from app.errors import BadValue, EmptyInput, MissingCredentials, NoSources, NoSuchBatch, UnknownSource, WrongState
from app.repositories import items
from app.services import batches, control, healing, results
from app.services.house import House
from tests.store.working import read_everything

SOURCES = ["wordfreq.ko", "wordfreq.en"]


def test_a_submit_counts_what_it_took_merged_and_refused(house: House) -> None:
    lines = ["맥북", "  맥북 ", "", "ㅁ" * 5000, "에어팟\u200b 프로", "\u200b\u200b", "에어팟 프로"]

    done = batches.submit(house, lines, SOURCES, name="가을")

    assert (done.items, done.merged, done.rejected, done.repaired) == (2, 2, 2, 1)
    assert [(r.line, r.reason) for r in done.rejections] == [(4, "too_long"), (6, "empty_after_cleaning")]
    view = batches.get(house, done.batch)
    assert (view.name, view.state, view.items, view.lookups) == ("가을", "queued", 2, 4)
    rows = results.rows(house, view)
    assert [(row.keyword, row.asked, row.merged) for row in rows] == [
        ("맥북", "맥북", 1),
        ("에어팟\u200b 프로", "에어팟 프로", 1),
    ]
    assert {cell.state for row in rows for cell in row.cells} == {"pending"}


def test_slices_are_queued_after_the_commit_with_a_description_for_people(house: House) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"], name="가을").batch

    [job] = Queue("default-wordfreq", connection=house.redis).jobs
    assert job.description == f"Batch {batch} “가을”: wordfreq.ko, lane 0"
    assert healing.heal(house) == 0, "what is queued is not queued twice"


@pytest.mark.parametrize(
    ("lines", "sources", "options", "error"),
    [
        ([], SOURCES, {}, EmptyInput),
        (["", "  "], SOURCES, {}, EmptyInput),
        (["x"], [], {}, NoSources),
        (["x"], ["naver.bolg"], {}, UnknownSource),
        (["x"], ["naver.blog"], {}, MissingCredentials),
        (["x"], SOURCES, {"priority": "urgent"}, BadValue),
        (["x"], SOURCES, {"max_age_s": -1}, BadValue),
    ],
)
def test_what_cannot_be_done_is_refused_and_stores_nothing(
    house: House, lines: list[str], sources: list[str], options: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        batches.submit(house, lines, sources, **options)  # type: ignore[arg-type] -- wrong on purpose

    assert batches.listing(house) == []
    assert Queue.all(connection=house.redis) == []


def test_input_that_breaks_off_in_the_middle_stores_nothing(house: House) -> None:
    def lines() -> object:
        yield from (f"keyword {n}" for n in range(20_000))
        raise UnicodeError

    with pytest.raises(UnicodeError):
        batches.submit(house, lines(), SOURCES)  # type: ignore[arg-type] -- a generator that fails

    assert batches.listing(house) == []


def test_listing_pages_from_the_newest(house: House) -> None:
    made = [batches.submit(house, [f"keyword {n}"], SOURCES).batch for n in range(5)]

    first = [view.id for view in batches.listing(house, limit=2)]
    second = [view.id for view in batches.listing(house, limit=2, before=first[-1])]

    assert first + second == made[:0:-1]


def test_cancel_of_a_batch_nobody_works_on_ends_it_at_once(house: House) -> None:
    batch = batches.submit(house, ["맥북", "에어팟"], SOURCES).batch

    view = control.cancel(house, batch)

    assert view.state == "cancelled"
    assert view.counts.cancelled == 4
    assert control.cancel(house, batch) == view, "cancelling again changes nothing"
    assert healing.heal(house) == 0, "a cancelled batch is not revived"
    assert read_everything(house, batch) == [], "a slice that was still queued finds nothing to do"


def test_cancel_of_a_completed_batch_is_refused(house: House) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"]).batch
    read_everything(house, batch)

    with pytest.raises(WrongState):
        control.cancel(house, batch)


def test_an_unknown_batch_is_said_to_be_unknown(house: House) -> None:
    for call in (batches.get, control.cancel):
        with pytest.raises(NoSuchBatch):
            call(house, 404)


def test_a_submit_leaves_the_database_as_strict_as_it_was(house: House) -> None:
    batch = batches.submit(house, ["a"], ["wordfreq.ko"]).batch

    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)), house.db.work() as work:
        items.add(work.connection, [(batch, 1, 12345, "no keyword is kept under this id", 2, 0, None)])
