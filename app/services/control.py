"""Control: pause, resume, cancel, retry, rerun. One function each, one transaction each, and asking for what is so
already changes nothing.

Running slices hear of it by message at once, and by the state that their next flush brings back. After a function has
returned, no call starts later than a second. ``who`` is put down as the one who did it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Row, Select

from app import clock, events
from app.db.database import Work
from app.errors import BadValue, NoSuchBatch, NothingToRetry, UnknownSource, UpstreamError, WrongState
from app.log import get
from app.repositories import batches, claims, items, readings, table
from app.services import accounts, activity, dispatch, ledger, matches, outbox, waits
from app.services.activity import NOTHING
from app.services.batches import get as view
from app.services.batches import look, new_source, pick
from app.services.callers import ITSELF, Caller
from app.services.gone import require_items, require_readings
from app.services.house import House
from app.services.shapes import BatchView, Failure, Retried

log = get(__name__)
_CALM = {"waiting_reason": "", "waiting_until": None}
#: What a rerun has of the batch that it asks anew.
_KEPT = (
    *("name", "priority", "items", "merged", "rejected", "owner"),
    *("columns", "derived", "workspace_id", "notes"),
)
_AGAIN = {"state": "queued", "finished_at": None, **_CALM}


def pause(house: House, batch_id: int, *, who: Caller = ITSELF) -> BatchView:
    """Let a batch rest until it is resumed. Raises NoSuchBatch; WrongState for one that has ended or is ending."""
    with house.db.work() as work:
        row = _locked(work, batch_id, "pause", (*batches.OPEN, "paused"))
        if row.state != "paused":
            batches.change(work.connection, batch_id, state="paused", **_CALM)
            work.after_commit(partial(events.stop, house.redis, batch_id))
            _put_down(work, row, who, "pause")
            _changed(work, house, batch_id)
    return view(house, batch_id)


def resume(house: House, batch_id: int, *, who: Caller = ITSELF) -> BatchView:
    """Let a paused batch go on, or a cancelled one where it stopped; a deadline that has passed is dropped. Nothing
    changes for one that goes on anyway. Raises NoSuchBatch, Purged; WrongState for a completed one, or one being
    cancelled."""
    with house.db.work() as work:
        row = _locked(work, batch_id, "resume", (*batches.OPEN, "paused", "cancelled"))
        if row.state == "cancelled":
            require_readings(row)
            _reopen(work, batch_id)
        if row.state in ("paused", "cancelled"):
            overdue = row.deadline_at is not None and row.deadline_at <= clock.now_ms()
            deadline = {"deadline_at": None} if overdue else {}
            batches.change(work.connection, batch_id, stopped_by="", **_AGAIN, **deadline)
            for source in batches.sources_of(work.connection, [batch_id]):
                if source.state == "running":
                    batches.change_source(work.connection, batch_id, source.source, state="queued")
            _put_down(work, row, who, "resume")
            waits.refresh_batch(work.connection, batch_id)
            _changed(work, house, batch_id, wake=True)
    return view(house, batch_id)


def cancel(house: House, batch_id: int, *, who: Caller = ITSELF) -> BatchView:
    """Stop a batch; what was read is kept. Cancelling again changes nothing. Raises NoSuchBatch; WrongState for one
    that is completed."""
    with house.db.work() as work:
        row = _locked(work, batch_id, "cancel", (*batches.OPEN, "paused", "cancelling", "cancelled"))
        if row.state not in ("cancelling", "cancelled"):
            _begin_to_cancel(work, house, row, "person", who)
    settle(house, batch_id)
    return view(house, batch_id)


def expire(house: House, batch_id: int) -> None:
    """Cancel a batch whose deadline has passed, if it has not ended."""
    with house.db.work() as work:
        row = batches.one(work.connection, batch_id, lock=True)
        open_ = row is not None and row.state in (*batches.OPEN, "paused")
        if row is None or not open_ or row.deadline_at is None or row.deadline_at > clock.now_ms():
            return
        _begin_to_cancel(work, house, row, "deadline", ITSELF)
    settle(house, batch_id)


def settle(house: House, batch_id: int) -> None:
    """End a batch that is being cancelled once nobody works on it."""
    accounts.refresh(house)
    with house.db.work() as work:
        connection, now = work.connection, clock.now_ms()
        dead = claims.expired(connection, batch_id, now)
        row = batches.one(connection, batch_id, lock=True)
        if row is None or row.state != "cancelling":
            return
        for lane in dead:
            source = batches.one_source(connection, batch_id, lane.source)
            assert source is not None  # the claim's row refers to it
            budget = accounts.spending(source.account, lane.source)
            ledger.bury(connection, house.settings, lane, source.account, budget)
            claims.drop(connection, (batch_id, lane.source, lane.lane))
        if claims.count(connection, batch_id) == 0:
            batches.change(connection, batch_id, state="cancelled", finished_at=now)
            batches.cancel_sources(connection, batch_id, now)
            outbox.tell(connection, batch_id, "cancelled")
            _changed(work, house, batch_id)


def retry(
    house: House,
    batch_id: int,
    *,
    error: str = "",
    source: str = "",
    first: int | None = None,
    filters: Sequence[str] = (),
    q: str = "",
    who: Caller = ITSELF,
) -> Retried:
    """Ask failed lookups again: all, of one ``error`` class, of one ``source``, only the ``first`` so many (a canary),
    only in rows that match ``filters`` and ``q`` (`app.services.selection`). Their failures are kept as history.

    Raises NoSuchBatch, Purged, NothingToRetry, BadValue, UnknownSource; WrongState for a batch that is or is being
    cancelled.
    """
    _check_filter(error, first)
    with house.db.work() as work:
        row = _locked(work, batch_id, "retry", (*batches.OPEN, "paused", "completed"))
        require_readings(row)
        known = {one.source: one for one in batches.sources_of(work.connection, [batch_id])}
        if source and source not in known:
            raise UnknownSource(source=source, known=", ".join(known))
        rows = _rows(work, batch_id, filters, q) if filters or q else None
        found = readings.supersede_failed(work.connection, batch_id, error, source, first, rows)
        if not found:
            raise NothingToRetry(batch=batch_id)
        lookups = sum(part.lookups for part in found)
        about = {"lookups": lookups, "error": error, "source": source, "filters": [*filters], "q": q}
        _put_down(work, row, who, "retry", about)
        for part in found:
            _ask_again(work, known[part.source], part.lookups, part.lowest)
        if row.state == "completed":
            batches.change(work.connection, batch_id, **_AGAIN)
        if row.state != "paused":
            waits.refresh_batch(work.connection, batch_id)
        _changed(work, house, batch_id, wake=True)
    return Retried(view(house, batch_id), lookups)


def rerun(house: House, batch_id: int, *, who: Caller = ITSELF) -> BatchView:
    """A new batch of the same keywords and sources, which asks them all anew. While such a batch is still open it is
    given again. Raises NoSuchBatch, Purged, MissingCredentials; WrongState for a batch that has not ended."""
    accounts.refresh(house)
    with house.db.work() as work:
        connection = work.connection
        row = _locked(work, batch_id, "rerun", ("completed", "cancelled"))
        require_items(row)
        open_ = batches.rerun_under_way(connection, batch_id)
        if open_ is None:
            before = batches.sources_of(connection, [batch_id])
            sources = pick(
                [one.source for one in before], {one.account.partition("/")[0]: one.account for one in before}
            )
            again = {"state": "queued", "seq": 0, "max_age_s": 0, "created_at": clock.now_ms(), "rerun_of": batch_id}
            nothing = {"started_at": None, "finished_at": None, "deadline_at": None, "stopped_by": "", **_CALM}
            kept = {name: getattr(row, name) for name in _KEPT}
            open_ = batches.add(connection, {**kept, **again, **nothing})
            batches.add_tags(connection, open_, batches.tags_of(connection, [batch_id]).get(batch_id, []))
            items.copy(connection, batch_id, open_)
            batches.add_sources(connection, [new_source(open_, n, s, row.items) for n, s in enumerate(sources)])
            for one in sources:
                dispatch.open_lanes(connection, open_, one.source.name, one.account, row.items)
            _put_down(work, row, who, "rerun", {"batch": open_})
            about = {"items": row.items, "sources": len(sources), "rerun_of": batch_id}
            activity.by(connection, who, open_, "submit", about, workspace=row.workspace_id)
            _changed(work, house, open_, wake=True)
    return view(house, open_)


def failures(house: House, batch_id: int) -> list[Failure]:
    """The failed lookups of a batch by source and error class. Raises NoSuchBatch, Purged."""
    with house.db.read() as connection:
        batch = batches.one(connection, batch_id)
        if batch is None:
            raise NoSuchBatch(batch=batch_id)
        require_readings(batch)
        found = readings.failures(connection, batch_id)
        said = readings.details(connection, batch_id, [row.newest for row in found])
    return [Failure(row.source, row.error, row.lookups, said.get(row.newest, "")) for row in found]


def _locked(work: Work, batch_id: int, verb: str, states: tuple[str, ...]) -> Row[Any]:
    """The batch, held until the transaction ends. Raises NoSuchBatch; WrongState when it is in none of ``states``."""
    row = batches.one(work.connection, batch_id, lock=True)
    if row is None:
        raise NoSuchBatch(batch=batch_id)
    if row.state not in states:
        raise WrongState(batch=batch_id, state=row.state, verb=verb)
    return row


def _rows(work: Work, batch_id: int, filters: Sequence[str], q: str) -> Select[int]:
    """The positions of the rows that match, for a statement around it. Raises BadValue."""
    chosen = matches.chosen(work.connection, look(work.connection, batch_id), filters, q)
    return table.chosen(work.connection, chosen)


def _put_down(work: Work, batch: Row[Any], who: Caller, what: str, about: Mapping[str, Any] = NOTHING) -> None:
    activity.by(work.connection, who, batch.id, what, about, workspace=batch.workspace_id)


def _changed(work: Work, house: House, batch_id: int, *, wake: bool = False) -> None:
    work.after_commit(partial(events.nudge, house.redis, batch_id))
    if wake:
        work.after_commit(partial(dispatch.wake, house, batch_id))


def _begin_to_cancel(work: Work, house: House, batch: Row[Any], by: str, who: Caller) -> None:
    batches.change(work.connection, batch.id, state="cancelling", stopped_by=by, **_CALM)
    _put_down(work, batch, who, "cancel", {"by": by})
    work.after_commit(partial(events.stop, house.redis, batch.id))
    _changed(work, house, batch.id)


def _reopen(work: Work, batch_id: int) -> None:
    """Queue the sources of a cancelled batch again, with new lanes that look for what has no reading."""
    for source in batches.sources_of(work.connection, [batch_id]):
        if source.state == "cancelled":
            paying = accounts.named(source.account)
            lanes = dispatch.open_lanes(work.connection, batch_id, source.source, paying, source.lookups, source.lanes)
            batches.change_source(work.connection, batch_id, source.source, cursor=0, lanes=lanes, **_AGAIN)


def _ask_again(work: Work, source: Row[Any], count: int, lowest: int) -> None:
    """``count`` lookups of a source have lost their readings, the first of them at ``lowest``."""
    values: dict[str, Any] = {"failed": source.failed - count, "cursor": min(source.cursor, lowest)}
    if source.state == "completed":
        values |= _AGAIN
    if not claims.count(work.connection, source.batch_id, source.source):
        paying = accounts.named(source.account)
        values["lanes"] = dispatch.open_lanes(
            work.connection, source.batch_id, source.source, paying, count, source.lanes
        )
    batches.change_source(work.connection, source.batch_id, source.source, **values)


def _check_filter(error: str, first: int | None) -> None:
    known = sorted(kind.code for kind in UpstreamError.__subclasses__())
    if error and error not in known:
        raise BadValue(name="error", value=error, why=f"Error classes are {', '.join(known)}.")
    if first is not None and first < 1:
        raise BadValue(name="first", value=first, why="Give 1 or more.")
