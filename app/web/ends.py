"""When open batches end, worked out once every few seconds for all tabs that show a list of them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from app.services import accounts, pace
from app.services.house import House
from app.services.shapes import BatchView, Pace

#: How old what is known may get, in seconds.
_FRESH_S = 4.0
#: Batches worked out in one look; of the others is told what was known before, until the next look.
_AT_ONCE = 20
#: Batches of which something is kept.
_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class _Known:
    at: float
    state: str
    pace: Pace


class Ends:
    """What is known of the batches of one process."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._lock = Lock()

    def of(self, house: House, batches: Sequence[BatchView]) -> dict[int, Pace]:
        """Batch id → its pace, of those that have not ended and that somebody has got to; blocking. Raises
        DatabaseDown."""
        going = [one for one in batches if not one.ended and one.state != "cancelling"]
        with self._lock:  # who comes meanwhile waits, and finds it fresh
            due = self._due(going)
            if due:
                accounts.refresh(house)
            for one in due:
                self._known[one.id] = _Known(time.monotonic(), one.state, pace.pace(house, one))
            self._forget()
            return {one.id: self._known[one.id].pace for one in going if one.id in self._known}

    def _due(self, going: Sequence[BatchView]) -> list[BatchView]:
        """Those whose pace is to be worked out now, what is oldest first."""
        since = time.monotonic() - _FRESH_S
        stale = []
        for one in going:
            known = self._known.get(one.id)
            if known is None or known.state != one.state or known.at < since:
                stale.append((known.at if known else 0.0, one))
        return [one for _, one in sorted(stale, key=lambda pair: pair[0])[:_AT_ONCE]]

    def _forget(self) -> None:
        for number in list(self._known)[: max(0, len(self._known) - _KEPT)]:
            del self._known[number]


ends = Ends()
