"""SQL of tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.models.tables import token


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a token and give its id."""
    return int(connection.execute(insert(token).values(**values).returning(token.c.id)).scalar_one())


def by_hash(connection: Connection, hashed: str) -> Row[Any] | None:
    """The token whose secret has this hash."""
    return connection.execute(select(token).where(token.c.hash == hashed)).one_or_none()


def of_workspace(connection: Connection, workspace: int) -> Sequence[Row[Any]]:
    """A workspace's tokens, the newest first."""
    return connection.execute(select(token).where(token.c.workspace_id == workspace).order_by(token.c.id.desc())).all()


def change(connection: Connection, token_id: int, **values: Any) -> None:
    """Set columns of a token."""
    connection.execute(update(token).where(token.c.id == token_id).values(**values))
