"""Whoever follows a batch has every reading once, in order, however often he is cut off; served by the real server."""

import asyncio
import os
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest

from app.services import batches, control, slices
from app.services.channel import TICK_S
from app.services.feed import Feed
from app.services.house import House
from app.services.lanes import Outcome
from app.sources.base import Reading
from tests.store.events_served import Served, run, when
from tests.store.events_written import Writer, store, submitted
from tests.store.working import NOW, lanes, read_everything, take_lane

#: How often a follower is cut off during so many readings; 200 and 20,000 take 20 s.
CUTS = int(os.environ.get("KEYBATCH_CUTS", "40"))
READINGS = 100 * CUTS


def test_a_follower_cut_off_again_and_again_misses_repeats_and_reorders_nothing(house: House, tmp_path: Path):
    chance = random.Random(READINGS)
    batch = submitted(house, READINGS)

    async def body(served_: Served) -> None:
        writer = Writer(house, batch, chance)
        writer.start()
        client, places = served_.client(batch), set()
        cuts = 0
        while cuts < CUTS or len(places) <= CUTS // 4:  # a slow machine gets more time, and more of them
            patience = chance.choice([0.02, 0.1, 0.25]) * (1 + cuts // CUTS)
            for _ in range(5):
                writer.turns.put(20)
            most = chance.choice([1, 20_000, 70_000, 150_000, 500_000])
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await client.follow(most)
            places.add(client.at)
            cuts += 1
            assert cuts < 8 * CUTS, "it was cut off before it got anything"
        for _ in range(1_000):
            writer.turns.put(1_000)
        while "done" not in client.names:
            await client.follow()
        await asyncio.to_thread(writer.join)
        await client.follow()  # it may have been over before the last failures were asked again
        view = batches.get(house, batch)
        assert client.seqs == list(range(1, view.seq + 1))
        assert client.gaps == []
        assert view.seq > READINGS, "nothing was asked again"
        assert client.last["done"]["counts"]["ok"] == READINGS

    run(house, tmp_path, body)


def test_a_nudge_brings_a_reading_and_without_one_it_comes_all_the_same(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for hears in (True, False):
        batch = submitted(house, 10)
        # Where nudges are heard nothing else is there to tell; elsewhere nothing but looking now and then.
        monkeypatch.setattr(Feed, "_look", lambda _: None)

        async def body(served_: Served, batch: int = batch) -> None:
            client = served_.client(batch)
            following = asyncio.create_task(client.follow())
            await when(lambda: client.names)
            await asyncio.sleep(2 * TICK_S)
            await asyncio.to_thread(store, house, batch, 4)
            await when(lambda: client.at == 4)
            following.cancel()

        run(house, tmp_path, body, hears=hears)


def test_a_batch_that_is_retried_goes_on_where_its_follower_was(house: House, tmp_path: Path):
    batch = submitted(house, 4)
    source, number, generation = lanes(house, batch)[0]
    lane = take_lane(house, batch, source, number, generation + 1)
    assert lane is not None
    failed = [Outcome(one.position, Reading("failed"), NOW, error="rejected") for one in slices.claim(house, lane, 4)]
    slices.flush(house, lane, failed, 0)
    slices.release(house, lane, 0, finished=True)

    async def body(served_: Served) -> None:
        early = served_.client(batch)
        await early.follow()
        assert (early.seqs, early.names[-1]) == ([1, 2, 3, 4], "done")
        await asyncio.to_thread(control.retry, house, batch)
        following = asyncio.create_task(early.follow())
        await when(lambda: early.last["batch"]["state"] != "completed")
        assert not following.done(), "it was told that it is over, and it is not"
        await asyncio.to_thread(read_everything, house, batch)
        await following
        late = served_.client(batch)
        await late.follow()
        assert early.seqs == late.seqs == list(range(1, 9))
        assert late.last["done"]["counts"]["ok"] == 4

    run(house, tmp_path, body)


def test_a_cancel_ends_the_stream(house: House, tmp_path: Path):
    batch = submitted(house, 10)

    async def body(served_: Served) -> None:
        client = served_.client(batch)
        following = asyncio.create_task(client.follow())
        await when(lambda: client.names)
        await asyncio.to_thread(control.cancel, house, batch)
        await asyncio.wait_for(following, 2)
        assert client.last["done"]["state"] == "cancelled"
        assert client.last["done"]["counts"]["cancelled"] == 10

    run(house, tmp_path, body)


def test_a_client_that_goes_is_forgotten_at_once(house: House, tmp_path: Path):
    batch = submitted(house, 10)

    async def body(served_: Served) -> None:
        for _ in range(20):
            await served_.client(batch).follow(most=30)
        await when(lambda: not served_.followers.count)
        assert served_.followers._open == {}

    run(house, tmp_path, body)


def test_at_the_end_everybody_is_sent_away_for_a_while(house: House, tmp_path: Path):
    batch = submitted(house, 10)

    async def body(served_: Served) -> None:
        clients = [served_.client(batch) for _ in range(30)]
        following = [asyncio.create_task(client.follow()) for client in clients]
        await when(lambda: all(client.names for client in clients))
        began = time.monotonic()
        await served_.followers.end(1)
        await asyncio.gather(*following)
        assert time.monotonic() - began < 10, "nobody waits for the next sign of life"
        assert {client.retries[0] for client in clients} == {1_000}
        last = [client.retries[-1] for client in clients]
        assert all(1_000 <= one <= 5_000 for one in last)
        assert len(set(last)) > 5, "they would all come back at once"
        assert all("done" not in client.names for client in clients)
        late = served_.client(batch)
        await late.follow()
        assert late.seqs == []

    run(house, tmp_path, body)
