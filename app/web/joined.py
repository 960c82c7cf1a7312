"""Reads that many tabs want at the same time, made once."""

import asyncio
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.web.backend import in_thread

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True)
class _Running(Generic[V]):
    began: float
    task: asyncio.Task[V]


class Joined(Generic[K, V]):
    """Joins readers of the same thing: a reader that was nudged at t takes any read that began at or after t.
    ``read`` blocks, and is called in a thread."""

    def __init__(self, read: Callable[[K], V]) -> None:
        self._read = read
        self._running: dict[K, _Running[V]] = {}

    async def snapshot(self, wanted: K, since: float | None = None) -> V:
        """What is ``wanted`` as it was at ``since`` (`time.monotonic`; default now) or later."""
        asked = time.monotonic() if since is None else since
        while True:
            running = self._running.get(wanted)
            if running is None or (running.task.done() and running.began < asked):
                running = self._begin(wanted)
            if running.began >= asked:
                return await asyncio.shield(running.task)
            # One that began too early is under way: let it end, so that readers cannot pile up on a slow database.
            await asyncio.wait([running.task])

    def _begin(self, wanted: K) -> _Running[V]:
        running = _Running(time.monotonic(), asyncio.create_task(in_thread(self._read, wanted)))
        self._running[wanted] = running
        running.task.add_done_callback(lambda _: self._forget(wanted, running))
        return running

    def _forget(self, wanted: K, running: _Running[V]) -> None:
        # Kept for a moment, for readers that were nudged together but come a little later.
        asyncio.get_running_loop().call_later(1.0, self._drop, wanted, running)
        if not running.task.cancelled():
            running.task.exception()

    def _drop(self, wanted: K, running: _Running[V]) -> None:
        if self._running.get(wanted) is running:
            del self._running[wanted]
