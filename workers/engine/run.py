"""One slice, from taking its lane to handing it back."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from redis.exceptions import RedisError

from app import clock, events, queue
from app.errors import DatabaseDown
from app.log import get
from app.queue import Slice
from app.services import accounts, dispatch, slices
from app.services.house import House
from app.services.slices import Lane, LaneLost, Outcome
from app.services.waits import Waiting
from app.sources import registry
from app.sources.base import Account
from workers import retry
from workers.budget.limiter import Limiter
from workers.engine import http
from workers.engine.caller import Caller, Health
from workers.engine.desk import Desk
from workers.engine.stop import Halted, Stop
from workers.engine.till import Slot, Till

log = get(__name__)
T = TypeVar("T")
#: A slice makes room for others after this long, in seconds.
BOX_S = 15.0
#: How often it looks whether somebody else waits.
LOOK_S = 2.0
FLUSH_S = 0.2
#: A sign of life at least this often, well within `slices.LEASE_MS`.
HEARTBEAT_S = 2.0
#: How long calls under way may take to end once the slice is to stop.
DRAIN_S = 3.0
#: Keywords an offline source answers at a time.
OFFLINE = 200


class Run:
    """The state of a slice under way."""

    def __init__(self, house: House, lane: Lane, source: registry.Source, account: Account) -> None:
        self.house, self.lane, self.source, self.account = house, lane, source, account
        self.desk, self.stop = Desk(), Stop()
        self.closing = False
        #: All dealings with the database, one after the other: the lane's claim is never touched by two at once.
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        limiter = Limiter(house.redis, account.key, account.budget, source.upstream.timeout)
        most = account.budget.concurrency or source.upstream.in_flight
        self.callers = min(most, source.upstream.in_flight)
        self.till = Till(limiter, self.stop, self.thread, partial(accounts.spent_today, house, account), self.callers)

    async def in_database(self, do: Callable[..., T], *arguments: object) -> T:
        """Run ``do`` in the database thread, again and again while the database is away."""
        pause = 0.2
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self.thread, do, *arguments)
            except DatabaseDown as exc:
                log.warning("database_away", error=str(exc), again_s=pause)
                await asyncio.sleep(pause)
                pause = min(5.0, pause * 2)

    async def go(self) -> None:
        """Work until nothing is left or the slice is to stop, then hand the lane back."""
        listener = events.Listener(self.house.redis, events.STOP, self._hear(asyncio.get_running_loop()))
        listener.start()
        self.stop.on_sigterm()
        try:
            await self._work()
            await self._hand_back()
        except LaneLost:
            log.warning("lane_lost")
        finally:
            listener.end()
            self.thread.shutdown(wait=False)

    async def _work(self) -> None:
        feeding, flushing = asyncio.create_task(self._feed()), asyncio.create_task(self._flush_often())
        try:
            async with http.connect(self.source.upstream.timeout, self._sent()) as client:
                shared = Caller(self.source, self.account, self.desk, self.till, client, self.stop, Health())
                work = self._offline if self.source.upstream.offline else shared.work
                callers = [
                    asyncio.create_task(work()) for _ in range(1 if self.source.upstream.offline else self.callers)
                ]
                await self._until_over(feeding, flushing, callers)
        finally:
            feeding.cancel()
            # A flush under way is waited for, not cancelled: its transaction would be committed all the same, and
            # what it stored would be stored again.
            self.closing = True
            self.desk.full.set()
            await asyncio.gather(feeding, flushing, return_exceptions=True)
        await self.till.close()

    async def _until_over(
        self, feeding: asyncio.Task[None], flushing: asyncio.Task[None], callers: list[asyncio.Task[None]]
    ) -> None:
        """Wait until all is read or the stop; let calls under way end, then cut them off."""
        began = looked = time.monotonic()
        everyone = {feeding, flushing, *callers}
        while not self.stop and not self.desk.over:
            done, _ = await asyncio.wait(everyone, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # a defect ends the slice loudly; its lease runs out and healing goes on
            everyone -= done
            now = time.monotonic()
            if now - began > BOX_S and now - looked > LOOK_S:
                looked = now
                if await asyncio.to_thread(self._somebody_waits):
                    self.stop.say("time")
        for _ in callers:
            self.desk.todo.put_nowait(None)
        _, late = await asyncio.wait(callers, timeout=DRAIN_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _feed(self) -> None:
        """Keep lookups on the desk: first what the lane held, then chunk after chunk."""
        found = await self.in_database(slices.resume, self.house, self.lane)
        await self._lay(found)
        while not self.stop:
            await self.desk.low.wait()
            found = await self.in_database(slices.claim, self.house, self.lane, dispatch.CHUNK)
            if not found:
                self.desk.exhausted = True
                return
            await self._lay(found)

    async def _lay(self, found: list[slices.Lookup]) -> None:
        known = await self.in_database(slices.earlier, self.house, self.lane, found)
        answered = {outcome.position for outcome in known}
        self.desk.put([lookup for lookup in found if lookup.position not in answered])
        self.desk.open += len(known)
        for outcome in known:
            self.desk.finish(outcome)

    async def _flush_often(self) -> None:
        flushed = time.monotonic()
        while not self.closing:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.desk.full.wait(), FLUSH_S)
            if self.desk.outcomes or self.desk.calls or time.monotonic() - flushed > HEARTBEAT_S:
                await self.flush()
                flushed = time.monotonic()

    async def flush(self) -> None:
        """Store what has come in; hear what the batch's state is."""
        outcomes, calls = self.desk.collect()
        flushed = await self.in_database(slices.flush, self.house, self.lane, outcomes, calls)
        if flushed.spent_today is not None:
            self.till.spent = flushed.spent_today
        if flushed.batch_state in ("cancelling", "cancelled", "paused"):
            self.stop.say("cancelled")

    async def _offline(self) -> None:
        upstream, channel = self.source.upstream, self.source.channel

        def answer(tasks: list[slices.Lookup]) -> list[Outcome]:
            now = clock.now_ms()
            return [Outcome(one.position, upstream.answer(channel, one.keyword), now, attempts=1) for one in tasks]

        while not self.stop:
            task = await self.desk.take()
            if task is None:
                return
            tasks = [task.lookup]
            while len(tasks) < OFFLINE and not self.desk.todo.empty():
                more = self.desk.todo.get_nowait()
                if more is not None:
                    tasks.append(more.lookup)
            self.desk.low.set()
            for outcome in await asyncio.to_thread(answer, tasks):
                self.desk.finish(outcome)

    async def _hand_back(self) -> None:
        await self.flush()
        halted = self.stop.halted
        waiting = await self.in_database(self._waiting, halted) if halted is not None else None
        done = partial(slices.release, self.house, self.lane, finished=self.desk.over, waiting=waiting)
        await self.in_database(done)
        why, till = self.stop.why or "done", self.till
        log.info("slice_ended", why=why, held=str(self.lane.held), missed=till.missed, late=till.late)

    def _sent(self) -> Callable[[Slot], None] | None:
        return self.till.sent if self.account.budget.rate else None

    def _waiting(self, halted: Halted) -> Waiting:
        now, piece = clock.now_ms(), self.lane.piece
        if halted.reason == "upstream_down":
            until = now + int(1000 * retry.down_for(slices.waits_so_far(self.house, piece)))
        elif halted.seconds is None:
            until = clock.day_starts(now, self.account.budget.zone)[2]
        else:
            until = now + int(1000 * halted.seconds)
        return Waiting(halted.reason, until, halted.trouble, halted.detail)

    def _hear(self, loop: asyncio.AbstractEventLoop) -> Callable[[int], None]:
        def hear(batch_id: int) -> None:
            if batch_id == self.lane.piece.batch:
                loop.call_soon_threadsafe(self.stop.say, "cancelled")

        return hear

    def _somebody_waits(self) -> bool:
        try:
            return queue.waiting(self.house.redis, self.lane.piece)
        except RedisError:
            return False


async def run_slice(house: House, piece: Slice, worker: str) -> None:
    """Work on the lane of ``piece`` unless somebody else does."""
    source = registry.get(piece.source)
    account = accounts.of(source.upstream.name)
    lane = slices.begin(house, piece, worker, account.budget.zone)
    if lane is None:
        log.info("slice_not_needed")
        return
    await Run(house, lane, source, account).go()
