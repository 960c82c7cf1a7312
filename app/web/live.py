"""Keeping a tab up to date: one watch for each part of its page, woken by the feed, ended when nobody looks any more.

A watch carries no data. It says "look again", at most four times a second; what is shown is read from the database,
so a nudge that gets lost or a socket that drops loses nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress

from app.web import backend

#: Least time between two updates of a tab, in seconds.
GAP_S = 0.25
#: How often a watch makes sure that its tab is still there, in seconds.
PRESENCE_S = 2.0


class Watch:
    """One tab looking at something that changes. With ``anyway_s`` it also looks without a nudge, that often."""

    def __init__(self, gap_s: float = GAP_S, anyway_s: float = float("inf")) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._gap_s, self._anyway_s = gap_s, anyway_s
        self.closed = False

    def nudge(self) -> None:
        """Say that something changed; from any thread."""
        with suppress(RuntimeError):  # the loop is gone when the process ends
            self._loop.call_soon_threadsafe(self._woken.set)

    def close(self) -> None:
        """End it, soon."""
        self.closed = True
        self._woken.set()

    async def changes(self, is_there: Callable[[], bool]) -> AsyncIterator[float]:
        """Yield the time (`time.monotonic`) as of which to look: at once, then after nudges, until the watch is
        closed or ``is_there`` says no."""
        looked = float("-inf")
        while is_there() and not self.closed:
            idle = time.monotonic() - looked
            if self._woken.is_set() or idle >= self._anyway_s:
                self._woken.clear()
                looked = time.monotonic()
                yield looked
                await asyncio.sleep(max(0.0, looked + self._gap_s - time.monotonic()))
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), min(PRESENCE_S, self._anyway_s - idle))


class Tabs:
    """The watches of every tab of this process, one for each part of the page: a new one ends the one before, so none
    can run twice."""

    def __init__(self) -> None:
        self._watches: dict[str, dict[str, Watch]] = {}
        self._is_connected: Callable[[str], bool] = lambda _: False

    def attach(self, is_connected: Callable[[str], bool]) -> None:
        """Say how to know whether a tab's socket is there; the root does it once."""
        self._is_connected = is_connected

    def is_connected(self, tab: str) -> bool:
        return self._is_connected(tab)

    def leave(self, tab: str) -> None:
        """End the tab's watches; every page does so when it is entered or left."""
        for watch in self._watches.pop(tab, {}).values():
            watch.close()

    @contextmanager
    def watching(self, tab: str, batch: int, watch: Watch, part: str = "page") -> Iterator[Watch]:
        """Let ``watch`` be the one of the tab's ``part``, woken by changes of ``batch`` (0 = of any)."""
        parts = self._watches.setdefault(tab, {})
        before = parts.get(part)
        if before is not None:
            before.close()
        parts[part] = watch
        feed = backend.feed()
        unwatch = feed.watch(batch, watch.nudge) if feed else lambda: None
        try:
            yield watch
        finally:
            unwatch()
            watch.close()
            self._forget(tab, part, watch)

    def _forget(self, tab: str, part: str, watch: Watch) -> None:
        parts = self._watches.get(tab, {})
        if parts.get(part) is watch:
            del parts[part]
        if not parts:
            self._watches.pop(tab, None)


tabs = Tabs()
