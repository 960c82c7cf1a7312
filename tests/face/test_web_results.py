"""The tab of results: what an address shows, what stays where it is while readings come, and what is done with rows."""

import asyncio
from typing import Any

import reflex as rx
from reflex.istate.data import ReflexURL, URLData

from app import clock
from app.errors import DatabaseDown, NoSources
from app.models.tables import reading
from app.repositories import batches as stored
from app.services import batches, saved
from app.services.callers import Caller
from app.services.house import House
from app.web.components.drawer import RowState
from app.web.components.saved import ViewsState
from app.web.picked import PickedState
from app.web.state import Ui
from app.web.tabs.results import ResultsState
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce

SOURCE = "wordfreq.ko"


class Tab:
    """A tab that somebody has open at an address."""

    def __init__(self, person: Caller = OWNER) -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root, person)
        self.of(Ui).chosen = "en"
        self.results = self.of(ResultsState)

    def of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))

    def do(self, handler: Any, *arguments: Any) -> Any:
        state = self.of(handler.state)

        async def to_end() -> Any:
            done = handler.fn(state, *arguments)
            if hasattr(done, "__aiter__"):
                return [one async for one in done]
            return await done if hasattr(done, "__await__") else done

        return asyncio.run(to_end())

    def at(self, address: str) -> "Tab":
        self.root.rx_router_url = URLData.from_url(ReflexURL(f"http://127.0.0.1{address}"))
        self.do(ResultsState.enter)
        return self

    def shown(self) -> list[str]:
        return [row.keyword for row in self.results.rows]


def submit(house: House, *keywords: str) -> int:
    return batches.submit(house, keywords, [SOURCE], name="n").batch


def read(house: House, number: int, values: dict[int, float | None]) -> None:
    """Store readings; None is a failure."""
    with house.db.work() as work:
        seq = batches.look(work.connection, number).seq
        for place, (position, value) in enumerate(values.items(), start=1):
            failed = value is None
            row = {
                "batch_id": number,
                "source": SOURCE,
                "position": position,
                "seq": seq + place,
                "state": "failed" if failed else "ok",
                "value": value,
                "upper": None,
                "data": None,
                "error": "unreachable" if failed else None,
                "detail": "gone" if failed else None,
                "observed_at": clock.now_ms(),
                "from_cache": False,
                "attempts": 2,
                "latency_ms": 7,
                "account": "wordfreq/default",
            }
            work.connection.execute(reading.insert().values(row))
        source = stored.one_source(work.connection, number, SOURCE)
        assert source is not None
        failed = sum(value is None for value in values.values())
        counted = {"ok": source.ok + len(values) - failed, "failed": source.failed + failed}
        stored.change_source(work.connection, number, SOURCE, **counted)
        stored.change(work.connection, number, seq=seq + len(values))


def look(tab: Tab) -> None:
    """What a nudge does."""

    async def once() -> None:
        state = tab.results
        state._take(await state._look(state._window, None), "en")

    asyncio.run(once())


def test_an_address_says_order_filter_and_search(house: House):
    number = submit(house, "사과", "바나나", "사과잼", "포도")
    read(house, number, {0: 5.0, 1: 1.0, 2: 9.0, 3: None})
    at = f"/batches/{number}"
    assert Tab().at(at).shown() == ["사과", "바나나", "사과잼", "포도"]
    assert Tab().at(f"{at}?sort={SOURCE}&order=desc").shown() == ["사과잼", "사과", "바나나", "포도"]
    assert Tab().at(f"{at}?filter={SOURCE}:failed").shown() == ["포도"]
    assert Tab().at(f"{at}?filter={SOURCE}>1&q=사과").shown() == ["사과", "사과잼"]


def test_cells_fill_in_place_where_readings_cannot_move_rows(house: House):
    number = submit(house, "b", "a")
    for address in (f"/batches/{number}", f"/batches/{number}?sort=keyword&order=asc"):
        tab = Tab().at(address)
        before = tab.shown()
        position = int(tab.results.rows[1].key)
        read(house, number, {position: 3.0})
        look(tab)
        assert tab.shown() == before
        assert [row.cells[0].kind for row in tab.results.rows].count("pending") >= 1
        assert tab.results.news[str(position)].cells[0].fresh
        assert tab.results.newer == ""
        with house.db.work() as work:
            work.connection.execute(reading.delete().where(reading.c.batch_id == number))


