"""People: who signs in, with what password, in which role and workspace.

``by`` is who asks for a change. He manages the people of his own workspace, and only an owner makes or changes owners;
the command line may everything.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

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
    RoleTooHigh,
    WrongPassword,
)
from app.models.people import MAIN
from app.repositories import people, sessions
from app.services import activity, passwords
from app.services.callers import MAY, OPERATOR, SCOPES, Caller, Scope
from app.services.house import House

Role = Literal["owner", "admin", "member", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)
MAX_NAME = 100


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


def make_owner(house: House, name: str, password: str, peer: str = "") -> PersonView:
    """The first person of the house, who comes from the address ``peer``. Raises AlreadyOwned when there is one, also
    when two are made at once; BadName, WeakPassword."""
    plain, hashed = plain_name(name), passwords.hashed(password)
    with house.db.work() as work:
        people.take_turns(work.connection)
        if not people.nobody(work.connection):
            raise AlreadyOwned
        himself = Caller(MAIN, MAY["owner"], plain, peer=peer)
        values = {"name": plain, "password": hashed, "workspace_id": MAIN, "role": "owner"}
        return _add(work.connection, values, himself)


def add(
    house: House, name: str, password: str, role: str = "", workspace: str = "main", *, by: Caller = OPERATOR
) -> PersonView:
    """A person more, in a workspace that is made if it is not there; in ``by``'s own, if that is somebody. ``role``: ""
    is `owner` for the first one, who can be nothing else, and `member` after him. Raises BadName, NameTaken,
    WeakPassword, BadValue, Forbidden, RoleTooHigh."""
    if role:
        _known_role(role)
    plain, hashed, place = plain_name(name), passwords.hashed(password), plain_name(workspace)
    with house.db.work() as work:
        people.take_turns(work.connection)
        _require_rank(work.connection, by, role)
        first = people.nobody(work.connection)
        if first and role not in ("", "owner"):
            raise BadValue(name="role", value=role, why="The first person is the owner.")
        if people.by_name(work.connection, plain) is not None:
            raise NameTaken(name=plain)
        found = people.workspace_named(work.connection, place) if by is OPERATOR else by.workspace
        if found is None:
            found = people.add_workspace(work.connection, place, clock.now_ms())
        values = {"name": plain, "password": hashed, "workspace_id": found}
        return _add(work.connection, {**values, "role": role or ("owner" if first else "member")}, by)


def listing(house: House, workspace: int | None = None) -> list[PersonView]:
    """Everybody, or the people of a workspace, by name."""
    with house.db.read() as connection:
        return [_view(row) for row in people.every(connection, workspace)]


def one(house: House, person_id: int, *, by: Caller) -> PersonView:
    """The person of ``by``'s workspace with that id. Raises NoSuchThing."""
    with house.db.read() as connection:
        row = people.by_id(connection, person_id)
    if row is None or row.workspace_id != by.workspace:
        raise NoSuchThing(what="person", id=person_id)
    return _view(row)


def change_password(house: House, name: str, password: str, *, by: Caller = OPERATOR, but: str = "") -> None:
    """Give a person another password; browsers signed in as him are not any more, except in the session with the hash
    ``but``. Raises NoSuchPerson, WeakPassword; Forbidden, RoleTooHigh for somebody else's."""
    hashed = passwords.hashed(password)
    with house.db.work() as work:
        people.take_turns(work.connection)
        row = managed(work.connection, by, name)
        people.change(work.connection, row.id, password=hashed, changed_at=clock.now_ms())
        sessions.remove_of(work.connection, row.id, but=but)
        _put_down(work.connection, by, row, "change_password")


def change_role(house: House, name: str, role: str, *, by: Caller = OPERATOR) -> PersonView:
    """Let a person be something else; what his tokens and open pages may changes with it. Raises NoSuchPerson,
    BadValue, LastOwner, Forbidden, RoleTooHigh."""
    _known_role(role)
    with house.db.work() as work:
        people.take_turns(work.connection)
        by.require("admin")
        row = managed(work.connection, by, name)
        _require_rank(work.connection, by, role)
        if role != "owner":
            _require_other_owner(work.connection, row)
        if role != row.role:
            people.change(work.connection, row.id, role=role, changed_at=clock.now_ms())
            _put_down(work.connection, by, row, "change_role", {"before": row.role, "role": role})
        return _view(_named(work.connection, name))


