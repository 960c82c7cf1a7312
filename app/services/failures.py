"""The failed lookups of a batch by kind, with a few of the keywords that they are of."""

from dataclasses import dataclass

from app.errors import NoSuchBatch
from app.repositories import batches, items, readings
from app.services.gone import require_readings
from app.services.house import House
from app.services.shapes import Failure

#: Keywords told of each kind.
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Sampled:
    """Failures of one kind, and (position, keyword as typed) of the first of them."""

    kind: Failure
    sample: tuple[tuple[int, str], ...]


def sampled(house: House, batch_id: int) -> list[Sampled]:
    """The failures by source and error class. Raises NoSuchBatch, Purged."""
    with house.db.read() as connection:
        batch = batches.one(connection, batch_id)
        if batch is None:
            raise NoSuchBatch(batch=batch_id)
        require_readings(batch)
        found = readings.failures(connection, batch_id)
        said = readings.details(connection, batch_id, [row.newest for row in found])
        at = [readings.first_failed(connection, batch_id, row.source, row.error, SAMPLE) for row in found]
        wanted = sorted({position for positions in at for position in positions})
        typed = {row.position: row.typed for row in items.span(connection, batch_id, wanted)}
    return [
        Sampled(
            Failure(row.source, row.error, row.lookups, said.get(row.newest, "")),
            tuple((position, typed[position]) for position in positions),
        )
        for row, positions in zip(found, at, strict=True)
    ]
