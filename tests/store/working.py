"""Slices worked by hand: what a worker does, step by step, in one process."""

from app.queue import Slice
from app.repositories import claims
from app.services import batches, exports, slices
from app.services.exports import Layout, Wanted
from app.services.house import House
from app.services.lanes import Lane, Lookup, Outcome
from app.sources.base import Reading

NOW = 1_795_000_000_000


def outcome(lookup: Lookup, value: float = 1.0) -> Outcome:
    return Outcome(lookup.position, Reading("ok", value), NOW, attempts=1)


def take_lane(house: House, batch: int, source: str, lane: int, generation: int) -> Lane | None:
    return slices.begin(house, Slice(batch, source, lane, generation), f"hand {generation}")


def lanes(house: House, batch: int) -> list[tuple[str, int, int]]:
    """(source, lane, generation) of the lanes a batch has."""
    with house.db.read() as connection:
        found = [row for name in _sources(house, batch) for row in claims.of_source(connection, batch, name)]
    return [(row.source, row.lane, row.generation) for row in found]


def read_everything(house: House, batch: int) -> list[Lookup]:
    """Work on every lane until nothing is left; what was asked."""
    asked: list[Lookup] = []
    for source, number, generation in lanes(house, batch):
        lane = take_lane(house, batch, source, number, generation + 1)
        if lane is None:
            continue
        found = slices.resume(house, lane) or slices.claim(house, lane, 7)
        while found:
            asked += found
            slices.flush(house, lane, [outcome(lookup) for lookup in found], len(asked))
            found = slices.claim(house, lane, 7)
        slices.release(house, lane, len(asked), finished=True)
    return asked


def _sources(house: House, batch: int) -> list[str]:
    return [source.name for source in batches.get(house, batch).sources]


def csv_of(house: House, batch: int, layout: Layout = "wide") -> str:
    """The batch as a CSV without a mark."""
    with exports.opened(house, batch, Wanted("csv", layout, bom=False)) as export:
        return b"".join(export.chunks).decode()
