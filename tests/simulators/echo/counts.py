"""What the simulator says there is: invented, but always the same for the same keyword."""

from hashlib import blake2b
from typing import NamedTuple


class Count(NamedTuple):
    """``state`` as a reading's: "ok" with ``value``, "below" with ``upper``, "missing" where no answer names it."""

    state: str
    value: float | None = None
    upper: float | None = None


def expected(keyword: str) -> Count:
    """One in twenty is a true 0, one in twenty "< 10", one in a hundred is never named."""
    lot = lottery("count", keyword)
    if lot < 0.01:
        return Count("missing")
    if lot < 0.06:
        return Count("below", upper=10.0)
    return Count("ok", 0.0 if lot < 0.11 else float(10 + int(lot * 1e6)))


def lottery(*words: object) -> float:
    """A number in [0, 1) that only these words decide."""
    text = "\0".join(str(word) for word in words)
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") / 2**64
