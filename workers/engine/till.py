"""Pays for each call: fetches slots from the account's budget in blocks and hands them to callers when due."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from redis.exceptions import RedisError

from app.log import get
from workers.budget.limiter import Grant, Limiter, Wait
from workers.engine.stop import Halted, Stop

log = get(__name__)
#: A call that leaves this much after its slot would stand too close to the one a period later; those slots are
#: moved back (`Limiter.push`). Under it, the margin of the spacing suffices.
LATE_S = 0.007
#: A slot missed by more than this is let go for another one.
MISSED_S = 0.25
#: Pause while Redis does not answer.
REDIS_PAUSE_S = 0.5
#: Margin after the day's turn, in seconds: clocks differ.
TURN_S = 2.0


@dataclass(frozen=True, slots=True)
class Slot:
    """The moment (loop time) at which one call may be made."""

    at: float
    token: str = ""


FREE = Slot(0.0)


class Till:
    """One slice's dealings with a `Limiter`. ``ledger()`` gives today's calls by the database, in this slice's
    database thread."""

    def __init__(self, limiter: Limiter, stop: Stop, thread: Executor, ledger: Callable[[], int], most: int) -> None:
        self._limiter, self._stop, self._thread, self._ledger, self._most = limiter, stop, thread, ledger, most
        self._slots: deque[Slot] = deque()
        self._lock = asyncio.Lock()
        self._waiting = 0
        #: Slots let go because they could not be used in time.
        self.missed = 0
        #: Times the slots had to be moved back, the last amount and when (loop time).
        self.late = 0
        self._pushed = 0.0
        self._pushed_at = float("-inf")
        #: Today's calls by the ledger, as last heard.
        self.spent: int | None = None

    async def pay(self) -> Slot | None:
        """Wait for the next slot; None when the slice is to stop."""
        if not self._limiter.budget.limited:
            return None if self._stop else FREE
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            while self._usable():
                slot = self._slots.popleft() if self._slots else None
                if slot is None:
                    if self._stop:
                        return None
                    await self._fetch()
                    continue
                if slot.at > loop.time():
                    await asyncio.sleep(slot.at - loop.time())
                if self._usable() and not (self._limiter.budget.rate and loop.time() - slot.at > MISSED_S):
                    return slot
                self.missed += 1
                await self._call(self._limiter.give, 1, (slot.token,) if slot.token else ())
            return None
        finally:
            self._waiting -= 1

    def _usable(self) -> bool:
        """Whether slots in hand may be used: a slice whose time is up uses them, they would be lost."""
        return self._stop.why in (None, "time")

    def sent(self, slot: Slot) -> None:
        """The slot's call leaves now."""
        now = asyncio.get_running_loop().time()
        late = now - slot.at - LATE_S
        if slot is FREE or late <= 0 or self._limiter.budget.rate is None:
            return
        if now - self._pushed_at > self._limiter.budget.rate.seconds:
            self._pushed = 0.0
        if late > self._pushed:  # calls that were held up together need one move, not one each
            asyncio.get_running_loop().create_task(self._call(self._limiter.push, late - self._pushed))
            self._pushed, self._pushed_at = late, now
            self.late += 1

    async def done(self, slot: Slot) -> None:
        """The slot's call has ended."""
        if slot.token:
            await self._call(self._limiter.done, (slot.token,))

    async def cut(self, pause: float) -> None:
        """The upstream said "too fast"."""
        factor = await self._call(self._limiter.cut, pause)
        log.warning("rate_cut", factor=factor, pause_s=pause)

    async def close(self) -> None:
        """Give back what was taken and not used."""
        if self._slots:
            tokens = tuple(slot.token for slot in self._slots if slot.token)
            await self._call(self._limiter.give, len(self._slots), tokens)
            self._slots.clear()

    async def _fetch(self) -> None:
        async with self._lock:
            if self._slots or self._stop:
                return
            answer = await self._call(self._limiter.take, self._wanted(), self.spent)
            if isinstance(answer, Grant):
                now = asyncio.get_running_loop().time()
                tokens = answer.tokens or ("",) * answer.count
                self._slots.extend(
                    Slot(now + answer.first + n * answer.spacing, token) for n, token in enumerate(tokens)
                )
            elif isinstance(answer, Wait):
                await self._wait(answer)
            else:
                await self._stop.wait(REDIS_PAUSE_S)

    def _wanted(self) -> int:
        """How many slots to take at once. Where only the day counts they keep; else no more than are used now."""
        budget = self._limiter.budget
        keep = budget.rate is None and budget.concurrency is None
        return self._most if keep else max(1, min(self._waiting, self._most))

    async def _wait(self, answer: Wait) -> None:
        if answer.reason == "ledger":
            self.spent = await asyncio.get_running_loop().run_in_executor(self._thread, self._ledger)
        elif answer.reason == "quota":
            self._stop.say("halt", Halted("quota", answer.seconds + TURN_S, "quota_spent", ""))
        else:
            await self._stop.wait(answer.seconds)

    async def _call(self, do: Callable[..., object], *arguments: object) -> object:
        """Ask Redis in a thread; None when it does not answer."""
        try:
            return await asyncio.to_thread(do, *arguments)
        except RedisError as exc:
            log.warning("budget_unreachable", error=str(exc))
            return None
