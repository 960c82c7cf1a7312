"""One call by hand: tries an account or a source before anybody relies on it. It is paid for as any other call."""

import asyncio
import time
from dataclasses import dataclass

from app.errors import QuotaSpent, Throttled, UpstreamError
from app.services import ledger
from app.services.house import House
from app.sources.base import Account, Reading, Response
from app.sources.registry import Source
from workers.budget.limiter import Grant, Limiter
from workers.engine import counting, http

#: What is asked where an upstream names no keyword of its own for it.
KEYWORD = "네이버"
#: The longest a trial waits for its turn, in seconds.
PATIENCE_S = 20.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out: a reading or an error, after ``latency_ms``; ``excerpt`` is the beginning of the answer."""

    reading: Reading | None
    error: UpstreamError | None
    latency_ms: int = 0
    excerpt: str = ""


async def attempt(house: House, source: Source, account: Account, keyword: str = "") -> Trial:
    """Ask ``source`` with ``account`` for one keyword, within the account's budget. Raises BadSetting, DatabaseDown."""
    upstream, asked = source.upstream, keyword or source.upstream.control or KEYWORD
    if upstream.offline:
        return Trial(upstream.answer(source.channel, asked), None)
    limiter = Limiter(house.redis, account.limits, account.budget, upstream.timeout)
    try:
        request = upstream.ask(source.channel, [asked], account)
        with house.db.work() as work:
            if not ledger.spend_one(work.connection, account.key, source.budget(account)):
                raise QuotaSpent("no call is left today")
    except UpstreamError as error:
        return Trial(None, error)
    slot = await _slot(limiter)
    if slot is None:
        return Trial(None, Throttled("no call was free in time: the account is in full use"))
    started, response = time.monotonic(), None
    try:
        async with http.connect(upstream) as client:
            response = await client.send(request)
        [reading] = upstream.read(source.channel, [asked], response)
    except UpstreamError as error:
        counting.one(house.redis, source, account.key, error, time.monotonic() - started)
        return Trial(None, error, _ms_since(started), _excerpt(response))
    finally:
        limiter.done(slot.tokens)
    counting.one(house.redis, source, account.key, None, time.monotonic() - started)
    return Trial(reading, None, _ms_since(started), _excerpt(response))


async def _slot(limiter: Limiter) -> Grant | None:
    deadline = time.monotonic() + PATIENCE_S
    slot = limiter.take(1)
    while not isinstance(slot, Grant):
        if time.monotonic() + slot.seconds > deadline:
            return None
        await asyncio.sleep(slot.seconds)
        slot = limiter.take(1)
    await asyncio.sleep(slot.first)
    return slot


def _excerpt(response: Response | None) -> str:
    return response.excerpt[:500] if response is not None else ""


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
