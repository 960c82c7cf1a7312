"""Exports of every format on both databases: they say the same, of one moment, and hold nothing afterwards."""

import csv
import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest
import python_calamine

from app import clock
from app.errors import BadValue, NoSuchBatch, NotWritten, TooFast
from app.repositories import items, readings
from app.services import batches, control, derived, exports, slices, wire
from app.services.exports import Wanted
from app.services.formats import columns, finished, xlsx
from app.services.house import House
from app.services.lanes import Outcome
from app.services.sheets import Line
from app.sources.base import Reading
from tests.stage import environment
from tests.store.working import NOW, take_lane
from tests.store.writing import write_here

SOURCES = ["naver.blog", "naver_searchad.volume", "wordfreq.ko"]
KEYS = {
    "KEYBATCH_NAVER_CLIENT_ID": "x", "KEYBATCH_NAVER_CLIENT_SECRET": "x", "KEYBATCH_NAVER_SEARCHAD_CUSTOMER_ID": "1",
    "KEYBATCH_NAVER_SEARCHAD_API_KEY": "x", "KEYBATCH_NAVER_SEARCHAD_SECRET_KEY": "x",
}  # fmt: skip
KEYWORDS = ["맥북", "=1+1", "'quoted'", 'a "b", c', "-10%", "@x", "😀 이모지", "_x0041_", "http://a.test/"]
VOLUMES = [
    Reading("ok", 24_370, data={"pc": 4_370, "mobile": 20_000, "competition": "높음", "pc_ctr": 0.35}),
    Reading("below", upper=19, data={"pc": {"below": 10}, "mobile": {"below": 10}, "competition": "=낮음"}),
    Reading("missing"),
    Reading("ok", 0, data={"pc": 0, "mobile": 0}),
    Reading("below", upper=20_010, data={"pc": {"below": 10}, "mobile": 20_000, "at_least": 20_000}),
    Reading("failed"),
]
EVERY = list(product(exports.MEDIA_TYPES, ["wide", "long"]))
BY_A_PROCESS = finished._run
#: For what no database does differently.
one_database = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture(autouse=True)
def credentials(house: House, settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    write_here(monkeypatch)
    with environment({**settings_of, **KEYS}):
        yield


def read(house: House, batch: int, source: str, found: list[Reading], lane: int = 0, most: int = 100) -> None:
    taken = take_lane(house, batch, source, lane, 1)
    assert taken is not None
    lookups = slices.claim(house, taken, most)
    made = [found[one.position % len(found)] for one in lookups]
    outcomes = [
        Outcome(
            one.position,
            reading,
            NOW + 7 * one.position,
            attempts=2,
            error="unreachable" if reading.state == "failed" else "",
        )
        for one, reading in zip(lookups, made, strict=True)
    ]
    slices.flush(house, taken, outcomes, len(lookups))
    slices.release(house, taken, len(lookups), finished=False)


def measured(house: House) -> int:
    lines = [Line(n, word, {"메모": f"+{n}" if n % 2 else "", "position": "x"}) for n, word in enumerate(KEYWORDS, 1)]
    batch = batches.submit(house, lines, SOURCES, columns=["메모", "position"], name="가을").batch
    read(house, batch, "naver.blog", [Reading("ok", 12_543), Reading("ok", 0)])
    read(house, batch, "naver_searchad.volume", VOLUMES)
    return batch


def taken(house: House, batch: int, *wanted: Any, **more: Any) -> bytes:
    with exports.opened(house, batch, Wanted(*wanted, **more)) as found:
        return b"".join(found.chunks)


def rows_of(house: House, batch: int, kind: Any, layout: Any) -> list[dict[str, Any]]:
    """The rows, with nothing for an empty cell."""
    data = taken(house, batch, kind, layout, bom=False)
    match kind:
        case "csv":
            return [
                {name: cell or None for name, cell in row.items()}
                for row in csv.DictReader(io.StringIO(data.decode(), newline=""))
            ]
        case "jsonl":
            return [orjson.loads(line) for line in data.splitlines()]
        case "parquet":
            rows: list[dict[str, Any]] = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
            return rows
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    head, *body = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [{str(name): cell if cell != "" else None for name, cell in zip(head, row, strict=True)} for row in body]


def as_text(name: str, cell: Any, kind: str) -> str | None:
    """A cell as the CSV says it, without the guard of formulas."""
    if cell is None or cell == {}:
        return None
    if kind == "csv":
        return str(cell).removeprefix("'")
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dict):
        return orjson.dumps(cell).decode()
    if hasattr(cell, "isoformat"):
        return f"{cell.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@pytest.mark.parametrize("layout", ["wide", "long"])
