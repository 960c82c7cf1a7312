"""API tokens: made once, shown once, stored as a hash."""

import secrets
from collections.abc import Sequence
from typing import Any, cast

from app import clock
from app.errors import BadValue, NotSignedIn
from app.repositories import tokens
from app.services.callers import SCOPES, Caller, Scope, hashed
from app.services.house import House

PREFIX = "kb_"


def create(
    house: House, who: Caller, name: str, scopes: Sequence[str] = ("read",), *, expires_at: int | None = None
) -> tuple[int, str]:
    """A token of ``who``'s workspace: (id, the token, which nobody can look up again). ``expires_at``: UTC ms. Raises
    BadValue."""
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise BadValue(name="scopes", value=" ".join(scopes), why=f"Choose among {', '.join(SCOPES)}.")
    secret = PREFIX + secrets.token_urlsafe(32)
    values: dict[str, Any] = {
        "workspace_id": who.workspace,
        "person_id": who.person,
        "name": name,
        "hash": hashed(secret),
        "hint": secret[:7],
        "scopes": " ".join(scope for scope in SCOPES if scope in scopes),
        "created_at": clock.now_ms(),
        "expires_at": expires_at,
    }
    with house.db.work() as work:
        return tokens.add(work.connection, values), secret


def caller(house: House, secret: str) -> Caller:
    """Who comes with this token. Raises NotSignedIn for one that is unknown, revoked or expired."""
    with house.db.read() as connection:
        row = tokens.by_hash(connection, hashed(secret)) if secret.startswith(PREFIX) else None
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= clock.now_ms()):
        raise NotSignedIn
    scopes = frozenset(cast(list[Scope], row.scopes.split()))
    return Caller(row.workspace_id, scopes, row.name, token=row.id)
