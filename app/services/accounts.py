"""Accounts as the house sees them: which one a source asks with, what it has spent, what is left."""

from functools import cache

from redis.exceptions import RedisError
from sqlalchemy import Connection

from app import clock
from app.repositories import halts, usage
from app.services import ledger
from app.services.house import House
from app.services.shapes import AccountView
from app.sources import registry
from app.sources.base import Account
from workers.budget import limiter


@cache
def of(upstream: str) -> Account:
    """The account of an upstream, from the settings, read once a process. Raises BadSetting."""
    return registry.upstreams()[upstream].account()


def named(key: str) -> Account | None:
    """The account called ``key`` (``naver/default``), or None when there is none any more."""
    upstream = key.partition("/")[0]
    account = of(upstream) if upstream in registry.upstreams() else None
    return account if account is not None and account.key == key else None


def listing(house: House) -> list[AccountView]:
    """Every account that calls are made with, and how it stands."""
    upstreams = [upstream.name for upstream in registry.upstreams().values() if not upstream.offline]
    with house.db.read() as connection:
        return [view(house, connection, of(name)) for name in upstreams]


def view(house: House, connection: Connection, account: Account) -> AccountView:
    """One account: its limits, what it has spent, what stops it."""
    budget, now = account.budget, clock.now_ms()
    today = clock.day(now, budget.zone)
    spent, reserved = usage.on(connection, account.key, today)
    month, _ = usage.in_month(connection, account.key, today[:7])
    halt = halts.of(connection, account.key)
    gone = halt is not None and halt.reason == "quota" and halt.until > now
    return AccountView(
        key=account.key,
        upstream=account.upstream,
        rate=str(budget.rate) if budget.rate else "",
        rate_part=rate_part(house, account),
        spent_today=spent,
        reserved=reserved,
        quota=budget.quota,
        left_today=None if budget.quota is None else 0 if gone else max(0, budget.quota - spent),
        reserve=budget.reserve,
        spent_month=month,
        monthly=budget.monthly,
        left_month=None if budget.monthly is None else max(0, budget.monthly - month),
        renewed_at=clock.day_starts(now, budget.zone)[2] + ledger.GUARD_MS if budget.counted else None,
        reason=halt.reason if halt else "",
        until=halt.until if halt else None,
        trouble=halt.trouble if halt else "",
        detail=halt.detail if halt else "",
    )


def rate_part(house: House, account: Account) -> float:
    """What part of the account's rate is in force; less than 1 after its upstream said "too fast". While Redis does not
    answer nothing is asked either: 1."""
    if account.budget.rate is None:
        return 1.0
    try:
        return limiter.part_left(house.redis, account.key)
    except RedisError:
        return 1.0
