"""SQL of tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from app.models.tables import person, token


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a token and give its id."""
    return int(connection.execute(insert(token).values(**values).returning(token.c.id)).scalar_one())


def by_hash(connection: Connection, hashed: str) -> Row[Any] | None:
    """The token whose secret has this hash, with the name and role of the person whose it is."""
    return connection.execute(_tokens().where(token.c.hash == hashed)).one_or_none()


def by_id(connection: Connection, token_id: int) -> Row[Any] | None:
    """The token with that id, with the name and role of the person whose it is."""
    return connection.execute(_tokens().where(token.c.id == token_id)).one_or_none()


def of_workspace(connection: Connection, workspace: int | None) -> Sequence[Row[Any]]:
    """Tokens, the newest first, with the names and roles of the people whose they are; of one workspace, or of all."""
    statement = _tokens().order_by(token.c.id.desc())
    return connection.execute(
        statement if workspace is None else statement.where(token.c.workspace_id == workspace)
    ).all()


def change(connection: Connection, token_id: int, **values: Any) -> None:
    """Set columns of a token."""
    connection.execute(update(token).where(token.c.id == token_id).values(**values))


def _tokens() -> Select[Any]:
    return select(token, person.c.name.label("person"), person.c.role).join_from(
        token, person, person.c.id == token.c.person_id, isouter=True
    )
