"""SQL of numbers that a row has by what sources said of it: further columns of a source, and formulas.

A number is exact or is none: where something that it needs is only known as a range, or was not said, there is none.
Where a formula has no value (x ÷ 0) SQLite gives null, and so does it for anything made of null. On Postgres, whose
`least` and `greatest` pass over null, that part is played by NaN, which they take for the greatest number of all; what
is no finite number is none in the end.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import add, mul, sub
from sys import float_info
from typing import Any, Literal

from sqlalchemy import ColumnElement, Double, FromClause, and_, case, cast, func, literal, not_, or_
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.exc import DataError

from app.errors import BadValue

Sign = Literal["+", "-", "*", "/", "neg", "abs", "log10", "min", "max"]
Number = ColumnElement[Any]
Test = ColumnElement[bool]
#: The readings of a source, joined to the row.
Leg = Callable[[str], FromClause]
_ARITHMETIC: Mapping[Sign, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul}
_NAN = float("nan")
#: Postgres' state of an error about a number beyond what it can hold.
_OUT_OF_RANGE = "22003"


@dataclass(frozen=True, slots=True)
class Said:
    """What a source said: its value, or the number in its further column ``part``."""

    source: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """Something worked out of parts, in their order."""

    sign: Sign
    parts: tuple["Term", ...]


Term = float | Said | Worked


def sources(term: Term) -> tuple[str, ...]:
    """The sources that it needs, each once, in the order of their first mention."""
    found = [term.source] if isinstance(term, Said) else []
    parts = term.parts if isinstance(term, Worked) else ()
    return tuple(dict.fromkeys([*found, *(name for part in parts for name in sources(part))]))


def quotient(term: Term) -> tuple[Said, Said] | None:
    """What is divided by what, in a term that does nothing else."""
    match term:
        case Worked("/", (Said() as over, Said() as under)):
            return over, under
    return None


def exists(number: Number) -> Test:
    """Whether there is such a number."""
    return func.abs(number) <= float_info.max


@contextmanager
def within_range() -> Iterator[None]:
    """Around statements that work numbers out. Raises BadValue where one is beyond what Postgres can hold: it gives up
    then, while SQLite goes on with an infinite number."""
    try:
        yield
    except DataError as exc:
        if getattr(exc.orig, "sqlstate", "") != _OUT_OF_RANGE:
            raise
        why = "It works out to numbers too large or too small to be compared."
        raise BadValue(name="formula", value="", why=why) from exc


@dataclass(frozen=True, slots=True)
class Terms:
    """Writes terms over the legs of one statement, for one kind of database."""

    leg: Leg
    sqlite: bool

    def number(self, term: Term) -> Number:
        """The number."""
        match term:
            case Worked("/", (Said() as over, Said() as under)):
                return self._quotient(over, under)
            case Said():
                return self._void(self._exact(term))
            case Worked("neg" | "abs" | "log10" as sign, (part,)):
                return self._of_one(sign, self.number(part))
            case Worked("min" | "max" as sign, parts):
                return self._of_many(sign, [self.number(part) for part in parts])
            case Worked("/", (over, under)):
                return self.number(over) / self._void(func.nullif(self.number(under), 0.0, type_=Double))
            case Worked(sign, parts):
                return reduce(_ARITHMETIC[sign], map(self.number, parts))
        return literal(term, Double)

    def ranges(self, over: Said, under: Said) -> Test:
        """Whether ``over`` ÷ ``under`` is known only as a range: as in `app.services.intervals`, whose words these
        are."""
        x, y = self._ends(over), self._ends(under)
        known = and_(or_(x.exact, x.ranged), or_(y.exact, y.ranged), not_(and_(x.exact, y.exact)))
        no_number = or_(and_(y.exact, y.low == 0), and_(x.zero, y.zero), and_(y.ranged, y.low < 0, y.high > 0))
        return and_(known, not_(no_number), not_(and_(x.exact, x.low == 0)))

    def _quotient(self, over: Said, under: Said) -> Number:
        """0 ÷ what is surely not 0 is 0, however much it is."""
        x, y = self._exact(over), self._exact(under)
        found: Number = x / func.nullif(y, 0.0, type_=Double)
        if not under.part:
            c = self.leg(under.source).c
            surely = and_(c.state == "below", x == 0, self._least(under) > 0, self._least(under) < c.upper)
            found = case((surely, literal(0.0, Double)), else_=found)
        return self._void(found)

    def _of_one(self, sign: Sign, x: Number) -> Number:
        if sign == "neg":
            return -x
        if sign == "abs":
            return func.abs(x, type_=Double)
        if self.sqlite:
            return func.log10(x, type_=Double)
        return func.log(self._void(func.nullif(func.greatest(x, 0.0), 0.0, type_=Double)), type_=Double)

    def _of_many(self, sign: Sign, parts: list[Number]) -> Number:
        if self.sqlite:
            return (func.min if sign == "min" else func.max)(*parts, type_=Double)
        if sign == "max":
            return func.greatest(*parts, type_=Double)
        return -func.greatest(*(-part for part in parts), type_=Double)  # NaN comes out of it; `least` would drop it

    def _void(self, number: Number) -> Number:
        """The number, or what stands for none."""
        return number if self.sqlite else func.coalesce(number, literal(_NAN, Double), type_=Double)

    def _exact(self, said: Said) -> Number:
        c = self.leg(said.source).c
        return self._told(c.data, said.part) if said.part else c.value

    def _least(self, said: Said) -> Number:
        """The lower end of a range that a value is in."""
        return func.coalesce(self._told(self.leg(said.source).c.data, "at_least"), 0.0, type_=Double)

    def _ends(self, said: Said) -> "_Ends":
        c, exact = self.leg(said.source).c, self._exact(said)
        low: Number = literal(0.0, Double) if said.part else self._least(said)
        high: Number = self._told(c.data, said.part, "below") if said.part else c.upper
        ranged = and_(exact.is_(None), high.is_not(None), low < high)
        known = exact.is_not(None)
        return _Ends(known, ranged, case((known, exact), else_=low), case((known, exact), else_=high))

    def _told(self, data: Number, *keys: str) -> Number:
        """The number that stands in what else was said under these keys; null for anything that is none."""
        if self.sqlite:
            path = "$" + "".join(f'."{key}"' for key in keys)
            number = func.json_type(data, path).in_(["integer", "real"])
            return case((number, cast(func.json_extract(data, path), Double)))
        json = cast(data, JSON)
        found = func.json_extract_path_text(json, *keys)
        return case((func.json_typeof(func.json_extract_path(json, *keys)) == "number", cast(found, Double)))


@dataclass(frozen=True, slots=True)
class _Ends:
    """What is known of a number: ``exact``, or that it is from ``low`` to under ``high``, or nothing."""

    exact: Test
    ranged: Test
    low: Number
    high: Number

    @property
    def zero(self) -> Test:
        """Whether it may be 0."""
        return or_(and_(self.exact, self.low == 0), and_(self.ranged, self.low <= 0, self.high > 0))
