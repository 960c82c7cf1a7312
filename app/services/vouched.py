"""People whom the issuer vouches for: on the way to it and back, let in, and linked to who they are here.

Somebody is known by the issuer's address and its name for him (``person.subject``), never by an equal name or mail. A
person who was here before is linked by himself, signed in, or at the command line. Who was made by the issuer's word
has no password, and the role that the issuer's groups give him, at each sign-in anew.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from redis.exceptions import RedisError
from sqlalchemy import Connection, Row

from app import clock
from app.errors import BadValue, NoIssuer, NotInvited, NotVouched, SubjectTaken
from app.models.people import MAIN
from app.repositories import people as rows
from app.repositories import sessions as session_rows
from app.services import activity, attempts, issuer, people, sessions, throttle
from app.services.callers import MAY, OPERATOR, Caller
from app.services.house import House
from app.services.sessions import Opened
from app.settings import Settings

#: How long a way to the issuer and back may take, in seconds.
LIVES_S = 600
_STRANGE = ("no sign-in of this browser awaits it", "이 브라우저에서 시작한 로그인이 아닙니다")
_USED = ("it was used already", "이미 사용되었습니다")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the issuer and back, made of one ``secret`` that only the browser has; all else follows from it, so that
    whichever process it comes back to knows it."""

    secret: str

    @classmethod
    def new(cls) -> "Way":
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        return self._made("state")

    @property
    def nonce(self) -> str:
        return self._made("nonce")

    @property
    def verifier(self) -> str:
        return self._made("verifier")

    @property
    def challenge(self) -> str:
        return _plain(hashlib.sha256(self.verifier.encode()).digest())

    def _made(self, of: str) -> str:
        return _plain(hashlib.sha256(f"{of} {self.secret}".encode()).digest())


def title(settings: Settings) -> str:
    """What the issuer is called here, "" where there is none. Settings: oidc_issuer, oidc_title."""
    return settings.oidc_title or urlsplit(settings.oidc_issuer).netloc if settings.oidc_issuer else ""


def begun(house: House, way: Way, back: str, peer: str) -> str:
    """Where to send a browser that is to come to ``back``. Raises NoIssuer, IssuerDown, TooFast."""
    throttle.sign_in(house, f"issuer {peer}", peer)
    return _issuer(house).leads_to(back, way.state, way.nonce, way.challenge)


def came_back(house: House, way: Way, back: str, given: Mapping[str, str], peer: str) -> dict[str, Any]:
    """What the issuer says of who came back from it with ``given``. Raises NoIssuer, IssuerDown, NotVouched."""
    found = _issuer(house)
    try:
        if not way.secret or not secrets.compare_digest(way.state.encode(), given.get("state", "").encode()):
            raise NotVouched(en=_STRANGE[0], ko=_STRANGE[1])
        if not _first(house, way):
            raise NotVouched(en=_USED[0], ko=_USED[1])
        if not given.get("code"):
            raise NotVouched(en="the issuer refused", ko="발급자가 거절했습니다")
        return found.told(given["code"], back, way.verifier, way.nonce)
    except NotVouched:
        attempts.failed(house, "", peer, "not_vouched")
        raise


def let_in(house: House, claims: Mapping[str, Any], peer: str) -> Opened:
    """A session for whom the issuer vouches for with ``claims``. Raises NotInvited."""
    subject, role = _subject(house, claims), _role(house.settings, claims)
    with house.db.work() as work:
        rows.take_turns(work.connection)
        row = rows.by_subject(work.connection, subject)
        if row is None and role != "none":
            row = _made(work.connection, subject, role, claims, peer)
        elif row is not None and not row.password:
            row = _brought_up(work.connection, row, role, house.settings)
    if row is None:
        name = _name(claims)
        attempts.failed(house, "", peer, "not_invited")
        raise NotInvited(name=name)
    return sessions.opened(house, row.id, peer, issuer=urlsplit(house.settings.oidc_issuer).netloc)


def caller(house: House, token: str) -> Caller:
    """Who comes with a token of the issuer that a program shows. Raises NotVouched, IssuerDown; NotInvited for somebody
    who has no place here."""
    claims = _issuer(house).claims(token)
    with house.db.read() as connection:
        row = rows.by_subject(connection, _subject(house, claims))
    if row is None:
        raise NotInvited(name=_name(claims))
    return Caller(row.workspace_id, MAY[row.role], row.name, person=row.id)


