"""Accounts and sources that people keep here: add, change, remove, seal anew under another key.

Secrets go in and never come out again: what is told of them is a hint of their last characters (`KeptView`).
"""

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any

import orjson
from pydantic import SecretStr
from sqlalchemy import Connection, Table

from app import clock, vault
from app.errors import BadSetting, BadValue, InUse, NoSuchAccount, UnknownSource, WrongKey
from app.log import get
from app.repositories import batches, kept
from app.services import accounts, activity, halts, keys, webhooks
from app.services.callers import OPERATOR, Caller
from app.services.house import House
from app.settings import UpstreamSettings
from app.sources import http, registry
from app.sources.base import Account, Upstream

log = get(__name__)
#: What every upstream may be told and an account may have of its own, beside its upstream's own settings.
COMMON = ("rate", "daily_quota", "monthly_quota", "reserve")
#: Secrets shorter than this have no hint: its four characters would be too much of them.
_HINTED = 12
_NAME = re.compile(r"[\w-]{1,40}")


def fields(upstream: Upstream) -> dict[str, bool]:
    """The settings that an account of ``upstream`` may have, by name, and whether each is a secret."""
    own = [name for name in upstream.settings_class.model_fields if name not in UpstreamSettings.model_fields]
    return {name: _secret(upstream, name) for name in (*own, *COMMON)}


def _secret(upstream: Upstream, name: str) -> bool:
    return upstream.settings_class.model_fields[name].annotation is SecretStr


def put_account(house: House, upstream: str, name: str, given: Mapping[str, str], *, by: Caller = OPERATOR) -> Account:
    """Keep an account, or change one: a secret that is not given again stays as it was. Raises BadValue, WrongKey,
    BadSetting."""
    found, key = _upstream(upstream), f"{upstream}/{name}"
    if not _NAME.fullmatch(name) or name == "default":
        raise BadValue(name="name", value=name, why="Give it a name of letters, digits, _ or -, other than default.")
    known = fields(found)
    values = {field: text.strip() for field, text in given.items() if text.strip()}
    strange = ", ".join(sorted(set(values) - set(known)))
    if strange:
        raise BadValue(name="settings", value=strange, why=f"Known are {', '.join(known)}.")
    box, now = keys.vault(house.settings), clock.now_ms()
    with house.db.work() as work:
        before = kept.one(work.connection, kept.ACCOUNTS, key)
        secrets = _opened(box, before.sealed, key) if before is not None else {}
        secrets |= {field: text for field, text in values.items() if known[field]}
        plain = {field: text for field, text in values.items() if not known[field]}
        account = _built(found, name, plain, secrets)
        row: dict[str, Any] = {
            "given": orjson.dumps(plain).decode(),
            "sealed": box.seal(orjson.dumps(secrets).decode(), key),
        }
        row |= {"hint": _hint(found, secrets), "changed_at": _later(before, now)}
        new: dict[str, Any] = {"created_at": now} if before is None else {}
        kept.put(work.connection, kept.ACCOUNTS, key, **row, **new, checked="untried", checked_at=None)
        about = {"account": key, "changed": before is not None, "fields": " ".join(sorted(values))}
        activity.by(work.connection, by, None, "keep_account", about)
    log.info("account_kept", account=key, changed=before is not None)
    accounts.refresh(house)
    halts.lift(house, key)  # whoever waited for the correction goes on
    return account


def _upstream(name: str) -> Upstream:
    found = registry.upstreams().get(name)
    if found is None or not found.needs:
        with_accounts = ", ".join(one.name for one in registry.upstreams().values() if one.needs)
        raise BadValue(name="upstream", value=name, why=f"Accounts are kept for {with_accounts}.")
    return found


def _built(upstream: Upstream, name: str, plain: Mapping[str, str], secrets: Mapping[str, str]) -> Account:
    missing = [field for field in upstream.needs if not {**plain, **secrets}.get(field)]
    if missing:
        raise BadValue(name=missing[0], value="", why=f"{upstream.en} cannot be asked without it.")
    try:
        return accounts.built(upstream, name, {**plain, **secrets})
    except BadSetting as bad:
        field = str(bad.facts["name"]).removeprefix(f"KEYBATCH_{upstream.name.upper()}_").lower()
        raise BadValue(name=field, value=plain.get(field, "…"), why=str(bad.facts["why"])) from None


def _opened(box: vault.Vault, sealed: str, about: str) -> dict[str, str]:
    """The secrets as they are; those that no key opens any more have to be given anew."""
    try:
        opened: dict[str, str] = orjson.loads(box.open(sealed, about))
    except WrongKey:
        return {}
    return opened


