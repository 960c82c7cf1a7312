"""Accounts as the house sees them: which one pays for a source, what it has spent, what is left.

Every upstream that needs no credentials, or has them in the settings, has the account ``<upstream>/default``; others
are kept in the database (`app.services.keeping`), and each defined source has its own. What is kept is read once a
process and again whenever it has changed (`refresh`).
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from redis.exceptions import RedisError
from sqlalchemy import Connection, Row

from app import clock, hidden
from app.errors import BadSetting, KeybatchError, MissingCredentials, NoSuchAccount, WrongKey
from app.repositories import halts, kept, usage
from app.services import keys, ledger
from app.services.holdings import AccountView, KeptView
from app.services.house import House
from app.sources import http, registry
from app.sources.base import Account, Upstream
from app.sources.registry import Source
from workers.budget import limiter
from workers.budget.values import Budget

#: What stands in the database, as this process read it last: the accounts by key (or why one cannot be used), and what
#: is told of them.
_accounts: dict[str, Account | KeybatchError] = {}
_views: dict[str, KeptView] = {}
_seen: dict[str, object] = {}
#: Upstreams that workers of other hosts have credentials for.
_elsewhere: set[str] = set()


@cache
def of(upstream: str) -> Account:
    """The account of an upstream in the settings, read once a process. Raises BadSetting."""
    account = registry.upstreams()[upstream].account()
    hidden.remember(hidden.of_settings(account.settings))
    return account


def visible(upstream: str) -> bool:
    """Whether what an upstream says may be shown and exported. Settings: <UPSTREAM>_VISIBLE_TO."""
    return upstream not in registry.upstreams() or of(upstream).settings.visible_to == "everyone"


def forget() -> None:
    """Drop what this process remembers of settings and database."""
    of.cache_clear()
    for remembered in (_accounts, _views, _seen, _elsewhere):
        remembered.clear()
    registry.define(())


def refresh(house: House) -> None:
    """Read what is kept in the database, if it has changed since this process read it last."""
    with house.db.read() as connection:
        version = (house.db.where, kept.version(connection))
        if _seen.get("version") == version:
            return
        accounts, sources = (kept.every(connection, kind) for kind in kept.KINDS)
    vault = keys.vault(house.settings) if accounts or sources else None
    _accounts.clear()
    _views.clear()
    defined = []
    for row in sources:
        try:
            headers = orjson.loads(vault.open(row.sealed, row.key)) if vault else {}
        except WrongKey as wrong:
            headers = {}
            _accounts[_key_of(row.key)] = wrong
        hidden.remember(headers.values())
        upstream = http.defined(http.Spec(**orjson.loads(row.spec)), headers)
        defined.append(upstream)
        _accounts.setdefault(_key_of(row.key), upstream.account())
    for row in accounts:
        try:
            _accounts[row.key] = _opened(row, vault.open(row.sealed, row.key) if vault else "{}")
        except (WrongKey, BadSetting) as wrong:
            _accounts[row.key] = wrong
        _views[row.key] = KeptView(row.hint, orjson.loads(row.given), row.checked, row.checked_at)
    registry.define(defined)
    _seen["version"] = version


def _key_of(source: str) -> str:
    return source.replace(".", "/", 1)


def _opened(row: Row[Any], secrets: str) -> Account:
    upstream, _, name = row.key.partition("/")
    return built(registry.upstreams()[upstream], name, {**orjson.loads(row.given), **orjson.loads(secrets)})


def built(upstream: Upstream, name: str, given: Mapping[str, object]) -> Account:
    """An account of what was given; what was not is as in the settings. Raises BadSetting."""
    settings = upstream.settings_class.read(**given)
    hidden.remember(hidden.of_settings(settings))
    return Account(upstream.name, name, upstream.budget_from(settings), settings, upstream.limited_with)


def charged(key: str) -> Account:
    """The account called ``key``. Raises NoSuchAccount, WrongKey, BadSetting."""
    upstream, _, name = key.partition("/")
    if name == "default" and upstream in registry.upstreams():
        return of(upstream)
    found = _accounts.get(key)
    if found is None:
        raise NoSuchAccount(account=key)
    if isinstance(found, KeybatchError):
        raise found
    return found


def spending(key: str, source: str) -> Budget:
    """What ``source`` may spend of the account ``key``; one that is gone or cannot be opened limits nothing more."""
    account = named(key)
    if account is None or source not in registry.sources():
        return Budget()
    return registry.get(source).budget(account)


def source_of(account: Account) -> Source:
    """A source that is asked with ``account``: its upstream's first, or the one it belongs to. Raises NoSuchAccount."""
    own = registry.sources().get(account.key.replace("/", ".", 1))
    found = own or next((one for one in registry.sources().values() if one.upstream.name == account.upstream), None)
    if found is None:
        raise NoSuchAccount(account=account.key)
    return found


