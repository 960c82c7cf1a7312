"""What a slice counts for the metrics: on its loop, and sent to Redis about once a second, beside the work."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from redis import Redis

from app.errors import UpstreamError
from app.services.lanes import Outcome
from app.services.metrics import counted
from app.services.metrics.counted import Counts
from app.sources.registry import Source

#: Seconds between two messages to Redis.
SEND_S = 1.0


class Counting:
    """Of one slice, of ``source`` with ``account``. Nothing here waits but `close` and `send`."""

    def __init__(self, redis: Redis, source: Source, account: str) -> None:
        self._redis, self._source, self._account = redis, source.name, account
        self._upstream = source.upstream.name
        self._counts = Counts()
        #: Calls that are not counted yet, (outcome, seconds): many together cost a tenth of one by one.
        self._calls: list[tuple[str, float]] = []
        self._began = self._sent = time.monotonic()
        self._sending: asyncio.Task[None] | None = None

    def called(self, error: UpstreamError | None, seconds: float) -> None:
        """A call has ended."""
        outcome = "ok" if error is None else error.code if error.sent else "not_sent"
        self._calls.append((outcome, seconds))

    def again(self, error: str) -> None:
        """A lookup will be asked once more."""
        self._counts.add("retries_total", self._source, error)

    def flushed(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """A flush is committed."""
        self._counts.observe("flush_seconds", seconds, self._upstream)
        if outcomes:
            self._counts.observe("flush_readings", len(outcomes), self._upstream)
            states = Counter([outcome.reading.state for outcome in outcomes])
            for state, count in states.items():
                self._counts.add("lookups_total", self._source, state, by=count)
            reused = sum([outcome.from_cache for outcome in outcomes])
            if reused:
                self._counts.add("reused_total", self._source, by=reused)
        if time.monotonic() - self._sent >= SEND_S and (self._sending is None or self._sending.done()):
            self._sent = time.monotonic()
            self._gather()
            self._sending = asyncio.create_task(asyncio.to_thread(self._send))

    async def close(self, why: str) -> None:
        """The slice has ended."""
        self._counts.add("slices_total", self._upstream, why)
        self._counts.observe("slice_seconds", time.monotonic() - self._began, self._upstream)
        if self._sending is not None:
            await self._sending
        self._gather()
        await asyncio.to_thread(self._send)

    def send(self) -> None:
        """Send what has been counted. Waits for Redis."""
        self._gather()
        self._send()

    def _gather(self) -> None:
        calls, self._calls = self._calls, []
        for outcome, count in Counter([outcome for outcome, _ in calls]).items():
            self._counts.add("calls_total", self._upstream, self._account, outcome, by=count)
        took = [seconds for outcome, seconds in calls if outcome != "not_sent"]
        self._counts.observe_all("call_seconds", took, self._upstream)

    def _send(self) -> None:
        counted.send(self._redis, self._counts.taken())


def one(redis: Redis, source: Source, account: str, error: UpstreamError | None, seconds: float) -> None:
    """Count a call that no slice made."""
    counting = Counting(redis, source, account)
    counting.called(error, seconds)
    counting.send()
