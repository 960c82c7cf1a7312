"""What a slice holds in its hands: its lane, the lookups of it, their outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from app.queue import Slice
from app.repositories import claims
from app.sources.base import Reading
from workers.budget.values import Budget

Span = tuple[int, int]


class LaneLost(Exception):
    """The lane belongs to a later generation, or is gone: whoever holds it has to stop without writing."""


class Lookup(NamedTuple):
    """One keyword to ask for. ``attempts``: how often that came to nothing so far, ``failures`` of which count."""

    position: int
    keyword_id: int
    keyword: str
    attempts: int = 0
    failures: int = 0


class Outcome(NamedTuple):
    """A reading with its provenance. ``error`` is set where the reading's state is ``failed``; ``account`` where it is
    not the lane's own that made it."""

    position: int
    reading: Reading
    observed_at: int
    from_cache: bool = False
    attempts: int = 0
    latency_ms: int = 0
    error: str | None = None
    detail: str | None = None
    account: str = ""


@dataclass(slots=True)
class Held:
    """The positions a slice has claimed, in spans (stop excluded), and how many of each are still to be read."""

    spans: dict[Span, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Held":
        """From ``"0-500,1500-2000"``; the counts are not known yet and stand at the size of the span."""
        spans = [tuple(int(n) for n in part.split("-")) for part in text.split(",") if part]
        return cls({(a, b): b - a for a, b in spans})

    @classmethod
    def of(cls, positions: Sequence[int], besides: Sequence[Span]) -> "Held":
        """Spans around ``positions`` (ascending) that keep off the spans ``besides``, which others hold."""
        held = cls()
        first, last, count = -1, -1, 0
        for position in positions:
            if count and not any(last < b and a < position for a, b in besides):
                last, count = position, count + 1
                continue
            if count:
                held.spans[first, last + 1] = count
            first, last, count = position, position, 1
        if count:
            held.spans[first, last + 1] = count
        return held

    def __str__(self) -> str:
        return ",".join(f"{a}-{b}" for a, b in self.spans)

    def without(self, positions: Sequence[int]) -> "Held":
        """What is left once ``positions`` are read; a span with nothing left is dropped."""
        left = {s: n - sum(s[0] <= position < s[1] for position in positions) for s, n in self.spans.items()}
        return Held({span: n for span, n in left.items() if n > 0})

    def and_(self, other: "Held") -> "Held":
        """These and those of ``other``."""
        return Held({**self.spans, **other.spans})


@dataclass(slots=True)
class Lane:
    """A lane this process has taken. ``reserved`` calls of ``day`` are its own to make; ``settled`` of those it has
    made stand in the ledger."""

    piece: Slice
    account: str
    budget: Budget
    priority: str
    batch_name: str
    max_age_s: int
    deadline_at: int | None
    held: Held
    reserved: int = 0
    settled: int = 0
    day: str = ""

    @property
    def key(self) -> claims.Key:
        return self.piece.batch, self.piece.source, self.piece.lane


def stored(lane: Lane, outcomes: Sequence[Outcome], seq: int) -> list[tuple[Any, ...]]:
    """Rows of the table of readings, in the order of its columns; ``seq`` is that of the first."""
    return [
        (
            lane.piece.batch,
            lane.piece.source,
            outcome.position,
            seq + n,
            outcome.reading.state,
            outcome.reading.value,
            outcome.reading.upper,
            orjson.dumps(outcome.reading.data).decode() if outcome.reading.data else None,
            outcome.account or lane.account,
            outcome.observed_at,
            outcome.from_cache,
            outcome.attempts,
            outcome.latency_ms,
            outcome.error,
            outcome.detail,
        )
        for n, outcome in enumerate(outcomes)
    ]
