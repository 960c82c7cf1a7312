"""The list of batches: its address, its filters, its lines, and verbs for many."""

import asyncio
from dataclasses import asdict, replace
from typing import Any

import pytest
import reflex as rx
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app import clock
from app.errors import DatabaseDown, Language
from app.models.tables import batch as table
from app.services import batches, control
from app.services.bulk import Weighed
from app.services.callers import Caller
from app.services.house import House
from app.services.listing import Known
from app.services.shapes import Pace
from app.web import backend, listed
from app.web.asked import PARTS, STATES, Asked, asked
from app.web.chosen import asking
from app.web.ends import Ends
from app.web.pages import batches as page
from app.web.pages.batches import BatchesState
from app.web.state import Ui
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce
from tests.face.test_web_shown import batch as view_of

NOW = 1_795_230_000_000  # 2026-11-21 12:20 KST
DAY = 86_400_000


@pytest.fixture(autouse=True)
def fresh_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may find the ends that another one worked out."""
    monkeypatch.setattr(page, "ends", Ends())


class Tab:
    """A tab with the list open at ``query``. Background handlers get it as they get it in a browser's."""

    def __init__(self, query: str = "", person: Caller = OWNER, language: Language = "en") -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root, person)
        self.root.get_substate(Ui.get_full_name().split(".")).chosen = language
        self.state: Any = self.root.get_substate(BatchesState.get_full_name().split("."))
        self.state._wanted = asked(query)
        self.do(BatchesState.refresh)

    def do(self, handler: Any, *arguments: Any) -> list[Any]:
        async def to_end() -> Any:
            done = handler.fn(self.state, *arguments)
            if hasattr(done, "__aiter__"):
                return [one async for one in done]
            return [await done if asyncio.iscoroutine(done) else done]

        return asyncio.run(to_end())

    def ids(self) -> list[int]:
        return [line.id for line in self.state.lines]

    def look(self, before: list[int] | None = None) -> page.Look:
        shown = self.state._shown if before is None else before
        return page.read(backend.house(), OWNER.workspace, self.state._wanted, list(shown))


def submit(house: House, count: int = 1, **words: Any) -> list[int]:
    return [batches.submit(house, ["맥북"], ["wordfreq.ko"], **words).batch for _ in range(count)]


def set_to(house: House, number: int, **columns: Any) -> None:
    with house.db.work() as work:
        work.connection.execute(update(table).where(table.c.id == number).values(**columns))


# the address


PLAIN = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(
    st.sets(st.sampled_from(STATES)),
    st.dictionaries(st.sampled_from(("source", "owner", "tag", "q")), PLAIN),
    st.sampled_from(("", "today", "7d", "30d")),
    st.none() | st.integers(1, 10**17),
)
def test_an_address_says_what_is_wanted_and_nothing_else(states, values, time, before):
    wanted = Asked(
        tuple(one for one in STATES if one in states), {**values, **({"time": time} if time else {})}, before
    )
    found = asked(wanted.query())
    assert (found.states, dict(found.values), found.before) == (wanted.states, dict(wanted.values), before)


@given(st.text(max_size=200))
def test_no_address_breaks_the_list(query):
    wanted = asked(query)
    assert asked(wanted.query()) == wanted
    wanted.fits()


@pytest.mark.parametrize(
    "query",
    ["state=gone", "time=year", "from=yesterday", "to=9999-12-31", "before=x", "after=-1", "before=" + "9" * 30],
)
def test_what_means_nothing_is_left_out(query):
    assert asked(query) == Asked()


def test_a_filter_leads_to_the_first_page_and_leaves_the_others():
    wanted = asked("state=running&owner=mina&before=90")
    assert wanted.but("tag", "가을").address() == "/batches?state=running&owner=mina&tag=%EA%B0%80%EC%9D%84"
    assert wanted.but("owner", "").address() == "/batches?state=running"
    assert wanted.toggled("running").address() == "/batches?owner=mina"
    assert wanted.toggled("paused").states == ("running", "paused")
    assert Asked().address() == "/batches"


