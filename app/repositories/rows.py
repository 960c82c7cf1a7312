"""Which rows of a batch are wanted, and the parts of a statement that finds them.

Every statement begins with one table of the batch and finds the others by position. Nothing but the primary keys is
needed for that: items, and the readings of one source, lie by position.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from app.models.tables import item, reading
from app.repositories import terms
from app.repositories.finding import Letter, begins, holds
from app.repositories.terms import Term, Terms

Key = Literal["position", "typed", "value", "state", "observed_at", "term"]
Comparison = Literal["<", "<=", "=", ">=", ">"]
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
    ``comparison``, a value. A range under a number that fits fits too.

    With a ``term`` instead of a source: one of ``states`` is what there is of it, a number (``ok``), a ``range`` or
    ``none``; or, with a ``comparison``, the number. Only of a quotient is it known whether it is a range or none."""

    source: str = ""
    states: tuple[str, ...] = ()
    unread: bool = False
    comparison: Comparison | None = None
    number: float = 0.0
    term: Term | None = None

    @property
    def sources(self) -> frozenset[str]:
        """Those whose readings decide."""
        return frozenset([self.source] if self.term is None else terms.sources(self.term))


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

    @property
    def everything(self) -> bool:
        """Whether all rows are wanted."""
        return not self.filters and not self.spellings


@dataclass(frozen=True, slots=True)
class Sort:
    """By ``key``: of the readings of ``source``, of the items themselves (""), or by the number of ``term``."""

    key: Key
    source: str = ""
    descending: bool = False
    term: Term | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Those whose readings decide; the first has one for every row that has the key."""
        if self.term is not None:
            return terms.sources(self.term)
        return (self.source,) if self.source else ()


_Clause = ColumnElement[bool]
_Such = Callable[[FromClause], _Clause]


class Parts:
    """The parts of a statement: the table that drives it, those joined to it, and the conditions."""

    def __init__(self, connection: Connection, wanted: Wanted, driver: FromClause | None = None) -> None:
        self._sqlite = connection.dialect.name == "sqlite"
        self._wanted = wanted
        self._legs: dict[str, FromClause] = {} if driver is None else {"*": driver}
        self._terms = Terms(self.leg, self._sqlite)
        self._absent: list[Callable[[], _Clause]] = []
        self.where: list[_Clause] = []
        # What leaves few rows had better drive: states are mostly asked for because they are rare.
        for one in sorted(wanted.filters, key=lambda one: one.comparison is not None):
            if one.unread or "none" in one.states:
                self._absent.append(self._besides(one))
            else:
                self.where.append(self._rare(self._fits(one)))
        if wanted.spellings:
            items = self.leg("")
            found = [holds(connection, items.c.typed, spelling) for spelling in wanted.spellings]
            found += [begins(connection, items, wanted.initials, in_pieces=wanted.in_pieces)] if wanted.initials else []
            self.where.append(self._rare(or_(*found)))

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
        """What ``sort`` goes by; from now on, only rows that have it."""
        if sort.term is not None:
            number = self._terms.number(sort.term)
            self.where.append(terms.exists(number))
            return number
        column: ColumnElement[Any] = self.leg(sort.source).c[sort.key]
        if sort.key == "value":
            self.where.append(column.is_not(None))
        # By code points, as SQLite compares, whatever language the database was made for.
        return column.collate("C") if sort.key == "typed" and not self._sqlite else column

    def without(self, sort: Sort) -> None:
        """From now on, only rows that do not have the key of ``sort``."""
        if sort.term is not None:
            self._absent.append(partial(self._worked, sort.term, ("ok",)))
            return
        self._absent.append(partial(self._read, sort.source, _valued if sort.key == "value" else _any))

    def select(self, *columns: Any) -> Select[Any]:
        """The statement, with every table joined to the driver by position."""
        driver = self.driver
        joined: FromClause = driver
        for leg in list(self._legs.values())[1:]:
            joined = joined.join(leg, leg.c.position == driver.c.position)
        none = [~found() for found in self._absent]
        return select(*columns).select_from(joined).where(*self.where, *none)

    def _rare(self, condition: _Clause) -> _Clause:
        """SQLite, which knows nothing of how many rows fit, then drives with the table that this is about; the other
        way round it would look up a row of it for every row of the batch."""
        return func.unlikely(condition) if self._sqlite else condition

    def _read(self, source: str, such: _Such) -> _Clause:
        other = reading.alias()
        where = [*self._of(other, source), other.c.position == self.driver.c.position, such(other)]
        return exists(select(literal(1)).select_from(other).where(*where))

    def _fits(self, one: Filter) -> _Clause:
        if one.term is None:
            return _fits(self.leg(one.source), one)
        if one.comparison is None:
            return _has(self._terms, one.term, one.states)
        number = self._terms.number(one.term)
        return and_(terms.exists(number), _COMPARE[one.comparison](number, one.number))

    def _besides(self, one: Filter) -> Callable[[], _Clause]:
        """What must not be there where nothing is wanted, or one of some states."""
        if one.term is None:
            return partial(self._read, one.source, partial(_other, one.states))
        return partial(self._worked, one.term, [state for state in ("ok", "range") if state not in one.states])

    def _worked(self, term: Term, states: Sequence[str]) -> _Clause:
        """Whether a row has one of ``states`` of ``term``."""
        legs = {source: reading.alias() for source in terms.sources(term)}
        where = [part for source, leg in legs.items() for part in self._of(leg, source)]
        where += [leg.c.position == self.driver.c.position for leg in legs.values()]
        has = _has(Terms(legs.__getitem__, self._sqlite), term, states)
        return exists(select(literal(1)).select_from(*legs.values()).where(*where, has))

    def _of(self, table: FromClause, source: str) -> list[_Clause]:
        own: list[_Clause] = [table.c.batch_id == self._wanted.batch]
        return [*own, table.c.source == source, there(table, self._wanted.upto)] if source else own


def there(table: FromClause, upto: int | None) -> _Clause:
    """Readings up to that seq. The sum keeps the index of seqs out of it: all but the last few of them fit."""
    return true() if upto is None else table.c.seq + 0 <= upto


def _fits(table: FromClause, one: Filter) -> _Clause:
    c = table.c
    if one.comparison is None:
        return c.state == one.states[0] if len(one.states) == 1 else c.state.in_(one.states)
    exactly: _Clause = _COMPARE[one.comparison](c.value, one.number)
    return or_(exactly, c.upper <= one.number) if one.comparison in ("<", "<=") else exactly


def _any(_table: FromClause) -> _Clause:
    return true()


def _valued(table: FromClause) -> _Clause:
    return table.c.value.is_not(None)


def _other(states: Sequence[str], table: FromClause) -> _Clause:
    return table.c.state.not_in(states) if states else true()


def _has(over: Terms, term: Term, states: Sequence[str]) -> _Clause:
    """Whether what there is of ``term`` is one of ``states``: ok, range."""
    tests = [terms.exists(over.number(term))] if "ok" in states else []
    if "range" in states:
        parts = terms.quotient(term)
        assert parts is not None  # nobody may ask it of anything else
        tests.append(over.ranges(*parts))
    return or_(false(), *tests)
