"""Derived columns in a batch: made by themselves, changed, exported; empty where a part is missing."""

import csv
import io
from collections.abc import Iterator

import pytest

from app import clock
from app.errors import BadValue, NoSuchBatch
from app.services import batches, control, derived, results, slices
from app.services.house import House
from app.services.lanes import Outcome
from app.sources.base import Reading
from tests.stage import environment
from tests.store.working import csv_of, take_lane

SOURCES = ["naver.blog", "naver.cafe", "naver_searchad.volume"]
KEYS = {
    "KEYBATCH_NAVER_CLIENT_ID": "x", "KEYBATCH_NAVER_CLIENT_SECRET": "x", "KEYBATCH_NAVER_SEARCHAD_CUSTOMER_ID": "1",
    "KEYBATCH_NAVER_SEARCHAD_API_KEY": "x", "KEYBATCH_NAVER_SEARCHAD_SECRET_KEY": "x",
}  # fmt: skip
VOLUMES = [
    Reading("ok", 24_370, data={"pc": 4_370, "mobile": 20_000, "competition": "높음"}),
    Reading("below", upper=19, data={"pc": {"below": 10}, "mobile": {"below": 10}, "competition": "낮음"}),
    Reading("missing"),
    Reading("ok", 0, data={"pc": 0, "mobile": 0}),
    Reading("below", upper=20_010, data={"pc": {"below": 10}, "mobile": 20_000, "at_least": 20_000}),
]


@pytest.fixture(autouse=True)
def credentials(house: House, settings_of: dict[str, str]) -> Iterator[None]:
    with environment({**settings_of, **KEYS}):
        yield


def read(house: House, batch: int, source: str, found: list[Reading]) -> None:
    lane = take_lane(house, batch, source, 0, 1)
    assert lane is not None
    lookups = slices.claim(house, lane, 100)
    slices.flush(house, lane, [Outcome(one.position, found[one.position], 1_000) for one in lookups], len(lookups))


def measured(house: House) -> int:
    batch = batches.submit(house, ["맥북", "그램", "노트북", "=1+1", "에어팟"], SOURCES).batch
    read(house, batch, "naver.blog", [Reading("ok", 12_543)] * 5)
    read(house, batch, "naver_searchad.volume", VOLUMES)
    return batch


def table(house: House, batch: int) -> list[dict[str, str]]:
    text = csv_of(house, batch)
    return list(csv.DictReader(io.StringIO(text)))


def test_the_competition_ratio_comes_by_itself_and_stands_in_the_export(house: House) -> None:
    rows = table(house, measured(house))

    ratio = [(row["competition.naver.blog"], row["competition.naver.blog.status"]) for row in rows]
    assert ratio[0] == (str(12_543 / 24_370), "ok")
    assert ratio[1][0] == ""
    assert ratio[1][1].startswith("above 660.1")
    assert ratio[2] == ("", "")
    assert ratio[3] == ("", ""), "documents ÷ no searches is no number"
    assert ratio[4][1].startswith("range 0.6268")
    assert [row["naver_searchad.volume.pc"] for row in rows] == ["4370", "below 10", "", "0", "below 10"]
    assert rows[0]["naver_searchad.volume.competition"] == "높음"
    assert rows[4]["naver_searchad.volume.status"] == "below 20010 from 20000"
    assert rows[3]["keyword"] == "'=1+1"
    assert [row["naver.cafe"] for row in rows] == [""] * 5


def test_columns_can_be_changed_later_and_go_along_with_a_rerun(house: House) -> None:
    batch = measured(house)
    wanted = [
        derived.Spec("naver.cafe / naver_searchad.volume", bands="1,2"),
        derived.Spec("(naver.blog + naver.cafe) / 2", "평균"),
        derived.Spec("naver_searchad.volume.mobile / naver_searchad.volume", "모바일 비율", decimals=3),
    ]
    derived.change(house, batch, wanted)

    view = batches.get(house, batch)
    made = derived.columns(view.derived, tuple(SOURCES))
    assert [one.key for one in made] == ["competition.naver.cafe", "derived.2", "derived.3"]
    assert [one.ko for one in made][1:] == ["평균", "모바일 비율"]
    assert table(house, batch)[0]["derived.3"] == str(20_000 / 24_370)
    assert table(house, batch)[0]["derived.2"] == ""
    control.cancel(house, batch)
    with clock.frozen(clock.now_ms() + slices.LEASE_MS + 1):
        control.settle(house, batch)
    assert batches.get(house, control.rerun(house, batch).id).derived == view.derived
    derived.change(house, batch, [])
    assert "derived.2" not in table(house, batch)[0]


@pytest.mark.parametrize(
    "spec",
    [
        derived.Spec("naver.news / 2"),
        derived.Spec("__import__('os')"),
        derived.Spec("naver.blog", bands="3,1"),
        derived.Spec("naver.blog", "x" * 100),
        derived.Spec("naver.blog", decimals=9),
        derived.Spec("1 + 1"),
        derived.Spec(""),
    ],
)
def test_a_column_that_makes_no_sense_is_refused_and_changes_nothing(house: House, spec: derived.Spec) -> None:
    batch = measured(house)
    before = batches.get(house, batch).derived

    with pytest.raises(BadValue):
        derived.change(house, batch, [spec])
    with pytest.raises(BadValue):
        batches.submit(house, ["맥북"], SOURCES, worked_out=[spec])

    assert batches.get(house, batch).derived == before
    assert len(batches.listing(house)) == 1


def test_the_documents_channel_is_chosen(house: House) -> None:
    assert derived.suggested(SOURCES)[0].formula == "naver.blog / naver_searchad.volume"
    assert derived.suggested(SOURCES, "naver.cafe")[0].formula == "naver.cafe / naver_searchad.volume"
    assert derived.suggested(["naver.blog", "wordfreq.ko"]) == []
    with pytest.raises(BadValue):
        derived.suggested(SOURCES, "naver_searchad.volume")


def test_there_is_no_column_of_no_batch(house: House) -> None:
    with pytest.raises(NoSuchBatch):
        derived.change(house, 99, [])


def test_what_is_shown_to_nobody_is_in_no_table_and_no_export(house: House, settings_of: dict[str, str]) -> None:
    batch = measured(house)
    with environment({**settings_of, **KEYS, "KEYBATCH_NAVER_SEARCHAD_VISIBLE_TO": "nobody"}):
        rows = table(house, batch)
        long = csv_of(house, batch, "long")
        [first, *_] = results.rows(house, batches.get(house, batch))

    assert rows[0]["naver_searchad.volume.status"] == "withheld"
    assert (rows[0]["naver_searchad.volume"], rows[0]["naver_searchad.volume.pc"]) == ("", "")
    assert (rows[0]["competition.naver.blog"], rows[0]["competition.naver.blog.status"]) == ("", "")
    assert rows[0]["naver.blog"] == "12543"
    assert "24370" not in long
    assert "4370" not in long
    assert first.cells[2].state == "withheld"
    assert first.cells[2].data is None