def test_a_sorted_page_stays_as_it_was_and_says_how_much_is_new(house: House):
    number = submit(house, "a", "b", "c")
    read(house, number, {0: 1.0, 1: 2.0})
    tab = Tab().at(f"/batches/{number}?sort={SOURCE}&order=desc")
    assert tab.shown() == ["b", "a", "c"]
    read(house, number, {2: 9.0})
    look(tab)
    assert (tab.shown(), tab.results.newer) == (["b", "a", "c"], "1 new result")
    assert tab.results.rows[2].cells[0].kind == "pending"
    tab.at(f"/batches/{number}?sort={SOURCE}&order=desc&row=2")  # opening a row moves nothing either
    assert tab.shown() == ["b", "a", "c"]
    tab.do(ResultsState.renew)
    assert (tab.shown(), tab.results.newer) == (["c", "b", "a"], "")


def test_a_view_that_makes_no_sense_is_a_sentence_and_leads_out(house: House):
    number = submit(house, "a")
    for query in ("sort=no.such", "filter=nonsense", f"filter={SOURCE}:asleep", "sort=keyword&cursor=bad"):
        tab = Tab().at(f"/batches/{number}?{query}")
        assert tab.results.phase == "bad"
        assert tab.results.problem
        assert tab.results.untouched == f"/batches/{number}"
    assert [chip.text for chip in Tab().at(f"/batches/{number}?filter=nonsense").results.chips] == ["nonsense"]
    assert tab.at(f"/batches/{number}").results.phase == "shown"


def test_a_batch_of_another_workspace_shows_no_row(house: House):
    number = submit(house, "a")
    assert Tab(STRANGER).at(f"/batches/{number}").results.rows == []
    row = Tab(STRANGER).at(f"/batches/{number}?row=0")
    row.do(RowState.enter)
    assert row.of(RowState).detail.keyword == ""


def test_a_database_that_is_away_leaves_what_was_shown(house: House):
    tab = Tab().at(f"/batches/{submit(house, 'a')}")
    tab.results._could_not(DatabaseDown(where="there", why="gone."), "en")
    assert (tab.results.phase, len(tab.results.rows)) == ("shown", 1)
    assert tab.results.problem
    fresh = Tab()
    fresh.results._could_not(DatabaseDown(where="there", why="gone."), "en")
    assert fresh.results.phase == "unread"


def test_a_choice_is_an_address(house: House):
    number = submit(house, "a", "b")
    tab = Tab().at(f"/batches/{number}?sort=keyword&order=desc")
    assert "q=%EA%B0%80&" not in str(tab.do(ResultsState.search, " 가 "))
    assert "q=%EA%B0%80" in str(tab.do(ResultsState.search, " 가 "))
    assert tab.do(ResultsState.search, "") is None
    form = {"column": SOURCE, "is": "<", "number": "1,000"}
    assert f"filter={SOURCE}%3C1000" in str(tab.do(ResultsState.add_filter, form)).replace("<", "%3C")
    tab.do(ResultsState.add_filter, form | {"number": "many"})
    assert tab.results.refusal == "Give a number to compare with, such as 1000 or 0.5."
    assert "from=2" in str(tab.at(f"/batches/{number}").do(ResultsState.go_to, {"number": "9,999"}))
    assert tab.do(ResultsState.go_to, {"number": "x"}) is None


def test_a_page_holds_no_more_rows_than_it_shows(house: House):
    number = submit(house, *(f"k{n:03}" for n in range(250)))
    tab = Tab().at(f"/batches/{number}?sort=keyword&order=asc")
    assert len(tab.results.rows) == 100
    tab.at(tab.results.steps.next)
    assert (tab.shown()[0], tab.results.span) == ("k100", "101–200 of 250 rows")
    tab.at(tab.results.steps.next)
    assert (len(tab.shown()), tab.results.steps.next) == (50, "")
    tab.at(tab.results.steps.previous)
    assert tab.shown()[0] == "k100"