def test_days_of_ones_own_and_a_span_stand_for_one_another():
    wanted = asked("from=2026-11-01&to=2026-11-20")
    assert wanted.but("time", "7d").query() == "time=7d"
    assert asked("time=7d").but("from", "2026-11-01").query() == "from=2026-11-01"
    assert asked("time=7d&from=2026-11-01").query() == "time=7d"


def test_days_begin_and_end_at_midnight_in_korea():
    midnight = NOW - NOW % DAY - 9 * 3_600_000 + (DAY if NOW % DAY >= 15 * 3_600_000 else 0)
    with clock.frozen(NOW):
        assert (asked("time=today").fits().since, asked("time=today").fits().until) == (midnight, None)
        assert asked("time=7d").fits().since == midnight - 6 * DAY
        assert asked("time=30d").fits().since == midnight - 29 * DAY
        own = asked("from=2026-11-21&to=2026-11-21").fits()
    assert (own.since, own.until) == (midnight, midnight + DAY)


# the filters and lines


def test_every_filter_that_is_set_can_be_taken_away():
    wanted = asked("state=running&source=naver.blog&owner=mina&tag=a&time=7d&q=b")
    shown = listed.filters(wanted, Known(("naver.blog",), ("mina",), ("a",)), {}, "en")
    assert [chip.part for chip in shown.chips] == ["source", "owner", "tag", "time", "q"]
    for chip in shown.chips:
        assert asked(chip.href.partition("?")[2]) == wanted.but(chip.part, "")
    [on] = [switch for switch in shown.switches if switch.on]
    assert (on.state, asked(on.href.partition("?")[2]).states) == ("running", ())
    assert shown.now == {part: wanted[part] for part in PARTS}


def test_a_line_says_when_it_ended_or_is_expected_to_and_never_guesses():
    pace = Pace(9.8, 10.0, NOW + 60_000, "rate", 20_000, 25_000)
    running = listed.line(view_of(), pace, NOW, "en")
    assert (running.expected, running.end.startswith("today")) == (True, True)
    unknown = listed.line(view_of(), replace(pace, ends_at=None, binds="upstream_down"), NOW, "en")
    assert (unknown.end, unknown.expected, unknown.why) == ("–", False, "the upstream does not answer")
    assert listed.line(view_of(), None, NOW, "en").end == "–"
    ended = listed.line(view_of(state="completed", finished_at=NOW - 60_000), None, NOW, "en")
    assert (ended.expected, ended.end.startswith("today")) == (False, True)


def test_a_line_leads_to_its_failures_and_its_tags():
    line = listed.line(view_of(tags=("가을",)), None, NOW, "ko")
    assert (line.failed, line.address) == ("2", "/batches/7")
    assert asked(line.tags[0].href.partition("?")[2]) == Asked(values={"tag": "가을"})


def test_in_english_there_is_no_korean_but_what_people_wrote():
    line = asdict(listed.line(view_of(), None, NOW, "en"))
    said = str({name: value for name, value in line.items() if name not in ("name", "tags", "owner")})
    assert not any("가" <= char <= "힣" for char in said)


def test_the_question_says_how_many_and_how_many_not():
    weighed = Weighed(((3, "running"), (2, "running"), (1, "waiting")), {"completed": 4, "paused": 1})
    ask = asking("pause", weighed, "en")
    assert ask.counts == "3 affected: 2 running, 1 waiting."
    assert ask.others == "5 others cannot be paused: 4 completed, 1 paused"
    none = asking("retry", Weighed((), {"unfailed": 2}), "ko")
    assert (none.fits, none.counts) == (False, "")
    assert "실패 없음 2" in none.others


def test_refusals_are_told_once_each_and_not_endlessly():
    assert listed.told(["a.", "a.", "b."], "en") == "a. b."
    assert listed.told([f"{n}." for n in range(9)], "en") == "0. 1. 2. And 6 more."


# the page


def test_the_page_can_be_drawn():
    page.view()


