"""The loop of a slice in this process, on real databases and a real Valkey."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from app.queue import Slice
from app.repositories import readings
from app.services import batches, control, slices
from app.services.house import House
from app.services.lanes import Lane, Outcome
from app.services.slices import Flushed
from workers.engine.run import run_slice

SOURCE = "wordfreq.ko"


def stored(house: House, batch: int) -> list[int]:
    """Positions that have a reading."""
    with house.db.read() as connection:
        return [row.position for row in readings.of_source(connection, batch, SOURCE, range(10_000))]


def work(house: House, batch: int, lane: int = 0, generation: int = 1) -> None:
    asyncio.run(run_slice(house, Slice(batch, SOURCE, lane, generation), "by hand"))


def test_a_slice_reads_all_it_can_claim(house: House) -> None:
    batch = batches.submit(house, [f"키워드 {n}" for n in range(700)], [SOURCE]).batch

    work(house, batch)

    view = batches.get(house, batch)
    assert (view.state, view.counts.done) == ("completed", 700)
    assert stored(house, batch) == list(range(700))


def test_a_slow_database_stores_nothing_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, flushed = slices.flush, list[int]()

    def slow(house: House, lane: Lane, outcomes: Sequence[Outcome], made: int, **others: Any) -> Flushed:
        flushed.extend(outcome.position for outcome in outcomes)
        result = plain(house, lane, outcomes, made, **others)
        threading.Event().wait(0.3)  # committed, and the slice does not know it yet
        return result

    monkeypatch.setattr(slices, "flush", slow)
    batch = batches.submit(house, [f"키워드 {n}" for n in range(300)], [SOURCE]).batch

    work(house, batch)

    assert sorted(flushed) == list(range(300))
    assert batches.get(house, batch).state == "completed"


def test_a_slice_of_a_cancelled_batch_does_nothing(house: House) -> None:
    batch = batches.submit(house, ["맥북"], [SOURCE]).batch
    control.cancel(house, batch)

    work(house, batch)

    assert stored(house, batch) == []
