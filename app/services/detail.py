"""One row of a batch, with all that is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from app.errors import NoSuchThing
from app.repositories import items, readings
from app.services import batches, wire
from app.services.gone import require_readings
from app.services.history import point
from app.services.house import House
from app.services.results import beside, withheld
from app.services.shapes import BatchView, Point

#: Earlier measurements that are told.
MOST = 50


@dataclass(frozen=True, slots=True)
class Detail:
    """An item: ``typed`` and ``asked``, how many further lines were ``merged`` into it, and ``others``, what stood
    beside it, by column.

    ``readings``, by source in the batch's order: as on every wire (`app.services.wire`), with the ``account`` that
    asked, its ``latency_ms``, and the ``detail`` of an error; of a withheld one these are null. None where nothing was
    read yet. ``history``: what the workspace's batches measured of the keyword with these sources, the newest first,
    at most `MOST`; nothing of a source that is withheld."""

    batch: int
    position: int
    typed: str
    asked: str
    merged: int
    others: Mapping[str, str]
    readings: Mapping[str, dict[str, Any] | None]
    history: tuple[Point, ...]


def detail(house: House, batch_id: int, position: int) -> Detail:
    """The row at ``position``. Raises NoSuchBatch, Purged; NoSuchThing where the batch has no such row."""
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        # Beyond its rows there is nothing, and beyond some number no database can be asked.
        found = items.span(connection, batch_id, [position]) if 0 <= position < batch.items else ()
        if not found:
            raise NoSuchThing(what="row", id=position)
        [item] = found
        return Detail(
            batch=batch_id,
            position=position,
            typed=item.typed,
            asked=item.text,
            merged=item.merged,
            others=dict(zip(batch.columns, beside(item.others), strict=False)),
            readings=_readings(connection, batch, position, item.typed),
            history=_history(connection, batch, item.text),
        )


def _readings(connection: Connection, batch: BatchView, position: int, typed: str) -> dict[str, dict[str, Any] | None]:
    hidden = withheld(batch)
    said = {
        row.source: _reading(row, typed, hidden=row.source in hidden)
        for row in readings.at(connection, batch.id, [position])
    }
    return {source.name: said.get(source.name) for source in batch.sources}


def _reading(row: Row[Any], typed: str, *, hidden: bool) -> dict[str, Any]:
    said = wire.reading(row, typed, hidden=hidden)
    said["account"] = None if hidden else row.account
    said["latency_ms"] = None if hidden else row.latency_ms
    said["detail"] = None if hidden else row.detail or None
    return said


def _history(connection: Connection, batch: BatchView, asked: str) -> tuple[Point, ...]:
    sources = [source.name for source in batch.sources if source.name not in withheld(batch)]
    key = items.keyword_id(asked)
    found = readings.newest_measurements(connection, key, batch.workspace, sources, MOST)
    return tuple(point(one, asked) for one in found)
