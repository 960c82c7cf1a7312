"""Answers of offline sources: no call, no budget, many at a time in a thread."""

import asyncio

from app import clock
from app.errors import UpstreamError
from app.services.lanes import Lookup, Outcome
from app.sources.base import Reading
from app.sources.registry import Source
from workers.engine.desk import Desk, Task
from workers.engine.stop import Stop

#: Keywords an offline source answers at a time.
OFFLINE = 200


async def work(source: Source, desk: Desk, stop: Stop) -> None:
    """Answer lookup after lookup until there is none or the slice is to stop."""
    while not stop:
        tasks = await desk.take(OFFLINE)
        if not tasks:
            return
        for outcome in await asyncio.to_thread(_answer, source, tasks):
            desk.finish(outcome)


def _answer(source: Source, tasks: list[Task]) -> list[Outcome]:
    now = clock.now_ms()
    return [_one(source, task.lookup, now) for task in tasks]


def _one(source: Source, lookup: Lookup, now: int) -> Outcome:
    try:
        reading = source.upstream.answer(source.channel, lookup.keyword)
    except UpstreamError as error:
        failed, detail = Reading("failed"), error.detail or None
        return Outcome(lookup.position, failed, now, attempts=1, error=error.code, detail=detail)
    return Outcome(lookup.position, reading, now, attempts=1)
