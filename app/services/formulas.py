"""Columns computed from a row's cells, never stored: formulas over what sources said.

The language is small: numbers, names of columns, ``+ - * /``, brackets, a minus sign, ``min``, ``max``, ``abs`` and
``log10``. Python's own parser reads it, after every name was replaced by a placeholder: names have dots and may hold
words of Python (``wordfreq.is``). Of the tree it gives only the nodes named here are understood, all else is refused.
They are turned once into functions over intervals; no text is ever evaluated.
"""

import ast
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Literal

from app.errors import BadValue
from app.services import bands, intervals
from app.services.bands import Bands
from app.services.intervals import Interval
from app.services.shapes import Cell
from app.sources import registry

#: The longest formula, in characters and in numbers, names and operations.
MAX_LENGTH = 500
MAX_NODES = 100

_Parts = Mapping[str, Interval | None]
_Run = Callable[[_Parts], Interval | None]
_One = Callable[[Interval], Interval | None]
_Two = Callable[[Interval, Interval], Interval | None]
_BINARY: Mapping[type[ast.operator], _Two] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv}
_OF_ONE: Mapping[str, _One] = {"abs": abs, "log10": intervals.log10}
_OF_MANY = {"min": intervals.least, "max": intervals.greatest}
_FUNCTIONS = (*_OF_MANY, *_OF_ONE)
#: Signs as they are printed, beside those of a keyboard.
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_NAME = r"[^\W\d]\w*(?:\.\w+)*"
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that can be computed. ``names`` are the columns it needs, in the order of their first mention."""

    text: str
    names: tuple[str, ...]
    _run: _Run = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, known: Collection[str]) -> "Formula":
        """The formula of ``text`` over the columns ``known``, named as in the wide CSV's header. Raises BadValue."""
        return _Reader(text, known).read()

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


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed column: its name in programs, its titles, how it is computed and shown."""

    key: str
    ko: str
    en: str
    formula: Formula
    decimals: int = 2
    bands: Bands | None = None

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
        key=f"competition.{documents}",
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


class _Reader:
    """Reads one formula. Where it makes no sense, the error says at which character, counted from 1."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.text = text
        self.known = known
        self.names: dict[str, str] = {}  # by placeholder
        self.starts: list[int] = []  # of each token in what was written …
        self.placed: list[int] = []  # … and in what Python reads

    def read(self) -> Formula:
        if len(self.text) > MAX_LENGTH:
            raise BadValue(name="formula", value=self.text[:60], why=f"Give at most {MAX_LENGTH} characters.")
        if found := _THOUSANDS.search(self.text):
            raise self.bad(f"Write 1000 for 1,000, and 1, 000 for two numbers (character {found.start() + 1}).")
        tokens = self.tokens()
        if not self.names:
            raise self.bad(f"Name at least one column: {', '.join(self.known)}.")
        try:
            tree = ast.parse(tokens, mode="eval").body
        except SyntaxError as error:
            raise self.bad(f"It makes no sense from {self.where((error.offset or 0) - 1)} on.") from None
        except (MemoryError, RecursionError):
            raise self.bad("It has too many brackets in one another.") from None
        if sum(isinstance(node, ast.expr) for node in ast.walk(tree)) > MAX_NODES:
            raise self.bad(f"Give at most {MAX_NODES} numbers, names and operations.")
        return Formula(self.text, tuple(dict.fromkeys(self.names.values())), self.run(tree))

    def tokens(self) -> str:
        """The formula with a placeholder for every column, as Python can read it."""
        exact = "|".join(re.escape(name) for name in sorted(self.known, key=len, reverse=True))
        token = re.compile(rf"(?P<name>(?:{exact or '(?!)'})(?!\.?\w)|{_NAME})|(?P<number>{_NUMBER})|[-+*/(),×÷−]")
        found: list[str] = []
        at = 0
        while at < len(self.text):
            if self.text[at].isspace():
                at += 1
                continue
            match = token.match(self.text, at)
            if match is None:
                raise self.bad(f'"{self.text[at]}" (character {at + 1}) cannot stand in a formula.')
            self.starts.append(at)
            self.placed.append(sum(map(len, found)) + len(found))
            found.append(self.token(match))
            at = match.end()
        return " ".join(found)

    def token(self, match: re.Match[str]) -> str:
        said, at = match.group(), f"(character {match.start() + 1})"
        if match["number"]:
            if not math.isfinite(float(said)):
                raise self.bad(f"{said} {at} is too large.")
            return repr(float(said))
        if not match["name"] or (said in _FUNCTIONS and said not in self.known):
            return _SIGNS.get(said, said)
        if said not in self.known:
            raise self.bad(f'There is no column "{said}" {at}. Known: {", ".join((*self.known, *_FUNCTIONS))}.')
        placeholder = f"v{len(self.names)}"
        self.names[placeholder] = said
        return placeholder

    def run(self, node: ast.expr) -> _Run:
        match node:
            case ast.Constant(value=float(number)):
                return _always(intervals.exact(number))
            case ast.Name(id=name) if name in self.names:
                return _column(self.names[name])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _of_one(neg, self.run(operand))
            case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _BINARY:
                return _of_two(_BINARY[type(operation)], self.run(left), self.run(right))
            case ast.Call(func=ast.Name(id=name), args=[only]) if name in _OF_ONE:
                return _of_one(_OF_ONE[name], self.run(only))
            case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as several) if name in _OF_MANY:
                return reduce(lambda x, y: _of_two(_OF_MANY[name], x, y), map(self.run, several))
            case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
                why = "takes one part" if name in _OF_ONE else "takes two parts or more"
                raise self.bad(f"{name} {why} ({self.where(node.col_offset)}).")
        raise self.bad(f"It makes no sense from {self.where(node.col_offset)} on.")

    def where(self, column: int) -> str:
        """The character at which the token stands that Python has at ``column``; -1 is the end."""
        return f"character {self.starts[bisect_right(self.placed, column) - 1] + 1}" if column >= 0 else "its end"

    def bad(self, why: str) -> BadValue:
        return BadValue(name="formula", value=self.text, why=why)


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
