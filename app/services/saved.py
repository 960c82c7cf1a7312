"""What people of a workspace keep to use again: views of a table, and presets of a new batch. What a body means is the
business of who keeps it; here it is JSON under a name."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import Row

from app import clock
from app.errors import BadValue, NoSuchThing
from app.repositories import saved
from app.services import activity
from app.services.callers import Caller
from app.services.house import House

Kind = Literal["view", "preset"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_NAME = 80
#: Of one kind in a workspace.
MOST = 200
MAX_BODY_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Something kept under a name; ``owner`` kept it last, at ``changed_at`` (UTC ms)."""

    id: int
    name: str
    owner: str
    body: dict[str, Any]
    changed_at: int


def listing(house: House, workspace: int, kind: str) -> list[Kept]:
    """All of a kind in a workspace, by name. Raises BadValue for a kind that is none."""
    known = _known(kind)
    with house.db.read() as connection:
        kept = [_kept(row) for row in saved.of_kind(connection, workspace, known)]
    return sorted(kept, key=lambda one: (one.name.casefold(), one.name))


def one(house: House, workspace: int, kind: str, name: str) -> Kept:
    """The one called ``name``. Raises BadValue, NoSuchThing."""
    known, plain = _known(kind), _plain(name)
    with house.db.read() as connection:
        row = saved.one(connection, workspace, known, plain)
    if row is None:
        raise NoSuchThing(what=known, id=plain)
    return _kept(row)


def keep(house: House, caller: Caller, kind: str, name: str, body: dict[str, Any]) -> Kept:
    """Keep ``body`` in the caller's workspace, in place of what has that name. Raises Forbidden, BadValue."""
    caller.require("submit")
    known, plain, text = _known(kind), _plain(name), _text(body)
    with house.db.work() as work:
        full = saved.count(work.connection, caller.workspace, known) >= MOST
        if full and saved.one(work.connection, caller.workspace, known, plain) is None:
            raise BadValue(name="name", value=plain, why=f"There are {MOST} already; forget one first.")
        values = {"owner": caller.name, "body": text, "changed_at": clock.now_ms()}
        row = saved.put(work.connection, caller.workspace, known, plain, **values)
        activity.by(work.connection, caller, None, "keep_saved", {"kind": known, "name": plain})
        return _kept(row)


def forget(house: House, caller: Caller, kind: str, name: str) -> Kept:
    """Remove it, and give it so that it can be kept again. Raises Forbidden, BadValue, NoSuchThing."""
    caller.require("submit")
    known, plain = _known(kind), _plain(name)
    with house.db.work() as work:
        row = saved.drop(work.connection, caller.workspace, known, plain)
        if row is not None:
            activity.by(work.connection, caller, None, "forget_saved", {"kind": known, "name": plain})
    if row is None:
        raise NoSuchThing(what=known, id=plain)
    return _kept(row)


def _known(kind: str) -> Kind:
    if kind not in KINDS:
        raise BadValue(name="kind", value=kind[:60], why=f"Choose one of {', '.join(KINDS)}.")
    return kind


def _plain(name: str) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= MAX_NAME or not plain.isprintable():
        raise BadValue(name="name", value=ascii(plain[:60]), why=f"Give 1 to {MAX_NAME} visible characters.")
    return plain


def _text(body: dict[str, Any]) -> str:
    try:
        text = orjson.dumps(body)
    except orjson.JSONEncodeError as exc:
        raise BadValue(name="body", value=type(body).__name__, why="It has to be a JSON object.") from exc
    if len(text) > MAX_BODY_BYTES:
        raise BadValue(name="body", value=len(text), why=f"It may have {MAX_BODY_BYTES:,} bytes as JSON.")
    return text.decode()


def _kept(row: Row[Any]) -> Kept:
    return Kept(row.id, row.name, row.owner, orjson.loads(row.body), row.changed_at)
