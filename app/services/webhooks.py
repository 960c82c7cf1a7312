"""Webhooks: where programs elsewhere are told what happens to batches. Their secrets are shown once and kept sealed."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection, Row

from app import clock, events
from app.db.database import Work
from app.errors import BadValue, NoSuchThing
from app.log import get
from app.repositories import deliveries, webhooks
from app.services import activity, keys, signing
from app.services.callers import Caller
from app.services.house import House
from app.services.outbox import EVENTS, READINGS
from app.services.wire import instant
from app.vault import Vault

log = get(__name__)
MAX_URL = 2_000
MAX_DESCRIPTION = 200
#: Webhooks of a workspace at most.
MOST = 50
#: How long a secret signs on beside the one that replaced it, in milliseconds.
OVERLAP_MS = 24 * 3_600_000
#: What a webhook is told if nothing else was asked for.
DEFAULT = tuple(event for event in EVENTS if event != READINGS)


def create(
    house: House, who: Caller, url: str, events_: Sequence[str] = DEFAULT, description: str = ""
) -> tuple[dict[str, Any], str]:
    """A webhook of ``who``'s workspace, as on the wire, and its secret, which nobody can look up again. Raises
    BadValue, BadSetting (there is no key to seal it with)."""
    now, secret = clock.now_ms(), signing.new_secret()
    values = {"url": _url(url), "events": _events(events_), "description": _plain(description)}
    box = keys.vault(house.settings)
    with house.db.work() as work:
        connection = work.connection
        if len(webhooks.of_workspace(connection, who.workspace)) >= MOST:
            raise BadValue(name="webhooks", value=MOST, why="There are as many as are kept. Remove one first.")
        fresh = {"active": True, "why_off": "", "sealed": "", "created_at": now, "changed_at": now}
        webhook_id = webhooks.add(connection, {"workspace_id": who.workspace, **values, **fresh})
        webhooks.change(connection, webhook_id, sealed=_sealed(box, webhook_id, [(secret, None)]))
        row = _own(connection, who, webhook_id)
        _put_down(work, who, row, "make_webhook", {"events": values["events"]})
    log.info("webhook_made", webhook=webhook_id)
    return said(row), secret


def one(house: House, who: Caller, webhook_id: int) -> dict[str, Any]:
    """One of ``who``'s workspace, as on the wire. Raises NoSuchThing."""
    with house.db.read() as connection:
        return said(_own(connection, who, webhook_id))


def listing(house: House, who: Caller) -> list[dict[str, Any]]:
    """Those of ``who``'s workspace, the oldest first, as on the wire."""
    with house.db.read() as connection:
        return [said(row) for row in webhooks.of_workspace(connection, who.workspace)]


def change(
    house: House,
    who: Caller,
    webhook_id: int,
    *,
    url: str | None = None,
    events_: Sequence[str] | None = None,
    description: str | None = None,
    active: bool | None = None,
) -> dict[str, Any]:
    """Change what is given. Switched off, it is sent nothing, and goes on where it was when it is switched on again.
    Raises NoSuchThing, BadValue."""
    values: dict[str, Any] = {}
    if url is not None:
        values["url"] = _url(url)
    if events_ is not None:
        values["events"] = _events(events_)
    if description is not None:
        values["description"] = _plain(description)
    with house.db.work() as work:
        row = _own(work.connection, who, webhook_id, lock=True)
        if active is not None and active != row.active:
            values |= {"active": active, "why_off": "" if active else "person"}
            _switch(work, house, webhook_id, on=active)
        webhooks.change(work.connection, webhook_id, **values, changed_at=clock.now_ms())
        changed = _own(work.connection, who, webhook_id)
        if values:
            about = {"changed": " ".join(sorted(values)), "active": changed.active}
            _put_down(work, who, changed, "change_webhook", about)
    return said(changed)


def _switch(work: Work, house: House, webhook_id: int, *, on: bool) -> None:
    """Let what is in line for a webhook rest, or go on."""
    if on:
        deliveries.unpark(work.connection, webhook_id, clock.now_ms())
        work.after_commit(partial(events.nudge, house.redis, 0))
    else:
        deliveries.park(work.connection, webhook_id)