def test_an_open_row_tells_where_its_reading_is_from(house: House):
    number = submit(house, "a", "<script>alert(1)</script>")
    read(house, number, {1: None})
    tab = Tab().at(f"/batches/{number}?row=1")
    tab.do(RowState.enter)
    found = tab.of(RowState).detail
    assert (found.keyword, found.number) == ("<script>alert(1)</script>", "2")
    [source] = found.sources
    assert (source.cell.kind, source.words) == ("failed", "gone")
    assert source.error
    assert {"Attempts": "2", "Account": "wordfreq/default", "Answer time": "7 ms"}.items() <= {
        one.name: one.said for one in source.facts
    }.items()
    tab.at(f"/batches/{number}")
    tab.do(RowState.enter)
    assert tab.of(RowState).open == ""
    beyond = tab.at(f"/batches/{number}?row=7")
    beyond.do(RowState.enter)
    assert beyond.of(RowState).problem


def test_views_are_kept_found_again_and_forgotten_with_a_way_back(house: House):
    number = submit(house, "a")
    tab = Tab().at(f"/batches/{number}?sort=keyword&order=desc&q=a")
    tab.do(ViewsState.keep, {"name": "mine"})
    [line] = tab.of(ViewsState).lines
    assert (line.name, line.owner, line.href, line.on) == (
        "mine",
        OWNER.name,
        tab.results.untouched + "?sort=keyword&order=desc&q=a",
        True,
    )
    tab.do(ViewsState.forget, "mine")
    assert saved.listing(house, OWNER.workspace, "view") == []
    tab.do(ViewsState.restore, "mine", "sort=keyword&order=desc&q=a")
    assert [one.name for one in saved.listing(house, OWNER.workspace, "view")] == ["mine"]
    looks = Tab(VIEWER).at(f"/batches/{number}")
    looks.do(ViewsState.keep, {"name": "not his"})
    assert "scope submit" in looks.of(ViewsState).refusal


def test_nothing_is_done_with_rows_before_it_is_said_how_many(house: House):
    number = submit(house, "a", "b", "c")
    read(house, number, {0: None, 1: None, 2: 4.0})
    tab = Tab().at(f"/batches/{number}?q=a")
    tab.do(PickedState.ask_retry)
    bulk = tab.of(PickedState)
    assert (bulk.asks, bulk.affected) == ("retry", "1 failed lookup of these rows will be asked again.")
    tab.do(PickedState.dismiss)
    assert batches.get(house, number).counts.failed == 2
    tab.at(f"/batches/{number}?q=c")
    tab.do(PickedState.ask_retry)
    assert bulk.asks == ""
    tab.do(PickedState.ask_batch)
    assert (bulk.asks, bulk.affected) == ("batch", "A new batch of 1 keyword.")
    assert [one.name for one in bulk.offered if one.on] == [SOURCE]


def test_failures_of_rows_that_match_are_asked_again_and_no_others(house: House):
    number = submit(house, "a", "b", "c")
    read(house, number, {0: None, 1: None, 2: 4.0})
    tab = Tab().at(f"/batches/{number}?q=a")
    tab.do(PickedState.ask_retry)
    tab.do(PickedState.retry)
    assert batches.get(house, number).counts.failed == 1
    looks = Tab(VIEWER).at(f"/batches/{number}?q=b")
    looks.do(PickedState.ask_retry)
    looks.do(PickedState.retry)
    assert "scope submit" in looks.of(PickedState).refusal
    assert batches.get(house, number).counts.failed == 1


def test_a_batch_is_made_of_the_rows_that_match(house: House):
    number = submit(house, "apple", "apricot", "plum")
    tab = Tab().at(f"/batches/{number}?q=ap")
    tab.do(PickedState.ask_batch)
    tab.do(PickedState.make, {"name": "ap"})
    assert tab.of(PickedState).refusal == NoSources().sentence("en")
    events = tab.do(PickedState.make, {"name": "ap", f"source:{SOURCE}": True})
    tab.do(PickedState.make, {"name": "ap", f"source:{SOURCE}": True})  # the second of two clicks
    [made] = [one.id for one in batches.listing(house) if one.id != number]
    assert f"/batches/{made}" in str(events[-1])
    assert (batches.get(house, made).items, batches.get(house, made).name) == (2, "ap")


def test_no_state_holds_more_than_a_page(house: House):
    number = submit(house, *(f"k{n}" for n in range(1000)))
    tab = Tab().at(f"/batches/{number}")
    assert len(tab.results.rows) == 100
    assert all(len(value) <= 100 for value in vars(tab.results).values() if isinstance(value, list))
