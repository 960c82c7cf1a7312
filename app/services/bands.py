"""Bands: what a derived value means in a word, by limits that a person may move. Pure."""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise

from app.errors import BadValue, Language
from app.services.intervals import Interval, plain

#: Words for so many bands, from the lowest up.
_WORDS_KO = {
    2: ("낮음", "높음"),
    3: ("낮음", "보통", "높음"),
    4: ("낮음", "보통", "높음", "매우 높음"),
    5: ("매우 낮음", "낮음", "보통", "높음", "매우 높음"),
}
_WORDS_EN = {
    2: ("low", "high"),
    3: ("low", "medium", "high"),
    4: ("low", "medium", "high", "very high"),
    5: ("very low", "low", "medium", "high", "very high"),
}


@dataclass(frozen=True, slots=True)
class Bands:
    """``limits`` ascend; a value on a limit belongs to the band above it. There is one label more than limits."""

    limits: tuple[float, ...]
    labels_ko: tuple[str, ...]
    labels_en: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Bands":
        """Bands with the limits of ``0.5,1,3`` and words that fit their number. Raises BadValue."""
        parts = text.split(",")
        if not 1 <= len(parts) < max(_WORDS_KO):
            raise BadValue(name="bands", value=text, why=f"Give 1 to {max(_WORDS_KO) - 1} limits, as in 0.5,1,3.")
        limits = tuple(_limit(part, text) for part in parts)
        if any(low >= high for low, high in pairwise(limits)):
            raise BadValue(name="bands", value=text, why="Give each limit once, from the lowest to the highest.")
        count = len(limits) + 1
        return cls(limits, _WORDS_KO[count], _WORDS_EN[count])

    def __str__(self) -> str:
        return ",".join(map(plain, self.limits))

    def of(self, interval: Interval) -> int | None:
        """The band that all of ``interval`` lies in, from 0 up; None where it reaches over a limit."""
        low = bisect_right(self.limits, interval.low)
        last = bisect_left if interval.high_open else bisect_right
        return low if last(self.limits, interval.high) == low else None

    def label(self, band: int | None, language: Language) -> str:
        """The word for a band, "" for none."""
        if band is None:
            return ""
        return (self.labels_ko if language == "ko" else self.labels_en)[band]


def _limit(part: str, text: str) -> float:
    try:
        limit = float(part)
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        raise BadValue(name="bands", value=text, why=f'"{part.strip()}" is not a number.')
    return limit + 0.0  # no limit is -0


#: For documents ÷ monthly searches. There is no standard. Two published schemes of four bands both part at 0.5 and at
#: 1 (as many documents as searches in a month), and one of them at 3; others reach up to 20, for the same quotient.
#: The lowest limits are taken: they call most keywords crowded, and a keyword is never praised on doubtful grounds.
COMPETITION = Bands.parse("0.5,1,3")
