"""Finds out with one call whether an account that is not asked for now may be asked again."""

from app import clock
from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled
from app.log import get
from app.services import accounts, halts
from app.services.house import House
from app.sources import registry
from workers.engine import trial

log = get(__name__)


async def probe(house: House, key: str) -> bool:
    """Ask the account's upstream for its control keyword, within the account's budget. Whether it answered: then its
    halt is lifted; otherwise everybody waits for the next probe."""
    accounts.refresh(house)
    account, halt = accounts.named(key), halts.standing(house, key)
    if account is None or halt is None or halt.reason not in halts.PROBED or halt.until > clock.now_ms():
        return False
    source = registry.get(halt.source)
    error = (await trial.attempt(house, source, account)).error if source.upstream.control else None
    log.info("probed", account=key, answer=error.code if error else "well")
    if error is None or isinstance(error, Rejected | Throttled | QuotaSpent):
        halts.lift(house, key)
        if isinstance(error, QuotaSpent):
            halts.stop(house, account, source.name, "quota", error)
        return True
    reason = "credentials" if isinstance(error, BadCredentials) else "upstream_down"
    halts.prolong(house, account, source.name, reason, error, error.retry_after)
    return False
