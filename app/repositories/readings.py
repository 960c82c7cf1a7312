"""SQL of readings."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    union_all,
)

from app.db import bulk
from app.models.tables import batch, item, reading, superseded
from app.repositories.terms import within_range

COLUMNS = (
    "batch_id",
    "source",
    "position",
    "seq",
    "state",
    "value",
    "upper",
    "data",
    "account",
    "observed_at",
    "from_cache",
    "attempts",
    "latency_ms",
    "error",
    "detail",
)


def add(connection: Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Insert readings, tuples in the order of `COLUMNS`; a second one for a lookup raises IntegrityError."""
    bulk.insert(connection, reading, COLUMNS, rows)


def there(connection: Connection, batch_id: int, source: str, positions: Sequence[int]) -> set[int]:
    """Which of these positions of a source have a reading."""
    c, found = reading.c, set[int]()
    for start in range(0, len(positions), 500):
        some = positions[start : start + 500]
        where = and_(c.batch_id == batch_id, c.source == source, c.position.in_(some))
        found.update(connection.execute(select(c.position).where(where)).scalars())
    return found


def at(connection: Connection, batch_id: int, positions: Sequence[int] | range) -> Sequence[Row[Any]]:
    """The readings at these positions, of all sources."""
    c = reading.c
    where = (
        (c.position >= positions.start) & (c.position < positions.stop)
        if isinstance(positions, range)
        else c.position.in_(positions)
    )
    return connection.execute(select(reading).where(c.batch_id == batch_id, where)).all()


def of_source(connection: Connection, batch_id: int, source: str, span: range) -> Sequence[Row[Any]]:
    """The readings of one source at the positions of ``span``, by position."""
    c = reading.c
    statement = select(reading).where(
        c.batch_id == batch_id, c.source == source, c.position >= span.start, c.position < span.stop
    )
    return connection.execute(statement.order_by(c.position)).all()


def last_positions(connection: Connection, batch_id: int, limit: int) -> list[int]:
    """Positions of the last readings, newest first, possibly with repeats."""
    c = reading.c
    statement = select(c.position).where(c.batch_id == batch_id).order_by(c.seq.desc()).limit(limit)
    return list(connection.execute(statement).scalars())


def fresh_after(connection: Connection, batch_id: int, after_seq: int) -> Sequence[Row[str, int, int]]:
    """(source, observation, latency) of the readings after ``after_seq`` that no earlier reading answered."""
    c = reading.c
    statement = select(c.source, c.observed_at, c.latency_ms).where(
        c.batch_id == batch_id, c.seq > after_seq, c.from_cache.is_(False)
    )
    return connection.execute(statement).all()


def earlier(connection: Connection, source: str, keyword_ids: Sequence[int], since: int) -> dict[int, Row[Any]]:
    """Keyword id → its newest reading from ``source``, of any batch, observed at ``since`` or later and worth
    giving again (not a failure)."""
    c = reading.c
    statement = (
        select(item.c.keyword_id, reading)
        .join(reading, (c.batch_id == item.c.batch_id) & (c.source == source) & (c.position == item.c.position))
        .where(item.c.keyword_id.in_(keyword_ids), c.observed_at >= since, c.state != "failed")
        .order_by(c.observed_at)
    )
    return {row.keyword_id: row for row in connection.execute(statement)}


def young(connection: Connection, source: str, keyword_ids: Sequence[int], since: int) -> set[int]:
    """Which of ``keyword_ids`` `earlier` would find a reading for."""
    c = reading.c
    statement = (
        select(item.c.keyword_id)
        .join(reading, (c.batch_id == item.c.batch_id) & (c.source == source) & (c.position == item.c.position))
        .where(item.c.keyword_id.in_(keyword_ids), c.observed_at >= since, c.state != "failed")
    )
    return set(connection.execute(statement).scalars())


def failures(connection: Connection, batch_id: int) -> Sequence[Row[Any]]:
    """The failed lookups by source and error: (source, error, lookups, newest seq)."""
    c = reading.c
    statement = (
        select(c.source, c.error, func.count().label("lookups"), func.max(c.seq).label("newest"))
        .where(c.batch_id == batch_id, c.state == "failed")
        .group_by(c.source, c.error)
        .order_by(c.source, c.error)
    )
    return connection.execute(statement).all()


