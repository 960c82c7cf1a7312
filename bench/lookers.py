"""Who looks at a batch through the proxy while things are pulled out: a follower of its stream, a page that asks now
and then, and who counts what reaches the upstream."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import aiohttp
import orjson

from bench.standing import Town

#: Without a sign of life for so long a stream is taken for lost; heartbeats come every 15 s.
SILENCE_S = 20.0


@dataclass
class Course:
    """When something went on (CLOCK_MONOTONIC), in order."""

    at: list[float] = field(default_factory=list)

    def went_on(self) -> None:
        self.at.append(time.monotonic())

    def pause(self, since: float, until: float) -> float:
        """The longest time without news between the two moments, in seconds."""
        return max(b - a for a, b in pairwise([since, *(one for one in self.at if since < one < until), until]))


@dataclass
class Seen:
    """What the follower was given: every seq as it came, and over how many connections."""

    seqs: list[int] = field(default_factory=list)
    connections: int = 0
    served_by: str = ""
    done: bool = False


class Lookers:
    """All of them, at one batch."""

    def __init__(self, town: Town, batch: int) -> None:
        self._town, self._batch = town, batch
        self.calls, self.stream, self.page, self.healing = Course(), Course(), Course(), Course()
        self.seen = Seen()
        self.answers: dict[str, int] = {}

    async def look(self) -> None:
        """Until it is cancelled; every kind on its own."""
        headers = {"authorization": f"Bearer {self._town.token}"}
        connector = aiohttp.TCPConnector(ssl=self._town.trusted)
        async with aiohttp.ClientSession(self._town.url, headers=headers, connector=connector) as session:
            await asyncio.gather(self._follow(session), self._poll(session), self._count(), self._heal())

    async def _follow(self, session: aiohttp.ClientSession) -> None:
        seen = self.seen
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=3, sock_read=SILENCE_S)
        while not seen.done:
            after = {"Last-Event-ID": str(seen.seqs[-1])} if seen.seqs else {}
            try:
                async with session.get(
                    f"/api/v1/batches/{self._batch}/events", headers=after, timeout=timeout
                ) as answer:
                    answer.raise_for_status()
                    seen.connections += 1
                    seen.served_by = answer.headers["x-served-by"].rpartition(",")[2].strip()
                    await self._read(answer)
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.5)

    async def _read(self, answer: aiohttp.ClientResponse) -> None:
        rest = b""
        async for piece in answer.content.iter_any():
            *events, rest = (rest + piece).split(b"\n\n")
            for one in events:
                if b"event: readings" in one:
                    said: list[dict[str, Any]] = orjson.loads(one.partition(b"data: ")[2])
                    self.seen.seqs += [reading["seq"] for reading in said]
                    self.stream.went_on()
                self.seen.done = self.seen.done or b"event: done" in one

    async def _poll(self, session: aiohttp.ClientSession) -> None:
        """As a page that asks anew: each question over a connection of its own, given up after 5 s."""
        while True:
            try:
                timeout = aiohttp.ClientTimeout(total=5)
                async with session.get(f"/api/v1/batches/{self._batch}", timeout=timeout) as answer:
                    self.answers[str(answer.status)] = self.answers.get(str(answer.status), 0) + 1
                    if answer.status == 200:
                        self.page.went_on()
            except (aiohttp.ClientError, TimeoutError) as exc:
                name = type(exc).__name__
                self.answers[name] = self.answers.get(name, 0) + 1
            await asyncio.sleep(0.25)

    async def _count(self) -> None:
        before = -1
        while True:
            now = (await asyncio.to_thread(self._town.upstream))["calls"]
            if now != before:
                self.calls.went_on()
            before = now
            await asyncio.sleep(0.1)

    async def _heal(self) -> None:
        before = b""
        while True:
            now = await asyncio.to_thread(self._town.healed)
            if now and now != before:
                self.healing.went_on()
            before = now
            await asyncio.sleep(0.2)
