"""Batches and readings as programs get them: JSON over HTTP, in streams, webhooks and JSONL. One shape everywhere."""

from typing import Any

import orjson
from sqlalchemy import Row

from app import clock
from app.services.shapes import BatchView, Counts, Failure, Pace, Preview, Rejection, SourceView, Submitted


def instant(ms: int | None) -> str | None:
    """UTC milliseconds as text."""
    return None if ms is None else clock.iso(ms)


def number(value: float | None) -> int | float | None:
    """Counts are whole numbers, and are written as such."""
    return int(value) if value is not None and value.is_integer() else value


def reading(row: Row[Any], keyword: str, *, hidden: bool = False) -> dict[str, Any]:
    """A stored reading (`app.models.reading`) of an item typed as ``keyword``. ``value`` only with status ``ok``; with
    ``below`` its upper end is ``data.below``; ``hidden``: its upstream's settings show it to nobody."""
    said: dict[str, Any] = {"position": row.position, "keyword": keyword, "source": row.source}
    if hidden:
        return said | _measured("withheld") | {"seq": row.seq}
    data = orjson.loads(row.data) if row.data else {}
    if row.upper is not None:
        data["below"] = number(row.upper)
    said["status"] = row.state
    said["value"] = number(row.value) if row.state == "ok" else None
    said["data"] = data
    said["observed_at"] = clock.iso(row.observed_at)
    said["from_cache"] = bool(row.from_cache)
    said["attempts"] = row.attempts
    said["error"] = row.error or None
    said["seq"] = row.seq
    return said


def _measured(status: str) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "value": None,
        "data": {},
        "observed_at": None,
        "from_cache": False,
        "attempts": 0,
        "error": None,
    }
    return {"status": status, **nothing}


def batch(view: BatchView, pace: Pace | None = None) -> dict[str, Any]:
    """A batch as it stands; ``pace`` adds its speed and its end."""
    said: dict[str, Any] = {
        "id": view.id,
        "name": view.name,
        "state": view.state,
        "priority": view.priority,
        "owner": view.owner,
        "tags": list(view.tags),
        "metadata": orjson.loads(view.notes),
        "items": view.items,
        "merged": view.merged,
        "rejected": view.rejected,
        "lookups": view.lookups,
        "seq": view.seq,
        "counts": counts(view.counts, view.lookups),
        "waiting": waiting(view.waiting_reason, view.waiting_until),
        "max_age": view.max_age_s,
        "created_at": clock.iso(view.created_at),
        "started_at": instant(view.started_at),
        "finished_at": instant(view.finished_at),
        "deadline_at": instant(view.deadline_at),
        "stopped_by": view.stopped_by or None,
        "rerun_of": view.rerun_of,
        "purged": {
            "events_at": instant(view.events_purged_at),
            "readings_at": instant(view.readings_purged_at),
            "keywords_at": instant(view.items_purged_at),
        },
        "columns": list(view.columns),
        "sources": [source(one) for one in view.sources],
    }
    if pace is not None:
        said["pace"] = _pace(pace)
    return said


def source(view: SourceView) -> dict[str, Any]:
    """One source of a batch."""
    return {
        "name": view.name,
        "state": view.state,
        "account": view.account,
        "lookups": view.lookups,
        "counts": counts(view.counts, view.lookups),
        "waiting": waiting(view.waiting_reason, view.waiting_until),
        "trouble": view.trouble or None,
    }


def counts(view: Counts, lookups: int) -> dict[str, int]:
    """Lookups by state; ``pending`` have no reading yet, ``cached`` are among the others too."""
    return {
        "ok": view.ok,
        "below": view.below,
        "missing": view.missing,
        "failed": view.failed,
        "cancelled": view.cancelled,
        "pending": lookups - view.done - view.cancelled,
        "cached": view.cached,
    }


def waiting(reason: str, until: int | None) -> dict[str, Any] | None:
    """Why and until when; None for what does not wait."""
    return {"reason": reason, "until": instant(until)} if reason else None


def _pace(pace: Pace) -> dict[str, Any]:
    return {
        "per_second": pace.per_second,
        "limit_per_second": pace.limit_per_second,
        "rate_part": pace.rate_part,
        "ends_at": instant(pace.ends_at),
        "binds": pace.binds or None,
        "days": pace.days,
        "left_today": pace.left_today,
        "quota": pace.quota,
    }


def submitted(done: Submitted) -> dict[str, Any]:
    """A batch as it was made, with what became of the lines that are not in it as they came."""
    return batch(done.view) | {"repaired": done.repaired, "rejections": [rejection(one) for one in done.rejections]}


def rejection(one: Rejection) -> dict[str, Any]:
    """A line that was not taken."""
    return {"line": one.line, "text": one.excerpt, "reason": one.reason}


def preview(seen: Preview) -> dict[str, Any]:
    """What a submit would do."""
    return {
        "items": seen.items,
        "merged": seen.merged,
        "repaired": seen.repaired,
        "rejected": seen.rejected,
        "rejections": [rejection(one) for one in seen.rejections],
        "changed": dict(seen.changed),
        "doubted": dict(seen.doubted),
        "doubtful": [
            {"line": d.position, "kind": d.kind, "text": d.typed, "offered": d.offered} for d in seen.doubtful
        ],
        "spacings": {"groups": seen.spaced, "first": [list(group) for group in seen.spacings]},
        "lookups": seen.lookups,
        "cached": seen.cached,
        "calls": seen.calls,
        "ends_at": instant(seen.ends_at),
        "binds": seen.binds or None,
        "days": seen.days,
        "sources": [
            {"name": one.name, "lookups": one.lookups, "cached": one.cached, "calls": one.calls} for one in seen.sources
        ],
    }


def failure(kind: Failure) -> dict[str, Any]:
    """Failed lookups of one kind."""
    return {"source": kind.source, "error": kind.error, "count": kind.count, "detail": kind.detail}
