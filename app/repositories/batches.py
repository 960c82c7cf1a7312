"""SQL of batches and their sources."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, select, update

from app.models.tables import batch, batch_source, batch_tag

#: The workspace of batches that were forgotten: nobody's.
NOBODYS = 0
#: States of a batch or of one of its sources in which work is still to be done.
OPEN = ("queued", "running", "waiting")


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a batch and give its id."""
    return int(connection.execute(insert(batch).values(**values).returning(batch.c.id)).scalar_one())


def add_sources(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the sources of a batch."""
    connection.execute(insert(batch_source), list(rows))


def add_tags(connection: Connection, batch_id: int, tags: Sequence[str]) -> None:
    """Give a batch tags that it does not have."""
    if tags:
        connection.execute(insert(batch_tag), [{"batch_id": batch_id, "tag": tag} for tag in tags])


def drop_tags(connection: Connection, batch_id: int, tags: Sequence[str]) -> int:
    """Take tags off a batch; how many were there."""
    statement = delete(batch_tag).where(batch_tag.c.batch_id == batch_id, batch_tag.c.tag.in_(tags))
    return connection.execute(statement).rowcount


def change(connection: Connection, batch_id: int, **values: Any) -> None:
    """Set columns of a batch."""
    connection.execute(update(batch).where(batch.c.id == batch_id).values(**values))


def change_source(connection: Connection, batch_id: int, source: str, **values: Any) -> None:
    """Set columns of a batch's source."""
    where = and_(batch_source.c.batch_id == batch_id, batch_source.c.source == source)
    connection.execute(update(batch_source).where(where).values(**values))


def move(connection: Connection, batch_id: int, to: str, *, only_from: Sequence[str], **values: Any) -> bool:
    """Set the batch's state if it is one of ``only_from``; whether it was."""
    statement = update(batch).where(batch.c.id == batch_id, batch.c.state.in_(only_from)).values(state=to, **values)
    return connection.execute(statement).rowcount == 1


def one(connection: Connection, batch_id: int, *, lock: bool = False) -> Row[Any] | None:
    """The batch, or None, as of one that was forgotten; ``lock`` holds it until the transaction ends (SQLite holds
    everything anyway)."""
    statement = select(batch).where(batch.c.id == batch_id, batch.c.workspace_id != NOBODYS)
    return connection.execute(_locked(statement) if lock else statement).one_or_none()


def one_source(connection: Connection, batch_id: int, source: str, *, lock: bool = False) -> Row[Any] | None:
    """A batch's source, or None; ``lock`` as in `one`."""
    statement = select(batch_source).where(batch_source.c.batch_id == batch_id, batch_source.c.source == source)
    return connection.execute(_locked(statement) if lock else statement).one_or_none()


def _locked(statement: Select[Any]) -> Select[Any]:
    """Lock the rows but not their keys, so that foreign keys pointing at them are not held up."""
    return statement.with_for_update(key_share=True)


def newest(connection: Connection, limit: int, before: int | None, workspace: int | None = None) -> Sequence[Row[Any]]:
    """Batches, newest first, with ids under ``before``; of one workspace, or of all."""
    statement = select(batch).where(batch.c.workspace_id != NOBODYS).order_by(batch.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(batch.c.id < before)
    return connection.execute(
        statement if workspace is None else statement.where(batch.c.workspace_id == workspace)
    ).all()


def sources_of(connection: Connection, batch_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """The sources of these batches, in the order they were picked."""
    statement = select(batch_source).where(batch_source.c.batch_id.in_(batch_ids)).order_by(batch_source.c.ordinal)
    return connection.execute(statement).all()


def tags_of(connection: Connection, batch_ids: Sequence[int]) -> dict[int, list[str]]:
    """Batch id → its tags, by name."""
    found: dict[int, list[str]] = {}
    statement = select(batch_tag).where(batch_tag.c.batch_id.in_(batch_ids)).order_by(batch_tag.c.tag)
    for row in connection.execute(statement):
        found.setdefault(row.batch_id, []).append(row.tag)
    return found


def open_sources(connection: Connection, *, paused: bool = False) -> Sequence[Row[Any]]:
    """Sources with work still to be done, of batches that may be worked on (``paused``: of paused ones too), with their
    batch's priority, name and owner."""
    joined = batch_source.join(batch, batch.c.id == batch_source.c.batch_id)
    statement = (
        select(batch_source, batch.c.priority, batch.c.name, batch.c.owner)
        .select_from(joined)
        .where(batch.c.state.in_((*OPEN, "paused") if paused else OPEN), batch_source.c.state.in_(OPEN))
        .order_by(batch.c.id, batch_source.c.ordinal)
    )
    return connection.execute(statement).all()


def waiting_for(connection: Connection, account: str) -> Sequence[Row[int, str]]:
    """(batch id, source) of the open sources that wait with this account."""
    joined = batch_source.join(batch, batch.c.id == batch_source.c.batch_id)
    statement = (
        select(batch_source.c.batch_id, batch_source.c.source)
        .select_from(joined)
        .where(batch_source.c.account == account, batch_source.c.state == "waiting", batch.c.state.in_(OPEN))
    )
    return connection.execute(statement).all()


def overdue(connection: Connection, now: int) -> list[int]:
    """Ids of batches whose deadline has passed and that have not ended."""
    statement = select(batch.c.id).where(batch.c.state.in_([*OPEN, "paused"]), batch.c.deadline_at <= now)
    return list(connection.execute(statement).scalars())


def rerun_under_way(connection: Connection, batch_id: int) -> int | None:
    """The open batch that asks ``batch_id`` anew, if there is one."""
    statement = select(batch.c.id).where(batch.c.rerun_of == batch_id, batch.c.state.in_([*OPEN, "paused"]))
    return connection.execute(statement.order_by(batch.c.id).limit(1)).scalar_one_or_none()


def demands(connection: Connection, accounts: Sequence[str]) -> Sequence[Row[str, int, str, str, int]]:
    """What open batches still ask of these accounts: (account, batch id, source, priority, lookups left)."""
    c = batch_source.c
    left = (c.lookups - c.ok - c.below - c.missing - c.failed).label("left")
    statement = (
        select(c.account, c.batch_id, c.source, batch.c.priority, left)
        .select_from(batch_source.join(batch, batch.c.id == c.batch_id))
        .where(c.account.in_(accounts), c.state.in_(OPEN), batch.c.state.in_(OPEN))
    )
    return connection.execute(statement).all()


def in_state(connection: Connection, state: str) -> list[int]:
    """Ids of the batches in ``state``."""
    return list(connection.execute(select(batch.c.id).where(batch.c.state == state)).scalars())


def positions_of_seq(connection: Connection, batch_ids: Sequence[int]) -> dict[int, tuple[int, str, int]]:
    """Batch id → (seq, state, a number that changes when one of its sources changes state)."""
    moved = func.coalesce(func.sum(func.coalesce(batch_source.c.waiting_until, 0) + batch_source.c.failed), 0)
    statement = (
        select(batch.c.id, batch.c.seq, batch.c.state, moved)
        .join(batch_source, batch_source.c.batch_id == batch.c.id)
        .where(batch.c.id.in_(batch_ids))
        .group_by(batch.c.id, batch.c.seq, batch.c.state)
    )
    return {row[0]: (row[1], row[2], int(row[3])) for row in connection.execute(statement)}


def take_seq(connection: Connection, batch_id: int, count: int) -> tuple[int, str]:
    """Take ``count`` numbers from the batch's counter: the first of them, and the batch's state. Its row stays
    locked until the commit, so numbers are in commit order."""
    statement = (
        update(batch)
        .where(batch.c.id == batch_id)
        .values(seq=batch.c.seq + count)
        .returning(batch.c.seq, batch.c.state)
    )
    row = connection.execute(statement).one()
    return row[0] - count + 1, row[1]


def cancel_sources(connection: Connection, batch_id: int, now: int) -> None:
    """Mark the sources of a cancelled batch that were not finished."""
    where = and_(batch_source.c.batch_id == batch_id, batch_source.c.state != "completed")
    values = {"state": "cancelled", "finished_at": now, "waiting_reason": "", "waiting_until": None}
    connection.execute(update(batch_source).where(where).values(values))


def count_readings(connection: Connection, batch_id: int, source: str, counts: Mapping[str, int]) -> tuple[int, int]:
    """Add to a source's counters by state: (readings it has now, lookups it will have). A reading that is no
    failure ends the trouble the source was in."""
    c = batch_source.c
    well = {"trouble": "", "trouble_detail": ""} if set(counts) - {"failed", "cached"} else {}
    statement = (
        update(batch_source)
        .where(c.batch_id == batch_id, c.source == source)
        .values({**{name: c[name] + n for name, n in counts.items()}, **well})
        .returning(c.ok + c.below + c.missing + c.failed, c.lookups)
    )
    row = connection.execute(statement).one()
    return row[0], row[1]
