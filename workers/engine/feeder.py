"""Keeps lookups on a slice's desk: what its lane held, chunk after chunk, and what another batch is asking already."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app import clock
from app.services import dispatch, sharing, slices
from app.services.house import House
from app.services.lanes import Lane, Lookup
from workers.engine.desk import Desk
from workers.engine.stop import Stop

#: How often to look whether another batch has read what was left to it, in seconds.
LOOK_S = 1.0
#: How long to leave a lookup to a younger batch, in seconds.
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Left:
    """A lookup left to another batch, since when (UTC ms, monotonic)."""

    lookup: Lookup
    since_ms: int
    since: float


class Feeder:
    """``in_database`` runs a function in the slice's database thread."""

    def __init__(
        self,
        house: House,
        lane: Lane,
        desk: Desk,
        stop: Stop,
        in_database: Callable[..., Awaitable[Any]],
        *,
        share: bool,
    ) -> None:
        self._house, self._lane, self._desk, self._stop, self._do = house, lane, desk, stop, in_database
        self._share = share
        self._left: list[Left] = []

    async def feed(self) -> None:
        """Lay lookups on the desk until nothing is left to claim."""
        await self._lay(await self._do(slices.resume, self._house, self._lane))
        while not self._stop:
            await self._desk.low.wait()
            found = await self._do(slices.claim, self._house, self._lane, dispatch.CHUNK)
            if not found:
                self._desk.exhausted = True
                self._desk.full.set()
                return
            await self._lay(found)

    async def watch(self) -> None:
        """Take over the readings of lookups left to other batches, or ask what they do not ask any more."""
        while not self._stop:
            await self._stop.wait(LOOK_S)
            if self._left and not self._stop:
                await self._look()

    async def _lay(self, found: list[Lookup]) -> None:
        self._desk.open += len(found)
        elsewhere = await self._elsewhere(found, patient=True)
        now, since = clock.now_ms(), time.monotonic()
        rest = await self._answer(found, None)
        self._left += [Left(one, now, since) for one in rest if one.keyword_id in elsewhere]
        self._desk.put([one for one in rest if one.keyword_id not in elsewhere])

    async def _look(self) -> None:
        left, self._left = self._left, []
        patient = time.monotonic() - left[0].since < PATIENCE_S
        lookups = [one.lookup for one in left]
        # Who holds it is asked before what is read: a reading is stored in the moment in which it is held no longer.
        elsewhere = await self._elsewhere(lookups, patient=patient)
        rest = {one.position for one in await self._answer(lookups, min(one.since_ms for one in left))}
        unread = [one for one in left if one.lookup.position in rest]
        self._left = [one for one in unread if one.lookup.keyword_id in elsewhere] + self._left
        self._desk.put([one.lookup for one in unread if one.lookup.keyword_id not in elsewhere])

    async def _elsewhere(self, lookups: list[Lookup], *, patient: bool) -> set[int]:
        if not self._share:
            return set()
        found: set[int] = await self._do(_asked_elsewhere, self._house, self._lane, lookups, patient)
        return found

    async def _answer(self, lookups: list[Lookup], since: int | None) -> list[Lookup]:
        """Finish what earlier readings answer; the rest."""
        known = await self._do(sharing.answered, self._house, self._lane, lookups, since)
        for outcome in known:
            self._desk.finish(outcome)
        answered = {outcome.position for outcome in known}
        return [one for one in lookups if one.position not in answered]


def _asked_elsewhere(house: House, lane: Lane, lookups: list[Lookup], patient: bool) -> set[int]:
    return sharing.asked_elsewhere(house, lane, lookups, patient=patient)
