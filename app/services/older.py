"""The jobs of the older batch guide: a list of keywords in, their document counts out. A job is a batch here.

The older contract knows numbers only. What is no number (fewer than ten, not answered, failed) is null and never 0;
``states``, which that contract does not have, says which of them it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from app.errors import BadBody
from app.models.people import MAIN
from app.repositories import items, table
from app.services import batches, wire
from app.services.callers import Caller
from app.services.gone import require_readings
from app.services.house import House
from app.services.results import withheld
from app.services.shapes import BatchView

#: Whoever comes without a token, where the settings take them.
ANYONE: Final = Caller(MAIN, frozenset({"read", "submit"}))
#: Items read from the database at a time.
PAGE = 2_000
_STATUS: Mapping[str, str] = {"completed": "completed", "cancelled": "failed"}


def keywords(body: bytes) -> list[str]:
    """The keywords of ``{"keywords": […]}``. Raises BadBody."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    found = said.get("keywords") if isinstance(said, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadBody(why='Send JSON: {"keywords": ["…", "…"]}, a list of texts.')
    return found


def submit(house: House, who: Caller, given: Sequence[str]) -> dict[str, Any]:
    """A job of these keywords and the sources of the settings. Raises Refused as `batches.submit` does. Settings:
    older_sources."""
    sources = [name.strip() for name in house.settings.older_sources.split(",") if name.strip()]
    done = batches.submit(house, given, sources, who=who)
    message = f"Keywords taken: {done.items:,}; the same again: {done.merged:,}; rejected: {done.rejected:,}."
    return {"success": True, "jobId": str(done.batch), "message": message}


def status(house: House, workspace: int, job_id: str) -> Iterator[bytes]:
    """A job as JSON, in pieces: how far it is, and every keyword that all its sources have answered. Once it has ended,
    every keyword. Raises NoSuchBatch, Purged, before the first piece for whoever takes that."""
    batch_id = int(job_id) if job_id.isascii() and job_id.isdigit() and len(job_id) < 19 else 0
    batches.require_in(house, workspace, batch_id)
    with house.db.snapshot() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        begun = "processing" if batch.seq or batch.state != "queued" else "pending"
        state = _STATUS.get(batch.state, begun)
        yield orjson.dumps({"id": str(batch_id), "status": state})[:-1].join(
            (b'{"success":true,"job":', b',"results":[')
        )
        current, comma = 0, b""
        for start in range(0, batch.items, PAGE):
            found = _results(connection, batch, range(start, min(start + PAGE, batch.items)))
            lines = [orjson.dumps(one) for one, whole in found if whole or batch.ended]
            current += sum(whole for _, whole in found)
            if lines:
                yield comma + b",".join(lines)
                comma = b","
    # Only now is it known how many of them are current.
    yield b'],"progress":' + orjson.dumps({"current": current, "total": batch.items}) + b"}}"


def _results(connection: Connection, batch: BatchView, span: range) -> list[tuple[dict[str, Any], bool]]:
    """Each keyword of ``span`` with its counts, and whether all sources have answered for it."""
    unread = "cancelled" if batch.state == "cancelled" else "pending"
    hidden, names = withheld(batch), _names([source.name for source in batch.sources])
    counts: dict[int, dict[str, int | float | None]] = {position: {} for position in span}
    states: dict[int, dict[str, str]] = {position: dict.fromkeys(names.values(), unread) for position in span}
    for source, name in names.items():
        for row in table.values(connection, batch.id, source, span):
            ok = row.state == "ok" and source not in hidden
            counts[row.position][name] = wire.number(row.value) if ok else None
            states[row.position][name] = "withheld" if source in hidden else row.state
    return [
        (_said(item.typed, counts[item.position], states[item.position]), len(counts[item.position]) == len(names))
        for item in items.span(connection, batch.id, span)
    ]


def _said(keyword: str, counts: Mapping[str, Any], states: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"keyword": keyword, "counts": {name: counts.get(name) for name in states}}
    less = {name: state for name, state in states.items() if state != "ok"}
    return {**said, "states": less} if less else said


def _names(sources: Sequence[str]) -> dict[str, str]:
    """Source → its name in the counts: its channel, or all of it where another source has that already."""
    names: dict[str, str] = {}
    for source in sources:
        channel = source.partition(".")[2]
        names[source] = source if channel in names.values() else channel
    return names
