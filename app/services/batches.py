"""Batches: submit, look, list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import Connection, Row, bindparam, update

from app import clock, events
from app.db.database import Work
from app.errors import BadValue, EmptyInput, NoSources, NoSuchBatch
from app.models.people import MAIN
from app.models.tables import item
from app.queue import LANES, PRIORITIES
from app.repositories import batches, items
from app.services import accounts, derived, dispatch
from app.services.house import House
from app.services.intake import PLAIN, Intake, Taken, Treatment
from app.services.shapes import ENDED, BatchView, Counts, SourceView, Submitted
from app.services.sheets import Line
from app.sources import registry
from app.sources.base import Account

#: Items inserted at a time, so that memory stays flat.
INSERT = 10_000
MAX_NAME = 200
MAX_OWNER = 100
#: Columns kept of what stands beside the keywords.
MAX_COLUMNS = 100
#: Ten years, in seconds; what "use any earlier reading" comes to, and how far off a deadline may be.
MAX_AGE_S = 315_360_000
NOTHING: Mapping[str, str] = MappingProxyType({})


class Picked(NamedTuple):
    """A source and the account that pays for it."""

    source: registry.Source
    account: Account


def submit(
    house: House,
    lines: Iterable[str | Line],
    sources: Sequence[str],
    *,
    columns: Sequence[str] = (),
    treatment: Treatment = PLAIN,
    name: str = "",
    priority: str = "default",
    max_age_s: int = 0,
    deadline_at: int | None = None,
    owner: str = "",
    pay_with: Mapping[str, str] = NOTHING,
    worked_out: Sequence[derived.Spec] | None = None,
) -> Submitted:
    """Make a batch of the keywords in ``lines`` and the sources named, and put its first slices on their queues.

    ``columns``: what is kept of what stands beside the keywords; ``treatment``: how these are made plain.
    ``max_age_s``: a reading younger than that answers instead of a call; 0 asks always. ``deadline_at`` (UTC ms): what
    is unread then is not asked any more. ``owner``: whose it is; owners take turns. ``pay_with``: upstream → account to
    ask with, where it is not the first that can. ``worked_out``: its derived columns; None = the competition ratio,
    where its sources allow one. Raises Refused (nothing is stored then): NoSources, UnknownSource, MissingCredentials,
    NoSuchAccount, BadValue, EmptyInput, NotText, TooLarge, ProtectedSheet, BrokenSheet; WrongKey.
    """
    accounts.refresh(house)
    picked = pick(sources, pay_with)
    check_options(priority, max_age_s, deadline_at)
    names = [one.source.name for one in picked]
    formulas = derived.stored(derived.suggested(names) if worked_out is None else worked_out, names)
    taken = Intake(treatment, columns[:MAX_COLUMNS])
    found = taken.take(lines)
    first = list(islice(found, INSERT))  # an empty list is refused before anything is written
    if not first:
        raise EmptyInput
    title = " ".join(name.split())[:MAX_NAME] or first[0].asked[:60]
    with house.db.work() as work:
        owned = " ".join(owner.split())[:MAX_OWNER]
        batch_id = batches.add(work.connection, _new_batch(title, priority, max_age_s, deadline_at, owned))
        count = _add_items(work, batch_id, first, found)
        _count_merged(work, batch_id, taken)
        tally = {"items": count, "merged": taken.merged, "rejected": taken.rejected}
        kept = orjson.dumps(list(taken.columns)).decode()
        batches.change(work.connection, batch_id, **tally, derived=formulas, columns=kept)
        batches.add_sources(work.connection, [new_source(batch_id, n, one, count) for n, one in enumerate(picked)])
        for one in picked:
            dispatch.open_lanes(work.connection, batch_id, one.source.name, one.account, count)
        work.after_commit(partial(dispatch.wake, house, batch_id))
        work.after_commit(partial(events.nudge, house.redis, batch_id))
    return Submitted(batch_id, count, taken.merged, taken.rejected, taken.repaired, tuple(taken.rejections))


def check_options(priority: str, max_age_s: int, deadline_at: int | None = None) -> None:
    """Raises BadValue for an option of a submit that makes no sense."""
    if priority not in PRIORITIES:
        raise BadValue(name="priority", value=priority, why=f"Choose one of {', '.join(PRIORITIES)}.")
    if not 0 <= max_age_s <= MAX_AGE_S:
        raise BadValue(name="max_age", value=max_age_s, why="Give 0 or more seconds, at most ten years.")
    if deadline_at is not None and not 0 < deadline_at - clock.now_ms() <= MAX_AGE_S * 1000:
        raise BadValue(name="deadline", value=deadline_at, why="Give a moment to come, within ten years.")


def pick(names: Sequence[str], pay_with: Mapping[str, str] = NOTHING) -> list[Picked]:
    """The sources called ``names``, each once, with the account that pays. Raises NoSources, UnknownSource,
    NoSuchAccount, MissingCredentials, WrongKey."""
    if not names:
        raise NoSources
    found = [registry.get(name) for name in dict.fromkeys(names)]
    return [Picked(source, accounts.paying(source, pay_with.get(source.upstream.name, ""))) for source in found]


def get(house: House, batch_id: int) -> BatchView:
    """The batch as it stands. Raises NoSuchBatch."""
    with house.db.read() as connection:
        return look(connection, batch_id)


def require_in(house: House, workspace: int, batch_id: int) -> int:
    """The id, of a batch of that workspace. Raises NoSuchBatch for another's too: who may not see it learns nothing."""
    with house.db.read() as connection:
        row = batches.one(connection, batch_id)
    if row is None or row.workspace_id != workspace:
        raise NoSuchBatch(batch=batch_id)
    return batch_id


