"""SQL of a batch's table: which of its items come where, by a key and then by position.

Every statement begins with one table of the batch and finds the others by position. Nothing but the primary keys is
needed for that: items, and the readings of one source, lie by position, so a page by position ends as soon as it is
full, and one by another key looks at each row of one source once.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)

from app.models.tables import item, reading
from app.repositories.finding import Letter, begins, holds, written_in_pieces

Key = Literal["position", "typed", "value", "state", "observed_at"]
Comparison = Literal["<", "<=", "=", ">=", ">"]
#: A row's key and its position.
Place = tuple[float | int | str, int]
_COMPARE: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a source has to have said of a row: one of ``states`` (with ``unread``: or nothing yet), or, with a
    ``comparison``, a value. A range under a number that fits fits too."""

    source: str
    states: tuple[str, ...] = ()
    unread: bool = False
    comparison: Comparison | None = None
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of a batch that fit every filter and whose keyword, as typed, has one of ``spellings`` in it, or
    ``initials`` one after the other (none of both: any). ``in_pieces``: some keywords may be typed with their letters
    in pieces. Readings after seq ``upto`` are not there yet; None = all are."""

    batch: int
    filters: tuple[Filter, ...] = ()
    spellings: tuple[str, ...] = ()
    initials: tuple[Letter, ...] = ()
    in_pieces: bool = True
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """By ``key``, of the readings of ``source`` or ("") of the items themselves."""

    key: Key
    source: str = ""
    descending: bool = False


def keyed(
    connection: Connection, wanted: Wanted, sort: Sort, after: Place | None, limit: int, *, ahead: int = 0
) -> Sequence[Row[int, Any]]:
    """(position, key) of the rows that have the key, by it and then by position, beginning after that ``after``.

    ``ahead``: look first among so many rows in that order, whatever the filters of other sources let through; for where
    they let much through, as finding out about every row costs more than the sorting."""
    others = tuple(one for one in wanted.filters if one.source != sort.source)
    if not (ahead and others):
        return connection.execute(_keyed(connection, wanted, sort, after, limit)).all()
    own = tuple(one for one in wanted.filters if one.source == sort.source)
    first = _keyed(connection, replace(wanted, filters=own), sort, after, ahead).subquery()
    parts = _Parts(connection, replace(wanted, filters=others), driver=first)
    key = first.c.key
    statement = parts.select(first.c.position, key).order_by(key.desc() if sort.descending else key, first.c.position)
    found = connection.execute(statement.limit(limit)).all()
    return found if len(found) == limit else keyed(connection, wanted, sort, after, limit)


def _keyed(connection: Connection, wanted: Wanted, sort: Sort, after: Place | None, limit: int) -> Select[Any]:
    parts = _Parts(connection, wanted)
    key = parts.key(sort)
    position = parts.leg(sort.source).c.position
    if after is not None:
        # Said in this way, an index by the key can begin at the place.
        parts.where.append(key <= after[0] if sort.descending else key >= after[0])
        parts.where.append(or_(key != after[0], position > after[1]))
    statement = parts.select(position, key.label("key"))
    return statement.order_by(key.desc() if sort.descending else key, position).limit(limit)


def unkeyed(connection: Connection, wanted: Wanted, sort: Sort, after: int | None, limit: int) -> list[int]:
    """Positions of the rows without the key, ascending, after ``after``. With the key ``position``, which every row
    has, of all rows, in the order that ``sort`` says."""
    parts = _Parts(connection, wanted)
    column = parts.driver.c.position
    if sort.source:
        parts.without(sort)
    down = sort.descending and not sort.source
    if after is not None:
        parts.where.append(column < after if down else column > after)
    statement = parts.select(column).order_by(column.desc() if down else column)
    return list(connection.execute(statement.limit(limit)).scalars())


def count(connection: Connection, wanted: Wanted) -> int:
    """How many rows there are."""
    parts = _Parts(connection, wanted)
    return int(connection.execute(parts.select(func.count(parts.driver.c.position))).scalar_one())


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
    return connection.execute(statement.where(_there(reading, upto))).all()


def values(connection: Connection, batch_id: int, source: str, span: range) -> Sequence[Row[int, str, float | None]]:
    """(position, state, value) of the readings of ``source`` at the positions of ``span``, by position."""
    c = reading.c
    statement = select(c.position, c.state, c.value).where(
        c.batch_id == batch_id, c.source == source, c.position >= span.start, c.position < span.stop
    )
    return connection.execute(statement.order_by(c.position)).all()


class _Parts:
    """The parts of a statement: the table that drives it, those joined to it, and the conditions."""

    def __init__(self, connection: Connection, wanted: Wanted, driver: FromClause | None = None) -> None:
        self._sqlite = connection.dialect.name == "sqlite"
        self._wanted = wanted
        self._legs: dict[str, FromClause] = {} if driver is None else {"*": driver}
        self.where: list[ColumnElement[bool]] = []
        asked = [one for one in wanted.filters if not one.unread]
        # What leaves few rows had better drive: states are mostly asked for because they are rare.
        for one in sorted(asked, key=lambda one: one.comparison is not None):
            self.where.append(self._rare(_fits(self.leg(one.source), one)))
        if wanted.spellings:
            items = self.leg("")
            found = [holds(connection, items.c.typed, spelling) for spelling in wanted.spellings]
            found += [begins(connection, items, wanted.initials, in_pieces=wanted.in_pieces)] if wanted.initials else []
            self.where.append(self._rare(or_(*found)))
        self._absent = [(one.source, _besides(one)) for one in wanted.filters if one.unread]

    @property
    def driver(self) -> FromClause:
        """The table whose rows are looked at one after the other: the items, if nothing else is asked for."""
        return next(iter(self._legs.values())) if self._legs else self.leg("")

    def leg(self, source: str) -> FromClause:
        """The readings of ``source``, or ("") the items."""
        if source not in self._legs:
            self._legs[source] = (reading if source else item).alias()
            self.where += self._of(self._legs[source], source)
        return self._legs[source]

    def key(self, sort: Sort) -> ColumnElement[Any]:
        """The column that ``sort`` goes by; from now on, only rows that have it."""
        column: ColumnElement[Any] = self.leg(sort.source).c[sort.key]
        if sort.key == "value":
            self.where.append(column.is_not(None))
        # By code points, as SQLite compares, whatever language the database was made for.
        return column.collate("C") if sort.key == "typed" and not self._sqlite else column

    def without(self, sort: Sort) -> None:
        """From now on, only rows that do not have the key of ``sort``."""
        self._absent.append((sort.source, lambda table: table.c.value.is_not(None) if sort.key == "value" else true()))

    def select(self, *columns: Any) -> Select[Any]:
        """The statement, with every table joined to the driver by position."""
        driver = self.driver
        joined: FromClause = driver
        for leg in list(self._legs.values())[1:]:
            joined = joined.join(leg, leg.c.position == driver.c.position)
        none = [~self._read(source, such) for source, such in self._absent]
        return select(*columns).select_from(joined).where(*self.where, *none)

    def _rare(self, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """SQLite, which knows nothing of how many rows fit, then drives with the table that this is about; the other
        way round it would look up a row of it for every row of the batch."""
        return func.unlikely(condition) if self._sqlite else condition

    def _read(self, source: str, such: "_Such") -> ColumnElement[bool]:
        other = reading.alias()
        where = [*self._of(other, source), other.c.position == self.driver.c.position, such(other)]
        return exists(select(literal(1)).select_from(other).where(*where))

    def _of(self, table: FromClause, source: str) -> list[ColumnElement[bool]]:
        own: list[ColumnElement[bool]] = [table.c.batch_id == self._wanted.batch]
        return [*own, table.c.source == source, _there(table, self._wanted.upto)] if source else own


_Such = Callable[[FromClause], ColumnElement[bool]]


def _there(table: FromClause, upto: int | None) -> ColumnElement[bool]:
    """Readings up to that seq. The sum keeps the index of seqs out of it: all but the last few of them fit."""
    return true() if upto is None else table.c.seq + 0 <= upto


def _fits(table: FromClause, one: Filter) -> ColumnElement[bool]:
    c = table.c
    if one.comparison is None:
        return c.state == one.states[0] if len(one.states) == 1 else c.state.in_(one.states)
    exactly: ColumnElement[bool] = _COMPARE[one.comparison](c.value, one.number)
    return or_(exactly, c.upper <= one.number) if one.comparison in ("<", "<=") else exactly


def _besides(one: Filter) -> _Such:
    """What a reading must not be where none is wanted, or one of some states."""
    return lambda table: table.c.state.not_in(one.states) if one.states else true()