def link(house: House, name: str, claims: Mapping[str, Any], *, by: Caller = OPERATOR) -> None:
    """Let a person sign in as the one whom ``claims`` are of. Raises NoSuchPerson, SubjectTaken, Forbidden."""
    _link(house, name, _subject(house, claims), by)


def unlink(house: House, name: str, *, by: Caller = OPERATOR) -> None:
    """Let a person sign in with a password alone. Raises NoSuchPerson, Forbidden."""
    _link(house, name, None, by)


def linked(house: House, person: int) -> bool:
    """Whether the issuer may vouch for that person."""
    with house.db.read() as connection:
        row = rows.by_id(connection, person)
    return row is not None and row.subject is not None


def _link(house: House, name: str, subject: str | None, by: Caller) -> None:
    with house.db.work() as work:
        rows.take_turns(work.connection)
        row = people.managed(work.connection, by, name)
        if subject is None and row.subject is not None and not row.password:
            raise BadValue(name="password", value="", why="There is none to sign in with then. Set one first.")
        other = rows.by_subject(work.connection, subject) if subject else None
        if other is not None and other.id != row.id:
            raise SubjectTaken
        if row.subject == subject:
            return
        rows.change(work.connection, row.id, subject=subject, changed_at=clock.now_ms())
        what, about = "link_person" if subject else "unlink_person", {"person": row.name}
        activity.by(work.connection, by, None, what, about, workspace=row.workspace_id)


def _issuer(house: House) -> issuer.Issuer:
    if not house.settings.oidc_issuer:
        raise NoIssuer
    return issuer.of(house.settings)


def _first(house: House, way: Way) -> bool:
    """Whether nobody came this way before; without Redis the issuer's own refusal of a used code has to do."""
    try:
        return bool(house.redis.set(f"keybatch:oidc:{way.state}", "", nx=True, ex=LIVES_S))
    except (RedisError, OSError):
        return True


def _subject(house: House, claims: Mapping[str, Any]) -> str:
    return f"{house.settings.oidc_issuer} {claims['sub']}"


def _role(settings: Settings, claims: Mapping[str, Any]) -> str:
    """The role that the issuer's groups give, or that of everybody it knows, or none."""
    said = claims.get(settings.oidc_roles_claim) if settings.oidc_roles_claim else None
    groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return next((role for group, role in settings.oidc_roles_by_group if group in groups), settings.oidc_role)


def _made(connection: Connection, subject: str, role: str, claims: Mapping[str, Any], peer: str) -> Row[Any]:
    name, now = _free(connection, _name(claims)), clock.now_ms()
    values = {"workspace_id": MAIN, "name": name, "role": role, "password": "", "subject": subject}
    made = rows.add(connection, {**values, "created_at": now, "changed_at": now})
    himself = Caller(MAIN, MAY[role], name, person=made, peer=peer)
    activity.by(connection, himself, None, "add_person", {"person": name, "role": role})
    row = rows.by_id(connection, made)
    assert row is not None  # it was just made
    return row


def _brought_up(connection: Connection, row: Row[Any], role: str, settings: Settings) -> Row[Any] | None:
    """Somebody made by the issuer's word, as its groups have him now; None who has no place any more."""
    alone = row.role == "owner" and rows.owners(connection, row.workspace_id) == 1
    if not settings.oidc_roles_claim or role == row.role or alone:
        return row
    if role == "none":
        session_rows.remove_of(connection, row.id)
        return None
    rows.change(connection, row.id, role=role, changed_at=clock.now_ms())
    about = {"person": row.name, "before": row.role, "role": role}
    activity.add(connection, row.workspace_id, None, activity.HOUSE, "change_role", about)
    return rows.by_id(connection, row.id)


def _name(claims: Mapping[str, Any]) -> str:
    """What somebody is to be called here."""
    for claim in ("preferred_username", "name", "email", "sub"):
        text = claims.get(claim)
        plain = people.normal(text)[: people.MAX_NAME - 10] if isinstance(text, str) else ""
        if plain and plain.isprintable():
            return plain
    return "?"


def _free(connection: Connection, name: str) -> str:
    """``name``, or with a number behind it where somebody is called so."""
    number, free = 1, name
    while rows.by_name(connection, free) is not None:
        number, free = number + 1, f"{name} ({number + 1})"
    return free


def _plain(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
