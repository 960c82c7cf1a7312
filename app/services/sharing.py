"""Not asking twice: what earlier readings answer, and what another batch is asking at this moment."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row

from app import clock
from app.repositories import claims, items, readings
from app.services import accounts
from app.services.house import House
from app.services.lanes import Held, Lane, Lookup, Outcome
from app.sources import registry
from app.sources.base import Reading


def answered(house: House, lane: Lane, lookups: Sequence[Lookup], since: int | None = None) -> list[Outcome]:
    """Readings young enough for this batch, from whatever batch made them, with their own time of observation.
    ``since`` (UTC ms): since when this batch has left it to another one to ask; what was read after it is young."""
    if not lane.max_age_s or not lookups:
        return []
    account = accounts.named(lane.account)
    if account is None:
        return []
    oldest, upstream = clock.now_ms() - lane.max_age_s * 1000, registry.get(lane.piece.source).upstream
    with house.db.read() as connection:
        ids = [one.keyword_id for one in lookups]
        known = readings.earlier(connection, lane.piece.source, ids, min(oldest, oldest if since is None else since))
    found = ((one, known[one.keyword_id], _data(known[one.keyword_id])) for one in lookups if one.keyword_id in known)
    return [_copied(one, row, data) for one, row, data in found if upstream.comparable(account.settings, data or {})]


def _data(row: Row[Any]) -> Mapping[str, Any] | None:
    return orjson.loads(row.data) if row.data else None


def _copied(one: Lookup, row: Row[Any], data: Mapping[str, Any] | None) -> Outcome:
    reading = Reading(row.state, row.value, row.upper, data)
    return Outcome(one.position, reading, row.observed_at, from_cache=True, account=row.account)


def asked_elsewhere(house: House, lane: Lane, lookups: Sequence[Lookup], *, patient: bool) -> set[int]:
    """Keyword ids among ``lookups`` that a running slice of another batch holds unread: it asks them, and its reading
    will answer here too.

    Two batches must not wait for each other. So the younger one always leaves it to the older; the older one leaves it
    to the younger only while ``patient``.
    """
    if not lane.max_age_s or not lookups:
        return set()
    me, source = lane.piece.batch, lane.piece.source
    ids = [one.keyword_id for one in lookups]
    found: set[int] = set()
    with house.db.read() as connection:
        for other in claims.elsewhere(connection, source, me, clock.now_ms()):
            if other.batch_id > me and not patient:
                continue
            for start, stop in Held.parse(other.held).spans:
                found |= items.among(connection, other.batch_id, source, start, stop, ids)
    return found
