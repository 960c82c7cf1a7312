"""Columns computed from a row's cells, never stored: formulas (`app.services.expressions`) over what sources said. They
are turned once into functions over intervals."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import add, mul, neg, sub, truediv
from typing import Literal

from app.services import bands, expressions, intervals
from app.services.bands import Bands
from app.services.expressions import Expression, Name, Operation, Sign
from app.services.intervals import Interval
from app.services.shapes import Cell
from app.sources import registry

_Parts = Mapping[str, Interval | None]
_Run = Callable[[_Parts], Interval | None]
_One = Callable[[Interval], Interval | None]
_Two = Callable[[Interval, Interval], Interval | None]
_OF_TWO: Mapping[Sign, _Two] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "min": intervals.least,
    "max": intervals.greatest,
}
_OF_ONE: Mapping[Sign, _One] = {"neg": neg, "abs": abs, "log10": intervals.log10}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be computed. ``names`` are the columns it needs, in the order of their first mention; ``tree``
    is what it says."""

    text: str
    names: tuple[str, ...]
    tree: Expression = field(repr=False, compare=False)
    _run: _Run = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, known: Collection[str]) -> "Formula":
        """The formula of ``text`` over the columns ``known``, named as in the wide CSV's header. Raises BadValue."""
        tree = expressions.parse(text, known)
        return cls(text, tuple(dict.fromkeys(expressions.names(tree))), tree, _running(tree))

    def value(self, parts: _Parts) -> Interval | None:
        """The value where its columns hold ``parts``; None where one is missing or there is no value (x ÷ 0)."""
        return self._run(parts)


@dataclass(frozen=True, slots=True)
class DerivedCell:
    """A computed value: a number, a range, or nothing. ``band`` counts from 0; None without bands or in doubt."""

    interval: Interval | None = None
    band: int | None = None

    @property
    def state(self) -> Literal["ok", "range", ""]:
        if self.interval is None:
            return ""
        return "range" if self.value is None else "ok"

    @property
    def value(self) -> float | None:
        """The number, where it is known as one."""
        found = self.interval
        return found.low if found is not None and found.low == found.high else None


_EMPTY = DerivedCell()
#: How the names of competition ratios begin; the rest says which documents.
_RATIO = "competition."


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed column: its name in programs, its titles, how it is computed and shown."""

    key: str
    ko: str
    en: str
    formula: Formula
    decimals: int = 2
    bands: Bands | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it is a competition ratio."""
        return self.key.startswith(_RATIO)

    def cell(self, cells: Mapping[str, Cell]) -> DerivedCell:
        """The value of a row with these ``cells``, by the names of their sources."""
        found = self.formula.value({name: _part(cells, name) for name in self.formula.names})
        if found is None or found == intervals.ANYTHING:
            return _EMPTY
        return DerivedCell(found, self.bands.of(found) if self.bands else None)


def competition(documents: str, volume: str) -> Derived:
    """The competition ratio: all documents that the source ``documents`` counts ÷ monthly searches of ``volume``. Low
    is good; some tools publish the inverse. Raises UnknownSource."""
    counted, searched = registry.get(documents).about, registry.get(volume).about
    return Derived(
        key=f"{_RATIO}{documents}",
        ko=f"경쟁률 ({counted.ko} ÷ {searched.ko})",
        en=f"Competition ({counted.en} ÷ {searched.en})",
        formula=Formula.parse(f"{documents} / {volume}", (documents, volume)),
        bands=bands.COMPETITION,
    )


def text(cell: DerivedCell, decimals: int) -> str:
    """A computed value for people, as `intervals.text` writes it; "" for none."""
    return intervals.text(cell.interval, decimals) if cell.interval else ""


def csv(cell: DerivedCell) -> tuple[float | Literal[""], str]:
    """A computed value as it stands in a CSV: the number or nothing, and its status, whose first word says which it
    is: ``ok``, ``range 0.5..1.2``, ``above 627.15``, ``below 3``, or "" for none."""
    status = intervals.status(cell.interval) if cell.interval else ""
    value = cell.value
    return "" if value is None else value, status


def _part(cells: Mapping[str, Cell], name: str) -> Interval | None:
    """What the column ``name`` holds: a source's value, or a further column of a source."""
    if (cell := cells.get(name)) is not None:
        return intervals.known(cell)
    upstream, _, rest = name.partition(".")
    channel, _, key = rest.partition(".")
    cell = cells.get(f"{upstream}.{channel}")
    return intervals.known_part(cell, key) if cell is not None else None


def _running(tree: Expression) -> _Run:
    """The function that works it out."""
    match tree:
        case Operation(sign, parts) if sign in _OF_TWO:
            return reduce(partial(_of_two, _OF_TWO[sign]), map(_running, parts))
        case Operation(sign, (part,)):
            return _of_one(_OF_ONE[sign], _running(part))
        case Name(name):
            return _column(name)
        case float(number):
            return _always(intervals.exact(number))
    raise AssertionError(tree)  # there is nothing else


def _always(value: Interval) -> _Run:
    return lambda parts: value


def _column(name: str) -> _Run:
    return lambda parts: parts.get(name)


def _of_one(function: _One, part: _Run) -> _Run:
    def run(parts: _Parts) -> Interval | None:
        x = part(parts)
        return None if x is None else function(x)

    return run


def _of_two(function: _Two, left: _Run, right: _Run) -> _Run:
    def run(parts: _Parts) -> Interval | None:
        x, y = left(parts), right(parts)
        return None if x is None or y is None else function(x, y)

    return run
