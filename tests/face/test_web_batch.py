"""The states of a batch's page and of its tabs, as plain methods over a real temporary house."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
import reflex as rx
from reflex.istate.data import ReflexURL, URLData

from app.errors import NothingToRetry
from app.models.people import MAIN
from app.services import activity, batches, control, naming
from app.services.callers import Caller
from app.services.house import House
from app.web import addresses, heads
from app.web.heads import Asked
from app.web.pages.batch import ENTER, BatchState, view
from app.web.state import Ui
from app.web.tabs.activity import ActivityState
from app.web.tabs.api import ApiState
from app.web.tabs.charts import ChartsState
from app.web.tabs.failures import FailuresState
from app.web.tabs.results import ResultsState
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce
from tests.store.test_control import work


class Tab:
    """A tab at an address, that ``person`` has open."""

    def __init__(self, address: str, person: Caller = OWNER, language: str = "en") -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root, person)
        self.of(Ui).chosen = language
        self.go(address)

    def go(self, address: str) -> None:
        self.root.rx_router_url = URLData.from_url(ReflexURL(f"http://house{address}"))

    def of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))

    def do(self, handler: Any, *given: Any) -> Any:
        state = self.of(handler.state)
        done = handler.fn(state, *given)
        return asyncio.run(_whole(done)) if hasattr(done, "__await__") else done


async def _whole(what: Awaitable[Any]) -> Any:
    return await what


def submit(house: House, *keywords: str, sources: tuple[str, ...] = ("wordfreq.ko",), **options: Any) -> int:
    return batches.submit(house, keywords or ("a", "b", "c"), sources, name="시험", who=OWNER, **options).batch


def shown(tab: Tab) -> Any:
    tab.do(BatchState.enter)
    return tab.of(BatchState)


def test_the_page_can_be_drawn():
    drawn = str(view().render())
    assert all(f"tab={name}" in drawn for name in addresses.TABS[1:])
    for key in ("p", "x", "r", "e", "s"):
        assert f'"data-key":"{key}"' in drawn


def test_the_address_names_the_tab_and_only_its_state_is_filled(house: House):
    batch = submit(house)
    work(house, batch)
    for name, kind in (("failures", FailuresState), ("charts", ChartsState), ("activity", ActivityState)):
        tab = Tab(f"/batches/{batch}?tab={name}")
        follows = [tab.do(handler) for handler in ENTER if handler.state is not ResultsState]
        assert shown(tab).tab == name
        assert [one.state for one in follows if one is not None] == [BatchState, kind]
    assert shown(Tab(f"/batches/{batch}?tab=nonsense")).tab == "results"
    assert tuple(shown(Tab(f"/batches/{batch}")).counts) == addresses.TABS


@pytest.mark.parametrize("address", ["/batches/x", "/batches/99", "/batches/"])
def test_an_address_of_no_batch_is_said_to_be_that(house: House, address: str):
    assert shown(Tab(address)).phase == "missing"


def test_what_was_done_is_said_with_a_real_way_back(house: House):
    batch = submit(house)
    tab = Tab(f"/batches/{batch}")
    state = shown(tab)
    paused = str(tab.do(BatchState.pause))
    assert "Paused" in paused
    assert "resume" in paused
    assert state.verbs.resume
    assert "It goes on" in str(tab.do(BatchState.resume))
    cancelled = str(tab.do(BatchState.cancel))
    assert "Cancelled" in cancelled
    assert "resume" in cancelled
    assert [act.what for act in activity.listing(house, batch)] == ["cancel", "resume", "pause", "submit"]
    assert {act.who for act in activity.listing(house, batch)} == {OWNER.name}


def test_a_name_is_changed_where_it_stands_and_a_refused_one_stays_in_its_field(house: House):
    batch = submit(house)
    tab = Tab(f"/batches/{batch}")
    state = shown(tab)
    tab.do(BatchState.edit, "name")
    assert "visible character" in str(tab.do(BatchState.rename, {"name": "  "}))
    assert (state.editing, state.head.name) == ("name", "시험")
    assert "Renamed" in str(tab.do(BatchState.rename, {"name": "<script>alert(1)</script>" + "긴" * 5_000}))
    assert state.editing == ""
    assert state.head.name.startswith("<script>alert(1)</script>긴")
    assert len(state.head.name) == batches.MAX_NAME
    tab.do(BatchState.edit, "anything else")
    assert state.editing == ""


def test_tags_are_added_and_removed(house: House):
    tab = Tab(f"/batches/{submit(house)}")
    state = shown(tab)
    tab.do(BatchState.tag, {"tag": "가을"})
    tab.do(BatchState.tag, {"tag": "b"})
    assert state.head.tags == ["b", "가을"]
    tab.do(BatchState.untag, "b")
    assert state.head.tags == ["가을"]


def test_failures_are_retried_by_kind_and_by_who_may(house: House):
    batch = submit(house)
    work(house, batch, {("wordfreq.ko", 0): "unreachable", ("wordfreq.ko", 2): "rejected"})
    watcher = Tab(f"/batches/{batch}?tab=failures", VIEWER)
    for tab in (watcher, Tab(f"/batches/{batch}?tab=failures")):
        tab.do(FailuresState.enter)
        tab.do(FailuresState.refresh)
        assert [(kind.error, kind.count) for kind in tab.of(FailuresState).failed.kinds] == [
            ("rejected", "1"),
            ("unreachable", "1"),
        ]
    assert "scope submit" in str(watcher.do(FailuresState.retry, "", "", 0))
    assert "One failed lookup" in str(tab.do(FailuresState.retry, "wordfreq.ko", "rejected", 0))
    assert [kind.error for kind in tab.of(FailuresState).failed.kinds] == ["unreachable"]
    tab.do(FailuresState.retry, "", "", 0)
    assert tab.of(FailuresState).failed.total == ""
    assert NothingToRetry(batch=batch).sentence("en") in str(tab.do(FailuresState.retry, "", "", 0))


def test_a_tab_of_another_workspaces_batch_holds_nothing_of_it(house: House):
    batch = submit(house)
    work(house, batch, {("wordfreq.ko", 0): "unreachable"})
    for name, kind in (("failures", FailuresState), ("charts", ChartsState), ("activity", ActivityState)):
        tab = Tab(f"/batches/{batch}?tab={name}", STRANGER)
        tab.do(kind.enter)
        tab.do(kind.refresh)
        assert tab.of(kind).problem
        assert tab.of(kind).phase == "loading"
    tab = Tab(f"/batches/{batch}?tab=api", STRANGER)
    tab.do(ApiState.enter)
    assert tab.of(ApiState).snippets == []


def test_acts_are_paged_by_address(house: House):
    batch = submit(house)
    for n in range(60):
        naming.rename(house, batch, f"name {n}", who=OWNER)
    tab = Tab(f"/batches/{batch}?tab=activity")
    tab.do(ActivityState.enter)
    tab.do(ActivityState.refresh)
    first = tab.of(ActivityState)
    assert (len(first.acts), first.newest) == (50, "")
    tab.go(first.older)
    tab.do(ActivityState.enter)
    tab.do(ActivityState.refresh)
    assert (len(first.acts), first.older) == (11, "")
    assert first.newest == f"/batches/{batch}?tab=activity"
    assert first.acts[-1].text.startswith("Submitted")


def test_charts_are_drawn_and_forgotten_when_the_tab_is_left(house: House):
    batch = submit(house, sources=("wordfreq.ko", "wordfreq.en"))
    tab = Tab(f"/batches/{batch}?tab=charts")
    tab.do(ChartsState.enter)
    tab.do(ChartsState.refresh)
    state = tab.of(ChartsState)
    assert (state.phase, state.figures) == ("shown", [])
    work(house, batch)
    tab.do(ChartsState.refresh)
    assert [figure.key for figure in state.figures] == ["progress", "cloud", "spread wordfreq.ko", "spread wordfreq.en"]
    english = str(state.figures)
    tab.of(Ui).chosen = "ko"
    tab.do(ChartsState.refresh)
    assert str(state.figures) != english
    assert "x=wordfreq.en&y=wordfreq.ko" in str(tab.do(ChartsState.choose, "x", state.y))
    tab.go(f"/batches/{batch}")
    tab.do(ChartsState.enter)
    assert state.figures == []


def test_the_calls_are_those_of_the_house_as_it_is_reached(house: House):
    batch = submit(house)
    tab = Tab(f"/batches/{batch}?tab=api")
    tab.do(ApiState.enter)
    assert tab.of(ApiState).snippets[0].text.startswith("API=http://house/api/v1")
    assert "Copied" in str(tab.do(ApiState.copied, True))
    assert "did not let" in str(tab.do(ApiState.copied, False))


def test_a_page_says_when_nobody_works_only_if_it_can_know(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submit(house)
    assert shown(Tab(f"/batches/{batch}")).sign == "queue_away"
    monkeypatch.setattr(heads.crew, "workers_there", lambda _: 0)
    state = shown(Tab(f"/batches/{batch}"))
    assert state.sign == "live"
    assert [one.kind for one in state.reasons] == ["fail"]
    control.pause(house, batch)
    monkeypatch.setattr(heads.heads, "_running", {})
    assert heads.read(house, Asked(batch, MAIN)).acts == 2
