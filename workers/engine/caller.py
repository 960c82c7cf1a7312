"""Makes calls, one after the other, and decides about what goes wrong. A slice runs many callers."""

import time
from dataclasses import dataclass

from app import clock
from app.errors import Throttled, Unreachable, UpstreamError
from app.services.slices import Outcome
from app.sources.base import Account, Reading, Request
from app.sources.registry import Source
from workers import retry
from workers.engine.desk import Desk, Task
from workers.engine.http import Http
from workers.engine.stop import Halted, Stop
from workers.engine.till import Slot, Till

#: Pause of the whole account after "too fast" where the upstream names none, in seconds.
THROTTLE_PAUSE_S = 1.0


@dataclass(slots=True)
class Health:
    """How an upstream does, as this slice sees it."""

    failures_in_a_row: int = 0


@dataclass(slots=True)
class Caller:
    """What callers of a slice share."""

    source: Source
    account: Account
    desk: Desk
    till: Till
    http: Http
    stop: Stop
    health: Health

    async def work(self) -> None:
        """Ask lookup after lookup until there is none or the slice is to stop."""
        while not self.stop:
            task = await self.desk.take()
            if task is None:
                return
            try:
                request = self.source.upstream.ask(self.source.channel, [task.lookup.keyword], self.account)
            except UpstreamError as error:  # cannot be asked at all; costs no call
                self._give_up(task, error, 0)
                continue
            slot = await self.till.pay()
            if slot is None:
                return
            await self._call(task, request, slot)

    async def _call(self, task: Task, request: Request, slot: Slot) -> None:
        started = time.monotonic()
        self.desk.calls += 1
        try:
            response = await self.http.send(request, slot)
            reading = self.source.upstream.read(self.source.channel, [task.lookup.keyword], response)[0]
        except UpstreamError as error:
            await self._failed(task, error, _ms_since(started))
        else:
            self.health.failures_in_a_row = 0
            self.desk.finish(
                Outcome(
                    task.lookup.position,
                    reading,
                    clock.now_ms(),
                    attempts=task.attempts + 1,
                    latency_ms=_ms_since(started),
                )
            )
        finally:
            await self.till.done(slot)

    async def _failed(self, task: Task, error: UpstreamError, latency_ms: int) -> None:
        if isinstance(error, Unreachable):
            self.health.failures_in_a_row += 1
            if self.health.failures_in_a_row >= retry.DOWN_AFTER:
                self.stop.say("halt", Halted("upstream_down", None, error.code, error.detail))
                return  # the lookup stays unread
        else:
            self.health.failures_in_a_row = 0
        decision = retry.decide(error, task.attempts + 1)
        if isinstance(decision, retry.Halt):
            self.stop.say("halt", Halted(decision.reason, decision.seconds, error.code, error.detail))
        elif isinstance(decision, retry.GiveUp):
            self._give_up(task, error, latency_ms, calls=1)
        else:
            if isinstance(error, Throttled):
                pause = error.retry_after if error.retry_after is not None else THROTTLE_PAUSE_S
                await self.till.cut(pause)
            task.attempts += decision.counts
            self.desk.again(task, decision.seconds)

    def _give_up(self, task: Task, error: UpstreamError, latency_ms: int, calls: int = 0) -> None:
        self.desk.finish(
            Outcome(
                task.lookup.position,
                Reading("failed"),
                clock.now_ms(),
                attempts=task.attempts + calls,
                latency_ms=latency_ms,
                error=error.code,
                detail=error.detail or None,
            )
        )


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
