"""How fast a batch's last readings came, and how long the upstreams took for them."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app import clock
from app.repositories import readings

#: The speed now is taken over the last readings, this many at most …
SAMPLE = 500
#: … and only while they are younger than this, in milliseconds.
FRESH_MS = 15_000
#: … and over no less time than this: a burst of an offline source has no speed worth telling.
SHORTEST_MS = 1_000


@dataclass(frozen=True, slots=True)
class Tempo:
    """``by_source``: lookups read a second; a source without a speed worth telling is not in it. ``mean_ms`` and
    ``p95_ms``: how long the last ``answers`` calls took; None where none was made."""

    by_source: Mapping[str, float] = field(default_factory=dict)
    mean_ms: float | None = None
    p95_ms: int | None = None
    answers: int = 0


def tempo(connection: Connection, batch_id: int, seq: int) -> Tempo:
    """The tempo of the last `SAMPLE` readings before ``seq`` that were not answered by earlier ones."""
    rows = readings.fresh_after(connection, batch_id, seq - SAMPLE)
    took = sorted(row.latency_ms for row in rows if row.latency_ms > 0)  # an offline source takes none
    mean = sum(took) / len(took) if took else None
    times: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        times[row.source].append(row.observed_at)
    speeds = {name: _speed(of_source) for name, of_source in times.items()}
    return Tempo({name: speed for name, speed in speeds.items() if speed}, mean, p95(took), len(took))


def p95(ordered: Sequence[int]) -> int | None:
    """The time within which 95 of 100 were answered (nearest rank), of times in ascending order."""
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else None


def _speed(times: Sequence[int]) -> float | None:
    if not times or max(times) - min(times) < SHORTEST_MS or clock.now_ms() - max(times) > FRESH_MS:
        return None
    return (len(times) - 1) * 1000 / (max(times) - min(times))
