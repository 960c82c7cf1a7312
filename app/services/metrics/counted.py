"""Counters and histograms: of this process, or of the work, which slices count and keep in Redis.

Workers are forked, and the processes that work live for seconds, so what they count cannot be asked of them. They send
it to Redis, about once a second and in one message; an emptied Redis is a counter that begins again, which Prometheus
knows. Counting never hurts the work: what cannot be sent is let go.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from app.services.metrics.described import METRICS

#: One hash a metric; a field is the labels' values, and of a histogram the place of the bucket, or ``sum``.
PREFIX: Final = "keybatch:metrics:"
_APART: Final = "\x1f"
SUM: Final = "sum"

#: (labels' values…, and of a histogram the bucket or ``sum``) → count.
Fields = Mapping[tuple[str, ...], float]


class Counts:
    """What has been counted since the last `taken`. For all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[str, dict[tuple[str, ...], float]] = {}

    def add(self, name: str, *labels: str, by: float = 1) -> None:
        """Count ``by`` of the metric ``name`` (without ``keybatch_``)."""
        with self._lock:
            self._more(name, labels, by)

    def observe(self, name: str, value: float, *labels: str) -> None:
        """Count one ``value`` of a histogram."""
        self.observe_all(name, [value], *labels)

    def observe_all(self, name: str, values: Sequence[float], *labels: str) -> None:
        """Count some values of a histogram."""
        if not values:
            return
        bounds = METRICS[name].bounds
        places = Counter([bisect_left(bounds, value) for value in values])
        with self._lock:
            for place, count in places.items():
                self._more(name, (*labels, str(place)), count)
            self._more(name, (*labels, SUM), float(sum(values)))

    def _more(self, name: str, field: tuple[str, ...], by: float) -> None:
        found = self._found.setdefault(name, {})
        found[field] = found.get(field, 0) + by

    def read(self) -> dict[str, Fields]:
        """Everything counted, which goes on being counted."""
        with self._lock:
            return {name: dict(fields) for name, fields in self._found.items()}

    def taken(self) -> dict[str, Fields]:
        """Everything counted; counting begins anew."""
        with self._lock:
            found, self._found = self._found, {}
        return dict(found)


#: What this process counts of itself.
HERE: Final = Counts()


def send(redis: Redis, found: Mapping[str, Fields]) -> None:
    """Add what was counted to what Redis holds. What does not get there is let go."""
    if not found:
        return
    with suppress(RedisError), redis.pipeline(transaction=False) as pipe:
        for name, fields in found.items():
            for labels, by in fields.items():
                field = _APART.join(labels)
                if isinstance(by, int):
                    pipe.hincrby(PREFIX + name, field, by)
                else:
                    pipe.hincrbyfloat(PREFIX + name, field, by)
        pipe.execute()


def kept(redis: Redis) -> dict[str, Fields]:
    """What Redis holds. Raises RedisError."""
    names = [name for name, metric in METRICS.items() if metric.part == "house" and metric.kind != "gauge"]
    with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.hgetall(PREFIX + name)
        told = pipe.execute()
    return {name: _fields(name, fields) for name, fields in zip(names, told, strict=True)}


def _fields(name: str, told: Mapping[bytes, bytes]) -> Fields:
    """Fields of another version, with other labels, are passed over."""
    metric = METRICS[name]
    wanted = len(metric.labels) + (metric.kind == "histogram")
    found = {tuple(field.decode().split(_APART)) if wanted else (): float(value) for field, value in told.items()}
    return {labels: value for labels, value in found.items() if len(labels) == wanted}
