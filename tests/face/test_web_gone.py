"""What a batch's page says of what is not kept any more."""

from dataclasses import replace

import pytest

from app.services import batches
from app.services.house import House
from app.services.pace import pace
from app.services.shapes import BatchView
from app.web import control, figures, shown
from app.web.sections.house import kept_for
from tests.store.working import NOW, read_everything


@pytest.fixture
def ended(house: House) -> BatchView:
    made = batches.submit(house, ["맥북", "우산"], ["wordfreq.ko"]).batch
    read_everything(house, made)
    return batches.get(house, made)


def test_the_head_says_since_when_readings_are_gone_and_what_can_still_be_done(house: House, ended: BatchView) -> None:
    assert shown.head(ended, NOW, "ko").gone == ""
    gone = replace(ended, readings_purged_at=NOW)
    assert "다시 실행할 수 있습니다" in shown.head(gone, NOW, "ko").gone
    assert control.verbs(gone, "ko").rerun
    [answers] = [fact for fact in figures.facts(gone, pace(house, gone), NOW, "en") if fact.label == "Answer time"]
    assert (answers.value, answers.note) == ("–", "not kept any more")
    every = replace(gone, items_purged_at=NOW, events_purged_at=NOW)
    assert "again" not in shown.head(every, NOW, "en").gone
    assert not control.verbs(every, "ko").rerun
    said = control.reasons(every, pace(house, ended), {}, NOW, "en")
    assert [text.text.split(" ")[1] for text in said] == ["readings", "keywords", "activity"]


def test_nothing_is_offered_that_needs_what_is_gone(ended: BatchView) -> None:
    stopped = replace(ended, state="cancelled", counts=replace(ended.counts, failed=1))
    assert control.verbs(stopped, "en").resume
    assert not control.verbs(replace(stopped, readings_purged_at=NOW), "en").resume
    failed = replace(stopped, state="completed")
    assert control.verbs(failed, "en").retry
    assert not control.verbs(replace(failed, readings_purged_at=NOW), "en").retry


def test_the_house_says_how_long_it_keeps_things() -> None:
    assert (kept_for(None, "en"), kept_for(30, "en")) == ("without end", "30 days after the end")
    assert kept_for(7, "ko") == "끝난 뒤 7일"
