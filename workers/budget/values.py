"""Rates and quotas as values, parsed once."""

import re
from dataclasses import dataclass
from typing import Self

from app.errors import BadSetting

_UNITS = {"s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}
_RATE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*([a-z]+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls in a period of seconds, evenly spaced: ``Rate.parse("10/s")``."""

    calls: float
    seconds: float

    @classmethod
    def parse(cls, text: str, name: str = "rate") -> Self:
        """``10/s``, ``200/min``, ``0.5/s``. Raises BadSetting that names ``name``."""
        match = _RATE.fullmatch(text.lower())
        if not match or match[2] not in _UNITS or not 0 < float(match[1]) <= 1_000_000:
            raise BadSetting(name=name, why=f'"{text}" is no rate. Write calls per time above 0, as 10/s or 200/min.')
        return cls(float(match[1]), _UNITS[match[2]])

    @classmethod
    def parse_or_none(cls, text: str, name: str = "rate") -> Self | None:
        """As `parse`; the word ``none`` stands for no limit."""
        return None if text.strip().lower() == "none" else cls.parse(text, name)

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds

    def __str__(self) -> str:
        return f"{self.calls:g}/{({1.0: 's', 60.0: 'min', 3600.0: 'h'})[self.seconds]}"


@dataclass(frozen=True, slots=True)
class Budget:
    """What one account may spend: ``None`` stands for no limit of that kind.

    ``rate`` is spaced; ``burst`` calls may come at once after a pause (1 = none). ``quota`` is calls a calendar
    day in ``zone``, ``monthly`` calls a calendar month there; ``reserve`` of a day's calls are for high priority only.
    ``concurrency`` is calls under way at once, over all processes. Where the upstream limits a channel by itself too,
    ``part`` names it and ``part_quota`` is the calls a day that it may make.
    """

    rate: Rate | None = None
    burst: int = 1
    concurrency: int | None = None
    quota: int | None = None
    monthly: int | None = None
    reserve: int = 0
    zone: str = "UTC"
    part: str = ""
    part_quota: int | None = None

    @property
    def paced(self) -> bool:
        """Whether a call has to wait for its moment."""
        return self.rate is not None or self.concurrency is not None

    @property
    def counted(self) -> bool:
        """Whether only so many calls may be made in a day or a month."""
        return self.quota is not None or self.monthly is not None or self.part_quota is not None
