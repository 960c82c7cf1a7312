"""A batch that is followed: read once a tick for all its followers, as long as there are any."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import orjson

from app.errors import KeybatchError, NoSuchBatch
from app.events import LOOK_S
from app.log import get
from app.services import batches, journal, pace, wire
from app.services.house import House
from app.services.metrics import counted
from app.services.ring import Message, Ring, messages
from app.services.shapes import BatchView

log = get(__name__)
#: Least time between two ticks, in seconds.
TICK_S = 0.05
#: Most readings taken in one tick.
MOST = 2_000
#: How often it is told how the batch stands while only its counts change, in seconds.
BATCH_S = 1.0


class Channel:
    """A followed batch, in one event loop. ``run`` reads; the rest is for followers to look at.

    ``ring``: the newest messages; ``batch``: the batch as JSON, of which ``version`` counts the changes; ``ended``: the
    batch has, and the ring goes up to its last reading; ``over``: nothing more will come of it. ``reads`` counts looks
    at the database. ``anyway_s``: how often it looks without having been woken.
    """

    def __init__(self, house: House, batch_id: int, anyway_s: float) -> None:
        self.ring = Ring(0)
        self.batch, self.version, self.seq = b"", 0, 0
        self.ended = self.over = False
        self.reads = 0
        self.batch_id = batch_id
        self._house, self._anyway_s = house, anyway_s
        self._began, self._ticked = 0, 0
        self._trouble: KeybatchError | None = None
        self._opened = self._owes = False
        self._looked = 0.0
        self._said: dict[str, Any] = {}
        self._said_at = float("-inf")
        #: Since when (loop time) there may be something that was not read yet.
        self._due: float | None = None
        self._woken, self._changed, self._tick_over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def wake(self) -> None:
        """Say that the batch may have changed."""
        self._due = self._due or asyncio.get_running_loop().time()
        self._woken.set()

    def end(self) -> None:
        """Let everybody who follows it go."""
        self.over = True
        self._tell()

    async def changed(self, until: float) -> bool:
        """Wait for something new, until a time of the loop; whether there is."""
        change = self._changed
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await change.wait()
        return change.is_set()

    async def fresh(self) -> None:
        """Wait until it has been looked at once more. Raises what that look raised: NoSuchBatch, DatabaseDown."""
        wanted = self._began + 1
        self.wake()
        while self._ticked < wanted and not self.over:
            await self._tick_over.wait()
        if self._trouble is not None:
            raise self._trouble

    async def run(self) -> None:
        """Look whenever woken, and anyway now and then, until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                self._woken.clear()
                began = loop.time()
                await self._tick()
                await asyncio.sleep(began + TICK_S - loop.time())
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._rest(loop.time())):
                        await self._woken.wait()
        finally:
            self.end()
            self._tick_over.set()

    async def _tick(self) -> None:
        self._began += 1
        try:
            await self._look()
            self._trouble = None
        except KeybatchError as exc:
            log.warning("channel_cannot_look", batch=self.batch_id, error=str(exc))
            self._trouble = exc
            if isinstance(exc, NoSuchBatch):
                self.end()
        self._ticked = self._began
        over, self._tick_over = self._tick_over, asyncio.Event()
        over.set()

    async def _look(self) -> None:
        self.reads += 1
        # What nobody told of may be there since the last look.
        due, self._due, self._looked = self._due or self._looked, None, asyncio.get_running_loop().time()
        view, found, more = await asyncio.to_thread(self._read, self.ring.upto if self._opened else None)
        self.seq = view.seq
        if not self._opened:
            self.ring, self._opened = Ring(view.seq), True
        if found:
            self.ended = False  # until it is told how the batch stands with these
            for message in found:
                self.ring.add(message)
            self._tell()
            counted.HERE.observe("event_lag_seconds", asyncio.get_running_loop().time() - due)
        if more:
            self._due = due
            self.wake()
        await self._say(view)
        self.ended = view.ended and not more
        self._tell()

    def _read(self, after: int | None) -> tuple[BatchView, Sequence[Message], bool]:
        """One look; the rows are read after the batch, so that none of those that it counts is missing."""
        with self._house.db.read() as connection:
            view = batches.look(connection, self.batch_id)
            if after is None:
                return view, (), False
            page = journal.page(connection, self.batch_id, after, MOST)
        return view, list(messages(page)), page.more

    async def _say(self, view: BatchView) -> None:
        """Tell how the batch stands if that is news, but of mere counts not too often."""
        said, now = wire.batch(view), asyncio.get_running_loop().time()
        counted = view.state == self._said.get("state") and not view.ended
        self._owes = counted and said != self._said and now - self._said_at < BATCH_S
        if self._owes or said == self._said:
            return
        self.reads += not view.ended
        found = await asyncio.to_thread(pace.pace, self._house, view)
        self.batch = orjson.dumps(wire.batch(view, found))
        self.version += 1
        self._said, self._said_at = said, now

    def _rest(self, now: float) -> float:
        """Seconds until the next look that nobody asks for."""
        if self._owes:
            return max(0.0, self._said_at + BATCH_S - now)
        return self._anyway_s if self._trouble is None else LOOK_S

    def _tell(self) -> None:
        change, self._changed = self._changed, asyncio.Event()
        change.set()