def _hint(upstream: Upstream, secrets: Mapping[str, str]) -> str:
    last = [secrets[field] for field in upstream.needs if field in secrets]
    return f"…{last[-1][-4:]}" if last and len(last[-1]) >= _HINTED else "…"


def _later(before: Any, now: int) -> int:
    """Now, or just after the last change: two changes in a millisecond are two."""
    return now if before is None else max(now, before.changed_at + 1)


def checked(house: House, key: str, how: str, *, by: Caller = OPERATOR) -> None:
    """Write down how a trial of the account ended: "" for well, or a code of `app.errors`."""
    with house.db.work() as work:
        row = kept.one(work.connection, kept.ACCOUNTS, key)
        if row is not None:
            now = clock.now_ms()
            kept.put(work.connection, kept.ACCOUNTS, key, checked=how, checked_at=now, changed_at=_later(row, now))
        activity.by(work.connection, by, None, "test_account", {"account": key, "error": how})


def remove_account(house: House, key: str, *, by: Caller = OPERATOR) -> None:
    """Forget an account and its secrets. Raises NoSuchAccount, InUse."""

    def uses(connection: Connection) -> list[int]:
        return [row.batch_id for row in batches.open_sources(connection, paused=True) if row.account == key]

    if not _remove(house, kept.ACCOUNTS, key, uses, (by, "remove_account", {"account": key})):
        raise NoSuchAccount(account=key)


def put_source(house: House, spec: http.Spec, headers: Mapping[str, str], *, by: Caller = OPERATOR) -> str:
    """Keep a source that a person defines, or change it: its name. A header given without a value stays as it was.
    Raises BadValue, WrongKey, BadSetting."""
    name, now, box = f"http.{spec.name}", clock.now_ms(), keys.vault(house.settings)
    with house.db.work() as work:
        before = kept.one(work.connection, kept.SOURCES, name)
        old = _opened(box, before.sealed, name) if before is not None else {}
        secrets = {header: value or old.get(header, "") for header, value in headers.items()}
        http.check(spec, secrets)
        row: dict[str, Any] = {
            "spec": orjson.dumps(spec).decode(),
            "sealed": box.seal(orjson.dumps(secrets).decode(), name),
        }
        new: dict[str, Any] = {"created_at": now} if before is None else {}
        kept.put(work.connection, kept.SOURCES, name, **row, **new, changed_at=_later(before, now))
        activity.by(work.connection, by, None, "define", {"source": name, "changed": before is not None})
    log.info("source_defined", source=name, changed=before is not None)
    accounts.refresh(house)
    halts.lift(house, name.replace(".", "/"))
    return name


def remove_source(house: House, name: str, *, by: Caller = OPERATOR) -> None:
    """Forget a defined source; readings of it stay. Raises UnknownSource, InUse."""

    def uses(connection: Connection) -> list[int]:
        return [row.batch_id for row in batches.open_sources(connection, paused=True) if row.source == name]

    if not _remove(house, kept.SOURCES, name, uses, (by, "undefine", {"source": name})):
        known = ", ".join(one for one in registry.sources() if one.startswith("http."))
        raise UnknownSource(source=name, known=known)


def _remove(
    house: House,
    kind: Table,
    key: str,
    uses: Callable[[Connection], list[int]],
    act: tuple[Caller, str, Mapping[str, Any]],
) -> bool:
    by, what, about = act
    with house.db.work() as work:
        used_by = sorted(set(uses(work.connection)))
        if used_by:
            raise InUse(what=key, batches=", ".join(f"#{batch}" for batch in used_by[:5]))
        removed = kept.drop(work.connection, kind, key)
        if removed:
            activity.by(work.connection, by, None, what, about)
    accounts.refresh(house)
    return removed


def reseal(house: House, to: str = "", *, by: Caller = OPERATOR) -> int:
    """Seal everything under the newest key, or under ``to``, a new key that becomes the house's own: how many were
    sealed anew. Raises WrongKey (then nothing has changed), BadSetting."""
    old = keys.vault(house.settings)
    new = vault.Vault.parse(to) if to else old
    with keys.changing(house.settings, to) if to else nullcontext(), house.db.work() as work:
        stale = [
            (kind, row)
            for kind in kept.KINDS
            for row in kept.every(work.connection, kind)
            if not new.newest(row.sealed)
        ]
        for kind, row in stale:
            sealed = new.seal(old.open(row.sealed, row.key), row.key)
            kept.put(work.connection, kind, row.key, sealed=sealed, changed_at=row.changed_at + 1)
        count = len(stale) + webhooks.reseal(work.connection, old, new)
        activity.by(work.connection, by, None, "reseal", {"count": count})
    log.info("credentials_resealed", count=count)
    return count
