"""What many followers cost: one look at the database for all of them, and nothing is kept for who does not take it."""

import asyncio
import socket
import time
from pathlib import Path

from app import events
from app.services.channel import TICK_S
from app.services.house import House
from tests.store.events_served import Served, run, when
from tests.store.events_written import read_everything_large, submitted
from tests.store.working import read_everything


def test_followers_together_cost_no_more_reads_than_one(house: House, tmp_path: Path):
    batch = submitted(house, 2_000)

    async def body(served_: Served) -> None:
        clients = [served_.client(batch) for _ in range(50)]
        following = [asyncio.create_task(client.follow()) for client in clients]
        await when(lambda: served_.followers.count == 50)
        before, began = served_.followers.reads, time.monotonic()
        await asyncio.to_thread(read_everything, house, batch)
        await asyncio.gather(*following)
        ticks = (time.monotonic() - began) / TICK_S + 1
        # A look at the journal in each tick, one at the pace in each second.
        assert served_.followers.reads - before <= ticks * 1.05 + 2
        assert all(client.seqs == list(range(1, 2_001)) for client in clients)
        assert all(client.names[0] == "batch" and client.names[-1] == "done" for client in clients)
        assert served_.followers.count == 0

    run(house, tmp_path, body)


def test_those_who_catch_up_together_share_the_pages(house: House, tmp_path: Path):
    batch = submitted(house, 3_000)
    read_everything(house, batch)

    async def body(served_: Served) -> None:
        clients = [served_.client(batch, at) for at in range(0, 100, 2)]
        await asyncio.gather(*(client.follow() for client in clients))
        for client in clients:
            assert client.seqs == list(range(client.seqs[0], 3_001))
        assert [client.seqs[0] for client in clients] == [at + 1 for at in range(0, 100, 2)]
        assert served_.followers.reads <= 3_000 // 500 + 50 * 2
        assert served_.followers._pages.reads == 3_000 // 500

    run(house, tmp_path, body)


def test_a_client_that_does_not_read_costs_no_memory_and_no_other_client(house: House, tmp_path: Path):
    batch = submitted(house, 40_000)
    read_everything_large(house, batch)

    async def body(served_: Served) -> None:
        slow = [_deaf(served_, tmp_path, batch) for _ in range(10)]
        await when(lambda: served_.followers.count == 10)
        quick = served_.client(batch)
        await quick.follow()
        assert quick.seqs == list(range(1, 40_001))
        # The streams stand still in the middle: nobody reads ahead for somebody who takes nothing.
        reads = served_.followers._pages.reads
        await asyncio.sleep(0.3)
        assert served_.followers._pages.reads == reads
        assert served_.followers.count == 10
        followers = served_.followers._open[batch].followers
        assert max(one._position for one in followers) < 20_000
        assert served_.followers._pages._size <= 4_000_000
        for one in slow:
            one.close()
        await when(lambda: not served_.followers.count, within=3)

    run(house, tmp_path, body)


def _deaf(served_: Served, folder: Path, batch: int) -> socket.socket:
    """A client that asks and never reads."""
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(folder / "api.sock"))
    secret = served_.session.headers["Authorization"]
    head = f"GET /api/v1/batches/{batch}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: {secret}\r\n\r\n"
    client.sendall(head.encode())
    return client


def test_a_nudge_of_another_batch_wakes_nobody(house: House, tmp_path: Path):
    batch, other = submitted(house, 10), submitted(house, 10)

    async def body(served_: Served) -> None:
        client = served_.client(batch)
        following = asyncio.create_task(client.follow())
        await when(lambda: client.names)
        await asyncio.sleep(1.2)  # the feed has looked for the first time
        reads = served_.followers.reads
        for _ in range(50):
            events.nudge(house.redis, other)
        await asyncio.sleep(4 * TICK_S)
        assert served_.followers.reads == reads
        following.cancel()

    run(house, tmp_path, body)
