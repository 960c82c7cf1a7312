"""SQL of what the readings of a batch look like together."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Integer, Row, and_, case, func, literal, select, union_all

from app.models.tables import reading, superseded


def histogram(connection: Connection, batch_id: int, source: str, edges: Sequence[float]) -> dict[int, int]:
    """How many values of a source lie under the first of ``edges`` (0), between the n-th and the next (n), at the last
    or over it. One look at all of its readings."""
    c = reading.c
    bucket = _bucket(edges).label("bucket")
    where = and_(c.batch_id == batch_id, c.source == source, c.state == "ok", c.value.is_not(None))
    statement = select(bucket, func.count()).where(where).group_by(bucket)
    return {row[0]: row[1] for row in connection.execute(statement)}


def _bucket(edges: Sequence[float], first: int = 0) -> ColumnElement[int]:
    """How many of ``edges`` a value has reached, by halves: a few comparisons instead of one for each edge."""
    if not edges:
        return literal(first, Integer, literal_execute=True)
    middle = len(edges) // 2
    return case(
        (reading.c.value < edges[middle], _bucket(edges[:middle], first)),
        else_=_bucket(edges[middle + 1 :], first + middle + 1),
    )


def greatest(connection: Connection, batch_id: int, source: str) -> float | None:
    """The greatest value of a source; None without any."""
    c = reading.c
    where = and_(c.batch_id == batch_id, c.source == source, c.state == "ok")
    found: float | None = connection.execute(select(func.max(c.value)).where(where)).scalar_one()
    return found


def values_after(connection: Connection, batch_id: int, after_seq: int) -> list[tuple[str, float]]:
    """(source, value) of the values read after ``after_seq``."""
    c = reading.c
    where = and_(c.batch_id == batch_id, c.seq > after_seq, c.state == "ok", c.value.is_not(None))
    return [(row[0], row[1]) for row in connection.execute(select(c.source, c.value).where(where))]


def times(connection: Connection, batch_id: int, seqs: Sequence[int]) -> list[tuple[int, int]]:
    """(seq, observation) of the readings at ``seqs``, retried ones too; those that an earlier reading answered, and so
    have no time in this batch, are left out. By seq."""
    found = [
        select(table.c.seq, table.c.observed_at).where(
            table.c.batch_id == batch_id, table.c.seq.in_(seqs), table.c.from_cache.is_(False)
        )
        for table in (reading, superseded)
    ]
    every = union_all(*found).subquery()
    return [(row[0], row[1]) for row in connection.execute(select(every).order_by(every.c.seq))]


def pairs(
    connection: Connection, batch_id: int, sources: Sequence[str], positions: Sequence[int]
) -> Sequence[Row[int, str, str, float]]:
    """(position, source, state, value) of the readings of ``sources`` at ``positions``."""
    c = reading.c
    where = and_(c.batch_id == batch_id, c.source.in_(sources), c.position.in_(positions))
    return connection.execute(select(c.position, c.source, c.state, c.value).where(where)).all()
