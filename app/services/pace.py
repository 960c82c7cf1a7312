"""How fast a batch goes, when it ends, and what decides that."""

from app import clock
from app.repositories import readings
from app.services import accounts
from app.services.house import House
from app.services.shapes import BatchView, Pace, SourceView
from app.sources import registry
from app.sources.base import Account

#: The speed now is taken over the last readings, this many at most …
SAMPLE = 500
#: … and only while they are younger than this, in milliseconds.
FRESH_MS = 15_000
#: … and over no less time than this: a burst of an offline source has no speed worth telling.
SHORTEST_MS = 1_000


def pace(house: House, batch: BatchView) -> Pace:
    """Speed and end of a batch as they look now."""
    if batch.ended:
        return Pace(None, None, None, "", None, None)
    speed = _speed_now(house, batch)
    ends = [_source_end(house, account, left, speed) for account, left in _left_by_account(batch).items()]
    ends_at, binds = max(ends, default=(None, ""), key=lambda end: end[0] or 0)
    quotas = [account for account in _left_by_account(batch) if account.budget.quota is not None]
    least = min(((accounts.left_today(house, a) or 0, a.budget.quota) for a in quotas), default=(None, None))
    if batch.state == "waiting":
        binds = batch.waiting_reason
        ends_at = ends_at if binds == "quota" else None
    return Pace(speed, _limit(batch), ends_at, binds, *least)


def _left_by_account(batch: BatchView) -> dict[Account, int]:
    """Lookups still to be asked, by the account that pays for them."""
    left: dict[str, int] = {}
    for source in batch.sources:
        upstream = source.name.partition(".")[0]
        left[upstream] = left.get(upstream, 0) + source.lookups - source.counts.done
    return {accounts.of(upstream): n for upstream, n in left.items() if n and upstream in registry.upstreams()}


def _source_end(house: House, account: Account, calls: int, speed: float | None) -> tuple[int | None, str]:
    budget, now = account.budget, clock.now_ms()
    if budget.quota is not None:
        today = accounts.left_today(house, account) or 0
        days = budget.days_for(calls, today)
        if days:
            turn = clock.day_starts(now, budget.zone, days + 2)[days + 1]
            on_last = calls - today - (days - 1) * budget.quota
            return turn + int(1000 * budget.seconds_for(on_last)), "quota"
    if budget.rate is not None:
        return now + int(1000 * budget.seconds_for(calls)), "rate"
    return (now + int(1000 * calls / speed), "speed") if speed else (None, "speed")


def _limit(batch: BatchView) -> float | None:
    """Lookups a second the limits allow together; None when one of the sources has none."""
    limits = []
    for account in _left_by_account(batch):
        rate = account.budget.rate
        if rate is None:
            return None
        limits.append(rate.per_second)
    return sum(limits) if limits else None


def _speed_now(house: House, batch: BatchView) -> float | None:
    with house.db.read() as connection:
        count, first, last = readings.tempo(connection, batch.id, batch.seq - SAMPLE)
    if first is None or last is None or last - first < SHORTEST_MS or clock.now_ms() - last > FRESH_MS:
        return None
    return (count - 1) * 1000 / (last - first)


def rate_limit(source: SourceView) -> str:
    """The limit of a source's account, as ``10/s``; "" without one."""
    rate = accounts.of(source.name.partition(".")[0]).budget.rate
    return str(rate) if rate else ""