def named(key: str) -> Account | None:
    """The account called ``key``, or None when there is none that can be used."""
    try:
        return charged(key)
    except KeybatchError:
        return None


def elsewhere(upstreams: Iterable[str]) -> None:
    """Remember which upstreams workers can ask with the settings of their own hosts (`app.services.equipped`)."""
    _elsewhere.clear()
    _elsewhere.update(upstreams)


def lacking(upstream: Upstream) -> list[str]:
    """Settings without which nobody can ask it with those of a host. Raises BadSetting."""
    return [] if upstream.name in _elsewhere else upstream.missing_settings(of(upstream.name).settings)


def choices(upstream: Upstream) -> list[Account]:
    """The accounts that can pay for an upstream's sources; that of the settings first. Raises BadSetting."""
    default = of(upstream.name)
    first = [] if lacking(upstream) or upstream.name == "http" else [default]
    others = (found for key, found in sorted(_accounts.items()) if key.startswith(f"{upstream.name}/"))
    return first + [found for found in others if isinstance(found, Account)]


def paying(source: Source, wanted: str = "") -> Account:
    """Who pays for ``source``: the account called ``wanted`` (its key or its name), or the first that can. Raises
    NoSuchAccount, MissingCredentials, WrongKey, BadSetting."""
    upstream = source.upstream
    if upstream.guarded:
        return charged(f"{upstream.name}/{source.channel}")
    if wanted:
        return charged(wanted if "/" in wanted else f"{upstream.name}/{wanted}")
    found = choices(upstream)
    if not found:
        missing = upstream.missing_settings(of(upstream.name).settings)
        raise MissingCredentials(source=source.name, settings=", ".join(missing))
    return found[0]


def listing(house: House) -> list[AccountView]:
    """Every account that calls are made with, and how it stands."""
    refresh(house)
    own = [of(name) for name, upstream in registry.upstreams().items() if not upstream.offline and upstream.channels]
    stored = [found for _, found in sorted(_accounts.items()) if isinstance(found, Account)]
    with house.db.read() as connection:
        return [view(house, connection, account) for account in (*own, *stored)]


def broken(house: House) -> dict[str, KeybatchError]:
    """Accounts that are kept here and cannot be used, with the reason."""
    refresh(house)
    return {key: found for key, found in sorted(_accounts.items()) if isinstance(found, KeybatchError)}


def kept_count() -> int:
    """How many accounts are kept in the database, as it was read last."""
    return len(_accounts)


def view(house: House, connection: Connection, account: Account) -> AccountView:
    """One account: its limits, what it has spent, what stops it."""
    budget, now = account.budget, clock.now_ms()
    today = clock.day(now, budget.zone)
    spent, reserved = usage.on(connection, account.key, today)
    month, _ = usage.in_month(connection, account.key, today[:7])
    halt = halts.of(connection, account.key)
    gone = halt is not None and halt.reason == "quota" and halt.until > now
    upstream = registry.upstreams()[account.upstream]
    told = upstream.notice(account.settings, clock.at(now, budget.zone).date())
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
        missing=() if account.key in _accounts else tuple(lacking(upstream)),
        notice=(told.ko, told.en) if told else None,
        kept=_views.get(account.key),
    )


def rate_part(house: House, account: Account) -> float:
    """What part of the account's rate is in force; less than 1 after its upstream said "too fast". While Redis does not
    answer nothing is asked either: 1."""
    if account.budget.rate is None:
        return 1.0
    try:
        return limiter.part_left(house.redis, account.limits)
    except RedisError:
        return 1.0
