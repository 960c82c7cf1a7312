"""SQL of the list of batches: which of a workspace's batches fit, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select

from app.models.tables import batch, batch_source, batch_tag
from app.repositories.finding import holds


@dataclass(frozen=True, slots=True)
class Fits:
    """What a batch has to be; "" and () stand for "anything". ``names``: one of these is in its name, a to z small;
    ``since`` (at that moment or later) and ``until`` (before it) are UTC ms of its making."""

    states: tuple[str, ...] = ()
    source: str = ""
    owner: str = ""
    tag: str = ""
    names: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None


def page(connection: Connection, workspace: int, fits: Fits, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """The newest ``limit`` of the workspace's batches that fit, with ids under ``before``."""
    where = _where(connection, workspace, fits)
    where += [batch.c.id < before] if before is not None else []
    return connection.execute(select(batch).where(*where).order_by(batch.c.id.desc()).limit(limit)).all()


def above(connection: Connection, workspace: int, fits: Fits, after: int, limit: int) -> Sequence[Row[int]]:
    """The ids of the ``limit`` batches that fit and come next over ``after``, the lowest first."""
    where = [*_where(connection, workspace, fits), batch.c.id > after]
    return connection.execute(select(batch.c.id).where(*where).order_by(batch.c.id).limit(limit)).all()


def ids(connection: Connection, workspace: int, fits: Fits, limit: int) -> list[int]:
    """The ids of the newest ``limit`` that fit."""
    statement = select(batch.c.id).where(*_where(connection, workspace, fits))
    return list(connection.execute(statement.order_by(batch.c.id.desc()).limit(limit)).scalars())


def under_way(connection: Connection, workspace: int) -> int:
    """How many of the workspace's batches have not ended."""
    where = (batch.c.workspace_id == workspace, batch.c.state.not_in(("completed", "cancelled")))
    return connection.execute(select(func.count()).select_from(batch).where(*where)).scalar_one()


def some(connection: Connection, workspace: int, wanted: Sequence[int]) -> Sequence[Row[Any]]:
    """Those of the batches ``wanted`` that are the workspace's, newest first."""
    statement = select(batch).where(batch.c.workspace_id == workspace, batch.c.id.in_(wanted))
    return connection.execute(statement.order_by(batch.c.id.desc())).all()


def standing(connection: Connection, workspace: int, wanted: Sequence[int]) -> Sequence[Row[int, str, int]]:
    """(id, state, failed lookups as ``failed``) of those of the batches ``wanted`` that are the workspace's, newest
    first."""
    c = batch.c
    statement = (
        select(c.id, c.state, func.coalesce(func.sum(batch_source.c.failed), 0).label("failed"))
        .select_from(batch.outerjoin(batch_source, batch_source.c.batch_id == c.id))
        .where(c.workspace_id == workspace, c.id.in_(wanted))
        .group_by(c.id, c.state)
    )
    return connection.execute(statement.order_by(c.id.desc())).all()


def known(connection: Connection, workspace: int) -> tuple[tuple[str, ...], ...]:
    """The sources, the owners (but nobody) and the tags of the workspace's batches, each by name."""
    own = batch.c.workspace_id == workspace
    statements = (
        select(batch_source.c.source).join(batch, batch.c.id == batch_source.c.batch_id).where(own),
        select(batch.c.owner).where(own, batch.c.owner != ""),
        select(batch_tag.c.tag).join(batch, batch.c.id == batch_tag.c.batch_id).where(own),
    )
    return tuple(tuple(sorted(connection.execute(one.distinct()).scalars())) for one in statements)


def _where(connection: Connection, workspace: int, fits: Fits) -> list[ColumnElement[bool]]:
    c = batch.c
    where: list[ColumnElement[bool]] = [c.workspace_id == workspace]
    where += [c.state.in_(fits.states)] if fits.states else []
    where += [c.owner == fits.owner] if fits.owner else []
    where += [c.created_at >= fits.since] if fits.since is not None else []
    where += [c.created_at < fits.until] if fits.until is not None else []
    # Both keys begin with the batch: a batch is asked for its source and its tag, not all of these for their batches.
    where += [_has(batch_source.c.source, fits.source)] if fits.source else []
    where += [_has(batch_tag.c.tag, fits.tag)] if fits.tag else []
    where += [or_(*(holds(connection, c.name, name) for name in fits.names))] if fits.names else []
    return where


def _has(column: Any, value: str) -> Any:
    return exists().where(column.table.c.batch_id == batch.c.id, column == value)
