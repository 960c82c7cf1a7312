"""SQL of what has been done, to batches and in the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from app.models.tables import activity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which acts; "", none and None = all. Instants are UTC ms."""

    who: str = ""
    what: Sequence[str] = ()
    since: int | None = None
    until: int | None = None
    batch: int | None = None


def add(connection: Connection, **values: Any) -> None:
    """Put down one thing done."""
    connection.execute(insert(activity).values(**values))


def newest(
    connection: Connection, batch_id: int, limit: int, before: int | None = None, what: Sequence[str] = ()
) -> Sequence[Row[Any]]:
    """What was done to a batch, newest first, with ids under ``before``; only ``what``, if that is given."""
    c = activity.c
    statement = select(activity).where(c.batch_id == batch_id).order_by(c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(c.id < before)
    return connection.execute(statement.where(c.what.in_(what)) if what else statement).all()


def count(connection: Connection, batch_id: int) -> int:
    """How many things were done to a batch."""
    statement = select(func.count()).select_from(activity).where(activity.c.batch_id == batch_id)
    return connection.execute(statement).scalar_one()


def last(connection: Connection, workspace_id: int, limit: int) -> Sequence[Row[Any]]:
    """The last acts of a workspace, newest first."""
    return page(connection, workspace_id, Wanted(), None, limit)


def page(
    connection: Connection, workspace_id: int, wanted: Wanted, before: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Acts of a workspace, newest first, with ids under ``before``."""
    c = activity.c
    fits: list[tuple[bool, ColumnElement[bool]]] = [
        (bool(wanted.who), c.who == wanted.who),
        (bool(wanted.what), c.what.in_(wanted.what)),
        (wanted.since is not None, c.at >= (wanted.since or 0)),
        (wanted.until is not None, c.at < (wanted.until or 0)),
        (wanted.batch is not None, c.batch_id == wanted.batch),
        (before is not None, c.id < (before or 0)),
    ]
    asked = [condition for is_asked, condition in fits if is_asked]
    statement = select(activity).where(c.workspace_id == workspace_id, *asked)
    return connection.execute(statement.order_by(c.id.desc()).limit(limit)).all()


def change(connection: Connection, act_id: int, **values: Any) -> None:
    """Set columns of an act."""
    connection.execute(update(activity).where(activity.c.id == act_id).values(**values))