def test_every_format_says_the_same(house: House, layout: str) -> None:
    batch = measured(house)
    said = {
        kind: [{name.removeprefix("'"): as_text(name, cell, kind) for name, cell in row.items()} for row in rows]
        for kind in exports.MEDIA_TYPES
        for rows in [rows_of(house, batch, kind, layout)]
    }
    assert len(said["csv"]) == (9 if layout == "wide" else 18)
    assert said["jsonl"] == said["csv"]
    assert said["parquet"] == said["csv"]
    assert said["xlsx"] == said["csv"]
    assert [row["keyword"] for row in said["csv"]][:: 1 if layout == "wide" else 2] == KEYWORDS


def test_the_wide_rows_hold_the_rules(house: House) -> None:
    rows = rows_of(house, measured(house), "csv", "wide")

    assert [row["keyword"] for row in rows][1:3] == ["'=1+1", "''quoted'"]
    assert rows[0]["naver.blog"] == "12543"
    assert rows[1]["naver.blog"] == "0"
    assert [row["naver_searchad.volume.status"] for row in rows[:6]] == [
        "ok",
        "below 19",
        "missing",
        "ok",
        "below 20010 from 20000",
        "failed unreachable",
    ]
    assert [row["wordfreq.ko.status"] for row in rows] == [None] * 9
    assert [row["naver_searchad.volume.competition"] for row in rows[:3]] == ["높음", "'=낮음", None]
    assert [row["naver_searchad.volume.pc"] for row in rows[:4]] == ["4370", "below 10", None, "0"]
    assert rows[0]["competition.naver.blog"] == str(12_543 / 24_370)
    assert str(rows[4]["competition.naver.blog.status"]).startswith("range 0.6268")
    assert rows[0]["메모"] == "'+1"
    assert rows[1]["메모"] is None
    assert [row["position (2)"] for row in rows] == ["x"] * 9


def test_a_line_of_json_is_a_reading_as_on_every_wire(house: House) -> None:
    batch = measured(house)
    with house.db.read() as connection:
        typed = {item.position: item.typed for item in items.span(connection, batch, range(9))}
        stored = readings.at(connection, batch, range(9))
    expected = {(row.position, row.source): wire.reading(row, typed[row.position]) for row in stored}

    lines = [orjson.loads(line) for line in taken(house, batch, "jsonl", "long").splitlines()]

    assert [list(line) for line in lines] == [exports.LONG] * 18
    assert {(line["position"], line["source"]): line for line in lines} == expected
    assert [(line["position"], line["source"]) for line in lines] == sorted(expected)


