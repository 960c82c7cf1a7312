"""Trouble on purpose: which call meets it is decided by seed and question, not by chance or order."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

#: Name → what happens instead of, or to, the answer.
KINDS = {
    "se99": "500 SE99, System Error",
    "hang": "no answer, ever",
    "garbage": "200 with a page of HTML that is no answer",
    "empty": "200 with an empty body",
    "truncated": "200 with half of the JSON, well framed",
    "cut": "half of the bytes, then the connection closes",
    "throttled": "429, too many a second, whatever the rate was",
    "error200": "the system error's body with status 200",
    "slow": "the answer, late by the milliseconds after the colon (2000)",
    "reset": "the connection is reset",
    "wrong_total": "200 whose total is no number",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``se99=0.05`` strikes one call in twenty, ``hang=3`` the next three calls, ``slow=0.1:800`` delays by 800 ms."""

    kind: str
    share: float = 0.0
    next_calls: int = 0
    late_ms: float = 2000.0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Raises ValueError that says how to write it."""
        kind, _, rest = text.partition("=")
        amount, _, late = rest.partition(":")
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
        fault = cls(kind, next_calls=int(amount)) if amount.isdigit() else cls(kind, share=float(amount))
        if not 0 <= fault.share <= 1:
            raise ValueError(f"{text!r}: a share lies between 0.0 and 1.0; a whole number means the next so many calls")
        return cls(kind, fault.share, fault.next_calls, float(late)) if late else fault

    def strikes(self, seed: int, service: str, query: str, nth: int) -> bool:
        """Whether the ``nth`` call (from 1) with this question meets it by its share."""
        lot = blake2b(f"{seed}\0{self.kind}\0{service}\0{nth}\0{query}".encode("utf-8", "surrogatepass"), digest_size=8)
        return int.from_bytes(lot.digest(), "big") / 2**64 < self.share


class Faults:
    """Those that are on, in the order given; the first that strikes is the one."""

    def __init__(self, faults: Sequence[Fault], seed: int) -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._left = [fault.next_calls for fault in faults]

    def next(self, service: str, query: str, nth: int) -> Fault | None:
        for index, fault in enumerate(self._faults):
            if self._left[index]:
                self._left[index] -= 1
                return fault
            if fault.share and fault.strikes(self._seed, service, query, nth):
                return fault
        return None
