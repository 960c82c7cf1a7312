"""The metrics as Prometheus reads them: its own text format, or OpenMetrics for who asks for that."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import exposition
from prometheus_client.core import Metric as Family
from redis.exceptions import RedisError

from app.services import ops
from app.services.house import House
from app.services.metrics import counted, gauges, process
from app.services.metrics.counted import SUM, Fields
from app.services.metrics.described import METRICS, Metric, Part
from app.services.metrics.gauges import Sample

PARTS: tuple[Part, ...] = ("house", "process")


def collected(house: House, parts: Iterable[Part] = PARTS) -> list[Family]:
    """Every metric there is something to say of, in their order."""
    health = ops.health(house)
    found: dict[str, Fields] = {}
    samples = gauges.reached(health)
    if "house" in parts:
        samples += gauges.house(house, health)
        try:
            found |= counted.kept(house.redis)
        except RedisError:
            pass  # `up` says so
    if "process" in parts:
        samples += process.itself(house)
        found |= counted.HERE.read()
    for name, fields in _by_name(samples).items():
        found[name] = fields
    return [_family(metric, found[name]) for name, metric in METRICS.items() if found.get(name)]


def media_type(accept: str) -> str:
    """Of what an ``Accept`` header is given."""
    return exposition.choose_encoder(accept)[1]


def written(house: House, parts: Iterable[Part], accept: str) -> bytes:
    """The parts as an ``Accept`` header would have them."""
    return bytes(exposition.choose_encoder(accept)[0](_Registry(collected(house, parts))))


class _Registry:
    """As much of a registry as the library's writers look at."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Family]:
        yield from self._families


def _by_name(samples: Iterable[Sample]) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
    for one in samples:
        found[one.name][one.labels] = float(one.value)
    return found


def _family(metric: Metric, fields: Fields) -> Family:
    family = Family(metric.name.removesuffix("_total"), metric.help, metric.kind)
    if metric.kind == "histogram":
        for labels, places in _by_labels(fields).items():
            _add_histogram(family, metric, dict(zip(metric.labels, labels, strict=True)), places)
    else:
        for labels, value in fields.items():
            family.add_sample(metric.name, dict(zip(metric.labels, labels, strict=True)), value)
    return family


def _by_labels(fields: Fields) -> dict[tuple[str, ...], dict[str, float]]:
    found: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for (*labels, place), value in fields.items():
        found[tuple(labels)][place] = value
    return found


def _add_histogram(family: Family, metric: Metric, labels: dict[str, str], places: Mapping[str, float]) -> None:
    counts = list(accumulate(places.get(str(n), 0) for n in range(len(metric.bounds) + 1)))
    for bound, count in zip((*metric.bounds, float("inf")), counts, strict=True):
        le = "+Inf" if bound == float("inf") else str(float(bound))
        family.add_sample(f"{metric.name}_bucket", {**labels, "le": le}, count)
    family.add_sample(f"{metric.name}_count", labels, counts[-1])
    family.add_sample(f"{metric.name}_sum", labels, places.get(SUM, 0.0))
