"""Rows of batches and their sources as the faces get them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import orjson
from sqlalchemy import Connection, Row

from app.repositories import batches
from app.services.shapes import ENDED, BatchView, Counts, SourceView


def views(connection: Connection, rows: Sequence[Row[Any]]) -> list[BatchView]:
    """These batches as they stand, in the same order."""
    ids = [row.id for row in rows]
    sources, tags = batches.sources_of(connection, ids), batches.tags_of(connection, ids)
    return [
        _view(row, [source for source in sources if source.batch_id == row.id], tags.get(row.id, ())) for row in rows
    ]


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
        events_purged_at=row.events_purged_at,
        readings_purged_at=row.readings_purged_at,
        items_purged_at=row.items_purged_at,
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
