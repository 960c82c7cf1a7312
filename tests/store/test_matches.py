"""What is done with the rows that match: counted, listed, retried, taken away, made a batch of their own."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import BadValue, NoSuchBatch, NothingMatches, NothingToRetry, UnknownSource
from app.repositories import batches as rows
from app.repositories import readings
from app.services import batches, control, copies, derived, exports, matches, results, table
from app.services.exports import Format, Layout, Wanted
from app.services.house import House
from app.services.sheets import Line
from tests.store.working import read_everything

SOURCES = ("wordfreq.ko", "wordfreq.en")
KO, EN = SOURCES
KEYWORDS = ["맥북", "맥북 에어", "아이폰", "우산", "맥북 프로", "카메라", "마우스"]
#: What each source said, by position: a number, "below", "failed", or nothing yet.
SAID: dict[str, Sequence[Any]] = {
    KO: [5.0, "failed", 1.0, "failed", 0.0, None, "below"],
    EN: ["failed", "failed", 2.0, 3.0, None, "failed", 9.0],
}
STATES = {"failed": "failed", "below": "below"}


def measured(house: House) -> int:
    lines = [Line(n + 1, word, {"갈래": f"갈래 {n}"}) for n, word in enumerate([*KEYWORDS, "우산"])]
    batch = batches.submit(house, lines, SOURCES, columns=("갈래",), name="처음").batch
    with house.db.work() as work:
        for source, said in SAID.items():
            states = Counter(_state(one) for one in said if one is not None)
            first, _ = rows.take_seq(work.connection, batch, states.total())
            told = [(at, one) for at, one in enumerate(said) if one is not None]
            stored = [(batch, source, at, seq, *_stored(one)) for seq, (at, one) in enumerate(told, first)]
            readings.add(work.connection, stored)
            rows.count_readings(work.connection, batch, source, states)
    return batch


def _state(said: Any) -> str:
    return STATES.get(said, "ok") if isinstance(said, str) else "ok"


def _stored(said: Any) -> tuple[Any, ...]:
    state = _state(said)
    error = "unreachable" if state == "failed" else None
    upper = 10.0 if state == "below" else None
    return state, said if state == "ok" else None, upper, None, "", 1, False, 1, 1, error, None


filters = st.lists(
    st.sampled_from([f"{KO}:ok", f"{KO}:failed", f"{EN}:pending", f"{EN}:failed", f"{KO}>=1", f"{EN}<3"]), max_size=2
)
queries = st.sampled_from(["", "맥북", "ㅁㅂ", "ㅁ", "없음"])
WELL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@WELL
@given(filters=filters, q=queries, span=st.integers(1, 9), layout=st.sampled_from(["wide", "long"]))
def test_all_ways_to_the_rows_that_match_lead_to_the_same_rows(
    house: House, filters: list[str], q: str, span: int, layout: Layout
) -> None:
    batch = measured(house)
    page = table.page(house, batch, filters=filters, q=q, count=True)
    expected = [row["position"] for row in page.rows]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matches, "SPAN", span)
        assert list(chain.from_iterable(table.matching(house, batch, filters, q))) == expected
        assert table.count(house, batch, filters, q) == len(expected) == page.matched
        wanted = Wanted("csv", layout, bom=False, filters=tuple(filters), q=q)
        with exports.opened(house, batch, wanted) as export:
            text = b"".join(export.chunks).decode()
    found = [int(row["position"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert export.rows == len(found)
    assert (found if layout == "wide" else list(dict.fromkeys(found))) == [
        at for at in expected if layout == "wide" or any(said[at] is not None for said in SAID.values())
    ]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx", "parquet"])
def test_an_export_of_some_rows_is_another_file_than_that_of_all(house: House, kind: Format, tmp_path: Path) -> None:
    batch = measured(house)
    every, some, found, again = (
        exports.described(house, batch, Wanted(kind, filters=filters, q=q))
        for filters, q in (((), ""), ((f"{KO}:ok",), ""), ((), "맥북"), ((f"{KO}:ok",), ""))
    )

    assert len({every.etag, some.etag, found.etag}) == 3
    assert some.etag == again.etag
    assert (every.rows, some.rows, found.rows) == (7, 3, 3)
    with exports.opened(house, batch, Wanted(kind, filters=(f"{KO}:ok",))) as export:
        content = b"".join(export.chunks)
    assert export.etag == some.etag
    if kind == "parquet":
        assert pyarrow.parquet.read_table(io.BytesIO(content)).column("position").to_pylist() == [0, 2, 4]
    if kind == "jsonl":
        assert [orjson.loads(line)["keyword"] for line in content.splitlines()] == ["맥북", "아이폰", "맥북 프로"]


def test_a_retry_asks_failures_of_matching_rows_and_no_others(house: House) -> None:
    batch = measured(house)

    done = control.retry(house, batch, filters=[f"{EN}:failed"], q="ㅁㅂ")

    assert done.lookups == 3  # two of one source, one of the other
    states = [[cell.state for cell in row.cells] for row in results.rows(house, batches.get(house, batch))]
    assert states[0] == ["ok", "pending"]
    assert states[1] == ["pending", "pending"]
    assert states[3] == ["failed", "ok"]
    assert states[5] == ["pending", "failed"]
    assert batches.get(house, batch).counts.failed == 2


def test_a_retry_of_matching_rows_goes_with_the_other_choices(house: House) -> None:
    batch = measured(house)

    assert control.retry(house, batch, filters=[f"{KO}:failed"], source=EN).lookups == 1
    assert control.retry(house, batch, q="맥북", first=1).lookups == 1
    with pytest.raises(NothingToRetry):
        control.retry(house, batch, filters=[f"{EN}>=2"], source=EN)
    with pytest.raises(BadValue):
        control.retry(house, batch, filters=["naver.blog:failed"])
    assert batches.get(house, batch).counts.failed == 3


def test_matching_keywords_become_a_batch_with_what_stood_beside_them(house: House) -> None:
    batch = measured(house)

    done = copies.submit_matching(house, batch, filters=[f"{EN}:failed,pending"], q="", name="다시", tags=["가을"])

    made = batches.get(house, done.batch)
    found = results.rows(house, made)
    assert [(row.position, row.keyword) for row in found] == [
        (0, "맥북"), (1, "맥북 에어"), (2, "맥북 프로"), (3, "카메라"),
    ]  # fmt: skip
    assert found[2].others == ("갈래 4",)
    assert (made.name, made.items, made.lookups, made.tags, made.columns) == ("다시", 4, 8, ("가을",), ("갈래",))
    assert {cell.state for row in found for cell in row.cells} == {"pending"}
    assert (done.items, done.merged) == (4, 0)
    assert len(read_everything(house, done.batch)) == 8
    assert batches.get(house, done.batch).state == "completed"


def test_a_copy_keeps_its_keywords_as_they_were_asked(house: House) -> None:
    batch = batches.submit(house, ["ｍａｃ  Book", "우산", "우산"], [KO]).batch

    done = copies.submit_matching(house, batch)

    rows_ = results.rows(house, batches.get(house, done.batch))
    assert [(row.keyword, row.asked, row.merged) for row in rows_] == [
        ("ｍａｃ  Book", "mac Book", 0), ("우산", "우산", 1),
    ]  # fmt: skip
    assert done.merged == 1
    assert batches.get(house, done.batch).name == batches.get(house, batch).name


def test_a_copy_keeps_worked_out_columns_for_the_same_sources_only(house: House) -> None:
    spec = derived.Spec(f"{KO} / {EN}")
    batch = batches.submit(house, KEYWORDS, SOURCES, worked_out=[spec]).batch

    same = copies.submit_matching(house, batch, [EN, KO]).view
    other = copies.submit_matching(house, batch, [KO]).view

    assert same.derived == batches.get(house, batch).derived
    assert other.derived == "[]"


def test_a_copy_of_nothing_and_what_makes_no_sense_are_refused_and_leave_nothing(house: House) -> None:
    batch = measured(house)

    for refusal, words in (
        (NothingMatches, {"q": "없음"}),
        (NothingMatches, {"filters": [f"{KO}>100"]}),
        (BadValue, {"filters": ["x"]}),
        (BadValue, {"priority": "soon"}),
        (UnknownSource, {"sources": ["no.such"]}),
    ):
        with pytest.raises(refusal):
            copies.submit_matching(house, batch, **words)  # type: ignore[arg-type] -- words as they come
    with pytest.raises(NoSuchBatch):
        copies.submit_matching(house, 404)
    assert [one.id for one in batches.listing(house)] == [batch]
    with pytest.raises(NoSuchBatch):
        table.count(house, 404)
