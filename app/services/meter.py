"""How fast the house asks now: what it has stored between two looks at the pulse."""

import threading
from collections import deque
from collections.abc import Mapping

#: Looks are compared that are so far apart, in milliseconds: the oldest within the longest.
SHORTEST_MS = 2_000
LONGEST_MS = 15_000

#: Lookups asked, by account and minute.
Totals = Mapping[tuple[str, int], int]


class Meter:
    """Remembers the looks of the last seconds; one a process, for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: deque[tuple[int, Totals]] = deque()

    def look(self, at: int, totals: Totals) -> dict[str, float] | None:
        """Lookups a second by account, of those that were asked lately; None while there is no earlier look to compare
        with. ``totals``: of the last minutes, `LONGEST_MS` and more, as of ``at`` (UTC ms)."""
        with self._lock:
            while self._looks and not 0 <= at - self._looks[0][0] <= LONGEST_MS:
                self._looks.popleft()
            if not self._looks or at > self._looks[-1][0]:
                self._looks.append((at, totals))
            since, before = self._looks[0]
        if at - since < SHORTEST_MS:
            return None
        asked: dict[str, int] = {}
        for key, count in totals.items():
            asked[key[0]] = asked.get(key[0], 0) + count - before.get(key, 0)
        return {account: 1000 * count / (at - since) for account, count in asked.items() if count > 0}