def test_the_page_shows_what_its_address_wants(house: House):
    [one], [two] = submit(house, name="brand A", tags=["가을"]), submit(house, name="brand B")
    control.pause(house, two)
    assert Tab().ids() == [two, one]
    assert Tab("q=BRAND&state=paused").ids() == [two]
    assert Tab("tag=가을").ids() == [one]
    assert Tab("tag=겨울").ids() == []
    assert Tab(person=STRANGER).ids() == []


def test_pages_lead_both_ways(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page, "PAGE", 2)
    numbers = submit(house, 5)[::-1]
    first = Tab()
    assert (first.ids(), first.state.newer) == (numbers[:2], "")
    second = Tab(first.state.older.partition("?")[2])
    assert second.ids() == numbers[2:4]
    assert Tab(second.state.newer.partition("?")[2]).ids() == numbers[:2]
    third = Tab(second.state.older.partition("?")[2])
    assert (third.ids(), third.state.older) == (numbers[4:], "")


def test_lines_stay_where_they_are_while_new_batches_come(house: House):
    before = submit(house, 2)[::-1]
    tab = Tab()
    new = submit(house, 2)[::-1]
    assert tab.state._followed(tab.look(), "en"), "the browser is asked whether the list is being read"
    assert tab.ids() == before
    assert not tab.state._followed(tab.look(), "en"), "but once only"
    tab.do(BatchesState.arrived, True)
    assert (tab.ids(), tab.state.news) == (before, "2 new · show")
    submit(house)
    tab.state._followed(tab.look(), "en")
    assert tab.state.news == "3 new · show"
    tab.do(BatchesState.refresh)
    assert (len(tab.ids()), tab.ids()[1:3], tab.state.news) == (5, new, "")


def test_new_batches_appear_by_themselves_where_nobody_reads(house: House):
    submit(house)
    tab = Tab()
    [new] = submit(house)
    tab.state._followed(tab.look(), "en")
    tab.do(BatchesState.arrived, False)
    assert (tab.ids()[0], tab.state.news) == (new, "")


@pytest.mark.parametrize("query", ["time=today", "from=2026-01-01"])
def test_with_a_span_of_time_new_ones_are_announced_at_once(house: House, query: str):
    submit(house)
    tab = Tab(query)
    submit(house)
    assert not tab.state._followed(tab.look(), "en")
    assert (len(tab.ids()), tab.state.news) == (1, "1 new · show")


def test_a_batch_that_does_not_fit_any_more_stays_in_its_place_and_says_what_it_is(house: House):
    one, two = submit(house, 2)
    tab = Tab("state=queued")
    control.pause(house, two)
    assert not tab.state._followed(tab.look(), "en")
    assert [(line.id, line.state) for line in tab.state.lines] == [(two, "paused"), (one, "queued")]
    assert tab.state.news == "The list has changed · show"


def test_a_first_batch_appears_in_an_empty_list(house: House):
    tab = Tab()
    [new] = submit(house)
    assert not tab.state._followed(tab.look(), "en")
    assert tab.ids() == [new]


def test_a_database_that_goes_away_leaves_the_lines_and_says_so(house: House):
    submit(house)
    tab = Tab()
    assert not tab.state._followed(DatabaseDown(where="there", why="gone."), "en")
    assert (tab.state.phase, tab.state.sign, len(tab.state.lines)) == ("shown", "stale", 1)


# verbs for many


def asks(tab: Tab, verb: str, *numbers: int) -> Any:
    for number in numbers:
        tab.do(BatchesState.choose, number)
    tab.do(BatchesState.question, verb)
    return tab.state.ask


