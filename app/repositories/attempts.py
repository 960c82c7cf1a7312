"""SQL of attempts that came to nothing so far."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import attempt


def put(connection: Connection, batch_id: int, source: str, tried: Mapping[int, tuple[int, int]]) -> None:
    """Set (attempts, failures) of the lookups at these positions."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(attempt)
    new = {"attempts": statement.excluded.attempts, "failures": statement.excluded.failures}
    statement = statement.on_conflict_do_update(index_elements=["batch_id", "source", "position"], set_=new)
    rows = [
        {"batch_id": batch_id, "source": source, "position": position, "attempts": attempts, "failures": failures}
        for position, (attempts, failures) in tried.items()
    ]
    connection.execute(statement, rows)


def drop(connection: Connection, batch_id: int, source: str, positions: Sequence[int]) -> None:
    """These lookups have their readings."""
    c = attempt.c
    where = (c.batch_id == batch_id) & (c.source == source) & c.position.in_(positions)
    connection.execute(delete(attempt).where(where))


def between(connection: Connection, batch_id: int, source: str, start: int, stop: int) -> dict[int, tuple[int, int]]:
    """Position → (attempts, failures), of the lookups in [start, stop) that have been attempted in vain."""
    c = attempt.c
    statement = select(c.position, c.attempts, c.failures).where(
        c.batch_id == batch_id, c.source == source, c.position >= start, c.position < stop
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(statement)}