@one_database
@pytest.mark.parametrize(("kind", "layout"), EVERY)
def test_what_is_shown_to_nobody_is_in_no_export(
    house: House, settings_of: dict[str, str], kind: Any, layout: Any
) -> None:
    batch = measured(house)
    before = exports.described(house, batch, Wanted(kind, layout)).etag
    with environment({**settings_of, **KEYS, "KEYBATCH_NAVER_SEARCHAD_VISIBLE_TO": "nobody"}):
        rows = rows_of(house, batch, kind, layout)
        assert exports.described(house, batch, Wanted(kind, layout)).etag != before

    text = str(rows)
    assert "withheld" in text
    assert "24370" not in text
    assert "4370" not in text
    assert "12543" in text


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("layout", ["wide", "long"])
def test_a_stream_stands_for_one_moment_while_readings_come(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: Any, layout: Any
) -> None:
    monkeypatch.setattr(columns, "_PAGE_ITEMS", 2)
    batch = measured(house)
    before = taken(house, batch, kind, layout)
    with exports.opened(house, batch, Wanted(kind, layout)) as found:
        first = next(found.chunks)
        read(house, batch, "wordfreq.ko", [Reading("ok", 5.25)])
        rest = b"".join(found.chunks)

    assert found.seq == 18
    assert first + rest == before
    after = exports.described(house, batch, Wanted(kind, layout))
    assert after.seq == 27
    assert after.etag != found.etag
    assert b"5.25" in taken(house, batch, kind, layout)


@one_database
@pytest.mark.parametrize(("kind", "layout"), EVERY)
def test_the_same_etag_is_the_same_to_the_byte(
    house: House, monkeypatch: pytest.MonkeyPatch, kind: Any, layout: Any
) -> None:
    batch = measured(house)
    with exports.opened(house, batch, Wanted(kind, layout)) as found:
        one = b"".join(found.chunks)
    monkeypatch.setattr(finished, "KEEP_S", -1)  # what was written is written again
    monkeypatch.setattr(columns, "_PAGE_ITEMS", 4)
    with clock.frozen(clock.now_ms() + 5_000), exports.opened(house, batch, Wanted(kind, layout)) as found_again:
        again = b"".join(found_again.chunks)

    assert found.etag == found_again.etag
    assert one == again
    assert (found.seq, found.rows) == (18, 9 if layout == "wide" else 18)


@one_database
def test_a_retry_and_a_cancel_change_the_etag(house: House) -> None:
    batch = measured(house)
    wanted = Wanted()
    etags = [exports.described(house, batch, wanted).etag]
    control.retry(house, batch)
    etags.append(exports.described(house, batch, wanted).etag)
    derived.change(house, batch, [])
    etags.append(exports.described(house, batch, wanted).etag)
    control.cancel(house, batch)
    with clock.frozen(clock.now_ms() + slices.LEASE_MS + 1):
        control.settle(house, batch)
    etags.append(exports.described(house, batch, wanted).etag)

    assert len(set(etags)) == 4
    assert rows_of(house, batch, "csv", "wide")[0]["wordfreq.ko.status"] == "cancelled"


@pytest.mark.parametrize("kind", sorted(exports.FINISHED))
def test_a_process_of_its_own_writes_the_same_file(house: House, monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    batch = measured(house)
    here = taken(house, batch, kind)
    monkeypatch.setattr(finished, "_run", BY_A_PROCESS)
    monkeypatch.setattr(finished, "KEEP_S", -1)
    assert taken(house, batch, kind) == here


@one_database
def test_two_who_want_the_same_file_write_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = measured(house)
    written = []
    write = finished._write

    def counted(*arguments: Any) -> Any:
        written.append(arguments)
        return write(*arguments)

    monkeypatch.setattr(finished, "_write", counted)
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: taken(house, batch, "parquet", "long"), range(3)))

    assert len(written) == 1
    assert len(set(made)) == 1


@one_database
def test_a_file_says_of_which_moment_it_is(house: House) -> None:
    batch = measured(house)
    with exports.opened(house, batch, Wanted("parquet", "long")) as found:
        assert found.path is not None
        told = pyarrow.parquet.read_metadata(found.path).metadata
        schema = pyarrow.parquet.read_schema(found.path)

    assert told[b"keybatch.batch"] == str(batch).encode()
    assert told[b"keybatch.seq"] == b"18"
    types = [str(kind) for kind in schema.types]
    assert types[:6] == ["int64", "string", "string", "string", "double", "string"]
    assert types[6:] == ["timestamp[ms, tz=UTC]", "bool", "int64", "string", "int64"]


