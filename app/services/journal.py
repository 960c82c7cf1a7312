"""The journal of a batch: every reading it has ever had, in the order in which they were stored.

Seqs run from 1 to the batch's own without a hole: a failure that was retried stays under its seq, beside the reading
that its lookup got later. Only what was purged is missing, and that is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row

from app.errors import NoSuchBatch
from app.repositories import batches, journal
from app.services import accounts, wire


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a journal: every seq over ``after`` and not over ``upto`` is either that of one of ``readings`` (as
    on the wire, by seq) or within one of ``gaps``: first and last of seqs that are gone. ``more``: there is something
    after ``upto``. At the end of the journal ``upto`` is ``after``, and there is nothing in it."""

    after: int
    upto: int
    readings: tuple[dict[str, Any], ...]
    gaps: tuple[tuple[int, int], ...]
    more: bool


def page(connection: Connection, batch_id: int, after: int, limit: int) -> Page:
    """What follows seq ``after``: ``limit`` seqs of it, so no more readings than that, and fewer where some were
    purged; where that many in a row were, all up to the next that is left. Raises NoSuchBatch."""
    batch = batches.one(connection, batch_id)
    if batch is None:
        raise NoSuchBatch(batch=batch_id)
    rows = journal.between(connection, batch_id, after, after + limit)
    # The batch was read before its rows: up to its seq of then, what is not among them is gone.
    end = max(after, batch.seq, rows[-1].seq if rows else 0)
    upto = min(after + limit, end)
    if not rows and upto < end:
        upto = (journal.following(connection, batch_id, upto) or end + 1) - 1
    known = [after, *(row.seq for row in rows), upto + 1]
    gaps = tuple((left + 1, right - 1) for left, right in pairwise(known) if right - left > 1)
    return Page(after, upto, _said(rows), gaps, upto < end)


def _said(rows: Sequence[Row[Any]]) -> tuple[dict[str, Any], ...]:
    names = {row.source for row in rows}
    hidden = {name for name in names if not accounts.visible(name.partition(".")[0])}
    return tuple(wire.reading(row, row.typed, hidden=row.source in hidden) for row in rows)
