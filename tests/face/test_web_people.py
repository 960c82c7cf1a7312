"""The pages belong to whoever is signed in: they show the batches of his workspace, and do what he may."""

import asyncio
from typing import Any

import pytest
import reflex as rx

from app.errors import NoSuchBatch, NotSignedIn
from app.services import batches
from app.services.callers import Caller
from app.services.house import House
from app.web.components.derived import DerivedState
from app.web.heads import Asked
from app.web.pages.batch import BatchState
from app.web.pages.batches import BatchesState
from app.web.pages.new import NewState
from app.web.pages.sources import SourcesState
from app.web.state import Ui, who
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce


class Tab:
    """A tab that ``person`` has open."""

    def __init__(self, person: Caller | None) -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        if person is not None:
            announce(self.root, person)
        self.of(Ui).chosen = "en"

    def of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))

    def do(self, handler: Any, *arguments: Any) -> Any:
        state = self.of(handler.state)

        async def to_end() -> Any:
            done = handler.fn(state, *arguments)
            return [one async for one in done] if hasattr(done, "__aiter__") else await done

        return asyncio.run(to_end())


def submit(house: House, person: Caller = OWNER) -> int:
    return batches.submit(house, ["a", "b"], ["wordfreq.ko"], who=person).batch


def on_page(tab: Tab, batch: int) -> Any:
    state = tab.of(BatchState)
    state._asked = Asked(batch, who(state).workspace)
    tab.do(BatchState.refresh)
    return state


def test_the_list_is_that_of_the_persons_workspace(house: House):
    ours, theirs = submit(house), submit(house, STRANGER)
    for person, batch in ((OWNER, ours), (VIEWER, ours), (STRANGER, theirs)):
        tab = Tab(person)
        tab.do(BatchesState.refresh)
        assert [line.id for line in tab.of(BatchesState).lines] == [batch]


def test_a_batch_of_another_workspace_is_one_that_is_not_there(house: House):
    ours = submit(house)
    assert on_page(Tab(STRANGER), ours).phase == on_page(Tab(STRANGER), 999).phase == "missing"
    assert on_page(Tab(OWNER), ours).phase == "shown"


def test_a_batch_of_another_workspace_takes_no_verb_and_no_formula(house: House, monkeypatch: pytest.MonkeyPatch):
    ours, tab = submit(house), Tab(STRANGER)
    state = on_page(tab, ours)
    for verb in (BatchState.pause, BatchState.cancel):
        assert NoSuchBatch(batch=ours).sentence("en") in str(tab.do(verb))
        assert state.phase == "missing"
    assert batches.get(house, ours).state == "queued"
    columns = tab.of(DerivedState)
    monkeypatch.setattr("app.web.addresses.batch_of", lambda _: ours)
    for do in (columns._specs(), columns._put([]), columns._read()):
        with pytest.raises(NoSuchBatch):
            asyncio.run(do)


def test_who_only_looks_is_offered_no_verb_and_refused_each(house: House):
    ours, tab = submit(house), Tab(VIEWER)
    state = on_page(tab, ours)
    assert state.phase == "shown"
    assert not any(vars(state.verbs).values())
    assert any(vars(on_page(Tab(OWNER), ours).verbs).values())
    named = ((BatchState.rename, {"name": "x"}), (BatchState.tag, {"tag": "x"}), (BatchState.untag, "x"))
    for verb, *given in ((BatchState.pause,), (BatchState.cancel,), (BatchState.retry,), (BatchState.rerun,), *named):
        assert "scope submit" in str(tab.do(verb, *given))
    assert batches.get(house, ours).state == "queued"
    tab.do(NewState.submit, {"keywords": "a", "source:wordfreq.ko": "on"})
    assert "scope submit" in tab.of(NewState).refusal
    tab.do(NewState.submit, {"keywords": "a", "source:wordfreq.ko": "on", "intent": "preview"})
    assert tab.of(NewState).forecast.shown
    assert len(batches.listing(house)) == 1


def test_a_submitted_batch_is_the_persons_and_his_workspaces(house: House):
    tab = Tab(STRANGER)
    tab.do(NewState.submit, {"keywords": "a", "source:wordfreq.ko": "on"})
    [made] = batches.listing(house, workspace=STRANGER.workspace)
    assert made.owner == STRANGER.name
    assert batches.listing(house, workspace=OWNER.workspace) == []


def test_accounts_are_changed_by_who_manages(house: House):
    tab = Tab(VIEWER)
    state = tab.of(SourcesState)
    tab.do(SourcesState.refresh)
    tab.do(SourcesState.add, "naver")
    tab.do(SourcesState.save, {"account": "team", "set:client_id": "x", "set:client_secret": "y"})
    assert "scope admin" in state.refusal
    tab.do(SourcesState.remove, "naver/team")
    assert "scope admin" in state.spoken


def test_a_tab_of_nobody_gets_nothing(house: House):
    submit(house)
    tab = Tab(None)
    for do in (BatchesState.refresh, BatchState.pause):
        if do is BatchState.pause:
            tab.of(BatchState)._asked = Asked(1)
        tab.do(do)
    assert tab.of(BatchesState).lines == []
    assert batches.get(house, 1).state == "queued"
    with pytest.raises(NotSignedIn):
        who(tab.root)
    assert (tab.of(Ui).person, tab.of(Ui).scopes) == ("", [])


def test_the_frame_says_who_is_there_and_what_he_may(house: House):
    ui = Tab(VIEWER).of(Ui)
    assert (ui.person, ui.scopes) == ("구경꾼", ["read"])
