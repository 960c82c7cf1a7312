"""Copy: the keywords of rows that match become a batch of their own."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from app import events
from app.db.database import Work
from app.errors import NothingMatches
from app.repositories import batches as rows_of_batches
from app.repositories import items, table
from app.services import accounts, activity, answers, batches, derived, dispatch, matches, wire
from app.services.answers import Once
from app.services.batches import NOTHING, Picked
from app.services.callers import OPERATOR, Caller
from app.services.house import House
from app.services.shapes import BatchView, Submitted


def submit_matching(
    house: House,
    batch_id: int,
    sources: Sequence[str] = (),
    filters: Sequence[str] = (),
    q: str = "",
    *,
    who: Caller = OPERATOR,
    name: str = "",
    priority: str = "default",
    max_age_s: int = 0,
    deadline_at: int | None = None,
    owner: str = "",
    pay_with: Mapping[str, str] = NOTHING,
    tags: Sequence[str] = (),
    notes: Mapping[str, Any] = NOTHING,
    once: Once | None = None,
) -> Submitted:
    """Make a batch of the keywords of those rows of batch ``batch_id`` that match ``filters`` and ``q``
    (`app.services.selection`), in their order, typed and asked as they are there, with what stood beside them.

    ``sources``: those of that batch, with its worked-out columns, if none are given; all else is as in
    `app.services.batches.submit`. Raises NoSuchBatch, Purged, NothingMatches, and what submit raises.
    """
    accounts.refresh(house)
    batch = batches.get(house, batch_id)
    picked = batches.pick(sources or [one.name for one in batch.sources], pay_with)
    batches.check_options(priority, max_age_s, deadline_at)
    title = batches.one_line(name, batches.MAX_NAME) or batch.name
    of = batches.one_line(owner or who.name, batches.MAX_OWNER)
    row = batches.new_batch(title, priority, max_age_s, deadline_at, of) | {"workspace_id": who.workspace}
    row |= {"notes": batches.checked_notes(notes), "columns": orjson.dumps(batch.columns).decode()}
    row["derived"] = _derived(batch, [one.source.name for one in picked])
    words = batches.checked_tags(tags)
    with house.db.work(trusted=True) as work:
        if once is not None:
            answers.claim(work.connection, once)
        made = rows_of_batches.add(work.connection, row)
        rows_of_batches.add_tags(work.connection, made, words)
        submitted = _filled(work, made, batch_id, picked, (filters, q))
        about = {"items": submitted.items, "sources": len(picked), "copy_of": batch_id}
        activity.by(work.connection, who, made, "submit", about)
        if once is not None:
            answers.keep(work.connection, once, orjson.dumps(wire.submitted(submitted)).decode())
        work.after_commit(partial(dispatch.wake, house, made))
        work.after_commit(partial(events.nudge, house.redis, made))
    return submitted


def _filled(
    work: Work, made: int, batch_id: int, picked: Sequence[Picked], asked: tuple[Sequence[str], str]
) -> Submitted:
    """Give the batch ``made`` its items and its sources."""
    connection = work.connection
    rows_of_batches.one(connection, batch_id, lock=True)  # so that its keywords stay until these items have them
    chosen = matches.chosen(connection, batches.look(connection, batch_id), *asked)
    count, merged = items.copy_some(connection, batch_id, made, table.chosen(connection, chosen))
    if not count:
        raise NothingMatches(batch=batch_id)
    rows_of_batches.change(connection, made, items=count, merged=merged)
    batches.open_sources(work, made, picked, count)
    return Submitted(made, count, merged, 0, 0, batches.look(connection, made))


def _derived(batch: BatchView, sources: Sequence[str]) -> str:
    """The worked-out columns of the copy: those of ``batch`` where it asks the same sources."""
    same = {*sources} == {one.name for one in batch.sources}
    return batch.derived if same else derived.stored(derived.suggested(sources), sources)