def first_failed(connection: Connection, batch_id: int, source: str, error: str, limit: int) -> list[int]:
    """Positions of the first failures of one kind."""
    c = reading.c
    where = and_(c.batch_id == batch_id, c.source == source, c.error == error, c.state == "failed")
    statement = select(c.position).where(where).order_by(c.position).limit(limit)
    return list(connection.execute(statement).scalars())


def details(connection: Connection, batch_id: int, seqs: Sequence[int]) -> dict[int, str]:
    """Seq → what the upstream said, of failed lookups."""
    statement = select(reading.c.seq, reading.c.detail).where(reading.c.batch_id == batch_id, reading.c.seq.in_(seqs))
    return {row[0]: row[1] or "" for row in connection.execute(statement)}


@within_range()
def supersede_failed(
    connection: Connection,
    batch_id: int,
    error: str,
    source: str,
    first: int | None,
    rows: Select[int] | None = None,
) -> Sequence[Row[Any]]:
    """Put failed readings aside, so that their lookups have none: (source, lookups, lowest position). "" stands for
    any error or source; ``first`` takes no more than so many, in the order in which they failed; ``rows``: only those
    at these positions."""
    where = _failed(batch_id, error, source)
    if rows is not None:
        where = and_(where, reading.c.position.in_(rows))
    if first is not None:
        nth = select(reading.c.seq).where(where).order_by(reading.c.seq).limit(1).offset(first - 1)
        last = connection.execute(nth).scalar_one_or_none()
        where = where if last is None else and_(where, reading.c.seq <= last)
    per_source = select(reading.c.source, func.count().label("lookups"), func.min(reading.c.position).label("lowest"))
    found = connection.execute(per_source.where(where).group_by(reading.c.source)).all()
    names = [column.name for column in superseded.columns]
    rows = select(*(reading.c[name] for name in names)).where(where)
    connection.execute(insert(superseded).from_select(names, rows))
    connection.execute(delete(reading).where(where))
    return found


def _failed(batch_id: int, error: str, source: str) -> ColumnElement[bool]:
    c = reading.c
    parts = [c.batch_id == batch_id, c.state == "failed"]
    parts += [c.error == error] if error else []
    parts += [c.source == source] if source else []
    return and_(*parts)


def measurements(connection: Connection, keyword_id: int, source: str) -> Sequence[Row[Any]]:
    """Every measurement ever made of a keyword, the oldest first; "" stands for any source. Answers taken from an
    earlier reading are no measurements of their own."""
    every = _measured(keyword_id, lambda table: table.c.source == source if source else true())
    return connection.execute(select(every).order_by(every.c.observed_at, every.c.batch_id, every.c.seq)).all()


def newest_measurements(
    connection: Connection, keyword_id: int, workspace: int, sources: Sequence[str], limit: int
) -> Sequence[Row[Any]]:
    """The last ``limit`` measurements of a keyword that batches of the workspace made with ``sources``, the newest
    first."""
    own = select(batch.c.id).where(batch.c.workspace_id == workspace)
    every = _measured(keyword_id, lambda table: and_(table.c.source.in_(sources), table.c.batch_id.in_(own)))
    newest = (every.c.observed_at.desc(), every.c.batch_id.desc(), every.c.seq.desc())
    return connection.execute(select(every).order_by(*newest).limit(limit)).all()


def _measured(keyword_id: int, such: Callable[[Table], ColumnElement[bool]]) -> Subquery:
    """The measurements of a keyword, with whether they are ``past``."""
    found = [
        select(literal(table is superseded).label("past"), *(table.c[name] for name in COLUMNS))
        .join(item, (item.c.batch_id == table.c.batch_id) & (item.c.position == table.c.position))
        .where(item.c.keyword_id == keyword_id, table.c.from_cache.is_(False), such(table))
        for table in (reading, superseded)
    ]
    return union_all(*found).subquery()
