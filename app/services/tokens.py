"""API tokens: made once, shown once, stored as a hash."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection, Row

from app import clock
from app.errors import BadValue, NoSuchThing, NotSignedIn
from app.repositories import tokens
from app.services import activity
from app.services.aside import aside
from app.services.callers import MAY, OPERATOR, SCOPES, Caller, Scope, hashed
from app.services.house import House

PREFIX = "kb_"
MAX_NAME = 100
#: Ten years: how far off the end of a token may be, in ms.
MOST_MS = 315_360_000_000
#: How old what is known of its last use may get.
_FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token without its secret; instants are UTC ms. ``person``: whose it is, "" for nobody's."""

    id: int
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    person: str
    created_at: int
    expires_at: int | None
    used_at: int | None
    revoked_at: int | None


def create(
    house: House,
    who: Caller,
    name: str,
    scopes: Sequence[str] = ("read",),
    *,
    expires_at: int | None = None,
    by: Caller | None = None,
) -> tuple[int, str]:
    """A token of ``who``'s workspace: (id, the token, which nobody can look up again). It may what ``who`` may and no
    more; one made with a token is of the same person and ends with it. ``expires_at``: UTC ms. ``by``: who makes it, if
    it is another one. Raises BadValue, Forbidden."""
    kept = _checked(who, scopes)
    secret, plain = PREFIX + secrets.token_urlsafe(32), _plain(name)
    with house.db.work() as work:
        maker = tokens.by_id(work.connection, who.token) if who.token is not None else None
        ends = min((at for at in (expires_at, maker.expires_at if maker else None) if at is not None), default=None)
        values: dict[str, Any] = {
            "workspace_id": who.workspace,
            "person_id": maker.person_id if maker else who.person,
            "name": plain,
            "hash": hashed(secret),
            "hint": secret[:7],
            "scopes": " ".join(kept),
            "created_at": clock.now_ms(),
            "expires_at": _to_come(ends),
        }
        made = tokens.add(work.connection, values)
        about = {"token": made, "name": plain, "scopes": values["scopes"], "expires_at": ends}
        activity.by(work.connection, by or who, None, "make_token", about, workspace=who.workspace)
        return made, secret


def caller(house: House, secret: str) -> Caller:
    """Who comes with this token. Raises NotSignedIn for one that is unknown, revoked or expired."""
    with house.db.read() as connection:
        row = tokens.by_hash(connection, hashed(secret)) if secret.startswith(PREFIX) else None
    now = clock.now_ms()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise NotSignedIn
    if row.used_at is None or now - row.used_at >= _FRESH_MS:
        aside(f"token {row.id}", partial(_used, house, row.id, now))
    return Caller(row.workspace_id, frozenset(_scopes(row)), row.name, token=row.id)


def offered(authorization: str) -> str:
    """The token that an `Authorization` header shows, "" where it shows none: as `Bearer`, or as the user or the
    password of `Basic`, for clients that can be given nothing but a URL; or one of an issuer's. Raises NotSignedIn for
    another `Bearer`."""
    kind, _, value = authorization.strip().partition(" ")
    if kind.lower() == "bearer":
        if not value.strip().startswith(PREFIX) and not is_foreign(value.strip()):
            raise NotSignedIn
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
    return next((part for part in pair.split(":", 1) if part.startswith(PREFIX)), "")


def is_foreign(token: str) -> bool:
    """Whether it looks like one that an issuer signed (a JWT)."""
    return not token.startswith(PREFIX) and token.count(".") == 2


def listing(house: House, workspace: int | None) -> list[TokenView]:
    """Tokens of a workspace, or of all; the newest first."""
    with house.db.read() as connection:
        return [_view(row) for row in tokens.of_workspace(connection, workspace)]


def one(house: House, token_id: int) -> TokenView:
    """The token with that id. Raises NoSuchThing."""
    with house.db.read() as connection:
        return _view(_row(connection, token_id, None))


def revoke(house: House, by: Caller, token_id: int) -> TokenView:
    """Let a token of ``by``'s workspace open nothing any more (the command line may any); again changes nothing. Raises
    NoSuchThing, for a token of another workspace too."""
    workspace = None if by is OPERATOR else by.workspace
    with house.db.work() as work:
        row = _row(work.connection, token_id, workspace)
        if row.revoked_at is None:
            tokens.change(work.connection, token_id, revoked_at=clock.now_ms())
            about = {"token": token_id, "name": row.name}
            activity.by(work.connection, by, None, "revoke_token", about, workspace=row.workspace_id)
        return _view(_row(work.connection, token_id, workspace))


def _row(connection: Connection, token_id: int, workspace: int | None) -> Row[Any]:
    row = tokens.by_id(connection, token_id)
    if row is None or workspace not in (None, row.workspace_id):
        raise NoSuchThing(what="token", id=token_id)
    return row


def _checked(who: Caller, scopes: Sequence[str]) -> list[Scope]:
    if not scopes or any(scope not in SCOPES for scope in scopes):
        raise BadValue(name="scopes", value=" ".join(scopes)[:100], why=f"Choose among {', '.join(SCOPES)}.")
    kept = [scope for scope in SCOPES if scope in scopes]
    for scope in kept:
        who.require(scope)
    return kept


def _plain(name: str) -> str:
    plain = name.strip()
    if not 1 <= len(plain) <= MAX_NAME or not plain.isprintable():
        raise BadValue(name="name", value=ascii(plain[:60]), why=f"Give 1 to {MAX_NAME} visible characters.")
    return plain


def _to_come(ends: int | None) -> int | None:
    if ends is not None and not 0 < ends - clock.now_ms() <= MOST_MS:
        raise BadValue(name="expires_at", value=ends, why="Give a moment to come, within ten years.")
    return ends


def _scopes(row: Row[Any]) -> tuple[Scope, ...]:
    """What it may: what was given to it, as far as its person may it still."""
    given = cast(list[Scope], row.scopes.split())
    return tuple(scope for scope in given if row.role is None or scope in MAY[row.role])


def _view(row: Row[Any]) -> TokenView:
    scopes, person = _scopes(row), row.person or ""
    return TokenView(
        row.id, row.name, row.hint, scopes, person, row.created_at, row.expires_at, row.used_at, row.revoked_at
    )


def _used(house: House, token_id: int, now: int) -> None:
    with house.db.work() as work:
        tokens.change(work.connection, token_id, used_at=now)
