"""What the product is held against: a loop that only makes the calls, and one RQ job for each keyword."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import aiohttp
import orjson
import uvloop
from redis import Redis
from rq import Queue
from rq.job import Job
from yarl import URL

from app.sources import registry
from app.sources.base import Account

SOURCE = "naver.blog"


def account() -> Account:
    """The account the calls are made with."""
    return registry.get(SOURCE).upstream.account()


def loop(keywords: list[str], in_flight: int, processes: int = 2) -> float:
    """Seconds that ``processes`` bare aiohttp loops need for all keywords, ``in_flight`` calls each."""
    parts = [keywords[n::processes] for n in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(_ready, range(processes)))
        began = time.monotonic()
        list(pool.map(_loop, parts, [in_flight] * processes))
        return time.monotonic() - began


def _ready(_: int) -> None:
    time.sleep(0.5)  # keeps the first process busy while the second one starts


def _loop(keywords: list[str], in_flight: int) -> int:
    return uvloop.run(_ask_all(keywords, in_flight))


async def _ask_all(keywords: list[str], in_flight: int) -> int:
    source, paid_by, left = registry.get(SOURCE), account(), iter(keywords)

    async def one(session: aiohttp.ClientSession, rest: Iterator[str]) -> int:
        total = 0
        for keyword in rest:
            request = source.upstream.ask(source.channel, [keyword], paid_by)
            async with session.get(URL(request.url, encoded=True), headers=request.headers) as answer:
                total += orjson.loads(await answer.read())["total"]
        return total

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        return sum(await asyncio.gather(*(one(session, left) for _ in range(in_flight))))


def job(keyword: str) -> int:
    """What a job a keyword does: one call, one number."""
    return uvloop.run(_ask_all([keyword], 1))


def jobs(redis_url: str, keywords: list[str], *, forking: bool, workers: int) -> float:
    """Seconds from the first job's start to the last one's end, one RQ job a keyword; the workers' own start does
    not count."""
    redis = Redis.from_url(redis_url)
    queue = Queue("bare", connection=redis)
    made = queue.enqueue_many([Queue.prepare_data(job, (keyword,), result_ttl=600) for keyword in keywords])
    kind = "rq.worker.Worker" if forking else "rq.worker.SimpleWorker"
    command = [sys.executable, "-m", "bench.burst", redis_url, kind]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(workers)]
    for process in running:
        process.wait()
    done = [one for one in Job.fetch_many([one.id for one in made], connection=redis) if one is not None]
    ends = [one.ended_at for one in done if one.ended_at and one.is_finished]
    if len(ends) != len(keywords):
        raise AssertionError(f"only {len(ends)} of {len(keywords)} jobs finished")
    return (max(ends) - min(one.started_at for one in done if one.started_at)).total_seconds()
