"""What a batch's page shows, read once for all tabs that look at the same part of it at the same time."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Literal

from app.errors import RedisDown
from app.models.people import MAIN
from app.services import accounts, batches, control, pace, results
from app.services.house import House, require_redis
from app.services.shapes import BatchView, Failure, Pace, Row
from app.web.backend import house, in_thread

#: Rows on one page.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a batch that a tab looks at; ``start`` counts from 0 and only matters in order of position.
    ``workspace``: that of who looks."""

    batch: int
    order: Literal["position", "newest"] = "position"
    start: int = 0
    workspace: int = MAIN


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A batch with the rows of a window. The batch was read first, so an ended one comes with its last rows.
    ``queue`` says whether Redis answered; nothing else here needs it."""

    batch: BatchView
    pace: Pace
    rows: list[Row]
    queue: bool
    failures: list[Failure] = field(default_factory=list)


def read(at: House, window: Window) -> Snapshot:
    """The snapshot as it is now; blocking. Raises NoSuchBatch, for a batch of another workspace too; DatabaseDown."""
    accounts.refresh(at)
    batch = batches.get(at, batches.require_in(at, window.workspace, window.batch))
    if window.order == "newest":
        rows = results.latest(at, batch, limit=PAGE)
    else:
        rows = results.rows(at, batch, start=window.start, limit=PAGE)
    failures = control.failures(at, batch.id) if batch.counts.failed else []
    return Snapshot(batch, pace.pace(at, batch), rows, queue_answers(at), failures)


def queue_answers(at: House) -> bool:
    """Whether Redis answers; blocking."""
    try:
        require_redis(at)
    except RedisDown:
        return False
    return True


@dataclass(slots=True)
class _Running:
    began: float
    task: asyncio.Task[Snapshot]


class Reads:
    """Joins readers of the same window: a reader that was nudged at t takes any read that began at or after t."""

    def __init__(self) -> None:
        self._running: dict[Window, _Running] = {}

    async def snapshot(self, window: Window, since: float | None = None) -> Snapshot:
        """The window as it was at ``since`` (`time.monotonic`; default now) or later."""
        wanted = time.monotonic() if since is None else since
        while True:
            running = self._running.get(window)
            if running is None or (running.task.done() and running.began < wanted):
                running = self._begin(window)
            if running.began >= wanted:
                return await asyncio.shield(running.task)
            # One that began too early is under way: let it end, so that readers cannot pile up on a slow database.
            await asyncio.wait([running.task])

    def _begin(self, window: Window) -> _Running:
        running = _Running(time.monotonic(), asyncio.create_task(in_thread(read, house(), window)))
        self._running[window] = running
        running.task.add_done_callback(lambda _: self._forget(window, running))
        return running

    def _forget(self, window: Window, running: _Running) -> None:
        # Kept for a moment, for readers that were nudged together but come a little later.
        asyncio.get_running_loop().call_later(1.0, self._drop, window, running)
        if not running.task.cancelled():
            running.task.exception()

    def _drop(self, window: Window, running: _Running) -> None:
        if self._running.get(window) is running:
            del self._running[window]


reads = Reads()
