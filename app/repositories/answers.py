"""SQL of the answers that are given again."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import answer


def claim(connection: Connection, workspace: int, key: str, fingerprint: str, now: int) -> bool:
    """Take a key; whether it was free. Where somebody else is taking it, this waits until he has or has not."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"workspace_id": workspace, "key": key, "fingerprint": fingerprint, "said": "", "created_at": now}
    statement = make(answer).values(**values).on_conflict_do_nothing().returning(answer.c.key)
    return connection.execute(statement).first() is not None


def one(connection: Connection, workspace: int, key: str) -> Row[Any] | None:
    """What was said to a key."""
    where = (answer.c.workspace_id == workspace) & (answer.c.key == key)
    return connection.execute(select(answer).where(where)).one_or_none()


def keep(connection: Connection, workspace: int, key: str, said: str) -> None:
    """Keep what is said to a key that was claimed."""
    where = (answer.c.workspace_id == workspace) & (answer.c.key == key)
    connection.execute(update(answer).where(where).values(said=said))


def drop_before(connection: Connection, at: int) -> None:
    """Forget answers that are older."""
    connection.execute(delete(answer).where(answer.c.created_at < at))
