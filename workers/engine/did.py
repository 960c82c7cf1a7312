"""What a slice did, in a line that stays with its job. Figures alone: no keyword and nothing that an upstream said."""

import time
from collections.abc import Sequence
from typing import Final

from app.services.lanes import Outcome

#: Of a slice whose lane is taken, gone, or not to be worked on now.
NOT_NEEDED: Final = "not needed: its lane was taken, gone, or not to be worked on"


class Did:
    """Counts from when it is made."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._readings, self._first, self._last = 0, 0, 0

    def note(self, outcomes: Sequence[Outcome]) -> None:
        """Count what was stored."""
        if outcomes:
            places = [outcome.position for outcome in outcomes]
            self._first = min(places) if not self._readings else min(self._first, *places)
            self._last = max(self._last, *places)
            self._readings += len(places)

    def said(self, calls: int, why: str) -> str:
        """``500 readings between positions 0 and 499, 500 calls, 12.3 s: done``; ``why`` it ended."""
        where = f" between positions {self._first} and {self._last}" if self._readings else ""
        return f"{self._readings} readings{where}, {calls} calls, {time.monotonic() - self._began:.1f} s: {why}"
