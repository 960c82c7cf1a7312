"""The overview's and the ops page's states over a real house, and the workings in a person's words."""

import asyncio
from collections.abc import Awaitable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import redis
import reflex as rx

from app.db.migrate import upgrade
from app.errors import DatabaseDown, Language
from app.repositories.ops import Backlog
from app.services import batches
from app.services.callers import Caller
from app.services.crew import Crew, SchedulerView, WorkerView
from app.services.hosts import ProcessView
from app.services.house import House, open_house
from app.services.jobs import JobView, QueueAge
from app.services.memory import Memory
from app.services.ops import TROUBLES
from app.services.workings import HaltView, LaneView, Workings
from app.settings import Settings
from app.web import backend
from app.web.components import health as rail
from app.web.ops import works
from app.web.pages import ops, overview
from app.web.pages.ops import OpsState
from app.web.pages.overview import OverviewState
from app.web.state import Ui
from tests.face.overview_seen import NOON, WELL
from tests.face.signed_in import OWNER, STRANGER, VIEWER, announce


@pytest.fixture
def house(tmp_path: Path, valkey: redis.Redis, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    settings = Settings(data_dir=tmp_path, redis_url=valkey_url, database_url="")
    upgrade(settings)
    built = open_house(settings)
    monkeypatch.setattr(backend._Held, "house", built)
    monkeypatch.setattr(overview.reads, "_running", {})
    monkeypatch.setattr(ops.reads, "_running", {})
    yield built
    built.close()


class Tab:
    """A tab: its tree of states."""

    def __init__(self, language: Language = "en", who: Caller = OWNER) -> None:
        self.root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
        announce(self.root, who)
        self._of(Ui).chosen = language
        self.overview, self.ops = self._of(OverviewState), self._of(OpsState)

    def _of(self, kind: type[rx.State]) -> Any:
        return self.root.get_substate(kind.get_full_name().split("."))


def run(what: Awaitable[Any]) -> Any:
    async def to_end() -> Any:
        return await what

    return asyncio.run(to_end())


def away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the database away."""

    def gone(*_: Any) -> Any:
        raise DatabaseDown(where="there", why="gone.")

    monkeypatch.setattr(type(house.db), "read", gone)


def test_a_fresh_house_shows_the_next_step_and_no_figures(house: House):
    tab = Tab()
    run(OverviewState.refresh.fn(tab.overview))
    assert (tab.overview.phase, tab.overview.fresh, tab.overview.batches) == ("shown", True, [])
    assert [figure.value for figure in tab.overview.figures] == ["–"] * 4
    assert tab.overview.chart.empty
    assert tab.overview.health


def test_the_overview_shows_the_workspaces_own_batches(house: House):
    number = batches.submit(house, ["맥북"], ["wordfreq.ko"], name="가을").batch
    mine, theirs = Tab(), Tab(who=STRANGER)
    for tab in (mine, theirs):
        run(OverviewState.refresh.fn(tab.overview))
    assert [(one.id, one.name, one.state) for one in mine.overview.batches] == [(number, "가을", "queued")]
    assert theirs.overview.fresh


def test_what_did_not_change_is_not_sent(house: House):
    tab = Tab()
    batches.submit(house, ["맥북"], ["wordfreq.ko"])
    run(OverviewState.refresh.fn(tab.overview))
    tab.overview._clean()
    found = run(overview.read(1, "hour", 0.0))
    tab.overview._show(found, "en")
    assert tab.overview.dirty_vars <= {"day", "health"}, "but the time, and how old the queue's oldest is"


def test_an_overview_that_cannot_be_read_keeps_what_it_showed(house: House, monkeypatch: pytest.MonkeyPatch):
    tab, fresh = Tab(), Tab()
    batches.submit(house, ["맥북"], ["wordfreq.ko"])
    run(OverviewState.refresh.fn(tab.overview))
    with monkeypatch.context() as patched:
        away(house, patched)
        overview.reads._running.clear()
        for one in (tab, fresh):
            run(OverviewState.refresh.fn(one.overview))
    assert (tab.overview.phase, tab.overview.sign, len(tab.overview.batches)) == ("shown", "stale", 1)
    assert (fresh.overview.phase, fresh.overview.sign) == ("unread", "stale")
    assert "gone" in fresh.overview.problem


def test_the_language_of_everything_follows(house: House):
    batches.submit(house, ["a"], ["wordfreq.ko"], name="a")
    for language in ("ko", "en"):
        tab = Tab(language)  # type: ignore[arg-type]
        run(OverviewState.refresh.fn(tab.overview))
        run(OpsState.refresh.fn(tab.ops))
        text = str([tab.overview.day, tab.overview.figures, tab.overview.health, tab.ops.signs, tab.ops.times])
        assert any("가" <= char <= "힣" for char in text) == (language == "ko")


@pytest.mark.parametrize(
    ("query", "window"), [("", "hour"), ("window=day", "day"), ("window=week", "hour"), ("x=1&window=day", "day")]
)
def test_the_address_names_the_window(query: str, window: str):
    assert overview.window_of(query) == window


def test_ops_shows_jobs_to_those_who_may_see_them(house: House):
    batches.submit(house, ["맥북"], ["wordfreq.ko"], name="비밀")
    admin, member, stranger = Tab(), Tab(who=VIEWER), Tab(who=STRANGER)
    for tab in (admin, member, stranger):
        run(OpsState.refresh.fn(tab.ops))
    assert [(one.batch, one.address) for one in admin.ops.waiting] == [("비밀", "/batches/1")]
    assert member.ops.waiting == []
    assert [(one.batch, one.address) for one in stranger.ops.waiting] == [("another workspace", "")]
    assert "비밀" not in str([member.ops.dict(), stranger.ops.dict()])
    assert [one.waiting for one in member.ops.queues if one.name == "default-wordfreq"] == ["1"]


def test_redis_away_and_database_away_are_states_of_ops(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tab = Tab()
    settings = Settings(data_dir=tmp_path, redis_url=f"unix://{tmp_path}/none.sock", database_url="")
    lonely = open_house(settings)
    monkeypatch.setattr(backend._Held, "house", lonely)
    run(OpsState.refresh.fn(tab.ops))
    assert (tab.ops.loaded, tab.ops.redis, tab.ops.database, tab.ops.sign) == (True, False, True, "queue_away")
    assert (tab.ops.workers, tab.ops.queues) == ([], [])
    away(lonely, monkeypatch)
    ops.reads._running.clear()
    run(OpsState.refresh.fn(tab.ops))
    assert (tab.ops.redis, tab.ops.database, tab.ops.sign) == (False, False, "stale")
    lonely.close()


def worker(name: str, state: str = "idle", **values: Any) -> WorkerView:
    plain = {"batch": None, "source": "", "since": NOON, "seen_at": NOON - 4_000, "doing": ""}
    return WorkerView(name=name, host="vm", pid=7, state=state, queues=(), done=3, failed=1, **{**plain, **values})


def test_the_workings_in_a_persons_words():
    crew = Crew(
        [
            worker("w1", "busy", batch=5, source="naver.blog", busy_since=NOON - 9_000),
            worker("w2", "busy", source="naver.blog"),
            worker("w3", seen_at=None),
            worker("w4", "odd"),
        ],
        [],
        [SchedulerView("s", "vm", 9, NOON, NOON)],
    )
    shown = works(
        Workings(
            replace(WELL, queued=60),
            crew,
            [QueueAge("default-naver", 60, NOON - 3_000, 70), QueueAge("low-naver", 0, None, 0)],
            waiting=tuple(JobView(f"j{n}", "default-naver", NOON, "", 5, "가을", "naver.blog") for n in range(50)),
            failed=(
                JobView("f1", "default-naver", NOON, "KeyError: 1", 5, "", "naver.blog"),
                JobView("", "default-naver", NOON, "", None, "", "naver.blog"),
                JobView("heal", "chores", None, "", None),
            ),
            lanes=(LaneView("naver.blog", 0, 3, "w1", 1_500, NOON + 7_000, 5, "가을"),),
            busy_lanes=1,
            idle_lanes=2,
            halted=(
                HaltView("naver/a", "credentials", "bad_credentials", "", NOON + 60_000),
                HaltView("naver/b", "quota", "", "", None),
            ),
            backlog=Backlog(12, 2, NOON - 90_000, 1),
        ),
        NOON,
        "en",
    )

    assert [(one.doing, one.source, one.since, one.seen) for one in shown.workers] == [
        ("#5", "naver.blog", "9 s", "4 s ago"),
        ("another workspace", "naver.blog", "–", "4 s ago"),
        ("", "", "–", "–"),
        ("", "", "–", "4 s ago"),
    ]
    assert [one.label for one in shown.workers] == ["busy", "busy", "idle", "odd"]
    assert [(one.waiting, one.oldest, one.failed) for one in shown.queues] == [("60", "3 s", "70"), ("0", "–", "0")]
    assert (shown.waiting_told, shown.lanes_told) == ("the first 50 of 60", "2 free lanes")
    assert shown.failed_told == "", "all that there were when they were read"
    assert [(one.batch, one.note) for one in shown.failed] == [
        ("#5", "KeyError: 1"),
        ("another workspace", "–"),
        ("chores", "it left no word"),
    ]
    assert [(one.kind, one.until) for one in shown.halts] == [("fail", "tried again today 12:01 KST"), ("wait", "–")]
    assert [(one.value, one.kind) for one in shown.times] == [
        ("0 s ago", ""),
        ("vm · 9 (stands by)", ""),
        ("– Redis does not tell", ""),
        ("12", ""),
        ("2, oldest since 1 min 30 s", "wait"),
        ("1", "wait"),
    ]
    assert (shown.lanes[0].held, shown.lanes[0].when) == ("1,500", "7 s")


def test_what_nobody_told_is_no_number():
    shown = works(Workings(WELL), NOON, "en")
    assert (shown.workers, shown.queues, shown.lanes_told, shown.halts) == ([], [], "", [])
    assert [one.value for one in shown.times[1:]] == ["–", "– Redis does not tell"]
    assert asdict(shown)


def process(host: str, **told: object) -> ProcessView:
    return ProcessView("workers", 7, host, "0.1.0", NOON - 5_000, ("naver",), **told)  # type: ignore[arg-type]


def test_processes_tell_of_their_clocks_and_disks():
    well = process("a", ahead_ms=3, folder="/data", free=40_000_000_000, size=100_000_000_000)
    off = process("b", ahead_ms=-120_000, folder="/data", free=700_000_000, size=100_000_000_000)
    shown = works(Workings(replace(WELL, processes=(well, off, process("c")))), NOON, "en").processes
    assert [(one.host, one.what, one.clock, one.clock_kind) for one in shown] == [
        ("a", "workers · 7 (naver)", "right", ""),
        ("b", "workers · 7 (naver)", "-120.0 s", "fail"),
        ("c", "workers · 7 (naver)", "–", ""),
    ]
    assert [(one.disk, one.disk_kind) for one in shown] == [
        ("40.0 GB of 100.0 GB free", ""),
        ("700 MB of 100.0 GB free", "wait"),
        ("–", ""),
    ]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_trouble_has_words_that_say_what_to_do(language: Language):
    found = replace(WELL, troubles=TROUBLES, about={"clock_off": "b: +120.0 s"})
    shown = works(Workings(found), NOON, language)
    assert [one.code for one in shown.troubles] == [one for one in TROUBLES if not one.endswith("_down")]
    assert all(one.title and one.mend for one in shown.troubles)
    assert [one.where for one in shown.troubles if one.where] == ["b: +120.0 s"]
    assert {"clock_off", "disk_full", "wrong_key"} <= {sign.key for sign in shown.signs}
    assert all(rail.sentence(replace(WELL, troubles=(code,)), language)[2] for code in TROUBLES)


def test_what_redis_holds_is_told():
    def told(memory: Memory) -> tuple[str, str]:
        line = works(Workings(replace(WELL, memory=memory)), NOON, "en").times[2]
        return line.value, line.kind

    assert told(Memory(12_000_000, None, "noeviction")) == ("12 MB, no limit of its own", "")
    assert told(Memory(12_000_000, 100_000_000, "noeviction")) == ("12 MB of 100 MB", "")
    assert told(Memory(95_000_000, 100_000_000, "noeviction")) == ("95 MB of 100 MB", "wait")
    assert told(Memory(100_000_000, 100_000_000, "noeviction")) == ("100 MB of 100 MB", "fail")
