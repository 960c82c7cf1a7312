"""A batch's rows as a table: sorted, filtered and searched, a page after the other.

Pages follow each other by key and position, not by number, so a page far down costs what the first one does. All pages
of a table show the batch as it was at its first page: the place in the table holds the seq of then, and what was read
later is not there yet. Whoever follows the batch from that seq on misses nothing. Only a failure that was retried in
between is gone from it.
"""

import base64
import binascii
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from app.errors import BadValue
from app.repositories import items, table
from app.repositories.rows import Filter, Sort, Wanted
from app.services import batches, matches, selection, wire
from app.services.gone import require_readings
from app.services.house import House
from app.services.matches import count as count
from app.services.matches import matching as matching
from app.services.results import beside, withheld
from app.services.selection import Order, Selection
from app.services.shapes import BatchView

MAX_LIMIT = 1_000
#: A cursor is longer than this only if it is none of ours: the longest keyword, and a little.
MAX_CURSOR = 4_000
#: Where many rows fit, so many pages of rows in the right order are looked through for one page of those that fit.
AHEAD = 40
#: As large as seqs and instants, and as positions, may be in the database.
_BIG, _INT = 2**63 - 1, 2**31 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as on the wire; ``cursor`` leads to those after them, None when there are none. ``matched``: how many rows
    the whole table has, if that was asked for. ``seq``: what was read later is not in it."""

    rows: list[dict[str, Any]]
    cursor: str | None
    matched: int | None
    seq: int


class _Place(NamedTuple):
    """A row's place in a table as of ``seq``; ``key`` is None where the row has none, or none beside its position."""

    seq: int
    key: float | int | str | None
    position: int


def page(
    house: House,
    batch_id: int,
    *,
    sort: str = "position",
    order: Order = "asc",
    filters: Sequence[str] = (),
    q: str = "",
    cursor: str = "",
    limit: int = 50,
    count: bool = False,
) -> Page:
    """Up to ``limit`` rows of the batch, after ``cursor``; for the words see `app.services.selection`.

    Rows without the key that they are sorted by come last in either order, rows of the same key by position. Raises
    NoSuchBatch, Purged, BadValue.
    """
    mark = _mark(batch_id, sort, order, filters, q)
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        chosen = selection.parse(batch, sort, order, filters, q)
        after = _place(cursor, mark, chosen) if cursor else None
        seq = after.seq if after else batch.seq
        upto = seq if seq < batch.seq else None
        wanted = matches.wanted(connection, batch, chosen, upto)
        places = _places(connection, batch, wanted, chosen, after, limit + 1)
        shown = places[:limit]
        return Page(
            _rows(connection, batch, [place.position for place in shown], wanted.upto),
            _cursor(mark, shown[-1]) if len(places) > limit else None,
            matches.counted(connection, batch, wanted) if count else None,
            seq,
        )


def _places(
    connection: Connection, batch: BatchView, wanted: Wanted, chosen: Selection, after: _Place | None, limit: int
) -> list[_Place]:
    """The places of the first ``limit`` rows after ``after``: those with the key, then those without."""
    seq, sort = after.seq if after else batch.seq, chosen.sort
    found: list[_Place] = []
    last = after.position if after else None
    if sort.key != "position" and (after is None or after.key is not None):
        begin = None if after is None or after.key is None else (after.key, after.position)
        ahead = limit * AHEAD if _wide(batch, wanted) else 0
        rows = table.keyed(connection, wanted, sort, begin, limit, ahead=ahead)
        found, last = [_Place(seq, row[1], row[0]) for row in rows], None
    if len(found) < limit and (sort.key == "position" or _lacks(batch, wanted, sort)):
        rest = table.unkeyed(connection, wanted, sort, last, limit - len(found))
        found += [_Place(seq, None, position) for position in rest]
    return found


def _lacks(batch: BatchView, wanted: Wanted, sort: Sort) -> bool:
    """Whether there may be rows without the key of ``sort``."""
    if sort.term is not None:
        return True
    if not sort.source:
        return False
    counts, lookups = matches.counts(batch, sort.source)
    return wanted.upto is not None or (counts.ok if sort.key == "value" else counts.done) < lookups


def _wide(batch: BatchView, wanted: Wanted) -> bool:
    """Whether so many rows may fit that a page of them is found among the first `AHEAD` pages of all rows."""
    return bool(wanted.filters) and not wanted.spellings and all(_many(batch, one) for one in wanted.filters)


def _many(batch: BatchView, one: Filter) -> bool:
    if one.term is not None:
        return one.comparison is not None or "ok" in one.states
    counts, lookups = matches.counts(batch, one.source)
    fit = sum(getattr(counts, state) for state in one.states) + (lookups - counts.done if one.unread else 0)
    return one.comparison is not None or fit * AHEAD >= lookups * 2


def _rows(connection: Connection, batch: BatchView, positions: list[int], upto: int | None) -> list[dict[str, Any]]:
    hidden, names = withheld(batch), [source.name for source in batch.sources]
    found = {item.position: item for item in items.span(connection, batch.id, positions)}
    said = {
        (row.position, row.source): _cell(wire.reading(row, "", hidden=row.source in hidden))
        for row in table.cells(connection, batch.id, names, positions, upto)
    }
    return [
        {
            "position": position,
            "keyword": found[position].typed,
            "asked": found[position].text,
            "merged": found[position].merged,
            "others": dict(zip(batch.columns, beside(found[position].others), strict=False)),
            "readings": {name: said.get((position, name)) for name in names},
        }
        for position in positions
    ]


def _cell(reading: dict[str, Any]) -> dict[str, Any]:
    """A reading without what its row and its column say already."""
    return {name: value for name, value in reading.items() if name not in ("position", "keyword", "source")}


def _mark(*words: Any) -> str:
    """Tells the cursors of one table from those of another."""
    return hashlib.blake2b(orjson.dumps(words), digest_size=6).hexdigest()


def _cursor(mark: str, place: _Place) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([mark, *place])).decode().rstrip("=")


def _place(cursor: str, mark: str, chosen: Selection) -> _Place:
    """Where the page begins. Raises BadValue for a cursor that is none, or that of another table."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        found, *rest = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        place = _Place(*rest)
    except (ValueError, TypeError, binascii.Error):
        raise _foreign(cursor) from None
    numbers = _whole(place.seq, _BIG) and _whole(place.position, _INT)
    if found != mark or not numbers or not _keyed(chosen, place.key):
        raise _foreign(cursor)
    return place


def _keyed(chosen: Selection, key: object) -> bool:
    """Whether ``key`` is one that a row of this table may have."""
    if key is None:
        return chosen.sort.key != "typed"
    if chosen.sort.key in ("typed", "state"):
        return isinstance(key, str) and "\0" not in key
    if chosen.sort.key == "observed_at":
        return _whole(key, _BIG)
    return chosen.sort.key in ("value", "term") and isinstance(key, float) and math.isfinite(key)


def _whole(number: object, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most


def _foreign(cursor: str) -> BadValue:
    why = "Give the cursor that came with the page before, with the same sort, order, filter and q; or none."
    return BadValue(name="cursor", value=cursor[:40], why=why)
