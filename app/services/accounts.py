"""Accounts as the house sees them: which one a source asks with, what it has spent today."""

from functools import cache

from app import clock
from app.repositories import usage
from app.services.house import House
from app.sources import registry
from app.sources.base import Account


@cache
def of(upstream: str) -> Account:
    """The account of an upstream, from the settings, read once a process. Raises BadSetting."""
    return registry.upstreams()[upstream].account()


def today(account: Account) -> str:
    """The calendar day it is for the upstream."""
    return clock.day(clock.now_ms(), account.budget.zone)


def spent_today(house: House, account: Account) -> int:
    """Calls of today by the ledger."""
    with house.db.read() as connection:
        return usage.calls_on(connection, account.key, today(account))


def left_today(house: House, account: Account) -> int | None:
    """Calls left today by the ledger; None without a quota."""
    if account.budget.quota is None:
        return None
    return max(0, account.budget.quota - spent_today(house, account))
