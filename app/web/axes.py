"""The axis of a chart: from values to places on it. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.web import drawing

#: How much of an axis the strip of zeros takes, and how many powers of ten have a mark.
STRIP, MARKS = 0.09, 9


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high``, in even steps or by powers of ten. Zero has no place among these: it gets a strip of
    its own before them, ``strip`` of the axis wide."""

    low: float
    high: float
    even: bool
    strip: float = 0.0

    @classmethod
    def over(cls, values: Sequence[float], *, even: bool) -> "Axis":
        """An axis on which all ``values`` have a place; values under zero have it on an even one only."""
        if even or min(values) < 0:
            ticks = drawing.nice_ticks(max(*values, 0.0, 0.0))
            least = min(values)
            low = -drawing.nice_ticks(-least)[-1] if least < 0 else 0.0
            return cls(low, ticks[-1], True)
        above = [value for value in values if value > 0]
        strip = STRIP if len(above) < len(values) else 0.0
        marks = drawing.decades(min(above), max(above)) if above else [1.0, 10.0]
        return cls(marks[0], marks[-1], False, strip)

    def part(self, value: float) -> float:
        """Where a value is, from 0 to 1."""
        if self.even:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return self.strip / 4
        along = math.log10(value / self.low) / math.log10(self.high / self.low)
        return self.strip + (1 - self.strip) * along

    def marks(self) -> list[float]:
        """Values worth a mark."""
        if self.even:
            return [tick + self.low for tick in drawing.nice_ticks(self.high - self.low)]
        powers = drawing.decades(self.low, self.high)
        every = -(-len(powers) // MARKS)
        return ([0.0] if self.strip else []) + powers[::every]
