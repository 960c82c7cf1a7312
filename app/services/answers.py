"""Saying the same again: a submit that comes twice with one key is one batch, and gets the first answer."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app import clock
from app.errors import KeyReused
from app.repositories import answers
from app.services.house import House

#: How long an answer is given again.
KEPT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Once:
    """The caller's key for a request, and the SHA-256 of all that came with it."""

    workspace: int
    key: str
    fingerprint: str


class AlreadySaid(Exception):
    """Somebody has just answered a request with this key; its answer can be read now."""


def earlier(house: House, once: Once) -> str | None:
    """What was said to the same request before. Raises KeyReused when the key came with another one."""
    with house.db.read() as connection:
        row = answers.one(connection, once.workspace, once.key)
    if row is None or row.created_at < clock.now_ms() - KEPT_MS:
        return None
    if row.fingerprint != once.fingerprint:
        raise KeyReused
    said: str = row.said
    return said


def claim(connection: Connection, once: Once) -> None:
    """Take the key within the transaction of what it is for; forgets what is too old. Raises AlreadySaid."""
    now = clock.now_ms()
    answers.drop_before(connection, now - KEPT_MS)
    if not answers.claim(connection, once.workspace, once.key, once.fingerprint, now):
        raise AlreadySaid


def keep(connection: Connection, once: Once, said: str) -> None:
    """Keep the answer, in the same transaction."""
    answers.keep(connection, once.workspace, once.key, said)
