"""The journal has every reading a batch ever had, once, in order, and says what is gone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from app.errors import NoSuchBatch
from app.models.tables import reading, superseded
from app.repositories import batches as stored
from app.repositories import journal as sql
from app.repositories import readings
from app.services import batches, control, journal, slices
from app.services.house import House
from app.services.journal import Page
from app.services.lanes import Lookup, Outcome
from app.sources.base import Reading
from tests.stage import environment
from tests.store.working import NOW, lanes, outcome, read_everything, take_lane

SOURCE = "wordfreq.ko"


def page(house: House, batch: int, after: int, limit: int = 500) -> Page:
    with house.db.read() as connection:
        return journal.page(connection, batch, after, limit)


def submitted(house: House, count: int) -> int:
    return batches.submit(house, [f" 키워드  {n}" for n in range(count)], [SOURCE]).batch


def failure(lookup: Lookup) -> Outcome:
    return Outcome(lookup.position, Reading("failed"), NOW, attempts=3, error="rejected", detail="no")


def read_with_failures(house: House, batch: int, every: int) -> None:
    """Read all there is; of all lookups of the first round one in ``every`` fails."""
    for source, number, generation in lanes(house, batch):
        lane = take_lane(house, batch, source, number, generation + 1)
        assert lane is not None
        while found := slices.claim(house, lane, 7):
            outcomes = [failure(one) if one.position % every == 0 else outcome(one) for one in found]
            slices.flush(house, lane, outcomes, 0)
        slices.release(house, lane, 0, finished=True)


def purge(house: House, batch: int, seqs: range) -> None:
    with house.db.work() as work:
        for table in (reading, superseded):
            c = table.c
            work.connection.execute(delete(table).where(c.batch_id == batch, c.seq >= seqs.start, c.seq < seqs.stop))


def walked(house: House, batch: int, limit: int, after: int = 0) -> list[Page]:
    found = [page(house, batch, after, limit)]
    while found[-1].more:
        found.append(page(house, batch, found[-1].upto, limit))
    return found


def test_a_retry_takes_nothing_out_of_the_journal(house: House):
    batch = submitted(house, 20)
    read_with_failures(house, batch, every=5)
    before = page(house, batch, 0)
    assert [one["seq"] for one in before.readings] == list(range(1, 21))
    control.retry(house, batch)
    assert page(house, batch, 0) == before
    read_everything(house, batch)
    after = page(house, batch, 0)
    assert after.readings[:20] == before.readings
    assert [one["seq"] for one in after.readings] == list(range(1, 25))
    assert [(one["position"], one["status"]) for one in after.readings[20:]] == [(n, "ok") for n in (0, 5, 10, 15)]
    assert (after.upto, after.gaps, after.more) == (24, (), False)


def test_a_reading_is_as_on_the_wire_with_its_keyword_as_typed(house: House):
    batch = batches.submit(house, ["ＭａｃＢｏｏｋ"], [SOURCE]).batch
    read_everything(house, batch)
    [found] = page(house, batch, 0).readings
    assert (found["keyword"], found["source"], found["status"], found["value"]) == ("ＭａｃＢｏｏｋ", SOURCE, "ok", 1)


def test_what_is_shown_to_nobody_is_withheld_here_too(house: House, settings_of: dict[str, str]):
    batch = submitted(house, 3)
    read_everything(house, batch)
    with environment({**settings_of, "KEYBATCH_WORDFREQ_VISIBLE_TO": "nobody"}):
        found = page(house, batch, 0).readings
    assert [(one["status"], one["value"], one["seq"]) for one in found] == [("withheld", None, n) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("gone", "after", "limit", "gaps", "upto"),
    [
        (range(1, 6), 0, 500, ((1, 5),), 30),
        (range(1, 6), 2, 500, ((3, 5),), 30),
        (range(26, 31), 0, 500, ((26, 30),), 30),
        (range(5, 25), 4, 10, ((5, 24),), 24),
        (range(5, 31), 4, 10, ((5, 30),), 30),
        (range(1, 31), 0, 10, ((1, 30),), 30),
        (range(8, 12), 0, 10, ((8, 10),), 10),
    ],
)
def test_what_was_purged_is_a_gap(
    house: House, gone: range, after: int, limit: int, gaps: tuple[tuple[int, int], ...], upto: int
):
    batch = submitted(house, 30)
    read_everything(house, batch)
    purge(house, batch, gone)
    found = page(house, batch, after, limit)
    assert (found.gaps, found.upto) == (gaps, upto)
    assert [one["seq"] for one in found.readings] == [seq for seq in range(after + 1, upto + 1) if seq not in gone]


@given(
    gone=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 20)), max_size=3),
    limit=st.integers(1, 45),
    after=st.integers(0, 40),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_make_up_the_journal_whatever_their_size(
    house: House, gone: list[tuple[int, int]], limit: int, after: int
):
    batch = submitted(house, 30)
    read_with_failures(house, batch, every=3)
    control.retry(house, batch)
    read_everything(house, batch)
    for first, count in gone:
        purge(house, batch, range(first, first + count))
    missing = {seq for first, count in gone for seq in range(first, first + count) if after < seq <= 40}
    pages = walked(house, batch, limit, after)
    assert [one["seq"] for part in pages for one in part.readings] == [
        seq for seq in range(after + 1, 41) if seq not in missing
    ]
    assert {seq for part in pages for a, b in part.gaps for seq in range(a, b + 1)} == missing
    assert all(len(part.readings) <= limit for part in pages)


def test_the_end_has_nothing_after_it_and_a_batch_that_is_not_there_says_so(house: House):
    batch = submitted(house, 3)
    assert page(house, batch, 0) == Page(0, 0, (), (), more=False)
    read_everything(house, batch)
    assert page(house, batch, 3) == Page(3, 3, (), (), more=False)
    assert page(house, batch, 99) == Page(99, 99, (), (), more=False)
    with pytest.raises(NoSuchBatch):
        page(house, batch + 1, 0)


@contextmanager
def statements(house: House) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database meanwhile."""
    seen: list[tuple[str, Any]] = []

    def grab(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(house.db.engine, "before_cursor_execute", grab)
    try:
        yield seen
    finally:
        event.remove(house.db.engine, "before_cursor_execute", grab)


def test_a_page_is_read_by_the_indexes_of_both_tables(house: House):
    batch = submitted(house, 3_000)
    with house.db.work() as work:
        stored.change(work.connection, batch, seq=3_000)
        rows = [
            (batch, SOURCE, n, n + 1, "ok", 1.0, None, None, "", NOW, False, 1, 1, None, None) for n in range(3_000)
        ]
        readings.add(work.connection, rows)
        work.connection.execute(superseded.insert().from_select([c.name for c in reading.c], reading.select()))
        work.connection.execute(delete(superseded).where(superseded.c.seq % 10 > 0))
        work.connection.exec_driver_sql("ANALYZE")
    with house.db.read() as connection, statements(house) as seen:
        sql.between(connection, batch, 1_000, 1_100)
        statement, parameters = seen[-1]
        explain = "EXPLAIN QUERY PLAN" if house.db.sqlite else "EXPLAIN"
        plan = "\n".join(str(tuple(row)) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert len([one for one in seen if "UNION ALL" in one[0] and "EXPLAIN" not in one[0]]) == 1
    assert not re.search(r"SCAN (reading|superseded|item)|Seq Scan", plan), plan
    assert re.search(r"ix_reading_batch_id_seq.*?seq.*?seq", plan, re.DOTALL), plan
    assert "item" in plan