def test_what_is_chosen_is_paused_and_the_rest_is_told(house: House):
    one, two, three = submit(house, 3)
    control.cancel(house, three)
    tab = Tab()
    ask = asks(tab, "pause", one, two, three)
    assert (ask.title, ask.fits) == ("Pause 2 batches?", True)
    assert batches.get(house, one).state == "queued", "nothing is done before it is confirmed"
    said = str(tab.do(BatchesState.confirm, {}))
    assert "2 batches paused." in said
    assert [batches.get(house, n).state for n in (one, two, three)] == ["paused", "paused", "cancelled"]
    assert tab.state.chosen == []
    control.pause(house, three := submit(house)[0])
    tab.do(BatchesState.undo, 99)
    assert batches.get(house, one).state == "paused"
    tab.do(BatchesState.undo, 1)
    assert [batches.get(house, n).state for n in (one, two, three)] == ["queued", "queued", "paused"]
    control.pause(house, one)
    tab.do(BatchesState.undo, 1)
    assert batches.get(house, one).state == "paused", "it is undone once"


def test_each_note_undoes_its_own_deed(house: House):
    one, two = submit(house, 2)
    tab = Tab()
    for number in (one, two):
        asks(tab, "pause", number)
        tab.do(BatchesState.confirm, {})
    tab.do(BatchesState.undo, 1)
    assert [batches.get(house, n).state for n in (one, two)] == ["queued", "paused"]


def test_a_cancelled_batch_that_is_resumed_is_not_said_to_be_undone_by_pausing(house: House):
    [paused], [cancelled] = submit(house), submit(house)
    control.pause(house, paused)
    control.cancel(house, cancelled)
    tab = Tab()
    asks(tab, "resume", paused, cancelled)
    tab.do(BatchesState.confirm, {})
    assert {batches.get(house, n).state for n in (paused, cancelled)} == {"queued"}
    assert list(tab.state._undo.values()) == [("pause", [paused])]


def test_what_cannot_be_undone_offers_no_way_back(house: House):
    [one] = submit(house)
    tab = Tab()
    asks(tab, "cancel", one)
    assert "Undo" not in str(tab.do(BatchesState.confirm, {}))
    assert tab.state._undo == {}


def test_everything_that_matches_is_chosen_over_all_pages(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(page, "PAGE", 2)
    numbers = submit(house, 5, name="sale")
    submit(house, name="other")
    tab = Tab("q=sale")
    tab.do(BatchesState.choose_page)
    assert (tab.state.count, tab.state.offer) == ("2 chosen", "Choose all 5 that match")
    tab.do(BatchesState.choose_all)
    tab.do(BatchesState.question, "pause")
    assert tab.state.ask.counts == "5 affected: 5 queued."
    tab.do(BatchesState.confirm, {})
    assert {batches.get(house, n).state for n in numbers} == {"paused"}
    assert batches.get(house, numbers[-1] + 1).state == "queued"


def test_what_is_not_on_the_page_cannot_be_chosen_by_its_number(house: House):
    [mine] = submit(house)
    tab = Tab()
    for number in (999, -1, 10**30):
        tab.do(BatchesState.choose, number)
    assert tab.state.chosen == []
    tab.do(BatchesState.choose, mine)
    tab.do(BatchesState.choose, mine)
    assert tab.state.chosen == []


def test_a_tag_is_put_on_those_that_do_not_have_it(house: House):
    [one], [two] = submit(house), submit(house, tags=["가을"])
    tab = Tab()
    assert asks(tab, "tag", one, two).tags
    assert "1 batch tagged “가을”." in str(tab.do(BatchesState.confirm, {"tag": " 가을 "}))
    assert batches.get(house, one).tags == ("가을",)
    asks(tab, "tag", one, two)
    assert "so already" in str(tab.do(BatchesState.confirm, {"tag": "가을"}))


def test_who_may_only_look_is_refused_and_told_so(house: House):
    [one] = submit(house)
    tab = Tab(person=VIEWER)
    said = asks(tab, "cancel", one)
    assert not said.fits
    tab.state.ask = asking("cancel", Weighed(((one, "queued"),), {}), "en")  # as if it had been asked before
    tab.state._meant = [one]
    assert "submit" in str(tab.do(BatchesState.confirm, {}))
    assert batches.get(house, one).state == "queued"


def test_a_verb_that_there_is_not_asks_nothing(house: House):
    [one] = submit(house)
    tab = Tab()
    assert asks(tab, "delete", one).title == ""
