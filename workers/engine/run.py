"""One slice, from taking its lane to handing it back."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from redis.exceptions import RedisError

from app import clock, events, queue, traces
from app.errors import DatabaseDown, UpstreamError
from app.log import bind, get
from app.queue import PRIORITIES, Slice
from app.services import accounts, control, grace, halts, slices
from app.services.house import House
from app.services.lanes import Lane, LaneLost
from app.services.ledger import Allowance
from app.services.slices import Flushed
from app.services.tally import Tally
from app.services.vigil import Vigil
from app.sources import registry
from app.sources.base import Account
from workers.budget.limiter import Limiter
from workers.engine import http, offline
from workers.engine.caller import Caller
from workers.engine.counting import Counting
from workers.engine.desk import Desk
from workers.engine.did import NOT_NEEDED, Did
from workers.engine.feeder import Feeder
from workers.engine.stop import Stop, Why
from workers.engine.till import Slot, Till

log = get(__name__)
T = TypeVar("T")
#: A slice makes room for others of its priority after this long, in seconds; for more urgent ones at the next look.
BOX_S = 15.0
#: How often it looks whether somebody else waits.
LOOK_S = 2.0
FLUSH_S = 0.2
#: A sign of life at least this often, well within `slices.LEASE_MS`.
HEARTBEAT_S = 2.0
#: How long calls under way may take to end once the slice is to stop.
DRAIN_S = 3.0


class Run:
    """The state of a slice under way."""

    def __init__(self, house: House, lane: Lane, source: registry.Source, account: Account) -> None:
        self.house, self.lane, self.source, self.account = house, lane, source, account
        self.desk, self.stop = Desk(), Stop()
        self.closing = False
        self.did = Did()
        #: All dealings with the database, one after the other: the lane's claim is never touched by two at once.
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self.tally = Tally(house.settings, lane.piece)
        rank = PRIORITIES.index(lane.priority)
        limiter = Limiter(house.redis, account.limits, account.budget, source.upstream.timeout, rank)
        most = account.budget.concurrency or source.upstream.in_flight
        self.callers = 1 if source.upstream.offline else min(most, source.upstream.in_flight)
        self.till = Till(limiter, self.stop, self.tally, self.flush, self.callers)
        share = not source.upstream.offline
        self.counting = Counting(house.redis, source, account.key)
        self.watch = Vigil(house)
        self.feeder = Feeder(house, lane, self.desk, self.stop, self.in_database, share=share)

    async def in_database(self, do: Callable[..., T], *arguments: object) -> T:
        """Run ``do`` in the database thread, again and again while the database is away or has no room."""
        pause, since, redis, piece = 0.2, time.monotonic(), self.house.redis, self.lane.piece
        while True:
            try:
                done = await asyncio.get_running_loop().run_in_executor(self.thread, do, *arguments)
            except DatabaseDown as exc:
                log.warning("database_away", code=exc.code, error=str(exc), again_s=pause)
                await asyncio.to_thread(grace.ask, redis, piece, exc, time.monotonic() - since)
                await asyncio.sleep(pause)
                pause = min(5.0, pause * 2)
            else:
                if pause > 0.2:
                    await asyncio.to_thread(grace.over, redis, piece)
                return done

    async def go(self) -> None:
        """Work until nothing is left or the slice is to stop, then hand the lane back."""
        listener = events.Listener(self.house.redis, events.STOP, self._hear(asyncio.get_running_loop()))
        listener.start()
        self.stop.on_sigterm()
        why = "broke"
        try:
            await self._work()
            await self._hand_back()
            why = self.stop.why or "done"
        except LaneLost:
            why = "lane_lost"
            log.warning("lane_lost")
        except Exception:
            log.exception("slice_broke")
            raise
        finally:
            listener.end()
            self.thread.shutdown(wait=False)
            await self.counting.close(why)

    async def _work(self) -> None:
        helpers = [asyncio.create_task(do()) for do in (self.feeder.feed, self.feeder.watch, self._flush_often)]
        try:
            async with http.connect(self.source.upstream, self._sent()) as client:
                shared = Caller(
                    self.source, self.account, self.desk, self.till, client, self.stop, self._halt, self.counting
                )
                work = partial(offline.work, self.source, self.desk, self.stop)
                do = work if self.source.upstream.offline else shared.work
                await self._until_over(helpers, [asyncio.create_task(do()) for _ in range(self.callers)])
        finally:
            for helper in helpers[:2]:
                helper.cancel()
            # A flush under way is waited for, not cancelled: its transaction would be committed all the same, and
            # what it stored would be stored again.
            self.closing = True
            self.desk.full.set()
            await asyncio.gather(*helpers, return_exceptions=True)
        await self.till.close()

    async def _until_over(self, helpers: list[asyncio.Task[None]], callers: list[asyncio.Task[None]]) -> None:
        """Wait until all is read or the stop; let calls under way end, then cut them off."""
        began = looked = time.monotonic()
        everyone = {*helpers, *callers}
        while not self.stop and not self.desk.over:
            done, _ = await asyncio.wait(everyone, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # a defect ends the slice loudly; its lease runs out and healing goes on
            everyone -= done
            now = time.monotonic()
            if now - looked > LOOK_S:
                looked = now
                who = await asyncio.to_thread(self._who_waits)
                if who == "now" or (who and now - began > BOX_S):
                    self.stop.say("time")
            if self.lane.deadline_at is not None and clock.now_ms() >= self.lane.deadline_at:
                self.stop.say("deadline")
        for _ in callers:
            self.desk.todo.put_nowait(None)
        _, late = await asyncio.wait(callers, timeout=DRAIN_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _flush_often(self) -> None:
        flushed = time.monotonic()
        while not self.closing:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.desk.full.wait(), FLUSH_S)
            new = self.desk.outcomes or self.tally.made != self.lane.settled
            if new or time.monotonic() - flushed > HEARTBEAT_S:
                await self.flush()
                flushed = time.monotonic()

    async def flush(self) -> Allowance | None:
        """Store what has come in, reserve calls, hear whether the slice is wanted still; what was reserved."""
        outcomes, tried = self.desk.collect()
        want = self.till.wants(self.desk.open)
        came, unsure = outcomes, False

        def store() -> Flushed:
            nonlocal outcomes, unsure
            if unsure:  # the database went while it was being told: perhaps it has it all
                outcomes = grace.recover(self.house, self.lane, outcomes)
            unsure = True
            return slices.flush(self.house, self.lane, outcomes, self.tally.made, want=want, tried=tried)

        flushed: Flushed
        with traces.span("flush", readings=len(came)):
            flushed, took = await self.in_database(_timed, store)
        self.counting.flushed(came, took)
        self.did.note(came)
        self.till.allow(flushed.allowance)
        if not flushed.wanted and not self.desk.over:
            self.stop.say("told")
        return flushed.allowance

    async def _halt(self, reason: str, error: UpstreamError, seconds: float | None) -> None:
        """Nobody asks with the account for now."""
        if reason == "upstream_down":
            self.desk.forgive()
        self.stop.say("halted")
        await self.in_database(halts.stop, self.house, self.account, self.source.name, reason, error, seconds)

    async def _hand_back(self) -> None:
        await self.flush()
        if self.stop.why == "deadline":
            await self.in_database(control.expire, self.house, self.lane.piece.batch)
        done = partial(slices.release, self.house, self.lane, self.tally.made)
        await self.in_database(partial(done, finished=self.desk.over, waiting=self.stop.waiting))
        self.tally.close()
        why, till = self.stop.why or "done", self.till
        log.info("slice_ended", why=why, held=str(self.lane.held), missed=till.missed, late=till.late)

    def _sent(self) -> Callable[[Slot], None] | None:
        return self.till.sent if self.account.budget.rate else None

    def _hear(self, loop: asyncio.AbstractEventLoop) -> Callable[[str], None]:
        mine: dict[str, Why] = {f"batch:{self.lane.piece.batch}": "told", f"account:{self.account.key}": "halted"}

        def hear(message: str) -> None:
            if message in mine:
                with contextlib.suppress(RuntimeError):  # the loop is gone, and the slice with it
                    loop.call_soon_threadsafe(self.stop.say, mine[message])

        return hear

    def _who_waits(self) -> str:
        self.watch.look()
        try:
            return queue.waiting(self.house.redis, self.lane.piece, self.lane.priority)
        except RedisError:
            return ""


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and how many seconds that took."""
    began = time.monotonic()
    return do(), time.monotonic() - began


async def run_slice(house: House, piece: Slice, worker: str) -> str:
    """Work on the lane of ``piece`` unless somebody else does; what was done, for people."""
    lane = slices.begin(house, piece, worker)
    if lane is None:
        log.info("slice_not_needed")
        return NOT_NEEDED
    source = registry.get(piece.source)
    with bind(account=lane.account):
        run = Run(house, lane, source, replace(accounts.charged(lane.account), budget=lane.budget))
        await run.go()
        return run.did.said(run.tally.made, run.stop.why or "done")
