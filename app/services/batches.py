"""Batches: submit, look, list."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, bindparam, update

from app import clock, events, traces
from app.db.database import Work
from app.errors import BadValue, EmptyInput, NoSources, NoSuchBatch
from app.models.people import MAIN
from app.models.tables import item
from app.queue import LANES, PRIORITIES
from app.repositories import batches, items
from app.services import accounts, activity, answers, derived, dispatch, wire
from app.services.answers import Once
from app.services.callers import OPERATOR, Caller
from app.services.house import House
from app.services.intake import PLAIN, Intake, Taken, Treatment
from app.services.shapes import BatchView, Submitted
from app.services.sheets import Line
from app.services.views import views
from app.sources import registry
from app.sources.base import Account

#: Items inserted at a time, so that memory stays flat. In order of their keys, more of them meet fewer pages twice.
INSERT = 50_000
MAX_NAME = 200
MAX_OWNER = 100
MAX_TAG, MAX_TAGS = 50, 20
#: Bytes of JSON that a caller may keep with a batch.
MAX_NOTES = 16_384
#: Columns kept of what stands beside the keywords.
MAX_COLUMNS = 100
#: Ten years, in seconds; what "use any earlier reading" comes to, and how far off a deadline may be.
MAX_AGE_S = 315_360_000
NOTHING: Mapping[str, str] = MappingProxyType({})


class Picked(NamedTuple):
    """A source and the account that pays for it."""

    source: registry.Source
    account: Account


@traces.spanned("submit")
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
    who: Caller = OPERATOR,
    tags: Sequence[str] = (),
    notes: Mapping[str, Any] = NOTHING,
    once: Once | None = None,
) -> Submitted:
    """Make a batch of the keywords in ``lines`` and the sources named, and put its first slices on their queues.

    ``columns``: what is kept of what stands beside the keywords; ``treatment``: how these are made plain.
    ``max_age_s``: a reading younger than that answers instead of a call; 0 asks always. ``deadline_at`` (UTC ms): what
    is unread then is not asked any more. ``owner``: whose it is; owners take turns. ``pay_with``: upstream → account to
    ask with, where it is not the first that can. ``worked_out``: its derived columns; None = the competition ratio,
    where its sources allow one. ``who`` asks: it belongs to his workspace, and to him if no ``owner`` is named.
    ``tags`` are what it is found by, ``notes`` the caller's own. ``once``: the key under which it is made once.
    Raises Refused (nothing is stored then): NoSources, UnknownSource, MissingCredentials, NoSuchAccount, BadValue,
    EmptyInput, NotText, TooLarge, ProtectedSheet, BrokenSheet; WrongKey; AlreadySaid when the key was used meanwhile.
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
        raise EmptyInput(rejections=[wire.rejection(one) for one in taken.rejections])
    title = one_line(name, MAX_NAME) or one_line(first[0].asked, 60)
    row = new_batch(title, priority, max_age_s, deadline_at, one_line(owner or who.name, MAX_OWNER))
    row |= {"workspace_id": who.workspace, "notes": checked_notes(notes), "derived": formulas}
    words = checked_tags(tags)
    with house.db.work(trusted=True) as work:
        if once is not None:
            answers.claim(work.connection, once)
        batch_id = batches.add(work.connection, row)
        batches.add_tags(work.connection, batch_id, words)
        count = _add_items(work, batch_id, first, found)
        _finish(work, batch_id, taken, count, picked)
        about = {"items": count, "sources": len(picked)}
        activity.by(work.connection, who, batch_id, "submit", about)
        view = look(work.connection, batch_id)
        rejections = tuple(taken.rejections)
        submitted = Submitted(batch_id, count, taken.merged, taken.rejected, taken.repaired, view, rejections)
        if once is not None:
            answers.keep(work.connection, once, orjson.dumps(wire.submitted(submitted)).decode())
        work.after_commit(partial(dispatch.wake, house, batch_id))
        work.after_commit(partial(events.nudge, house.redis, batch_id))
    return submitted


def _finish(work: Work, batch_id: int, taken: Intake, count: int, picked: Sequence[Picked]) -> None:
    """What is known of a batch once all its items are there, and what will work on it."""
    _count_merged(work, batch_id, taken)
    kept = orjson.dumps(list(taken.columns)).decode()
    batches.change(work.connection, batch_id, items=count, merged=taken.merged, rejected=taken.rejected, columns=kept)
    open_sources(work, batch_id, picked, count)


def open_sources(work: Work, batch_id: int, picked: Sequence[Picked], count: int) -> None:
    """Give a batch of ``count`` items its sources, and these their lanes."""
    batches.add_sources(work.connection, [new_source(batch_id, n, one, count) for n, one in enumerate(picked)])
    for one in picked:
        dispatch.open_lanes(work.connection, batch_id, one.source.name, one.account, count)


def one_line(text: str, most: int) -> str:
    """A name as it is kept: one line, nothing invisible that a header or a terminal would act on."""
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    return " ".join(plain.split())[:most].rstrip()


def checked_tags(tags: Sequence[str]) -> list[str]:
    """Tags as they are kept, each once. Raises BadValue."""
    plain = [tag for tag in dict.fromkeys(one_line(tag, MAX_TAG + 1) for tag in tags) if tag]
    if len(plain) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in plain):
        why = f"Give at most {MAX_TAGS} tags of at most {MAX_TAG} characters."
        raise BadValue(name="tags", value=", ".join(plain)[:100], why=why)
    return plain


def checked_notes(notes: Mapping[str, Any]) -> str:
    """The caller's own notes as they are kept. Raises BadValue."""
    said = orjson.dumps(dict(notes))
    if len(said) > MAX_NOTES:
        raise BadValue(name="metadata", value=f"{len(said)} bytes", why=f"Give at most {MAX_NOTES} bytes of JSON.")
    return said.decode()


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
    return views(connection, [row])[0]


def listing(
    house: House, *, limit: int = 50, before: int | None = None, workspace: int | None = None
) -> list[BatchView]:
    """Batches, newest first, with ids under ``before``; of one workspace, or of all."""
    with house.db.read() as connection:
        return views(connection, batches.newest(connection, limit, before, workspace))


def new_batch(title: str, priority: str, max_age_s: int, deadline_at: int | None, owner: str) -> dict[str, Any]:
    """The row of a batch that has nothing yet."""
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
        items.add_keywords(work.connection, sorted([(key, asked) for _, key, _, asked, _, _ in chunk]))
        rows = (
            (batch_id, at, key, typed, line, 0, others and _beside(others)) for at, key, typed, _, line, others in chunk
        )
        items.add(work.connection, rows)
        count += len(chunk)
        chunk = list(islice(found, INSERT))
    return count


def _beside(others: Sequence[str]) -> str | None:
    return orjson.dumps(others).decode() if any(others) else None


def _count_merged(work: Work, batch_id: int, taken: Intake) -> None:
    rows = [{"at": position, "more": more} for position, more in taken.again.items()]
    if rows:
        where = (item.c.batch_id == batch_id) & (item.c.position == bindparam("at"))
        work.connection.execute(update(item).where(where).values(merged=bindparam("more")), rows)
