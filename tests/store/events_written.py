"""Batches whose readings are stored while somebody follows them."""

import queue
import random
import threading
from contextlib import suppress

from app.errors import NothingToRetry
from app.services import batches, control, slices
from app.services.house import House
from app.services.lanes import Lane, Lookup, Outcome
from app.sources.base import Reading
from tests.store.working import NOW, lanes, outcome, take_lane

SOURCE = "wordfreq.ko"


def submitted(house: House, count: int) -> int:
    """A batch of so many keywords."""
    return batches.submit(house, [f"키워드 {n}" for n in range(count)], [SOURCE]).batch


def store(house: House, batch: int, count: int) -> None:
    """Store the next ``count`` readings."""
    source, number, generation = lanes(house, batch)[0]
    lane = take_lane(house, batch, source, number, generation + 1)
    assert lane is not None
    found = [*slices.resume(house, lane), *slices.claim(house, lane, count)][:count]
    slices.flush(house, lane, [outcome(one) for one in found], 0)
    slices.release(house, lane, 0, finished=False)


def read_everything_large(house: House, batch: int) -> None:
    """As `read_everything`, in larger steps."""
    for source, number, generation in lanes(house, batch):
        lane = take_lane(house, batch, source, number, generation + 1)
        while lane is not None and (found := slices.claim(house, lane, 5_000)):
            slices.flush(house, lane, [outcome(one) for one in found], 0)
        if lane is not None:
            slices.release(house, lane, 0, finished=True)


class Writer(threading.Thread):
    """Stores readings, some of them failures, and now and then has the failures asked again, until all are read."""

    def __init__(self, house: House, batch: int, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.turns: queue.Queue[int] = queue.Queue()
        self._house, self._batch, self._chance = house, batch, chance
        self._failing = True

    def run(self) -> None:
        while not batches.get(self._house, self._batch).ended:
            for source, number, generation in lanes(self._house, self._batch):
                lane = take_lane(self._house, self._batch, source, number, generation + 1)
                if lane is not None:
                    self._work(lane)

    def _work(self, lane: Lane) -> None:
        found = slices.resume(self._house, lane)
        while found := found or slices.claim(self._house, lane, 500):
            count = self.turns.get()
            self._failing = self._failing and count < 1_000
            now, found = found[:count], found[count:]
            slices.flush(self._house, lane, [self._outcome(one) for one in now], 0)
            if self._chance.random() < 0.1:
                self._retry()
        self._retry()
        slices.release(self._house, lane, 0, finished=True)

    def _outcome(self, one: Lookup) -> Outcome:
        if self._failing and self._chance.random() < 0.05:
            return Outcome(one.position, Reading("failed"), NOW, attempts=3, error="rejected")
        return outcome(one)

    def _retry(self) -> None:
        with suppress(NothingToRetry):
            control.retry(self._house, self._batch)
