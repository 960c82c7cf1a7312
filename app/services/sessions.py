"""Sessions: browsers that are signed in. The secret is in the browser's cookie, its hash in the database."""

import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from app import clock
from app.errors import NotSignedIn, WrongPassword
from app.repositories import people as rows_of_people
from app.repositories import sessions
from app.services import activity, attempts, people, throttle
from app.services.aside import aside
from app.services.callers import MAY, Caller, hashed
from app.services.house import House

#: How long a session lives after it was last used.
LIVES_MS = 30 * 86_400_000
#: How old what is known of its last use may get.
_FRESH_MS = 60_000


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser that is signed in; instants are UTC ms. ``mark`` tells it from the person's others and opens nothing;
    ``peer``: the address it was opened from, "" where that is not known (any more)."""

    mark: str
    created_at: int
    seen_at: int
    expires_at: int
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened; ``secret`` is told this once."""

    secret: str
    person: Caller


def sign_in(house: House, name: str, password: str, peer: str) -> Opened:
    """A session for who knows the password; ``peer`` is the address that he comes from. Raises WrongPassword,
    TooFast."""
    throttle.sign_in(house, people.normal(name), peer, partial(_was_here, house, people.normal(name), peer))
    try:
        known = people.known(house, name, password)
    except WrongPassword:
        attempts.failed(house, people.normal(name), peer)
        raise
    return opened(house, known, peer)


def opened(house: House, person: int, peer: str = "", *, issuer: str = "") -> Opened:
    """A new session of that person, who comes from the address ``peer``; those that are over go. ``issuer``: who
    vouched for him, if it was no password."""
    secret, now = secrets.token_urlsafe(32), clock.now_ms()
    row = {"hash": hashed(secret), "person_id": person, "created_at": now, "seen_at": now}
    with house.db.work() as work:
        sessions.remove_expired(work.connection, now)
        sessions.add(work.connection, {**row, "expires_at": now + LIVES_MS})
        himself = _caller(_found(work.connection, secret)).at(peer)
        about = {"session": himself.session} | ({"issuer": issuer} if issuer else {})
        activity.by(work.connection, himself, None, "sign_in", about)
    return Opened(secret, himself)


def caller(house: House, secret: str, *, use: bool = True) -> Caller:
    """Who this session belongs to; it lives on from now, unless it is only looked at (``use``). Raises NotSignedIn for
    one that is unknown, over or ended."""
    with house.db.read() as connection:
        row = _found(connection, secret)
    now = clock.now_ms()
    if use and now - row.seen_at >= _FRESH_MS:
        aside(f"session {row.hash}", partial(_seen, house, row.hash, now))
    return _caller(row)


def end(house: House, secret: str, peer: str = "") -> None:
    """Sign out, from the address ``peer``: the session is no more. One that is not there changes nothing."""
    with house.db.work() as work:
        row = sessions.by_hash(work.connection, hashed(secret)) if secret else None
        if row is not None:
            sessions.remove(work.connection, row.hash)
            activity.by(work.connection, _caller(row).at(peer), None, "sign_out", {"session": _mark(row.hash)})


def listing(house: House, name: str, *, by: Caller) -> list[SessionView]:
    """A person's sessions, the last used first. Raises NoSuchPerson; Forbidden, RoleTooHigh for somebody else's."""
    with house.db.read() as connection:
        person = people.managed(connection, by, name)
        rows = sessions.of_person(connection, person.id, clock.now_ms())
        peers = _peers(connection, person)
    marks = [_mark(row.hash) for row in rows]
    return [
        SessionView(mark, row.created_at, row.seen_at, row.expires_at, peers.get(mark, ""))
        for mark, row in zip(marks, rows, strict=True)
    ]


def end_marked(house: House, name: str, mark: str, *, by: Caller) -> int:
    """End one of a person's sessions: how many there were, as one that is gone changes nothing. Raises as `listing`."""
    return _end(house, name, by, lambda one: one == mark)


def end_others(house: House, name: str, *, by: Caller) -> int:
    """End all of a person's sessions but the one that ``by`` came with: how many. Raises as `listing`."""
    return _end(house, name, by, lambda one: one != by.session)


def change_password(house: House, who: Caller, old: str, new: str) -> None:
    """Give oneself another password; all one's other sessions end. Raises WrongPassword for another ``old`` one,
    TooFast, WeakPassword."""
    throttle.sign_in(house, who.name, f"session {who.session}")
    people.known(house, who.name, old)
    with house.db.read() as connection:
        own = [row.hash for row in _of(connection, who.name, who) if _mark(row.hash) == who.session]
    people.change_password(house, who.name, new, by=who, but=next(iter(own), ""))


def _was_here(house: House, name: str, peer: str) -> bool:
    with house.db.read() as connection:
        person = rows_of_people.by_name(connection, name) if name.isprintable() else None
        return person is not None and peer in _peers(connection, person).values()


def _peers(connection: Connection, person: Row[Any]) -> dict[str, str]:
    """Mark → address, of a person's last sign-ins."""
    acts = activity.of_one(connection, person.workspace_id, person.name, "sign_in")
    return {str(act.about.get("session")): act.peer for act in acts}


def _of(connection: Connection, name: str, by: Caller) -> Sequence[Row[Any]]:
    person = people.managed(connection, by, name)
    return sessions.of_person(connection, person.id, clock.now_ms())


def _end(house: House, name: str, by: Caller, is_meant: Callable[[str], bool]) -> int:
    with house.db.work() as work:
        person = people.managed(work.connection, by, name)
        rows = sessions.of_person(work.connection, person.id, clock.now_ms())
        meant = [row.hash for row in rows if is_meant(_mark(row.hash))]
        for one in meant:
            sessions.remove(work.connection, one)
            about = {"person": person.name, "session": _mark(one)}
            activity.by(work.connection, by, None, "end_session", about, workspace=person.workspace_id)
    return len(meant)


def _found(connection: Connection, secret: str) -> Row[Any]:
    row = sessions.by_hash(connection, hashed(secret)) if secret else None
    if row is None or row.expires_at <= clock.now_ms():
        raise NotSignedIn
    return row


def _caller(row: Row[Any]) -> Caller:
    return Caller(row.workspace_id, MAY[row.role], row.name, person=row.person_id, session=_mark(row.hash))


def _mark(stored: str) -> str:
    """Of what is stored of a session: a part is no use to who would sign in with it, as even the whole is none."""
    return stored[:16]


def proof(secret: str) -> str:
    """What a page of ours shows that it is one: only who can read the cookies of this site knows it, and it tells
    nothing of the secret."""
    return hmac.new(secret.encode(), b"csrf", "sha256").hexdigest()


def is_proof(secret: str, given: str) -> bool:
    """Whether ``given`` is this session's proof; takes the same time whatever it is."""
    return hmac.compare_digest(proof(secret).encode(), given.encode("utf-8", "surrogatepass"))


def _seen(house: House, session: str, now: int) -> None:
    with house.db.work() as work:
        sessions.change(work.connection, session, seen_at=now, expires_at=now + LIVES_MS)