def remove(house: House, name: str, *, by: Caller = OPERATOR) -> None:
    """Remove a person with his sessions and tokens; his batches stay. Raises NoSuchPerson, LastOwner, Forbidden,
    RoleTooHigh."""
    with house.db.work() as work:
        people.take_turns(work.connection)
        by.require("admin")
        row = managed(work.connection, by, name)
        _require_other_owner(work.connection, row)
        people.remove(work.connection, row.id)
        _put_down(work.connection, by, row, "remove_person", {"role": row.role})


def known(house: House, name: str, password: str) -> int:
    """The id of the person whose name and password these are. Raises WrongPassword, after the same work whether the
    name is known or not."""
    with house.db.read() as connection:
        row = people.by_name(connection, normal(name)) if normal(name).isprintable() else None  # no NUL for Postgres
    kept = row.password if row is not None else ""  # who signs in elsewhere alone has none
    matches = passwords.matches(kept or passwords.nobodys(), password)
    if row is None or not kept or not matches:
        raise WrongPassword
    if passwords.is_old(row.password):
        with house.db.work() as work:
            people.change(work.connection, row.id, password=passwords.hashed_anyway(password))
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


def managed(connection: Connection, by: Caller, name: str) -> Row[Any]:
    """The person called ``name``, whom ``by`` may manage: himself, or anybody of his workspace if he may. Raises
    NoSuchPerson, for one of another workspace too; Forbidden, RoleTooHigh."""
    row = _named(connection, name)
    if by is OPERATOR or by.person == row.id:
        return row
    if row.workspace_id != by.workspace:
        raise NoSuchPerson(name=name)
    _require_rank(connection, by, row.role)
    return row


def plain_name(name: str) -> str:
    """A name as it is kept: composed, without blanks around it. Raises BadName."""
    plain = normal(name)
    if not 1 <= len(plain) <= MAX_NAME or not plain.isprintable():
        raise BadName(most=MAX_NAME)
    return plain


def normal(text: str) -> str:
    """The one form of a name, however it was typed."""
    return unicodedata.normalize("NFC", text).strip()


def _add(connection: Connection, values: Mapping[str, Any], by: Caller) -> PersonView:
    now = clock.now_ms()
    people.add(connection, {**values, "created_at": now, "changed_at": now})
    row = _named(connection, values["name"])
    _put_down(connection, by, row, "add_person", {"role": row.role})
    return _view(row)


def _put_down(
    connection: Connection, by: Caller, person: Row[Any], what: str, about: Mapping[str, Any] = activity.NOTHING
) -> None:
    activity.by(connection, by, None, what, {"person": person.name, **about}, workspace=person.workspace_id)


def _named(connection: Connection, name: str) -> Row[Any]:
    row = people.by_name(connection, normal(name))
    if row is None:
        raise NoSuchPerson(name=name)
    return row


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise BadValue(name="role", value=role, why=f"Choose among {', '.join(ROLES)}.")


def _require_rank(connection: Connection, by: Caller, role: str) -> None:
    """Raises Forbidden, RoleTooHigh where ``by`` may not make or change somebody in ``role``. What he is counts as it
    is now, not as it was when his page was opened."""
    if by is OPERATOR:
        return
    by.require("admin")
    asks = people.by_id(connection, by.person) if by.person is not None else None
    if role == "owner" and (asks is None or asks.role != "owner"):
        raise RoleTooHigh


def _require_other_owner(connection: Connection, row: Row[Any]) -> None:
    if row.role == "owner" and people.owners(connection, row.workspace_id) == 1:
        raise LastOwner(name=row.name)


def _view(row: Row[Any]) -> PersonView:
    return PersonView(row.id, row.name, row.role, row.workspace, row.created_at)
