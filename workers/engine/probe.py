"""Finds out with one call whether an account that is not asked for now may be asked again."""

import asyncio

from app import clock
from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, UpstreamError
from app.log import get
from app.services import accounts, halts, ledger
from app.services.house import House
from app.sources import registry
from app.sources.base import Account
from workers.budget.limiter import Grant, Limiter
from workers.engine import http

log = get(__name__)


async def probe(house: House, key: str) -> bool:
    """Ask the account's upstream for its control keyword, within the account's budget. Whether it answered: then its
    halt is lifted; otherwise everybody waits for the next probe."""
    account, halt = accounts.named(key), halts.standing(house, key)
    if account is None or halt is None or halt.reason not in halts.PROBED or halt.until > clock.now_ms():
        return False
    source = registry.get(halt.source)
    error = await _ask(house, account, source) if source.upstream.control else None
    log.info("probed", account=key, answer=error.code if error else "well")
    if error is None or isinstance(error, Rejected | Throttled | QuotaSpent):
        halts.lift(house, key)
        if isinstance(error, QuotaSpent):
            halts.stop(house, account, source.name, "quota", error)
        return True
    reason = "credentials" if isinstance(error, BadCredentials) else "upstream_down"
    halts.prolong(house, account, source.name, reason, error, error.retry_after)
    return False


async def _ask(house: House, account: Account, source: registry.Source) -> UpstreamError | None:
    """Make the call once it may be made; what went wrong, None when it was answered."""
    limiter = Limiter(house.redis, account.key, account.budget, source.upstream.timeout)
    upstream, control = source.upstream, source.upstream.control
    with house.db.work() as work:
        if not ledger.spend_one(work.connection, account.key, account.budget):
            return QuotaSpent("no call is left for a probe")
    slot = limiter.take(1)
    while not isinstance(slot, Grant):
        await asyncio.sleep(slot.seconds)
        slot = limiter.take(1)
    await asyncio.sleep(slot.first)
    try:
        async with http.connect(upstream.timeout) as client:
            response = await client.send(upstream.ask(source.channel, [control], account))
            upstream.read(source.channel, [control], response)
    except UpstreamError as error:
        return error
    finally:
        limiter.done(slot.tokens)
    return None
