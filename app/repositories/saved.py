"""SQL of what people keep to use again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import saved, workspace


def of_kind(connection: Connection, workspace_id: int, kind: str) -> Sequence[Row[Any]]:
    """All of a kind in a workspace, in no order."""
    c = saved.c
    return connection.execute(select(saved).where(c.workspace_id == workspace_id, c.kind == kind)).all()


def one(connection: Connection, workspace_id: int, kind: str, name: str) -> Row[Any] | None:
    """The one called ``name``."""
    return connection.execute(select(saved).where(_called(workspace_id, kind, name))).one_or_none()


def count(connection: Connection, workspace_id: int, kind: str) -> int:
    """How many of a kind a workspace has. Nobody else counts there before the transaction has ended."""
    # What is submitted meanwhile refers to the workspace's key, which stays free.
    hold = select(workspace.c.id).where(workspace.c.id == workspace_id).with_for_update(key_share=True)
    connection.execute(hold)
    c = saved.c
    found = select(func.count()).select_from(saved).where(c.workspace_id == workspace_id, c.kind == kind)
    return int(connection.execute(found).scalar_one())


def put(connection: Connection, workspace_id: int, kind: str, name: str, **values: Any) -> Row[Any]:
    """Keep it under that name, in place of what was kept under it."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = (
        make(saved)
        .values(workspace_id=workspace_id, kind=kind, name=name, **values)
        .on_conflict_do_update(index_elements=[saved.c.workspace_id, saved.c.kind, saved.c.name], set_=values)
        .returning(*saved.c)
    )
    return connection.execute(statement).one()


def drop(connection: Connection, workspace_id: int, kind: str, name: str) -> Row[Any] | None:
    """Remove the one called ``name``; what it was."""
    statement = delete(saved).where(_called(workspace_id, kind, name)).returning(*saved.c)
    return connection.execute(statement).one_or_none()


def _called(workspace_id: int, kind: str, name: str) -> Any:
    c = saved.c
    return (c.workspace_id == workspace_id) & (c.kind == kind) & (c.name == name)
