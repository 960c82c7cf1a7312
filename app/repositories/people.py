"""SQL of workspaces and the people in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, func, insert, select, update

from app.models.people import MAIN
from app.models.tables import person, workspace


def take_turns(connection: Connection) -> None:
    """Wait until no other transaction adds or removes people; they are counted before they are changed. (SQLite's
    writers take turns anyway.)"""
    connection.execute(select(workspace.c.id).where(workspace.c.id == MAIN).with_for_update()).all()


def nobody(connection: Connection) -> bool:
    """Whether there is no person yet."""
    return not connection.execute(select(exists().select_from(person))).scalar_one()


def owners(connection: Connection, workspace_id: int) -> int:
    """How many owners a workspace has."""
    found = select(func.count()).where(person.c.role == "owner", person.c.workspace_id == workspace_id)
    return int(connection.execute(found).scalar_one())


def by_name(connection: Connection, name: str) -> Row[Any] | None:
    """The person called so, with the name of his workspace."""
    return connection.execute(_people().where(person.c.name == name)).one_or_none()


def by_id(connection: Connection, person_id: int) -> Row[Any] | None:
    """The person with that id, with the name of his workspace."""
    return connection.execute(_people().where(person.c.id == person_id)).one_or_none()


def by_subject(connection: Connection, subject: str) -> Row[Any] | None:
    """The person whom the issuer calls so, with the name of his workspace."""
    return connection.execute(_people().where(person.c.subject == subject)).one_or_none()


def every(connection: Connection, workspace_id: int | None = None) -> Sequence[Row[Any]]:
    """All people, or those of a workspace, with the names of their workspaces, by their own names."""
    statement = _people().order_by(person.c.name)
    return connection.execute(
        statement if workspace_id is None else statement.where(person.c.workspace_id == workspace_id)
    ).all()


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a person and give its id."""
    return int(connection.execute(insert(person).values(**values).returning(person.c.id)).scalar_one())


def change(connection: Connection, person_id: int, **values: Any) -> None:
    """Set columns of a person."""
    connection.execute(update(person).where(person.c.id == person_id).values(**values))


def remove(connection: Connection, person_id: int) -> None:
    """Delete a person with his sessions and tokens."""
    connection.execute(delete(person).where(person.c.id == person_id))


def workspace_named(connection: Connection, name: str) -> int | None:
    """The id of the workspace called so."""
    return connection.execute(select(workspace.c.id).where(workspace.c.name == name)).scalar_one_or_none()


def workspace_name(connection: Connection, workspace_id: int) -> str:
    """What a workspace is called."""
    return str(connection.execute(select(workspace.c.name).where(workspace.c.id == workspace_id)).scalar_one())


def add_workspace(connection: Connection, name: str, created_at: int) -> int:
    """Insert a workspace and give its id."""
    statement = insert(workspace).values(name=name, created_at=created_at).returning(workspace.c.id)
    return int(connection.execute(statement).scalar_one())


def _people() -> Select[Any]:
    return select(person, workspace.c.name.label("workspace")).join(workspace, workspace.c.id == person.c.workspace_id)
