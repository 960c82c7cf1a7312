"""SQL of what who runs the house looks at: lanes, and messages that are not out yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.models.tables import batch, batch_source, claim, delivery, metadata


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages to webhooks: ``pending`` ones, ``overdue`` ones among them since ``since`` (UTC ms), and those that were
    given up lately."""

    pending: int
    overdue: int
    since: int | None
    failed: int


def names(connection: Connection, workspace: int, batch_ids: Sequence[int]) -> dict[int, str]:
    """Which of these batches are of a workspace, and what they are called."""
    statement = select(batch.c.id, batch.c.name).where(batch.c.id.in_(batch_ids), batch.c.workspace_id == workspace)
    return {row.id: row.name for row in connection.execute(statement)}


def taken(connection: Connection, now: int, most: int) -> Sequence[Row[Any]]:
    """Lanes that somebody works on, by batch, with its name and workspace; ``most`` at most."""
    c = claim.c
    statement = (
        select(claim, batch.c.name, batch.c.workspace_id)
        .join(batch, batch.c.id == c.batch_id)
        .where(c.expires_at > now)
        .order_by(c.batch_id, c.source, c.lane)
        .limit(most)
    )
    return connection.execute(statement).all()


def standing(connection: Connection, batch_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The lanes of these batches, with how far their source's claims have come (``cursor``) of its ``lookups``."""
    c, s = claim.c, batch_source.c
    of_it = (s.batch_id == c.batch_id) & (s.source == c.source)
    statement = select(claim, s.cursor, s.lookups).join(batch_source, of_it)
    return connection.execute(statement.where(c.batch_id.in_(batch_ids))).all()


def lanes(connection: Connection, now: int) -> tuple[int, int]:
    """How many lanes somebody works on, and how many nobody does."""
    working = func.count().filter(claim.c.expires_at > now)
    row = connection.execute(select(working, func.count()).select_from(claim)).one()
    return row[0], row[1] - row[0]


def backlog(connection: Connection, now: int, late: int, lately: int) -> Backlog:
    """What is not out yet. Overdue: due before ``late``, and in nobody's hand; lately: since that moment."""
    c = delivery.c
    pending = connection.execute(select(func.count()).where(c.due_at >= 0)).scalar_one()
    overdue = select(func.count(), func.min(c.due_at)).where(c.due_at < late, c.leased_until <= now)
    count, since = connection.execute(overdue).one()
    failed = select(func.count()).where(c.done_at >= lately, c.state == "failed")
    return Backlog(pending, count, since, connection.execute(failed).scalar_one())


def states(connection: Connection) -> dict[str, int]:
    """How many batches there are in each state."""
    statement = select(batch.c.state, func.count()).group_by(batch.c.state)
    return {row[0]: row[1] for row in connection.execute(statement)}


def sizes(connection: Connection) -> dict[str, int]:
    """How many rows each table has. Counts them: a look that may take seconds in a large house."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    }


def newest(connection: Connection, most: int) -> Sequence[Row[Any]]:
    """The newest batches, without their keywords."""
    c = batch.c
    told: tuple[Any, ...] = (c.id, c.name, c.state, c.priority, c.seq, c.waiting_reason, c.waiting_until, c.created_at)
    return connection.execute(select(*told).order_by(c.id.desc()).limit(most)).all()


def sources_of(connection: Connection, batch_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """How far the sources of some batches are."""
    c = batch_source.c
    return connection.execute(
        select(batch_source).where(c.batch_id.in_(batch_ids)).order_by(c.batch_id, c.source)
    ).all()
