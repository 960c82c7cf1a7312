"""Which rows of a batch match what somebody asks for: their number, and their positions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from app.repositories import table
from app.repositories.rows import Filter, Wanted
from app.services import batches, selection
from app.services.gone import require_items, require_readings
from app.services.house import House
from app.services.selection import Selection
from app.services.shapes import BatchView, Counts

#: Positions looked at in one go.
SPAN = 50_000
#: Batches, by database and id, of which it is known whether keywords in them were typed with letters in pieces.
_known: dict[tuple[str, int], bool] = {}
_MOST_KNOWN = 10_000


def count(house: House, batch_id: int, filters: Sequence[str] = (), q: str = "") -> int:
    """How many rows of the batch match. Raises NoSuchBatch, BadValue."""
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        return counted(connection, batch, chosen(connection, batch, filters, q))


def matching(house: House, batch_id: int, filters: Sequence[str] = (), q: str = "") -> Iterator[list[int]]:
    """The positions of the rows that match, ascending, up to `SPAN` at a time, all as of one moment; holds a connection
    while they are taken. Raises NoSuchBatch, BadValue."""
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        yield from positions(connection, batch, chosen(connection, batch, filters, q))


def chosen(connection: Connection, batch: BatchView, filters: Sequence[str] = (), q: str = "") -> Wanted:
    """The rows that match as things stand. Raises BadValue; Purged where the batch has nothing to look at any more."""
    require_items(batch)
    if filters:
        require_readings(batch)
    return wanted(connection, batch, selection.parse(batch, filters=filters, q=q))


def wanted(connection: Connection, batch: BatchView, found: Selection, upto: int | None = None) -> Wanted:
    """The rows of a selection, without readings after seq ``upto`` (None: with all)."""
    filters = tuple(_settled(batch, one) if upto is None else one for one in found.filters)
    in_pieces = bool(found.initials) and _in_pieces(connection, batch.id)
    return Wanted(batch.id, filters, found.spellings, found.initials, in_pieces, upto)


def counted(connection: Connection, batch: BatchView, rows: Wanted) -> int:
    """How many rows these are."""
    return batch.items if rows.everything else table.count(connection, rows)


def positions(connection: Connection, batch: BatchView, rows: Wanted) -> Iterator[list[int]]:
    """Their positions, as `matching` gives them."""
    for start in range(0, batch.items, SPAN):
        span = range(start, min(start + SPAN, batch.items))
        if found := list(span) if rows.everything else table.positions(connection, rows, span):
            yield found


def counts(batch: BatchView, source: str) -> tuple[Counts, int]:
    """What is known of a source of the batch, and its lookups."""
    return next((one.counts, one.lookups) for one in batch.sources if one.name == source)


def _settled(batch: BatchView, one: Filter) -> Filter:
    """The same filter, without looking for what is unread in a source that has read everything."""
    if not one.unread:
        return one
    known, lookups = counts(batch, one.source)
    return replace(one, unread=False) if known.done == lookups else one


def _in_pieces(connection: Connection, batch_id: int) -> bool:
    """Whether keywords of the batch were typed with letters in pieces. That never changes and is looked up once: asking
    for it row by row would double the time of a search."""
    batch = (str(connection.engine.url), batch_id)
    if batch not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[batch] = table.in_pieces(connection, batch_id)
    return _known[batch]
