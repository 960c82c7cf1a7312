"""Pays for each call: its moment from the account's budget, its place in the day's quota from the ledger."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redis.exceptions import RedisError

from app import clock
from app.log import get
from app.services.ledger import Allowance
from app.services.tally import Tally
from app.services.waits import Waiting
from workers.budget.limiter import Grant, Limiter
from workers.engine.stop import Stop

log = get(__name__)
#: A call that leaves this much after its slot would stand too close to the one a period later; those slots are
#: moved back (`Limiter.push`). Under it, the margin of the spacing suffices.
LATE_S = 0.007
#: A slot missed by more than this is let go for another one.
MISSED_S = 0.25
#: Pause while Redis does not answer.
REDIS_PAUSE_S = 0.5
#: Calls reserved of a quota at first, and the least afterwards.
FEW = 16
#: … and as many as the last flushes' calls times this.
FLUSHES = 6


Flush = Callable[[], Awaitable[Allowance | None]]


@dataclass(slots=True)
class Slot:
    """The moment (loop time) at which one call may be made."""

    at: float = 0.0
    token: str = ""


class Till:
    """One slice's payments. ``flush`` stores what there is, reserves what `wants` says, has `allow` called and gives
    what the ledger said."""

    def __init__(self, limiter: Limiter, stop: Stop, tally: Tally, flush: Flush, most: int) -> None:
        self._limiter, self._stop, self._tally, self._flush, self._most = limiter, stop, tally, flush, most
        self._slots: deque[Slot] = deque()
        self._fetching, self._refilling = asyncio.Lock(), asyncio.Lock()
        self._waiting = 0
        #: Calls of the quota in hand, and until when (UTC ms).
        self._free, self._free_until = 0, 0
        self._target, self._boost, self._made = FEW, 0, 0
        #: Slots let go because they could not be used in time.
        self.missed = 0
        #: Times the slots had to be moved back, the last amount and when (loop time).
        self.late = 0
        self._pushed = 0.0
        self._pushed_at = float("-inf")

    async def pay(self) -> Slot | None:
        """Wait until one call may be made; None when the slice is to stop."""
        while self._usable():
            if not self._limiter.budget.counted:
                return await self._slot()
            if self._free <= 0 or clock.now_ms() >= self._free_until:
                if self._stop:
                    return None
                await self._refill()
                continue
            self._free -= 1
            slot = await self._slot()
            if slot is not None and clock.now_ms() < self._free_until:
                return slot
            self._free += 1  # a call that was paid for is not made after all
            if slot is None:
                return None
            await self.done(slot)
        return None

    def sent(self, slot: Slot) -> None:
        """The slot's call leaves now."""
        now = asyncio.get_running_loop().time()
        late = now - slot.at - LATE_S
        if late <= 0 or self._limiter.budget.rate is None:
            return
        if now - self._pushed_at > self._limiter.budget.rate.seconds:
            self._pushed = 0.0
        if late > self._pushed:  # calls that were held up together need one move, not one each
            asyncio.get_running_loop().create_task(self._call(self._limiter.push, late - self._pushed))
            self._pushed, self._pushed_at = late, now
            self.late += 1

    def made(self) -> None:
        """A call is being made: written down before it leaves."""
        self._tally.add()

    def unmade(self) -> None:
        """It did not get as far as the upstream."""
        self._tally.add(-1)
        self._free += self._limiter.budget.counted

    async def done(self, slot: Slot) -> None:
        """The slot's call has ended."""
        if slot.token:
            await self._call(self._limiter.done, (slot.token,))

    async def cut(self, *pauses: float) -> float:
        """The upstream said "too fast"; the pause that is left, in seconds."""
        answer = await self._call(self._limiter.cut, *pauses)
        factor, pause = answer if isinstance(answer, tuple) else (None, pauses[0])
        log.warning("rate_cut", factor=factor, pause_s=pause)
        return float(pause)

    async def pause(self, seconds: float) -> None:
        """The upstream wants to be left alone for a while."""
        await self._call(self._limiter.pause, seconds)

    async def close(self) -> None:
        """Let go what was taken and not used."""
        tokens = tuple(slot.token for slot in self._slots if slot.token)
        self._slots.clear()
        if tokens:
            await self._call(self._limiter.done, tokens)

    def wants(self, open_: int) -> int:
        """How many calls of the quota to reserve now, with ``open_`` lookups still to be read."""
        if self._stop or not self._limiter.budget.counted:
            return 0
        made, self._made = self._tally.made - self._made, self._tally.made
        self._target, self._boost = max(FEW, FLUSHES * made, self._boost), 0
        usable = self._free if clock.now_ms() < self._free_until else 0
        return max(0, min(self._target, open_) - usable)

    def allow(self, allowance: Allowance | None) -> None:
        """What the ledger granted of what was wanted."""
        if allowance is None:
            return
        if allowance.granted:
            if allowance.until != self._free_until:
                self._free = 0  # those were of another day, and were given back
            self._free, self._free_until = self._free + allowance.granted, allowance.until

    async def _refill(self) -> None:
        """Nothing of the quota is in hand: reserve more, twice as much as before, or find out how long to wait."""
        async with self._refilling:
            if self._stop or (self._free > 0 and clock.now_ms() < self._free_until):
                return
            self._boost = min(self._target * 2, 8 * self._most)
            heard = await self._flush()
            if heard is None or heard.granted:
                return
            if heard.spent:
                self._stop.say("spent", Waiting("quota", heard.until, "quota_spent", ""))
            else:
                await self._stop.wait(max(0.05, (heard.until - clock.now_ms()) / 1000))

    async def _slot(self) -> Slot | None:
        """The next moment for a call; None when the slice is to stop."""
        if not self._limiter.budget.paced:
            return Slot()
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            while self._usable():
                slot = self._slots.popleft() if self._slots else None
                if slot is None:
                    if self._stop and self._stop.why != "spent":
                        return None
                    await self._fetch()
                    continue
                if slot.at > loop.time():
                    await asyncio.sleep(slot.at - loop.time())
                if self._usable() and not (self._limiter.budget.rate and loop.time() - slot.at > MISSED_S):
                    return slot
                self.missed += 1
                await self.done(slot)
            return None
        finally:
            self._waiting -= 1

    def _usable(self) -> bool:
        """Whether what is in hand may be used: a slice whose time is up, or whose quota is spent, uses it."""
        return self._stop.why in (None, "time", "spent")

    async def _fetch(self) -> None:
        async with self._fetching:
            if self._slots:
                return
            answer = await self._call(self._limiter.take, max(1, min(self._waiting, self._most)))
            if isinstance(answer, Grant):
                now = asyncio.get_running_loop().time()
                tokens = answer.tokens or ("",) * answer.count
                self._slots.extend(
                    Slot(now + answer.first + n * answer.spacing, token) for n, token in enumerate(tokens)
                )
            else:
                wait = getattr(answer, "seconds", REDIS_PAUSE_S)
                await (asyncio.sleep(min(wait, 1.0)) if self._stop else self._stop.wait(wait))

    async def _call(self, do: Callable[..., object], *arguments: object) -> object:
        """Ask Redis in a thread; None when it does not answer."""
        try:
            return await asyncio.to_thread(do, *arguments)
        except RedisError as exc:
            log.warning("budget_unreachable", error=str(exc))
            return None