@one_database
def test_counts_are_whole_numbers_in_parquet_unless_one_is_not(house: House) -> None:
    batch = measured(house)
    read(house, batch, "wordfreq.ko", [Reading("ok", 5.0)])
    for value, kind in ((7.0, "int64"), (7.5, "double")):
        other = batches.submit(house, ["가", "나"], ["naver.blog"]).batch
        read(house, other, "naver.blog", [Reading("ok", value)])
        table = pyarrow.parquet.read_table(io.BytesIO(taken(house, other, "parquet", "wide")))
        assert str(table.schema.field("naver.blog").type) == kind
        assert table.column("naver.blog").to_pylist() == [value, value]
    table = pyarrow.parquet.read_table(io.BytesIO(taken(house, batch, "parquet", "wide")))
    assert str(table.schema.field("wordfreq.ko").type) == "double"


@one_database
def test_fields_choose_columns_and_their_order_in_every_format(house: House) -> None:
    batch = measured(house)
    wanted = ("naver.blog", "keyword")
    text = taken(house, batch, "csv", "wide", wanted, bom=False, delimiter=";").decode()
    assert text.startswith("naver.blog;keyword\r\n12543;맥북\r\n0;'=1+1\r\n")
    line = taken(house, batch, "jsonl", "wide", wanted).splitlines()[0]
    assert line.decode() == '{"naver.blog":12543,"keyword":"맥북"}'
    assert pyarrow.parquet.read_schema(io.BytesIO(taken(house, batch, "parquet", "wide", wanted))).names == list(wanted)
    for kind in exports.MEDIA_TYPES:
        with pytest.raises(BadValue, match="no such"):
            taken(house, batch, kind, "wide", ("no such",))


@one_database
@pytest.mark.parametrize(("kind", "layout"), EVERY)
def test_a_batch_without_readings_is_an_export_too(house: House, kind: Any, layout: Any) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"]).batch
    rows = rows_of(house, batch, kind, layout)
    assert [row["keyword"] for row in rows] == (["맥북"] if layout == "wide" else [])


@one_database
def test_there_is_no_export_of_no_batch(house: House) -> None:
    for kind in exports.MEDIA_TYPES:
        with pytest.raises(NoSuchBatch):
            exports.opened(house, 999, Wanted(kind))


def test_streams_are_limited_and_give_back_what_they_hold(house: House) -> None:
    batch = measured(house)
    held = [exports.opened(house, batch, Wanted()) for _ in range(exports.MOST)]
    with pytest.raises(TooFast):
        exports.opened(house, batch, Wanted())
    next(held[0].chunks)
    for export in held:
        export.close()
        export.close()
    with pytest.raises(BadValue):
        exports.opened(house, batch, Wanted(fields=("no",)))
    assert house.db.engine.pool.checkedout() == 0  # type: ignore[attr-defined] -- both kinds of pool have it
    assert len(taken(house, batch)) > 100


@one_database
def test_what_does_not_fit_a_sheet_goes_on_in_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 4)
    batch = measured(house)
    with house.db.snapshot() as connection:
        plan = exports.planning.plan(connection, batches.look(connection, batch), Wanted("xlsx", "wide", ("keyword",)))
        xlsx.write(plan, lambda: plan.pages(connection), tmp_path / "a.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert book.sheet_names == [f"Batch {batch}", f"Batch {batch} (2)", f"Batch {batch} (3)"]
    assert [cell for sheet in sheets for [cell] in sheet[1:]] == KEYWORDS
    assert [sheet[0] for sheet in sheets] == [["keyword"]] * 3


@one_database
def test_a_file_that_cannot_be_written_is_said_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = measured(house)
    monkeypatch.setattr(finished, "_run", BY_A_PROCESS)
    monkeypatch.setitem(finished.FINISHED, "xlsx", "app.services.formats.nothing")
    with pytest.raises(NotWritten):
        taken(house, batch, "xlsx")
    assert not [path for path in (house.settings.data_dir / "exports").iterdir() if path.suffix != ".lock"]
