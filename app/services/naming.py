"""What a batch is called and found by, changed after its submit."""

from functools import partial
from typing import Any

from sqlalchemy import Row

from app import events
from app.db.database import Work
from app.errors import BadValue, NoSuchBatch
from app.repositories import batches
from app.services import activity
from app.services.batches import MAX_NAME, MAX_TAG, MAX_TAGS, checked_tags, one_line
from app.services.callers import ITSELF, Caller
from app.services.house import House


def rename(house: House, batch_id: int, name: str, *, who: Caller = ITSELF) -> str:
    """Call a batch something else: what it is called now, on one line and cut to `MAX_NAME` characters. Raises
    NoSuchBatch; BadValue for a name of which nothing is left."""
    plain = one_line(name, MAX_NAME)
    if not plain:
        raise BadValue(name="name", value=name[:100], why="Give a name with a visible character.")
    with house.db.work() as work:
        row = _locked(work, batch_id)
        if row.name != plain:
            batches.change(work.connection, batch_id, name=plain)
            _changed(work, house, row, who, "rename", {"before": row.name, "name": plain})
    return plain


def tag(house: House, batch_id: int, word: str, *, who: Caller = ITSELF) -> None:
    """Let a batch be found by ``word`` too. Raises NoSuchBatch, BadValue."""
    found = checked_tags([word])
    if not found:
        raise BadValue(name="tag", value=word[:100], why="Give a word with a visible character.")
    with house.db.work() as work:
        row = _locked(work, batch_id)
        has = batches.tags_of(work.connection, [batch_id]).get(batch_id, [])
        if found[0] in has:
            return
        if len(has) >= MAX_TAGS:
            why = f"A batch has at most {MAX_TAGS} tags of at most {MAX_TAG} characters."
            raise BadValue(name="tag", value=found[0], why=why)
        batches.add_tags(work.connection, batch_id, found)
        _changed(work, house, row, who, "tag", {"tag": found[0]})


def untag(house: House, batch_id: int, word: str, *, who: Caller = ITSELF) -> None:
    """Let it not be found by ``word`` any more. Raises NoSuchBatch."""
    with house.db.work() as work:
        row = _locked(work, batch_id)
        if batches.drop_tags(work.connection, batch_id, [word]):
            _changed(work, house, row, who, "untag", {"tag": word})


def _locked(work: Work, batch_id: int) -> Row[Any]:
    row = batches.one(work.connection, batch_id, lock=True)
    if row is None:
        raise NoSuchBatch(batch=batch_id)
    return row


def _changed(work: Work, house: House, batch: Row[Any], who: Caller, what: str, about: dict[str, str]) -> None:
    activity.by(work.connection, who, batch.id, what, about, workspace=batch.workspace_id)
    work.after_commit(partial(events.nudge, house.redis, batch.id))
