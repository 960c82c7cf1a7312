"""A followed batch from within: nobody is told what is no longer so, and nobody waits for what has gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from sqlalchemy import delete

from app.errors import AfterBeyondEnd, DatabaseDown, NoSuchBatch
from app.models.tables import batch as batch_table
from app.services import channel, control, journal, slices
from app.services.followers import Follower, Followers
from app.services.house import House
from app.services.lanes import Outcome
from app.sources.base import Reading
from tests.store.events_served import when
from tests.store.events_written import store, submitted
from tests.store.working import NOW, lanes, read_everything, take_lane


def run(body: Callable[[], Awaitable[None]]) -> None:
    async def within_time() -> None:
        await asyncio.wait_for(body(), 30)

    asyncio.run(within_time())


@asynccontextmanager
async def following(followers: Followers, batch: int, after: int = 0) -> AsyncIterator[tuple[Follower, list[bytes]]]:
    """A follower who takes all that he is sent."""
    follower = await followers.follow(batch, after)
    got: list[bytes] = []

    async def take() -> None:
        async for piece in follower.pieces():
            got.append(piece)

    task = asyncio.create_task(take())
    try:
        yield follower, got
    finally:
        task.cancel()
        follower.leave()


def names(got: list[bytes]) -> list[str]:
    return [piece.split(b"\n")[0].removeprefix(b"event: ").decode() for piece in got if piece.startswith(b"event")]


def fail_everything(house: House, batch: int) -> None:
    source, number, generation = lanes(house, batch)[0]
    lane = take_lane(house, batch, source, number, generation + 1)
    assert lane is not None
    found = slices.claim(house, lane, 100)
    failed = [Outcome(one.position, Reading("failed"), NOW, error="rejected") for one in found]
    slices.flush(house, lane, failed, 0)
    slices.release(house, lane, 0, finished=True)


def test_who_comes_after_a_retry_is_not_told_that_it_is_over(house: House):
    batch = submitted(house, 3)
    fail_everything(house, batch)

    async def body() -> None:
        followers = Followers(house)
        stays = await followers.follow(batch, 0)  # and keeps the channel, which looks once a second
        await asyncio.to_thread(control.retry, house, batch)
        async with following(followers, batch, 3) as (_, got):
            await when(lambda: names(got))
            await asyncio.sleep(3 * channel.TICK_S)
            assert names(got) == ["batch"]
            assert orjson.loads(got[1].partition(b"data: ")[2])["state"] != "completed"
        stays.leave()
        assert followers.count == 0

    run(body)


def test_who_has_just_seen_a_reading_stored_may_follow_from_there(house: House):
    batch = submitted(house, 30)

    async def body() -> None:
        followers = Followers(house)
        stays = await followers.follow(batch, 0)
        for seq in range(5, 30, 5):
            await asyncio.to_thread(store, house, batch, 5)
            with pytest.raises(AfterBeyondEnd):
                await followers.follow(batch, seq + 1)
            (await followers.follow(batch, seq)).leave()
        stays.leave()

    run(body)


def test_counts_are_held_back_for_a_while_and_a_state_is_told_at_once(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 40)
    monkeypatch.setattr(channel, "BATCH_S", 3_600.0)

    async def body() -> None:
        followers = Followers(house)
        async with following(followers, batch) as (follower, got):
            for _ in range(6):
                await asyncio.to_thread(store, house, batch, 5)
                follower._channel.wake()
                await asyncio.sleep(2 * channel.TICK_S)
            told = [orjson.loads(one.partition(b"data: ")[2]) for one in got if one.startswith(b"event: batch")]
            assert [one["state"] for one in told] == ["queued", "running"]
            monkeypatch.setattr(channel, "BATCH_S", 0.1)
            follower._channel.wake()
            await when(lambda: b'"seq":30,"counts"' in [one for one in got if one.startswith(b"event: batch")][-1])
            monkeypatch.setattr(channel, "BATCH_S", 3_600.0)
            await asyncio.to_thread(control.pause, house, batch)
            follower._channel.wake()
            await when(lambda: b'"state":"paused"' in got[-1])

    run(body)


def test_a_batch_that_is_deleted_lets_its_followers_go(house: House):
    batch = submitted(house, 3)

    async def body() -> None:
        followers = Followers(house)
        async with following(followers, batch) as (_, got):
            await when(lambda: names(got))
            with house.db.work() as work:
                work.connection.execute(delete(batch_table).where(batch_table.c.id == batch))
            await when(lambda: got[-1].startswith(b"retry: "))
            with pytest.raises(NoSuchBatch):
                await followers.follow(batch, 0)
        assert followers.count == 0

    run(body)


def test_a_database_that_comes_back_is_looked_at_again(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 3)

    async def body() -> None:
        followers = Followers(house)
        async with following(followers, batch) as (follower, got):
            await when(lambda: names(got))
            page, away = journal.page, [True]

            def sometimes(*given: Any) -> journal.Page:
                if away[0]:
                    raise DatabaseDown(where="there", why="gone.")
                return page(*given)

            monkeypatch.setattr(channel.journal, "page", sometimes)
            await asyncio.to_thread(read_everything, house, batch)
            follower._channel.wake()
            await asyncio.sleep(3 * channel.TICK_S)
            assert names(got) == ["batch"]
            away[0] = False
            await when(lambda: names(got)[-1] == "done")

    run(body)


def test_what_breaks_lets_everybody_go_and_is_tried_anew(house: House, monkeypatch: pytest.MonkeyPatch):
    batch = submitted(house, 3)

    async def body() -> None:
        followers = Followers(house)
        async with following(followers, batch) as (follower, got):
            await when(lambda: names(got))
            with monkeypatch.context() as patched:
                patched.setattr(channel.batches, "look", lambda *_: 1 / 0)
                follower._channel.wake()
                await when(lambda: got[-1].startswith(b"retry: "))
            async with following(followers, batch) as (_, again):
                await when(lambda: names(again) == ["batch"])
        assert followers.count == 0

    run(body)
