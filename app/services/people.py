"""People: who signs in, with what password, in which role and workspace."""

import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row

from app import clock
from app.errors import (
    AlreadyOwned,
    BadName,
    BadValue,
    LastOwner,
    NameTaken,
    NoSuchPerson,
    NoSuchThing,
    WeakPassword,
    WrongPassword,
)
from app.models.people import MAIN
from app.repositories import people, sessions
from app.services.callers import MAY, SCOPES, Caller, Scope
from app.services.house import House

Role = Literal["owner", "admin", "member", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_NAME = 100
#: Characters of a password; the upper end only keeps hashing cheap.
LEAST, MOST = 10, 1_000
#: argon2id, as RFC 9106 recommends where memory is scarce: 64 MiB, three passes.
_hasher = PasswordHasher()
#: Hashing takes 64 MiB and a tenth of a second of several cores each: not more at once than two.
_turns = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class PersonView:
    """Someone who signs in. ``created_at``: UTC ms."""

    id: int
    name: str
    role: Role
    workspace: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, for himself to see. ``role`` is None for a token."""

    kind: Literal["person", "token"]
    id: int | None
    name: str
    workspace: str
    role: Role | None
    scopes: tuple[Scope, ...]


def nobody(house: House) -> bool:
    """Whether the house still waits for its owner."""
    with house.db.read() as connection:
        return people.nobody(connection)


def make_owner(house: House, name: str, password: str) -> PersonView:
    """The first person of the house. Raises AlreadyOwned when there is one, also when two are made at once; BadName,
    WeakPassword."""
    plain, hashed = plain_name(name), _hashed(password)
    with house.db.work() as work:
        people.take_turns(work.connection)
        if not people.nobody(work.connection):
            raise AlreadyOwned
        return _add(work.connection, plain, hashed, "owner", MAIN)


def add(house: House, name: str, password: str, role: str = "", workspace: str = "main") -> PersonView:
    """A person more, in a workspace that is made if it is not there. ``role``: "" is `owner` for the first one, who
    can be nothing else, and `member` after him. Raises BadName, NameTaken, WeakPassword, BadValue."""
    if role and role not in ROLES:
        raise BadValue(name="role", value=role, why=f"Choose among {', '.join(ROLES)}.")
    plain, hashed, place = plain_name(name), _hashed(password), plain_name(workspace)
    with house.db.work() as work:
        people.take_turns(work.connection)
        first = people.nobody(work.connection)
        if first and role not in ("", "owner"):
            raise BadValue(name="role", value=role, why="The first person is the owner.")
        if people.by_name(work.connection, plain) is not None:
            raise NameTaken(name=plain)
        found = people.workspace_named(work.connection, place)
        if found is None:
            found = people.add_workspace(work.connection, place, clock.now_ms())
        return _add(work.connection, plain, hashed, role or ("owner" if first else "member"), found)


def listing(house: House) -> list[PersonView]:
    """Everybody, by name."""
    with house.db.read() as connection:
        return [_view(row) for row in people.every(connection)]


def change_password(house: House, name: str, password: str) -> None:
    """Give a person another password; browsers signed in as him are not any more. Raises NoSuchPerson, WeakPassword."""
    hashed = _hashed(password)
    with house.db.work() as work:
        row = _named(work.connection, name)
        people.change(work.connection, row.id, password=hashed, changed_at=clock.now_ms())
        sessions.remove_of(work.connection, row.id)


def remove(house: House, name: str) -> None:
    """Remove a person with his sessions and tokens; his batches stay. Raises NoSuchPerson, LastOwner."""
    with house.db.work() as work:
        people.take_turns(work.connection)
        row = _named(work.connection, name)
        if row.role == "owner" and people.owners(work.connection) == 1:
            raise LastOwner(name=row.name)
        people.remove(work.connection, row.id)


def known(house: House, name: str, password: str) -> int:
    """The id of the person whose name and password these are. Raises WrongPassword, after the same work whether the
    name is known or not."""
    with house.db.read() as connection:
        row = people.by_name(connection, normal(name)) if normal(name).isprintable() else None  # no NUL for Postgres
    matches = _matches(row.password if row is not None else _nobodys(), password)
    if row is None or not matches:
        raise WrongPassword
    if _hasher.check_needs_rehash(row.password):
        with house.db.work() as work:
            people.change(work.connection, row.id, password=_hash(password))
    return int(row.id)


def as_caller(house: House, name: str) -> Caller:
    """The person called ``name`` as one who asks. Raises NoSuchPerson."""
    with house.db.read() as connection:
        row = _named(connection, name)
    return Caller(row.workspace_id, MAY[row.role], row.name, person=row.id)


def workspace(house: House, name: str) -> int:
    """The id of the workspace called ``name``. Raises NoSuchThing."""
    with house.db.read() as connection:
        found = people.workspace_named(connection, normal(name))
    if found is None:
        raise NoSuchThing(what="workspace", id=name)
    return found


def who(house: House, caller: Caller) -> Who:
    """``caller`` as he sees himself."""
    with house.db.read() as connection:
        place = people.workspace_name(connection, caller.workspace)
        row = people.by_id(connection, caller.person) if caller.person is not None else None
    scopes = tuple(scope for scope in SCOPES if scope in caller.scopes)
    kind: Literal["person", "token"] = "token" if caller.token is not None else "person"
    return Who(kind, caller.token or caller.person, caller.name, place, row.role if row else None, scopes)


def plain_name(name: str) -> str:
    """A name as it is kept: composed, without blanks around it. Raises BadName."""
    plain = normal(name)
    if not 1 <= len(plain) <= MAX_NAME or not plain.isprintable():
        raise BadName(most=MAX_NAME)
    return plain


def normal(text: str) -> str:
    """The one form of a name, however it was typed."""
    return unicodedata.normalize("NFC", text).strip()


def _add(connection: Connection, name: str, hashed: str, role: str, workspace_id: int) -> PersonView:
    now = clock.now_ms()
    row = {"workspace_id": workspace_id, "name": name, "role": role, "password": hashed}
    people.add(connection, {**row, "created_at": now, "changed_at": now})
    return _view(_named(connection, name))


def _named(connection: Connection, name: str) -> Row[Any]:
    row = people.by_name(connection, normal(name))
    if row is None:
        raise NoSuchPerson(name=name)
    return row


def _view(row: Row[Any]) -> PersonView:
    return PersonView(row.id, row.name, row.role, row.workspace, row.created_at)


def _bytes(password: str) -> bytes:
    """The same whether a keyboard sent letters composed or in parts."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hashed(password: str) -> str:
    if not LEAST <= len(password) <= MOST:
        raise WeakPassword(least=LEAST, most=MOST)
    return _hash(password)


def _hash(password: str) -> str:
    with _turns:
        return _hasher.hash(_bytes(password))


def _matches(hashed: str, password: str) -> bool:
    if len(password) > MOST:
        return False
    try:
        with _turns:
            return _hasher.verify(hashed, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash that no password has, to be compared where there is no person."""
    return _hash("nobody at all")
