"""What the values of a batch look like together: how they are spread, and how those of two sources go together. What is
no number (a range, no answer, a failure) is counted beside them and never drawn as one."""

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from sqlalchemy import Connection

from app.repositories import charts, items
from app.services import batches, derived
from app.services.gone import require_readings
from app.services.house import House
from app.services.results import withheld
from app.services.shapes import BatchView, SourceView
from app.sources import registry

Scale = Literal["log", "even", "flag"]
#: 1, 2, 5, 10, 20 … up to more than any count: the buckets of a logarithmic scale.
LOG_EDGES: tuple[float, ...] = tuple(float(m * 10**e) for e in range(13) for m in (1, 2, 5))
#: Buckets of an even scale, about.
EVEN = 20
#: So many new readings are added one by one; more are counted anew.
FEW = 50_000
#: Rows in a cloud of dots at most.
DOTS = 1_000
#: Batches whose counts are kept.
_KEPT = 32


@dataclass(slots=True)
class Spread:
    """How the values of a source are spread. ``counts[n]`` of them lie from ``edges[n - 1]`` (included) to under
    ``edges[n]``; the first of them under all edges, the last at the last one or over it. ``zeros`` are in none of them,
    nor values under 0 (``negative``). ``scale``: ``log``, ``even``, or ``flag`` (1 and 0 are yes and no)."""

    scale: Scale
    edges: tuple[float, ...]
    counts: list[int]
    zeros: int = 0
    negative: int = 0


