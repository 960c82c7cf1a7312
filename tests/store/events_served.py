"""The API served by the real server, on a socket in a folder, and clients of a batch's events."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from app.api.main import build_api
from app.services import tokens
from app.services.callers import OPERATOR
from app.services.feed import Feed
from app.services.followers import Followers
from app.services.house import House


@dataclass
class Client:
    """One that follows a batch: what it has got, over all its connections."""

    session: aiohttp.ClientSession
    batch: int
    at: int = 0
    seqs: list[int] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    retries: list[int] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    _rest: bytes = b""

    async def follow(self, most: float = float("inf")) -> None:
        """Connect, take in no more than so many bytes (what is cut off in the middle is lost), or until the end."""
        self._rest = b""
        headers = {"Last-Event-ID": str(self.at)} if self.at else {}
        async with self.session.get(f"/api/v1/batches/{self.batch}/events", headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "text/event-stream"
            while most > 0:
                piece = await answer.content.read(int(min(most, 65_536)))
                if not piece:
                    return
                most -= len(piece)
                self._take(piece)
            answer.close()

    def _take(self, piece: bytes) -> None:
        *events, self._rest = (self._rest + piece).split(b"\n\n")
        for block in events:
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            if b"retry" in fields:
                self.retries.append(int(fields[b"retry"]))
            if b"event" in fields:
                self._event(fields[b"event"].decode(), json.loads(fields[b"data"]))
            self.at = int(fields.get(b"id", self.at))

    def _event(self, name: str, data: Any) -> None:
        self.names.append(name)
        self.last[name] = data
        if name == "readings":
            self.seqs += [reading["seq"] for reading in data]
        elif name == "gap":
            self.gaps.append((data["from"], data["to"]))


@dataclass
class Served:
    """``followers`` of the process that serves; ``session`` asks it."""

    house: House
    followers: Followers
    session: aiohttp.ClientSession

    def client(self, batch: int, at: int = 0) -> Client:
        return Client(self.session, batch, at)


Body = Callable[[Served], Awaitable[None]]


@asynccontextmanager
async def served(house: House, folder: Path, *, hears: bool = True) -> AsyncIterator[Served]:
    """The API of ``house`` until the end; one that does not hear looks once a second."""
    feed = Feed(house.redis, house.db)
    if hears:
        feed.start()
    followers = Followers(house, feed if hears else None)
    path = folder / "api.sock"
    server = Server(
        build_api(house, followers), uds=path, interface=Interfaces.ASGINL, log_enabled=False, backpressure=500
    )
    serving = asyncio.create_task(server.serve())
    _, secret = await asyncio.to_thread(tokens.create, house, OPERATOR, "test", ["read"])
    session = aiohttp.ClientSession(
        "http://localhost",
        connector=aiohttp.UnixConnector(str(path), limit=0),
        headers={"Authorization": f"Bearer {secret}"},
        timeout=aiohttp.ClientTimeout(total=60),
    )
    try:
        await _up(path)
        yield Served(house, followers, session)
    finally:
        await session.close()
        await followers.end(1)
        server.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(serving, 5)
        feed.stop()


async def when(true: Callable[[], object], within: float = 10.0) -> None:
    """Wait for a condition; TimeoutError when it does not come true in time."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 -- what is waited for knows no event
            await asyncio.sleep(0.005)


async def _up(path: Path) -> None:
    async with asyncio.timeout(10):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_unix_connection(path)
                writer.close()
                return
            await asyncio.sleep(0.01)


def run(house: House, folder: Path, body: Body, *, hears: bool = True) -> None:
    """Serve ``house`` as long as ``body`` takes."""

    async def within_time() -> None:
        async with served(house, folder, hears=hears) as served_:
            await asyncio.wait_for(body(served_), 90)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(within_time())
