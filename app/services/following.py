"""Following a batch by asking again and again: every reading once, in the order in which they were stored."""

from typing import Any

from app.services import batches, journal
from app.services.house import House


def follow(house: House, batch_id: int, after_seq: int, limit: int) -> dict[str, Any]:
    """Up to ``limit`` readings after seq ``after_seq``, as on the wire. ``next_after_seq`` is where to go on; ``gaps``
    are seqs that are gone; with an ended ``state`` and nothing ``more``, that was all. Raises NoSuchBatch."""
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        page = journal.page(connection, batch_id, after_seq, limit)
    return {
        "readings": page.readings,
        "next_after_seq": page.upto,
        "gaps": [{"from": first, "to": last} for first, last in page.gaps],
        "more": page.more,
        "state": batch.state,
    }
