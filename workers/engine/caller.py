"""Makes calls, one after the other, and decides about what goes wrong. A slice runs many callers."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from app import clock, traces
from app.errors import Rejected, Throttled, Unreadable, UpstreamError
from app.services.lanes import Outcome
from app.sources.base import Account, Reading, Request
from app.sources.registry import Source
from workers import retry
from workers.engine.counting import Counting
from workers.engine.desk import Desk, Task
from workers.engine.http import Http
from workers.engine.stop import Stop
from workers.engine.till import Slot, Till

#: Pause before a failed lookup is asked again whose upstream did not answer for the control keyword, in seconds.
DOUBT_PAUSE_S = 1.0
#: A request that had to wait longer than this for its moment is written anew: some are signed with the time.
STALE_S = 1.0


@dataclass(slots=True)
class Health:
    """How an upstream does, as this slice sees it: failures in a row, and when it answered last (monotonic)."""

    failures: int = 0
    answered_at: float = float("-inf")

    def well(self) -> None:
        """It has answered."""
        self.failures, self.answered_at = 0, time.monotonic()


@dataclass(slots=True)
class Caller:
    """What callers of a slice share. ``halt`` lets nobody ask with the account for now: (reason, error, seconds)."""

    source: Source
    account: Account
    desk: Desk
    till: Till
    http: Http
    stop: Stop
    halt: Callable[[str, UpstreamError, float | None], Awaitable[None]]
    counting: Counting
    health: Health = field(default_factory=Health)
    _control: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self) -> None:
        """Ask lookup after lookup until there is none or the slice is to stop."""
        while not self.stop:
            tasks = await self.desk.take(self.source.per_call)
            if not tasks:
                return
            try:
                request = self._request([task.lookup.keyword for task in tasks])
            except UpstreamError as error:  # cannot be asked at all; costs no call
                self._cannot_ask(tasks, error)
                continue
            prepared = time.monotonic()
            slot = await self.till.pay()
            if slot is None:
                return
            if time.monotonic() - prepared > STALE_S:
                request = self._request([task.lookup.keyword for task in tasks])
            await self._call(tasks, request, slot)

    def _request(self, keywords: Sequence[str]) -> Request:
        return self.source.upstream.ask(self.source.channel, keywords, self.account)

    async def _call(self, tasks: list[Task], request: Request, slot: Slot) -> None:
        started = time.monotonic()
        try:
            readings = await self._ask([task.lookup.keyword for task in tasks], request, slot)
        except UpstreamError as error:
            await self._failed(tasks, error, _ms_since(started))
        else:
            self.health.well()
            for task, reading in zip(tasks, readings, strict=True):
                self._read(task, reading, _ms_since(started))
            backoff = max(reading.backoff_s for reading in readings)
            if backoff:
                await self.till.pause(backoff)

    async def _ask(self, keywords: Sequence[str], request: Request, slot: Slot) -> list[Reading]:
        """Make one call that is paid for. Raises UpstreamError."""
        self.till.made()
        began, wrong = time.monotonic(), None
        try:
            with traces.span("call", kind="client", source=self.source.name, keywords=len(keywords)):
                response = await self.http.send(request, slot)
                traces.note(status=response.status)
            readings = self.source.upstream.read(self.source.channel, keywords, response)
            if len(readings) != len(keywords):
                raise Unreadable(f"{len(readings)} readings for {len(keywords)} keywords; {response.excerpt}")
        except UpstreamError as error:
            wrong = error
            if not error.sent:
                self.till.unmade()
            raise
        finally:
            self.counting.called(wrong, time.monotonic() - began)
            await self.till.done(slot)
        return readings

    def _read(self, task: Task, reading: Reading, latency_ms: int) -> None:
        """Take a reading. Where an answer names its keywords, one that it leaves out is asked once more, on its own."""
        if reading.left_out and not task.left_out:
            task.left_out = True
            task.attempts += 1
            self._again(task, "left_out", 0.0, alone=True)
            return
        at, attempts = task.lookup.position, task.attempts + 1
        self.desk.finish(Outcome(at, reading, clock.now_ms(), attempts=attempts, latency_ms=latency_ms))

    async def _failed(self, tasks: list[Task], error: UpstreamError, latency_ms: int) -> None:
        if retry.in_doubt(error):
            self.health.failures += 1
            if self.health.failures >= retry.DOWN_AFTER:
                await self.halt("upstream_down", error, error.retry_after)
                return  # the lookups stay unread
        else:
            self.health.failures = 0
            if isinstance(error, Rejected):
                self.health.well()
        decision = retry.decide(error, 1)
        if isinstance(decision, retry.Halt):
            await self.halt(decision.reason, error, decision.seconds)
            return
        if isinstance(error, Throttled):
            await self._slow_down(error)
        elif error.retry_after:
            await self.till.pause(error.retry_after)
        for task in tasks:
            await self._decide(task, error, latency_ms, together=len(tasks) > 1)

    async def _decide(self, task: Task, error: UpstreamError, latency_ms: int, *, together: bool) -> None:
        failing_since = task.failing_since = task.failing_since or time.monotonic()
        decision = retry.decide(error, task.failures + 1)
        counts = not isinstance(decision, retry.Again) or decision.counts
        task.attempts += counts
        task.failures += counts
        if together and isinstance(error, Rejected | Unreadable):
            self._again(task, error.code, 0.0, alone=True)  # one keyword of several may have spoilt the call
        elif isinstance(decision, retry.Again):
            self._again(task, error.code, decision.seconds)
        elif not retry.in_doubt(error) or await self._answers(failing_since):
            self._give_up(task, error, latency_ms)
        elif not self.stop:
            self._again(task, error.code, DOUBT_PAUSE_S)

    def _again(self, task: Task, why: str, seconds: float, *, alone: bool = False) -> None:
        self.counting.again(why)
        self.desk.again(task, seconds, alone=alone)

    async def _slow_down(self, error: Throttled) -> None:
        """Cut the rate for all; a long pause the batches spend waiting."""
        told = error.retry_after
        pause = await self.till.cut(*(self.source.upstream.throttle_s if told is None else (told,)))
        if pause > retry.SIT_OUT_S:
            await self.halt("throttled", error, pause)

    async def _answers(self, since: float) -> bool:
        """Whether the upstream has answered anything after ``since``: only then a failure is the lookup's own. Asks for
        the control keyword to find out; where that fails too, the upstream counts as down."""
        control = self.source.upstream.control
        async with self._control:
            if not control or self.health.answered_at > since:
                return True
            slot = await self.till.pay()
            if slot is None:
                return False
            try:
                await self._ask([control], self._request([control]), slot)
            except UpstreamError as error:
                await self._control_failed(error)
                return False
            self.health.well()
            return True

    async def _control_failed(self, error: UpstreamError) -> None:
        decision = retry.decide(error, 1)
        if isinstance(decision, retry.Halt):
            await self.halt(decision.reason, error, decision.seconds)
        elif isinstance(error, Throttled):
            await self._slow_down(error)
        else:
            await self.halt("upstream_down", error, error.retry_after)

    def _cannot_ask(self, tasks: list[Task], error: UpstreamError) -> None:
        for task in tasks:
            if len(tasks) > 1:
                self.desk.again(task, 0.0, alone=True)
            else:
                self._give_up(task, error, 0)

    def _give_up(self, task: Task, error: UpstreamError, latency_ms: int) -> None:
        detail = error.detail or None
        outcome = Outcome(
            task.lookup.position,
            Reading("failed"),
            clock.now_ms(),
            attempts=task.attempts,
            latency_ms=latency_ms,
            error=error.code,
            detail=detail,
        )
        self.desk.finish(outcome)


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
