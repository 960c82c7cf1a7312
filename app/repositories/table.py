"""SQL of a batch's table: which of its items come where, by a key and then by position.

A page by position ends as soon as it is full, and one by another key looks at each row of one source once.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, or_, select

from app.models.tables import item, reading
from app.repositories.finding import written_in_pieces
from app.repositories.rows import Parts, Sort, Wanted, there
from app.repositories.terms import within_range

#: A row's key and its position.
Place = tuple[float | int | str, int]


@within_range()
def keyed(
    connection: Connection, wanted: Wanted, sort: Sort, after: Place | None, limit: int, *, ahead: int = 0
) -> Sequence[Row[int, Any]]:
    """(position, key) of the rows that have the key, by it and then by position, beginning after that ``after``.

    ``ahead``: look first among so many rows in that order, whatever the filters of other sources let through; for where
    they let much through, as finding out about every row costs more than the sorting."""
    others = tuple(one for one in wanted.filters if not one.sources <= {*sort.sources})
    if not (ahead and others):
        return connection.execute(_keyed(connection, wanted, sort, after, limit)).all()
    own = tuple(one for one in wanted.filters if one.sources <= {*sort.sources})
    first = _keyed(connection, replace(wanted, filters=own), sort, after, ahead).subquery()
    parts = Parts(connection, replace(wanted, filters=others), driver=first)
    key = first.c.key
    statement = parts.select(first.c.position, key).order_by(key.desc() if sort.descending else key, first.c.position)
    found = connection.execute(statement.limit(limit)).all()
    return found if len(found) == limit else keyed(connection, wanted, sort, after, limit)


def _keyed(connection: Connection, wanted: Wanted, sort: Sort, after: Place | None, limit: int) -> Select[Any]:
    parts = Parts(connection, wanted)
    key = parts.key(sort)
    position = parts.leg(next(iter(sort.sources), "")).c.position
    if after is not None:
        # Said in this way, an index by the key can begin at the place.
        parts.where.append(key <= after[0] if sort.descending else key >= after[0])
        parts.where.append(or_(key != after[0], position > after[1]))
    statement = parts.select(position, key.label("key"))
    return statement.order_by(key.desc() if sort.descending else key, position).limit(limit)


@within_range()
def unkeyed(connection: Connection, wanted: Wanted, sort: Sort, after: int | None, limit: int) -> list[int]:
    """Positions of the rows without the key, ascending, after ``after``. With the key ``position``, which every row
    has, of all rows, in the order that ``sort`` says."""
    parts = Parts(connection, wanted)
    column = parts.driver.c.position
    if sort.sources:
        parts.without(sort)
    down = sort.descending and not sort.sources
    if after is not None:
        parts.where.append(column < after if down else column > after)
    statement = parts.select(column).order_by(column.desc() if down else column)
    return list(connection.execute(statement.limit(limit)).scalars())


@within_range()
def count(connection: Connection, wanted: Wanted) -> int:
    """How many rows there are."""
    parts = Parts(connection, wanted)
    return int(connection.execute(parts.select(func.count(parts.driver.c.position))).scalar_one())


@within_range()
def positions(connection: Connection, wanted: Wanted, span: range) -> list[int]:
    """The positions of the rows, ascending, among those of ``span``."""
    parts = Parts(connection, wanted)
    column = parts.driver.c.position
    parts.where += [column >= span.start, column < span.stop]
    return list(connection.execute(parts.select(column).order_by(column)).scalars())


def chosen(connection: Connection, wanted: Wanted) -> Select[int]:
    """The positions of the rows, for a statement around it."""
    parts = Parts(connection, wanted)
    return parts.select(parts.driver.c.position)


def in_pieces(connection: Connection, batch_id: int) -> bool:
    """Whether a keyword of the batch was typed with letters in pieces."""
    some = select(literal(1)).where(item.c.batch_id == batch_id, written_in_pieces(connection, item)).limit(1)
    return connection.execute(some).first() is not None


def cells(
    connection: Connection, batch_id: int, sources: Sequence[str], positions: Sequence[int], upto: int | None
) -> Sequence[Row[Any]]:
    """The readings of these rows. The sources are named because the primary key begins with them."""
    c = reading.c
    statement = select(reading).where(c.batch_id == batch_id, c.source.in_(sources), c.position.in_(positions))
    return connection.execute(statement.where(there(reading, upto))).all()


def values(connection: Connection, batch_id: int, source: str, span: range) -> Sequence[Row[int, str, float | None]]:
    """(position, state, value) of the readings of ``source`` at the positions of ``span``, by position."""
    c = reading.c
    statement = select(c.position, c.state, c.value).where(
        c.batch_id == batch_id, c.source == source, c.position >= span.start, c.position < span.stop
    )
    return connection.execute(statement.order_by(c.position)).all()
