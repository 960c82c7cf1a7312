"""The states' handlers, as plain methods over a real temporary house."""

import asyncio
from collections.abc import Awaitable
from dataclasses import asdict
from typing import Any

import pytest
import reflex as rx

from app.errors import DatabaseDown, Language
from app.services import batches, catalogue
from app.services.house import House
from app.web import backend, heads, reads
from app.web.heads import Asked
from app.web.live import tabs
from app.web.pages.batch import BatchState
from app.web.pages.batches import BatchesState
from app.web.pages.new import NewState
from app.web.reads import Window
from app.web.receipt import Receipt
from app.web.state import Ui
from app.web.tabs.results import ResultsState
from app.web.views import Place
from tests.face.new_form import Locked
from tests.face.signed_in import announce


class Tab:
    """A tab: its tree of states."""

    def __init__(self, language: Language = "ko") -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root)
        self.ui = self._of(Ui)
        self.ui.chosen = language
        self.batch, self.batches, self.new = self._of(BatchState), self._of(BatchesState), self._of(NewState)
        self.receipt, self.results = self._of(Receipt), self._of(ResultsState)

    def _of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))


def run(what: Awaitable[Any]) -> Any:
    async def to_end() -> Any:
        return await what

    return asyncio.run(to_end())


def submit(house: House, *keywords: str) -> int:
    return batches.submit(house, keywords, ["wordfreq.ko"], name="시험").batch


def show(tab: Tab, house: House, window: Window, language: Language = "ko") -> None:
    tab.batch._asked = Asked(window.batch)
    tab.batch._show(heads.read(house, tab.batch._asked), language)
    page = reads.read(house, window)
    tab.results._turn_to(window, window.view, Place(window.start))
    tab.results._head(page.batch, backend.source_infos(), language)
    tab.results._show(page, language)


def test_a_batchs_page_holds_the_rows_on_screen_and_no_more(house: House):
    tab = Tab()
    number = submit(house, *(f"키워드 {n}" for n in range(220)))
    show(tab, house, Window(number, start=50))
    assert (tab.batch.phase, tab.batch.head.name, len(tab.results.rows)) == ("shown", "시험", 100)
    assert tab.results.rows[0].number == "51"
    assert {cell.kind for row in tab.results.rows for cell in row.cells} == {"pending"}
    assert tab.batch.sign == "queue_away"  # this house has no Redis, and shows what it has all the same
    assert tab.results.columns[0].name == "wordfreq.ko"


def test_the_same_page_in_english_has_no_korean_but_the_keywords(house: House):
    tab = Tab("en")
    show(tab, house, Window(submit(house, "abc")), "en")
    page = str([asdict(one) for one in (tab.batch.head, *tab.batch.facts, *tab.batch.sources, *tab.results.rows)])
    assert not any("가" <= char <= "힣" for char in page.replace("시험", ""))


def test_a_page_that_did_not_change_sends_nothing(house: House):
    tab = Tab()
    window = Window(submit(house, "a", "b"))
    head, rows = heads.read(house, Asked(window.batch)), reads.read(house, window)
    show(tab, house, window)
    tab.batch._clean()
    tab.results._clean()
    tab.batch._show(head, "ko")
    tab.results._show(rows, "ko")
    assert tab.batch.dirty_vars - {"_asked"} == set()
    assert not [name for name in tab.results.dirty_vars if not name.startswith("_")]


def test_a_database_that_goes_away_leaves_what_was_shown_and_says_so(house: House):
    tab = Tab()
    show(tab, house, Window(submit(house, "a")))
    tab.batch._could_not(DatabaseDown(where="there", why="gone."), "ko")
    assert (tab.batch.phase, tab.batch.sign, len(tab.results.rows)) == ("shown", "stale", 1)
    assert tab.batch.problem
    fresh = Tab()
    fresh.batch._could_not(DatabaseDown(where="there", why="gone."), "ko")
    assert fresh.batch.phase == "unread"


def test_an_unknown_batch_is_said_to_be_missing(house: House):
    tab = Tab()
    tab.batch._asked = Asked(999)
    run(BatchState.refresh.fn(tab.batch))
    assert tab.batch.phase == "missing"


def test_cancel_is_asked_once_more_and_then_done(house: House):
    tab, number = Tab(), submit(house, "a", "b")
    show(tab, house, Window(number))
    BatchState.ask.fn(tab.batch)
    assert tab.batch.asks
    assert batches.get(house, number).state == "queued"
    run(BatchState.cancel.fn(tab.batch))
    assert not tab.batch.asks
    assert batches.get(house, number).state in ("cancelling", "cancelled")
    assert not tab.batch.verbs.cancel


def test_the_list_shows_the_newest_first(house: House):
    tab = Tab()
    numbers = [submit(house, "a"), submit(house, "b")]
    run(BatchesState.refresh.fn(tab.batches))
    assert [line.id for line in tab.batches.lines] == numbers[::-1]
    assert (tab.batches.older, tab.batches.phase) == ("", "shown")