def remove(house: House, who: Caller, webhook_id: int) -> None:
    """Forget a webhook and all that it was told. Raises NoSuchThing."""
    with house.db.work() as work:
        row = _own(work.connection, who, webhook_id)
        webhooks.drop(work.connection, webhook_id)
        _put_down(work, who, row, "remove_webhook")
    log.info("webhook_removed", webhook=webhook_id)


def rotate(house: House, who: Caller, webhook_id: int) -> tuple[dict[str, Any], str]:
    """A new secret; the old one signs beside it for a day. Raises NoSuchThing, WrongKey, BadSetting."""
    now, secret, box = clock.now_ms(), signing.new_secret(), keys.vault(house.settings)
    with house.db.work() as work:
        row = _own(work.connection, who, webhook_id, lock=True)
        old = [(one, until or now + OVERLAP_MS) for one, until in _opened(box, webhook_id, row.sealed)]
        valid = [(one, until) for one, until in old if until > now]
        sealed = _sealed(box, webhook_id, [(secret, None), *valid])
        webhooks.change(work.connection, webhook_id, sealed=sealed, changed_at=now)
        changed = _own(work.connection, who, webhook_id)
        _put_down(work, who, changed, "rotate_webhook")
    log.info("webhook_secret_changed", webhook=webhook_id)
    return said(changed), secret


def _put_down(work: Work, who: Caller, row: Row[Any], what: str, about: Mapping[str, Any] = activity.NOTHING) -> None:
    """Of its address the host alone: what stands behind it may be a secret."""
    host = urlsplit(row.url).hostname or ""
    said = {"webhook": row.id, "host": host, **about}
    activity.by(work.connection, who, None, what, said, workspace=row.workspace_id)


def signing_keys(house: House, webhook_id: int, sealed: str) -> list[str]:
    """The secrets that sign now, the newest first. Raises WrongKey, BadSetting."""
    found = _opened(keys.vault(house.settings), webhook_id, sealed)
    return [secret for secret, until in found if until is None or until > clock.now_ms()]


def reseal(connection: Connection, old: Vault, new: Vault) -> int:
    """Seal the secrets anew that are not sealed under the newest key of ``new``: how many. Raises WrongKey."""
    stale = [row for row in webhooks.every(connection) if not new.newest(row.sealed)]
    for row in stale:
        about = _about(row.id)
        webhooks.change(connection, row.id, sealed=new.seal(old.open(row.sealed, about), about))
    return len(stale)


def said(row: Row[Any]) -> dict[str, Any]:
    """A webhook on the wire: everything but its secret."""
    return {
        "id": row.id,
        "url": row.url,
        "events": row.events.split(),
        "description": row.description,
        "active": row.active,
        "why_off": row.why_off or None,
        "created_at": instant(row.created_at),
        "changed_at": instant(row.changed_at),
    }


def _own(connection: Connection, who: Caller, webhook_id: int, *, lock: bool = False) -> Row[Any]:
    row = webhooks.one(connection, webhook_id, lock=lock)
    if row is None or row.workspace_id != who.workspace:
        raise NoSuchThing(what="webhook", id=webhook_id)
    return row


def _about(webhook_id: int) -> str:
    return f"webhook {webhook_id}"


def _sealed(box: Vault, webhook_id: int, secrets: Sequence[tuple[str, int | None]]) -> str:
    """``secrets``: (secret, until when it signs; None for the one in force)."""
    return box.seal(orjson.dumps(secrets).decode(), _about(webhook_id))


def _opened(box: Vault, webhook_id: int, sealed: str) -> list[tuple[str, int | None]]:
    return [(secret, until) for secret, until in orjson.loads(box.open(sealed, _about(webhook_id)))]


def _events(given: Sequence[str]) -> str:
    unknown = [event for event in given if event not in EVENTS]
    if unknown or not given:
        raise BadValue(name="events", value=" ".join(unknown)[:100], why=f"Choose among {', '.join(EVENTS)}.")
    return " ".join(event for event in EVENTS if event in given)


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MAX_DESCRIPTION]


def _url(given: str) -> str:
    """An address as it is kept. Raises BadValue. Whether it may be reached is decided at each connect."""
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    fits = len(given) <= MAX_URL and all("!" <= letter <= "~" for letter in given)
    if not fits or not host or port == 0 or parts.scheme not in ("http", "https") or parts.username or parts.password:
        why = "Give an https:// or http:// address in ASCII without blanks, user name or password."
        raise BadValue(name="url", value=given[:100], why=why)
    return given.partition("#")[0]
