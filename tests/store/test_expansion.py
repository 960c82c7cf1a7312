"""A batch grown by the related keywords that its readings name."""

import pytest

from app.errors import BadValue, NothingRelated
from app.services import batches, expansion, results, slices
from app.services.house import House
from app.services.lanes import Outcome
from app.sources.base import Reading
from tests.store.working import take_lane


def grown(house: House, keywords: list[str], related: dict[str, list[str]]) -> int:
    batch = batches.submit(house, keywords, ["wordfreq.ko"], name="처음").batch
    lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, 100)
    outcomes = [
        Outcome(
            one.position,
            Reading("ok", 1.0, data={"related": [{"keyword": word, "pc": 1} for word in related.get(one.keyword, [])]}),
            1_000,
        )
        for one in found
    ]
    slices.flush(house, lane, outcomes, 0)
    return batch


def test_related_keywords_become_a_batch_each_once_and_without_the_ones_it_has(house: House) -> None:
    batch = grown(
        house,
        ["맥북", "아이 패드"],
        {"맥북": ["맥북프로", "맥북 에어", "아이패드"], "아이 패드": ["맥북 프로", "펜슬"]},
    )

    done = expansion.expand(house, batch)

    made = batches.get(house, done.batch)
    assert [row.keyword for row in results.rows(house, made)] == ["맥북프로", "맥북 에어", "펜슬"]
    assert made.name == "처음 +"
    assert [source.name for source in made.sources] == ["wordfreq.ko"]


def test_only_so_many_of_each_and_other_sources_if_wanted(house: House) -> None:
    batch = grown(house, ["맥북"], {"맥북": ["하나", "둘", "셋"]})

    done = expansion.expand(house, batch, ["wordfreq.en"], most=2, name="다음", priority="high")

    made = batches.get(house, done.batch)
    assert (made.items, made.name, made.priority, made.sources[0].name) == (2, "다음", "high", "wordfreq.en")


def test_nothing_related_is_said_and_nothing_is_made(house: House) -> None:
    batch = grown(house, ["맥북"], {})

    with pytest.raises(NothingRelated):
        expansion.expand(house, batch)
    with pytest.raises(BadValue):
        expansion.expand(house, batch, most=0)

    assert len(batches.listing(house)) == 1


def test_a_batch_that_is_not_read_yet_names_nothing(house: House) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"]).batch

    with pytest.raises(NothingRelated):
        expansion.expand(house, batch)
