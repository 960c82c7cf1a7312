"""The audit: every act of a workspace, to batches and in the house, for who may manage it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from app import clock
from app.errors import BadValue
from app.repositories import activity as rows
from app.repositories.activity import Wanted as Wanted
from app.services import activity
from app.services.activity import Act
from app.services.callers import Caller
from app.services.formats import csv_lines
from app.services.house import House

EVERYTHING = Wanted()
#: The header of the acts as CSV.
COLUMNS = ("id", "at", "who", "what", "batch", "from", "about")
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """Acts, newest first, and the ``before`` of the following ones, None at the end."""

    acts: tuple[Act, ...]
    next: int | None


def page(
    house: House, caller: Caller, wanted: Wanted = EVERYTHING, *, before: int | None = None, limit: int = 50
) -> Page:
    """A page of the acts of ``caller``'s workspace with ids under ``before``. Raises Forbidden; BadValue for a kind
    that is none."""
    caller.require("admin")
    strange = ", ".join(sorted({*wanted.what} - {*activity.VERBS}))
    if strange:
        raise BadValue(name="what", value=strange[:100], why=f"Acts are {', '.join(activity.VERBS)}.")
    with house.db.read() as connection:
        found = rows.page(connection, caller.workspace, wanted, before, limit + 1)
    acts = tuple(activity.act(row) for row in found[:limit])
    return Page(acts, acts[-1].id if len(found) > limit else None)


def taken(house: House, caller: Caller, wanted: Wanted = EVERYTHING) -> Iterator[bytes]:
    """All of them as lines of CSV, which is put down too. Raises as `page`, before the first line."""
    first = page(house, caller, wanted, limit=_CHUNK)
    with house.db.work() as work:
        activity.by(work.connection, caller, None, "export", {"format": "csv", "of": "activity"})
    return _lines(house, caller, wanted, first)


def _lines(house: House, caller: Caller, wanted: Wanted, found: Page) -> Iterator[bytes]:
    yield csv_lines.written([COLUMNS])
    while True:
        yield csv_lines.written([_cells(one) for one in found.acts])
        if found.next is None:
            return
        found = page(house, caller, wanted, before=found.next, limit=_CHUNK)


def _cells(one: Act) -> list[object]:
    about = orjson.dumps(dict(one.about)).decode()
    return [
        one.id,
        clock.iso(one.at),
        csv_lines.safe(one.who),
        one.what,
        one.batch or "",
        one.peer,
        csv_lines.safe(about),
    ]


def wire(one: Act) -> dict[str, Any]:
    """An act as programs get it."""
    said = {"id": one.id, "at": clock.iso(one.at), "who": one.who, "what": one.what}
    return {**said, "batch": one.batch, "from": one.peer, "about": dict(one.about)}
