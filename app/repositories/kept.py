"""SQL of what people keep here with its secrets sealed: accounts and sources of their own (`KINDS`)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from app.models.tables import account, defined_source, webhook

ACCOUNTS, SOURCES = account, defined_source
KINDS = (ACCOUNTS, SOURCES)


def every(connection: Connection, kind: Table) -> Sequence[Row[Any]]:
    """All of a kind, by key."""
    return connection.execute(select(kind).order_by(kind.c.key)).all()


def version(connection: Connection) -> tuple[tuple[int, int], ...]:
    """Something else whenever one was added, changed or removed: (how many, the last change) of each kind."""
    found = (connection.execute(select(func.count(), func.coalesce(func.max(k.c.changed_at), 0))).one() for k in KINDS)
    return tuple((int(count), int(changed)) for count, changed in found)


def one(connection: Connection, kind: Table, key: str) -> Row[Any] | None:
    """The one called ``key``, held until the transaction ends."""
    return connection.execute(select(kind).where(kind.c.key == key).with_for_update()).one_or_none()


def put(connection: Connection, kind: Table, key: str, **values: Any) -> None:
    """Add it, or change what is given of it."""
    if connection.execute(update(kind).where(kind.c.key == key).values(**values)).rowcount == 0:
        connection.execute(insert(kind).values(key=key, **values))


def drop(connection: Connection, kind: Table, key: str) -> bool:
    """Remove it; whether it was there."""
    return connection.execute(delete(kind).where(kind.c.key == key)).rowcount > 0


def sealed(connection: Connection) -> dict[str, str]:
    """Whatever is sealed here: what it is of → the sealed text, webhooks' too; "" where nothing had to be."""
    hook = ((f"webhook {row.id}", row.sealed) for row in connection.execute(select(webhook).order_by(webhook.c.id)))
    own = ((row.key, row.sealed) for kind in KINDS for row in every(connection, kind))
    return {name: text for name, text in (*own, *hook) if text}