def look(connection: Connection, batch_id: int) -> BatchView:
    """The batch as this connection sees it. Raises NoSuchBatch."""
    row = batches.one(connection, batch_id)
    if row is None:
        raise NoSuchBatch(batch=batch_id)
    tags = batches.tags_of(connection, [batch_id])
    return _view(row, batches.sources_of(connection, [batch_id]), tags.get(batch_id, ()))


def listing(house: House, *, limit: int = 50, before: int | None = None) -> list[BatchView]:
    """Batches, newest first, with ids under ``before``."""
    with house.db.read() as connection:
        rows = batches.newest(connection, limit, before)
        sources = batches.sources_of(connection, [row.id for row in rows])
        tags = batches.tags_of(connection, [row.id for row in rows])
    return [
        _view(row, [source for source in sources if source.batch_id == row.id], tags.get(row.id, ())) for row in rows
    ]


def _new_batch(title: str, priority: str, max_age_s: int, deadline_at: int | None, owner: str) -> dict[str, Any]:
    return {
        "name": title,
        "state": "queued",
        "priority": priority,
        "items": 0,
        "merged": 0,
        "rejected": 0,
        "max_age_s": max_age_s,
        "seq": 0,
        "waiting_reason": "",
        "created_at": clock.now_ms(),
        "deadline_at": deadline_at,
        "owner": owner,
        "stopped_by": "",
        "columns": "[]",
        "derived": "[]",
        "workspace_id": MAIN,
        "notes": "{}",
    }


def new_source(batch_id: int, ordinal: int, picked: Picked, lookups: int) -> dict[str, Any]:
    """The row of a batch's source that has not begun."""
    return {
        "batch_id": batch_id,
        "source": picked.source.name,
        "ordinal": ordinal,
        "account": picked.account.key,
        "state": "queued",
        "lookups": lookups,
        "lanes": LANES,
        **dict.fromkeys(("cursor", "ok", "below", "missing", "failed", "cached"), 0),
        **dict.fromkeys(("waiting_reason", "trouble", "trouble_detail"), ""),
    }


def _add_items(work: Work, batch_id: int, first: list[Taken], found: Iterator[Taken]) -> int:
    """Insert keywords and items chunk by chunk; how many items there are."""
    items.serialise_submits(work.connection)
    chunk, count = first, 0
    while chunk:
        items.add_keywords(work.connection, sorted((one.keyword_id, one.asked) for one in chunk))
        rows = ((one.position, one.keyword_id, one.typed, one.line, 0, _beside(one)) for one in chunk)
        items.add(work.connection, batch_id, rows)
        count += len(chunk)
        chunk = list(islice(found, INSERT))
    return count


def _beside(one: Taken) -> str | None:
    return orjson.dumps(one.others).decode() if one.others and any(one.others) else None


def _count_merged(work: Work, batch_id: int, taken: Intake) -> None:
    rows = [{"at": position, "more": more} for position, more in taken.again.items()]
    if rows:
        where = (item.c.batch_id == batch_id) & (item.c.position == bindparam("at"))
        work.connection.execute(update(item).where(where).values(merged=bindparam("more")), rows)


def _view(row: Row[Any], sources: Sequence[Row[Any]], tags: Sequence[str]) -> BatchView:
    views = tuple(_source_view(row.state, source) for source in sources)
    total = {
        state: sum(getattr(view.counts, state) for view in views)
        for state in ("ok", "below", "missing", "failed", "cancelled", "cached")
    }
    return BatchView(
        id=row.id,
        name=row.name,
        state=row.state,
        priority=row.priority,
        items=row.items,
        lookups=sum(view.lookups for view in views),
        merged=row.merged,
        rejected=row.rejected,
        seq=row.seq,
        counts=Counts(**total),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        waiting_reason=row.waiting_reason,
        waiting_until=row.waiting_until,
        max_age_s=row.max_age_s,
        owner=row.owner,
        deadline_at=row.deadline_at,
        stopped_by=row.stopped_by,
        rerun_of=row.rerun_of,
        columns=tuple(orjson.loads(row.columns)),
        derived=row.derived,
        workspace=row.workspace_id,
        tags=tuple(tags),
        notes=row.notes,
        sources=views,
    )


def _source_view(batch_state: str, row: Row[Any]) -> SourceView:
    counts = Counts(row.ok, row.below, row.missing, row.failed, 0, row.cached)
    state = row.state
    if batch_state in (*ENDED, "cancelling", "paused") and state != "completed":
        state = batch_state
    if batch_state == "cancelled":
        counts = replace(counts, cancelled=row.lookups - counts.done)
    return SourceView(
        name=row.source,
        state=cast(Any, state),
        lookups=row.lookups,
        counts=counts,
        waiting_reason=row.waiting_reason,
        waiting_until=row.waiting_until,
        trouble=row.trouble,
        trouble_detail=row.trouble_detail,
        account=row.account,
    )
