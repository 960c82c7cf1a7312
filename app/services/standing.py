"""What jobs are about, for people: a slice's batch, source, lane, and the positions that it holds. Never a keyword."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rq.job import Job
from sqlalchemy import Row

from app.errors import DatabaseDown
from app.queue import RUN_SLICE, Slice
from app.repositories import ops
from app.services import crew
from app.services.house import House
from app.services.lanes import Held

#: Ranges told one by one; a lane holds one or two, if it is not behind others that were lost.
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class About:
    """What a job is about. ``batch``: whose slice it is, of the workspace that asks. ``told``: whether that workspace
    may know more of it than its source."""

    text: str
    batch: int | None = None
    told: bool = True


def about(house: House, workspace: int, jobs: Sequence[Job]) -> list[About]:
    """What these jobs are about. Of a slice of another workspace's batch, or of one that nobody can look up now, only
    the source is told."""
    names = crew.own(house, workspace, jobs)
    lanes = _lanes(house, sorted(names))
    return [_about(job, names, lanes) if crew.may_see(job, names) else _hidden(job) for job in jobs]


def _hidden(job: Job) -> About:
    return About(f"Another workspace: {job.meta.get('source', '')}", told=False)


def _about(job: Job, names: dict[int, str], lanes: dict[tuple[int, str, int], Row[Any]]) -> About:
    if job.func_name != RUN_SLICE:
        return About(job.description or "")
    piece = Slice(*job.args)
    text = f"Batch {piece.batch} “{names[piece.batch]}”: {piece.source}, lane {piece.lane}, run {piece.generation}"
    lane = lanes.get((piece.batch, piece.source, piece.lane))
    return About(text + _stands(job, piece, lane), piece.batch)


def _stands(job: Job, piece: Slice, lane: Row[Any] | None) -> str:
    """What its lane holds, if that is the job's still: of one under way, or of one that will take it over."""
    if lane is None or job.is_finished or job.is_failed or lane.generation > piece.generation:
        return ""
    far = f"claimed so far: {lane.cursor:,} of {lane.lookups:,}"
    spans = list(Held.parse(lane.held).spans)
    if not spans:
        return f"; holds no positions, {far}"
    ranges = [f"{start}–{stop - 1}" for start, stop in spans[:_MOST]]
    more = f" and {len(spans) - _MOST} more ranges" if len(spans) > _MOST else ""
    return f"; holds positions {', '.join(ranges)}{more}, {far}"


def _lanes(house: House, batches: Sequence[int]) -> dict[tuple[int, str, int], Row[Any]]:
    if not batches:
        return {}
    try:
        with house.db.read() as connection:
            return {(row.batch_id, row.source, row.lane): row for row in ops.standing(connection, batches)}
    except DatabaseDown:
        return {}
