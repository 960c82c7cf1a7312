"""Watches end with their tabs, cannot run twice, and nobody is shown something older than what woke them."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from app.services.shapes import BatchView, Counts
from app.web import backend
from app.web.joined import Joined
from app.web.live import Tabs, Watch
from app.web.reads import Page, Window


class FakeFeed:
    def __init__(self) -> None:
        self.watching: list[int] = []

    def watch(self, batch: int, callback: Callable[[], None]) -> Callable[[], None]:
        self.watching.append(batch)
        return lambda: self.watching.remove(batch)


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> FakeFeed:
    feed = FakeFeed()
    monkeypatch.setattr(backend._Held, "feed", feed)
    return feed


async def looks(tabs: Tabs, tab: str, watch: Watch, count: list[int]) -> None:
    with tabs.watching(tab, 7, watch):
        async for _ in watch.changes(lambda: tabs.is_connected(tab)):
            count.append(1)


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def within_time() -> None:
        await asyncio.wait_for(body(), 5)

    asyncio.run(within_time())


def test_a_watch_looks_at_once_and_then_when_nudged_but_not_more_often_than_its_gap(feed: FakeFeed):
    async def body() -> None:
        tabs, count = Tabs(), []
        tabs.attach(lambda _: True)
        watch = Watch(gap_s=0.05)
        task = asyncio.create_task(looks(tabs, "a", watch, count))
        await asyncio.sleep(0.02)
        assert len(count) == 1
        began = time.monotonic()
        while time.monotonic() - began < 0.5:
            watch.nudge()
            await asyncio.sleep(0.002)
        assert 5 <= len(count) <= 12
        tabs.leave("a")
        await task
        assert feed.watching == []

    run(body)


def test_a_watch_without_news_does_not_look(feed: FakeFeed):
    async def body() -> None:
        tabs, count = Tabs(), []
        tabs.attach(lambda _: True)
        task = asyncio.create_task(looks(tabs, "a", Watch(gap_s=0.01), count))
        await asyncio.sleep(0.2)
        assert len(count) == 1
        tabs.leave("a")
        await task

    run(body)


def test_a_second_watch_of_a_tab_ends_the_first(feed: FakeFeed):
    async def body() -> None:
        tabs, first, second = Tabs(), [], []
        tabs.attach(lambda _: True)
        one = asyncio.create_task(looks(tabs, "a", Watch(gap_s=0.01), first))
        await asyncio.sleep(0.03)
        two = asyncio.create_task(looks(tabs, "a", Watch(gap_s=0.01), second))
        await asyncio.wait_for(one, 1)
        assert not two.done()
        assert feed.watching == [7]
        tabs.leave("a")
        await two

    run(body)


def test_the_parts_of_a_page_are_watched_side_by_side_and_end_together(feed: FakeFeed):
    async def body() -> None:
        tabs, count = Tabs(), []
        tabs.attach(lambda _: True)

        async def part(name: str) -> None:
            with tabs.watching("a", 7, Watch(gap_s=0.01), part=name) as watch:
                async for _ in watch.changes(lambda: True):
                    count.append(name)

        both = [asyncio.create_task(part(name)) for name in ("head", "results")]
        await asyncio.sleep(0.03)
        assert sorted(count) == ["head", "results"]
        assert feed.watching == [7, 7]
        tabs.leave("a")
        await asyncio.gather(*both)
        assert feed.watching == []

    run(body)


def test_a_watch_ends_when_its_tab_has_gone(feed: FakeFeed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.web.live.PRESENCE_S", 0.03)

    async def body() -> None:
        there = {"a"}
        tabs, count = Tabs(), []
        tabs.attach(there.__contains__)
        task = asyncio.create_task(looks(tabs, "a", Watch(gap_s=0.01), count))
        await asyncio.sleep(0.02)
        there.clear()
        await asyncio.wait_for(task, 1)
        assert feed.watching == []
        assert tabs._watches == {}

    run(body)


def test_a_nudge_after_the_loop_has_ended_is_harmless():
    async def body() -> Watch:
        return Watch()

    asyncio.run(body()).nudge()


def snapshot(seq: int) -> Page:
    counts = Counts()
    batch = BatchView(7, "", "running", "default", 0, 0, 0, 0, seq, counts, 0, None, None, "", None, 0, ())
    return Page(batch, [], seq)


class Slow:
    """Reads that take 50 ms and say when they began."""

    def __init__(self) -> None:
        self.began: list[float] = []

    def __call__(self, _window: Window) -> Page:
        self.began.append(time.monotonic())
        time.sleep(0.05)
        return snapshot(len(self.began))


def test_a_hundred_tabs_that_were_woken_together_share_one_read():
    async def body() -> None:
        slow = Slow()
        together, now = Joined(slow), time.monotonic()
        found = await asyncio.gather(*[together.snapshot(Window(7), now) for _ in range(100)])
        assert len(slow.began) == 1
        assert {one.batch.seq for one in found} == {1}

    run(body)


def test_nobody_gets_a_read_that_began_before_the_nudge():
    async def body() -> None:
        slow = Slow()
        together = Joined(slow)
        early = asyncio.create_task(together.snapshot(Window(7)))
        await asyncio.sleep(0.02)
        nudged = time.monotonic()
        late = await asyncio.gather(*[together.snapshot(Window(7), nudged) for _ in range(20)])
        assert (await early).batch.seq == 1
        assert {one.batch.seq for one in late} == {2}
        assert slow.began[1] >= nudged

    run(body)


def test_different_windows_are_read_apart():
    async def body() -> None:
        slow = Slow()
        together = Joined(slow)
        await asyncio.gather(together.snapshot(Window(7)), together.snapshot(Window(7, start=50)))
        assert len(slow.began) == 2

    run(body)


def test_a_read_that_fails_fails_for_those_who_waited_and_is_not_kept():
    away = [True]

    def read(_window: Window) -> Page:
        if away.pop():
            raise ValueError("away")
        return snapshot(1)

    async def body() -> None:
        together = Joined(read)
        with pytest.raises(ValueError, match="away"):
            await together.snapshot(Window(7))
        away.append(False)
        assert (await together.snapshot(Window(7))).batch.seq == 1

    run(body)
