"""The language of formulas: numbers, names of columns, ``+ - * /``, brackets, a minus sign, ``min``, ``max``, ``abs``
and ``log10``.

Python's own parser reads it, after every name was replaced by a placeholder: names have dots and may hold words of
Python (``wordfreq.is``). Of the tree it gives only the nodes named here are understood, all else is refused; no text is
ever evaluated.
"""

import ast
import math
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.errors import BadValue

#: The longest formula, in characters and in numbers, names and operations.
MAX_LENGTH = 500
MAX_NODES = 100

#: What is done with the parts of an operation: two, one (neg, abs, log10), or two and more (min, max).
Sign = Literal["+", "-", "*", "/", "neg", "abs", "log10", "min", "max"]
_BINARY: Mapping[type[ast.operator], Sign] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_OF_ONE: Mapping[str, Sign] = {"abs": "abs", "log10": "log10"}
_OF_MANY: Mapping[str, Sign] = {"min": "min", "max": "max"}
_FUNCTIONS = (*_OF_MANY, *_OF_ONE)
#: Signs as they are printed, beside those of a keyboard.
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_NAME = r"[^\W\d]\w*(?:\.\w+)*"
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_THOUSANDS = re.compile(r"\d,\d{3}(?!\d)")


@dataclass(frozen=True, slots=True)
class Name:
    """A column, called so."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Something done with parts, in their order."""

    sign: Sign
    parts: tuple["Expression", ...]


Expression = float | Name | Operation


def parse(text: str, known: Collection[str]) -> Expression:
    """What ``text`` says over the columns ``known``. Raises BadValue."""
    return _Reader(text, known).read()


def names(expression: Expression) -> Iterator[str]:
    """The columns that it names, in their order, perhaps several times."""
    if isinstance(expression, Name):
        yield expression.name
    elif isinstance(expression, Operation):
        for part in expression.parts:
            yield from names(part)


class _Reader:
    """Reads one formula. Where it makes no sense, the error says at which character, counted from 1."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.text = text
        self.known = known
        self.names: dict[str, str] = {}  # by placeholder
        self.starts: list[int] = []  # of each token in what was written …
        self.placed: list[int] = []  # … and in what Python reads

    def read(self) -> Expression:
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
        return self.made(tree)

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

    def made(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=float(number)):
                return number
            case ast.Name(id=name) if name in self.names:
                return Name(self.names[name])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Operation("neg", (self.made(operand),))
            case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _BINARY:
                return Operation(_BINARY[type(operation)], (self.made(left), self.made(right)))
            case ast.Call(func=ast.Name(id=name), args=[only]) if name in _OF_ONE:
                return Operation(_OF_ONE[name], (self.made(only),))
            case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as several) if name in _OF_MANY:
                return Operation(_OF_MANY[name], tuple(map(self.made, several)))
            case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
                why = "takes one part" if name in _OF_ONE else "takes two parts or more"
                raise self.bad(f"{name} {why} ({self.where(node.col_offset)}).")
        raise self.bad(f"It makes no sense from {self.where(node.col_offset)} on.")

    def where(self, column: int) -> str:
        """The character at which the token stands that Python has at ``column``; -1 is the end."""
        return f"character {self.starts[bisect_right(self.placed, column) - 1] + 1}" if column >= 0 else "its end"

    def bad(self, why: str) -> BadValue:
        return BadValue(name="formula", value=self.text, why=why)