@dataclass(frozen=True, slots=True)
class Distribution:
    """A source's values, and beside them its lookups without one. ``spread`` is None while there is no value, and for a
    source that is shown to nobody (``withheld``)."""

    source: SourceView
    spread: Spread | None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A row with a value of both sources."""

    position: int
    keyword: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Cloud:
    """The values of two sources beside each other, of ``rows`` rows taken evenly from all ``of``. ``left_out``: rows
    without two values, by the first reason: ``below``, ``missing``, ``failed``, ``unread``."""

    x: str
    y: str
    dots: tuple[Dot, ...]
    rows: int
    of: int
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Counted:
    """What has been counted of a batch up to a seq. A value once read never changes, so only new ones are added."""

    seq: int
    spreads: dict[str, Spread]


_counted: OrderedDict[tuple[str, int], _Counted] = OrderedDict()
_lock = Lock()


def distributions(house: House, batch_id: int) -> list[Distribution]:
    """The distribution of every source of the batch. Raises NoSuchBatch, Purged."""
    found = None
    while found is None:  # once more, if somebody else has counted on since this look began
        with house.db.snapshot() as connection:
            batch = batches.look(connection, batch_id)
            require_readings(batch)
            found = _count(house, connection, batch)
    hidden = withheld(batch)
    return [
        Distribution(one, None if one.name in hidden else found.get(one.name), withheld=one.name in hidden)
        for one in batch.sources
    ]


def _count(house: House, connection: Connection, batch: BatchView) -> dict[str, Spread] | None:
    """Source → its spread as this look sees it; None if what is counted is newer than that."""
    key = (house.db.where, batch.id)
    with _lock:
        kept = _counted.get(key)
        if kept is not None and kept.seq > batch.seq:
            return None
        if kept is not None and batch.seq - kept.seq <= FEW and _add(connection, batch, kept):
            _counted.move_to_end(key)
            return {name: _copy(spread) for name, spread in kept.spreads.items()}
    made = {one.name: _spread(connection, batch, one) for one in batch.sources if one.counts.ok}
    with _lock:
        if key not in _counted or _counted[key].seq <= batch.seq:
            _counted[key] = _Counted(batch.seq, {name: _copy(spread) for name, spread in made.items()})
        while len(_counted) > _KEPT:
            _counted.popitem(last=False)
    return made


def _copy(spread: Spread) -> Spread:
    return Spread(spread.scale, spread.edges, list(spread.counts), spread.zeros, spread.negative)


def _add(connection: Connection, batch: BatchView, kept: _Counted) -> bool:
    """Add what was read since; False where that does not fit the edges there are."""
    new = charts.values_after(connection, batch.id, kept.seq) if batch.seq > kept.seq else []
    for source, value in new:
        spread = kept.spreads.get(source)
        if spread is None or (spread.scale == "even" and value >= spread.edges[-1]):
            return False
        put(spread, value)
    kept.seq = batch.seq
    return True


def put(spread: Spread, value: float, times: int = 1) -> None:
    """Count a value."""
    if value == 0:
        spread.zeros += times
    elif value < 0:
        spread.negative += times
    else:
        spread.counts[bisect_right(spread.edges, value)] += times


def _spread(connection: Connection, batch: BatchView, source: SourceView) -> Spread:
    """Count all values of a source, by one look at them all: zero and what is under it are buckets of their own."""
    scale, edges = _scale(connection, batch, source.name)
    tiny = 5e-324  # the least number over 0: between 0 and it lies 0 alone
    found = charts.histogram(connection, batch.id, source.name, (0.0, tiny, *edges))
    counts = [found.get(n + 2, 0) for n in range(len(edges) + 1)]
    return Spread(scale, edges, counts, zeros=found.get(1, 0), negative=found.get(0, 0))


def _scale(connection: Connection, batch: BatchView, name: str) -> tuple[Scale, tuple[float, ...]]:
    about = registry.get(name).about if name in registry.sources() else None
    if about is not None and about.kind == "flag":
        return "flag", ()
    if about is None or not about.decimals:
        return "log", LOG_EDGES
    return "even", even_edges(charts.greatest(connection, batch.id, name) or 0.0)


def even_edges(greatest: float) -> tuple[float, ...]:
    """Edges of the same distance, a round number, from there to over ``greatest``."""
    step = next((one for one in _STEPS if greatest < one * EVEN), _STEPS[-1])
    return tuple(round(step * n, 6) for n in range(1, int(greatest / step) + 2))


_STEPS: tuple[float, ...] = tuple(m * 10.0**e for e in range(-3, 13) for m in (1, 2, 5))


def cloud(house: House, batch_id: int, x: str = "", y: str = "") -> Cloud | None:
    """The values of sources ``x`` and ``y`` beside each other; without them of the one that counts searches and the
    first that counts documents, or the first two. None for a batch that has no two sources to compare. Raises
    NoSuchBatch, Purged."""
    with house.db.read() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        names = comparable(batch)
        chosen = (x, y) if x in names and y in names and x != y else _pair(names)
        if chosen is None:
            return None
        rows = min(DOTS, batch.items)
        positions = [n * batch.items // rows for n in range(rows)]
        read = charts.pairs(connection, batch_id, chosen, positions)
        typed = {row.position: row.typed for row in items.span(connection, batch_id, positions)}
    said: dict[tuple[int, str], tuple[str, float | None]] = {(row[0], row[1]): (row[2], row[3]) for row in read}
    return _cloud(batch, chosen, typed, said)


def comparable(batch: BatchView) -> list[str]:
    """The sources of a batch whose values are amounts that may be shown."""
    hidden, known = withheld(batch), registry.sources()
    shown = [one.name for one in batch.sources if one.name not in hidden]
    return [name for name in shown if name not in known or registry.get(name).about.kind == "number"]


def _pair(names: Sequence[str]) -> tuple[str, str] | None:
    searches = [name for name in names if derived.counts(name) == "searches"]
    documents = [name for name in names if derived.counts(name) == "documents"]
    if searches and documents:
        return searches[0], documents[0]
    return (names[0], names[1]) if len(names) > 1 else None


def _cloud(
    batch: BatchView,
    chosen: tuple[str, str],
    typed: dict[int, str],
    said: dict[tuple[int, str], tuple[str, float | None]],
) -> Cloud:
    dots, left_out = [], Counter[str]()
    for position, keyword in typed.items():
        both = [said.get((position, name), ("unread", None)) for name in chosen]
        lacking = next((state for state, value in both if value is None), "")
        if lacking:
            left_out[lacking] += 1
        else:
            dots.append(Dot(position, keyword, both[0][1] or 0.0, both[1][1] or 0.0))
    return Cloud(*chosen, tuple(dots), len(typed), batch.items, dict(left_out))
