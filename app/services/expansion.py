"""A batch grown: the related keywords that its readings name become a new batch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from app.errors import BadValue, NothingRelated
from app.repositories import items, readings
from app.services import batches
from app.services.gone import require_readings
from app.services.house import House
from app.services.shapes import Submitted

#: Readings looked through at a time.
PAGE = 2_000
#: The most keywords that one expansion takes of each reading.
MOST = 200


def expand(house: House, batch_id: int, sources: Sequence[str] = (), *, most: int = 20, **options: Any) -> Submitted:
    """Submit what the readings of batch ``batch_id`` name as related, ``most`` of each, the first first, without the
    keywords that the batch has itself. ``sources`` are those of the batch if none are given; ``options`` as of
    `app.services.batches.submit`. Raises what submit raises, NoSuchBatch, Purged,
    NothingRelated, BadValue."""
    if not 1 <= most <= MOST:
        raise BadValue(name="most", value=most, why=f"Give 1 to {MOST}.")
    batch = batches.get(house, batch_id)
    asked = sources or [source.name for source in batch.sources]
    name = options.pop("name", "") or f"{batch.name} +"
    found = list(related(house, batch_id, most))
    if not found:
        raise NothingRelated(batch=batch_id)
    return batches.submit(house, found, asked, name=name, **options)


def related(house: House, batch_id: int, most: int) -> Iterator[str]:
    """The keywords that readings of the batch name as related, each once, the batch's own left out."""
    seen: set[str] = set()
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        spans = [range(start, min(start + PAGE, batch.items)) for start in range(0, batch.items, PAGE)]
        for span in spans:
            seen.update(_plain(item.text) for item in items.span(connection, batch_id, span))
        for source in batch.sources:
            for span in spans:
                for row in readings.of_source(connection, batch_id, source.name, span):
                    for keyword in _named(row.data, most):
                        if _plain(keyword) not in seen:
                            seen.add(_plain(keyword))
                            yield keyword


def _named(data: str | None, most: int) -> list[str]:
    found: Mapping[str, Any] = orjson.loads(data) if data and '"related"' in data else {}
    named = (one.get("keyword") for one in found.get("related", ()) if isinstance(one, dict))
    return [keyword for keyword in named if isinstance(keyword, str)][:most]


def _plain(keyword: str) -> str:
    """How an upstream tells keywords apart: without spaces, whatever the case."""
    return "".join(keyword.split()).casefold()