async def submitted(tab: Tab, form: dict[str, str]) -> list[Any]:
    return [event async for event in NewState.submit.fn(Locked(tab.new), form)]


def test_a_submit_goes_to_its_batch_and_keeps_the_receipt(house: House):
    tab = Tab()
    form = {"keywords": "맥북\n\n맥북\n" + "x" * 1000, "source:wordfreq.ko": "on", "name": "n", "priority": "high"}
    events = run(submitted(tab, form))
    [made] = batches.listing(house)
    assert f"{{batch:{made.id},here:" in str(events[-1])
    assert (made.items, made.merged, made.rejected, made.priority) == (1, 1, 1, "high")
    assert (tab.receipt.batch, tab.receipt.rejections[0].line, tab.receipt.more) == (made.id, 4, 0)
    assert (tab.new.busy, tab.new.refusal) == (False, "")


@pytest.mark.parametrize(
    ("form", "korean"),
    [
        ({"keywords": "", "source:wordfreq.ko": "on"}, "키워드가 없습니다"),
        ({"keywords": "a"}, "소스를 하나 이상"),
        ({"keywords": "a", "source:no.such": "on"}, "no.such"),
        ({"keywords": "a", "source:wordfreq.ko": "on", "priority": "urgent"}, "priority"),
        ({"keywords": "a", "source:wordfreq.ko": "on", "name": "긴 이름 " * 1000}, "200자"),
        ({"keywords": "a", "source:wordfreq.ko": "on", "deadline": "2020-01-01T09:00"}, "기한은"),
        ({"keywords": "a", "source:wordfreq.ko": "on", "tags": "\n".join(map(str, range(21)))}, "태그는"),
    ],
)
def test_a_refusal_is_said_in_the_persons_language(house: House, form: dict[str, str], korean: str):
    tab = Tab()
    run(submitted(tab, form))
    assert korean in tab.new.refusal
    assert batches.listing(house) == []
    tab.ui.chosen = "en"
    run(NewState.refresh.fn(tab.new))
    assert tab.new.refusal
    assert not any("가" <= char <= "힣" for char in tab.new.refusal)


def test_the_form_offers_the_whole_catalogue(house: House):
    tab = Tab()
    run(NewState.enter.fn(tab.new))
    offered = [choice.name for group in tab.new.groups for choice in group.choices]
    assert sorted(offered) == sorted(one.name for one in catalogue.catalogue(None))
    assert tab.new.loaded


def test_pasted_text_is_held_by_no_state():
    for state in (Ui, BatchState, ResultsState, BatchesState, NewState, Receipt):
        assert not {"keywords", "text"} & state.get_fields().keys()


def test_no_watch_is_left_behind():
    assert tabs._watches == {}


def test_a_snapshot_says_whether_the_queue_answered(house: House):
    assert heads.read(house, Asked(submit(house, "a"))).workers is None


def test_a_batch_is_paused_resumed_and_run_again_from_its_page(house: House):
    tab, number = Tab(), submit(house, "a", "b")
    show(tab, house, Window(number))
    run(BatchState.pause.fn(tab.batch))
    assert (tab.batch.head.state, tab.batch.verbs.resume, tab.batch.verbs.pause) == ("paused", True, False)
    assert tab.batch.reasons[0].text.startswith("일시정지")
    run(BatchState.resume.fn(tab.batch))
    assert (tab.batch.head.state, tab.batch.reasons) == ("queued", [])
    run(BatchState.cancel.fn(tab.batch))
    assert tab.batch.verbs.rerun
    assert "/batches/2" in str(run(BatchState.rerun.fn(tab.batch)))


def test_a_verb_that_does_not_fit_is_refused_in_the_persons_language(house: House):
    tab = Tab()
    show(tab, house, Window(submit(house, "a")))
    refused = str(run(BatchState.rerun.fn(tab.batch)))
    assert "1번 배치는 지금 대기열 상태라서 다시 실행할 수 없습니다." in refused
    assert "실패가 없습니다" in str(run(BatchState.retry.fn(tab.batch)))


def test_a_preview_stores_nothing_and_is_written_anew_in_another_language(house: House):
    tab = Tab()
    form = {"keywords": "mac\nmac\nair", "source:wordfreq.ko": "on", "intent": "preview"}
    assert [str(event) for event in run(submitted(tab, form)) if event is not None] == []
    assert batches.listing(house) == []
    assert tab.new.forecast.shown
    assert (tab.new.forecast.facts[0].value, tab.new.forecast.chips[1].text) == ("2", "중복 합침 1")
    tab.ui.chosen = "en"
    run(NewState.refresh.fn(tab.new))
    assert not any("가" <= char <= "힣" for char in str(asdict(tab.new.forecast)))
