"""SQL of the list of batches: which of a workspace's batches fit, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, or_, select

from app.models.tables import batch, batch_source, batch_tag
from app.repositories.table import holds


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
    c = batch.c
    where = [c.workspace_id == workspace]
    where += [c.id < before] if before is not None else []
    where += [c.state.in_(fits.states)] if fits.states else []
    where += [c.owner == fits.owner] if fits.owner else []
    where += [c.created_at >= fits.since] if fits.since is not None else []
    where += [c.created_at < fits.until] if fits.until is not None else []
    # Both keys begin with the batch: a batch is asked for its source and its tag, not all of these for their batches.
    where += [_has(batch_source.c.source, fits.source)] if fits.source else []
    where += [_has(batch_tag.c.tag, fits.tag)] if fits.tag else []
    where += [or_(*(holds(connection, c.name, name) for name in fits.names))] if fits.names else []
    return connection.execute(select(batch).where(*where).order_by(c.id.desc()).limit(limit)).all()


def _has(column: Any, value: str) -> Any:
    return exists().where(column.table.c.batch_id == batch.c.id, column == value)
