"""SQL of the sessions of signed-in browsers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.models.tables import person, session


def add(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert a session."""
    connection.execute(insert(session).values(**values))


def by_hash(connection: Connection, hashed: str) -> Row[Any] | None:
    """The session whose secret has this hash, with the name, role and workspace of its person."""
    statement = (
        select(session, person.c.name, person.c.role, person.c.workspace_id)
        .join(person, person.c.id == session.c.person_id)
        .where(session.c.hash == hashed)
    )
    return connection.execute(statement).one_or_none()


def change(connection: Connection, hashed: str, **values: Any) -> None:
    """Set columns of a session."""
    connection.execute(update(session).where(session.c.hash == hashed).values(**values))


def remove(connection: Connection, hashed: str) -> None:
    """Delete a session."""
    connection.execute(delete(session).where(session.c.hash == hashed))


def of_person(connection: Connection, person_id: int, now: int) -> Sequence[Row[Any]]:
    """A person's sessions that are not over, the last used first."""
    statement = select(session).where(session.c.person_id == person_id, session.c.expires_at > now)
    return connection.execute(statement.order_by(session.c.seen_at.desc(), session.c.hash)).all()


def remove_of(connection: Connection, person_id: int, *, but: str = "") -> None:
    """Delete all sessions of a person, except the one with the hash ``but``."""
    connection.execute(delete(session).where(session.c.person_id == person_id, session.c.hash != but))


def remove_expired(connection: Connection, now: int) -> None:
    """Delete the sessions that are over."""
    connection.execute(delete(session).where(session.c.expires_at <= now))
