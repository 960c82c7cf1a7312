"""Numbers of which only a range is known, and their arithmetic. Pure.

An interval holds every value that a number may have. What an operation gives holds the outcome for every choice of
members that has one: it is never narrower than the truth. It may be wider where a number occurs twice (``x - x``),
because each occurrence is taken for a number of its own. Ends are floats, as exact as the nearest float is.
"""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from app.services.shapes import Cell

#: An end of an interval: its value, and whether it is left out.
End = tuple[float, bool]
#: As many digits as the largest float and any number of decimals need.
_DIGITS = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Interval:
    """The values from ``low`` to ``high``; an open end is not one of them, an infinite end is always open.

    ``+ - * /`` give None where there is no value: divided by 0, or beyond what a float can hold."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    @property
    def ends(self) -> tuple[End, End]:
        return (self.low, self.low_open), (self.high, self.high_open)

    def __contains__(self, value: float) -> bool:
        from_low = self.low < value if self.low_open else self.low <= value
        return from_low and (value < self.high if self.high_open else value <= self.high)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __abs__(self) -> "Interval":
        if self.low >= 0:
            return self
        if self.high <= 0:
            return -self
        high, high_open = _highest([(-self.low, self.low_open), (self.high, self.high_open)])
        return Interval(0.0, high, False, high_open)

    def __add__(self, other: "Interval") -> "Interval | None":
        low = (self.low + other.low, self.low_open or other.low_open)
        return _between(low, (self.high + other.high, self.high_open or other.high_open))

    def __sub__(self, other: "Interval") -> "Interval | None":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval | None":
        return _hull([_product(x, y) for x in self.ends for y in other.ends])

    def __truediv__(self, other: "Interval") -> "Interval | None":
        """Unbounded where the divisor may be 0; None where it is 0, and where the whole may be 0 ÷ 0."""
        if other.low == other.high:
            return _hull([(x / other.low, is_open) for x, is_open in self.ends]) if other.low else None
        if 0 in other and 0 in self:
            return None
        if other.low < 0 < other.high:
            return ANYTHING
        if other.high <= 0:
            return -self / -other
        return _hull([_quotient(x, y) for x in self.ends for y in other.ends])


#: What says nothing.
ANYTHING = Interval(-math.inf, math.inf, True, True)


def least(x: Interval, y: Interval) -> Interval:
    """The smaller of two numbers."""
    high, high_open = min(x.ends[1], y.ends[1], key=_closed_last)
    low, low_open = _lowest([x.ends[0], y.ends[0]])
    return Interval(low, high, low_open, high_open)


def greatest(x: Interval, y: Interval) -> Interval:
    """The larger of two numbers."""
    return -least(-x, -y)


def log10(x: Interval) -> Interval | None:
    """The decimal logarithm of what is above 0; None where nothing is."""
    if x.high <= 0:
        return None
    low = (math.log10(x.low), x.low_open) if x.low > 0 else (-math.inf, True)
    return _between(low, (math.log10(x.high), x.high_open))


def exact(value: float) -> Interval:
    """A number that is known."""
    return Interval(value, value)


def known(cell: Cell) -> Interval | None:
    """The value of a reading: exact for ``ok``, for ``below`` from its ``at_least`` to under its bound, else None."""
    if cell.state == "ok":
        return _number(cell.value)
    if cell.state == "below":
        return _under(cell.upper, (cell.data or {}).get("at_least", 0))
    return None


def known_part(cell: Cell, key: str) -> Interval | None:
    """The number in a further column, from 0 where it is only said what it is below; None for a text or nothing."""
    said = (cell.data or {}).get(key)
    return _under(said.get("below"), 0) if isinstance(said, Mapping) else _number(said)


def text(interval: Interval, decimals: int) -> str:
    """For people: ``1.25``, ``0.51–1.02``, ``> 627.15``. A bound is rounded outwards, so that what is shown holds, and
    what is not 0 is not shown as 0."""
    low = "" if interval.low == -math.inf else _rounded(interval.low, decimals, ROUND_FLOOR)
    high = "" if interval.high == math.inf else _rounded(interval.high, decimals, ROUND_CEILING)
    if interval.low == interval.high:
        near = f"{interval.low + 0.0:,.{decimals}f}"  # no zero is -0
        if interval.low and not float(near.replace(",", "")):
            return f"< {high}" if interval.low > 0 else f"> {low}"
        return near
    if low and high:
        return f"{low} – {high}" if interval.low < 0 else f"{low}–{high}"
    if low:
        return f"{'>' if interval.low_open else '≥'} {low}"
    return f"{'<' if interval.high_open else '≤'} {high}" if high else ""


def status(interval: Interval) -> str:
    """For programs: ``ok``, ``range 0.5..1.2`` (an end left out has no bound), or, when the only bound is not reached,
    ``above 627.15`` or ``below 3``."""
    if interval.low == interval.high:
        return "ok"
    low = "" if interval.low == -math.inf else plain(interval.low)
    high = "" if interval.high == math.inf else plain(interval.high)
    if interval.low_open and not high:
        return f"above {low}"
    return f"below {high}" if interval.high_open and not low else f"range {low}..{high}"


def plain(value: float) -> str:
    """A number as programs write it: ``3``, ``0.5``."""
    return str(int(value)) if value.is_integer() else repr(value)


def _rounded(bound: float, decimals: int, towards: str) -> str:
    places = Decimal(1).scaleb(-decimals)
    return f"{_DIGITS.plus(Decimal(repr(bound)).quantize(places, towards, _DIGITS)):,f}"


def _number(said: object) -> Interval | None:
    value = _finite(said)
    return None if value is None else exact(value)


def _under(upper: object, at_least: object) -> Interval | None:
    low, high = _finite(at_least), _finite(upper)
    return Interval(low, high, False, True) if low is not None and high is not None and low < high else None


def _finite(said: object) -> float | None:
    """A finite number; a truth value is none."""
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not abs(said) <= sys.float_info.max:
        return None
    return float(said)


def _product(x: End, y: End) -> End:
    """A corner of a product. 0 times anything is 0, also times what has no bound."""
    if x[0] and y[0]:
        return x[0] * y[0], x[1] or y[1]
    return 0.0, (x[0] != 0 or x[1]) and (y[0] != 0 or y[1])


def _quotient(x: End, y: End) -> End:
    """A corner of a quotient by what is 0 or more. By ever less it grows without bound, by ever more it nears 0."""
    if x[0] == 0:
        return x
    if y[0] == 0:
        return math.copysign(math.inf, x[0]), True
    if y[0] == math.inf:
        return 0.0, True
    return x[0] / y[0], x[1] or y[1]


def _hull(corners: list[End]) -> Interval | None:
    return _between(_lowest(corners), _highest(corners))


def _lowest(ends: list[End]) -> End:
    return min(ends)  # of equal ones a closed end


def _highest(ends: list[End]) -> End:
    return max(ends, key=_closed_last)


def _closed_last(end: End) -> tuple[float, bool]:
    return end[0], not end[1]


def _between(low: End, high: End) -> Interval | None:
    """None where there is no number between: it would be larger than any float."""
    if not (low[0] < math.inf and high[0] > -math.inf):
        return None
    if low[0] == high[0]:
        return exact(low[0])
    return Interval(low[0], high[0], low[1] or low[0] == -math.inf, high[1] or high[0] == math.inf)
