"""A hundred followers of one running batch, over HTTP, at the web process as it is started by everybody."""

import asyncio
import multiprocessing
import signal
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
import orjson
from sqlalchemy import event

from app.queue import Slice
from app.services import slices, tokens
from app.services.callers import OPERATOR
from app.services.house import open_house
from app.services.lanes import Lookup, Outcome
from app.settings import Settings, get_settings
from app.sources.base import Reading
from bench.report import Figure
from tests.stage import Stage, until

FOLLOWERS = 100
SOURCE = "wordfreq.ko"
READINGS = 15_000
#: As three slices at 500 a second would store them, each five times a second.
FLUSHES_A_SECOND = 15
A_FLUSH = 34
PORT = 8766
#: (seq, when: CLOCK_MONOTONIC, which all processes of a machine share)
Stamp = tuple[int, float]


class _Stage(Stage):
    """Without workers: the readings are stored by `write`, which says when."""

    def start_workers(self) -> None:
        pass


def figures() -> Iterator[Figure]:
    """Stored → at every one of the followers; what they cost the database; that nobody misses anything."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"KEYBATCH_PORT": str(PORT), "KEYBATCH_API_RATE": "none"}
        with _Stage(Path(folder), env=env) as stage:
            stage.start("web", "-m", "app", "web")
            secret = tokens.create(stage.house, OPERATOR, "bench", ["read"])[1]
            batch = stage.submit([f"키워드 {n}" for n in range(READINGS)], [SOURCE])
            stored, got, took = asyncio.run(_follow(batch, secret))
            stage.processes["web"].send_signal(signal.SIGTERM)
            until(lambda: stage.processes["web"].poll() is not None)
            reads = _reads(stage.log)
    late = [1000 * one for arrivals in got for one in late(stored, arrivals)]
    cuts = quantiles(late, n=100)
    note = (
        f"{READINGS / (stored[-1][1] - stored[0][1]):,.0f} readings/s, p50 {cuts[49]:,.0f} ms, most {max(late):,.0f} ms"
    )
    wrong = sum(seq != READINGS for seq in (arrivals[-1][0] for arrivals in got))
    yield Figure(f"stored → at each of {FOLLOWERS} followers, p99", cuts[98], 250, "<=", "ms", note)
    yield Figure("… reads of the database for all of them", reads / took, 20, "<=", "/s", f"{reads} in {took:.0f} s")
    yield Figure("… followers that missed or repeated something", wrong, 0, "<=")


async def _follow(batch: int, secret: str) -> tuple[list[Stamp], list[list[Stamp]], float]:
    """(what was stored when, what each follower got when, seconds that it took)."""
    pipe, theirs = multiprocessing.Pipe()
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(get_settings(), batch, theirs))
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{PORT}",
        headers={"authorization": f"Bearer {secret}"},
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
    ) as session:
        await _up(session)
        there: list[int] = []
        following = [asyncio.create_task(_client(session, batch, there)) for _ in range(FOLLOWERS)]
        while len(there) < FOLLOWERS:  # noqa: ASYNC110 -- for all of them
            await asyncio.sleep(0.05)
        began = time.monotonic()
        writer.start()
        got = await asyncio.gather(*following)
        took = time.monotonic() - began
    stored = await asyncio.to_thread(pipe.recv)
    writer.join()
    return stored, got, took


async def _up(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(300):  # the pages may have to be built
        while True:
            try:
                async with session.get("/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.5)


async def _client(session: aiohttp.ClientSession, batch: int, there: list[int]) -> list[Stamp]:
    """What one follower gets until the batch has ended; AssertionError if that is not every reading once."""
    arrivals: list[Stamp] = [(0, 0.0)]
    rest = b""
    async with session.get(f"/api/v1/batches/{batch}/events") as answer:
        answer.raise_for_status()
        there.append(1)
        async for piece in answer.content.iter_any():
            now = time.monotonic()
            *events, rest = (rest + piece).split(b"\n\n")
            for one in events:
                if one.startswith(b"event: readings"):
                    seqs = [reading["seq"] for reading in orjson.loads(one.partition(b"data: ")[2])]
                    assert seqs == list(range(arrivals[-1][0] + 1, arrivals[-1][0] + 1 + len(seqs)))
                    arrivals.append((seqs[-1], now))
    return arrivals


def write(settings: Settings, batch: int, pipe: Any) -> None:
    """Store every reading of the batch as slices do, and send when each flush was committed."""
    house = open_house(settings)
    stamps: list[Stamp] = []
    commits: list[float] = []
    event.listen(house.db.engine, "commit", lambda _: commits.append(time.monotonic()))
    lane = slices.begin(house, Slice(batch, SOURCE, 0, 1), "bench")
    assert lane is not None
    began, desk = time.monotonic(), list[Lookup]()
    while desk := desk or slices.claim(house, lane, 100 * A_FLUSH):
        due = began + len(stamps) / FLUSHES_A_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        now, desk = desk[:A_FLUSH], desk[A_FLUSH:]
        slices.flush(house, lane, [_outcome(one) for one in now], 0)
        stamps.append(((stamps[-1][0] if stamps else 0) + len(now), commits[-1]))
    slices.release(house, lane, 0, finished=True)
    house.close()
    pipe.send(stamps)


def _outcome(one: Lookup) -> Outcome:
    return Outcome(one.position, Reading("ok", float(one.position)), round(time.time() * 1000), attempts=1)


def late(stored: list[Stamp], arrivals: list[Stamp]) -> Iterator[float]:
    """How long after its commit each reading arrived, in seconds."""
    seqs = [seq for seq, _ in arrivals]
    for (before, _), (seq, at) in pairwise([(0, 0.0), *stored]):
        arrived = bisect_left(seqs, seq)
        yield from [arrivals[arrived][1] - at] * (seq - before)


def _reads(log: Path) -> int:
    """What the web process says at its end."""
    lines = [line for line in log.read_bytes().splitlines() if b'"followers_sent_away"' in line]
    return int(orjson.loads(lines[-1])["reads"])
