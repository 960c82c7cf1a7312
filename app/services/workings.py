"""The workings of the house in full, for who runs it: workers, queues, lanes, what broke, what is held up.

Redis and the database may each be away; what they would have told is then None or empty, and the health says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.exceptions import RedisError
from sqlalchemy import Connection, Row

from app import clock
from app.errors import DatabaseDown, RedisDown
from app.repositories import ops as rows
from app.repositories.ops import Backlog
from app.services import accounts, crew, jobs, ops
from app.services.callers import Caller
from app.services.crew import Crew
from app.services.house import House
from app.services.jobs import JobView, QueueAge
from app.services.lanes import Held
from app.services.ops import Health

#: Jobs, lanes and failures told one by one.
MOST: Final = 50
#: Messages that were given up are told for so long.
LATELY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class LaneView:
    """A lane that a slice works on: of ``batch``, called ``name``, if that is of the workspace. ``held``: lookups it
    has claimed and not finished; ``until`` (UTC ms): its lease."""

    source: str
    lane: int
    generation: int
    worker: str
    held: int
    until: int
    batch: int | None
    name: str


@dataclass(frozen=True, slots=True)
class HaltView:
    """An account that is not asked, why (as a waiting batch states it), and until when (UTC ms; None: nobody knows)."""

    account: str
    reason: str
    trouble: str
    detail: str
    until: int | None


@dataclass(frozen=True, slots=True)
class Workings:
    """The house in full. ``crew`` and ``queues`` are None while Redis does not answer, ``halted`` and ``backlog`` while
    the database does not. ``busy_lanes`` and ``idle_lanes``: lanes that somebody, and nobody, works on now.
    ``waiting``, ``failed`` and ``lanes`` are told to those who may see everything, `MOST` of each."""

    health: Health
    crew: Crew | None = None
    queues: list[QueueAge] | None = None
    waiting: tuple[JobView, ...] = ()
    failed: tuple[JobView, ...] = ()
    lanes: tuple[LaneView, ...] = ()
    busy_lanes: int | None = None
    idle_lanes: int | None = None
    halted: tuple[HaltView, ...] | None = None
    backlog: Backlog | None = None


def look(house: House, who: Caller) -> Workings:
    """The house in full, as far as ``who`` may see it: jobs and lanes one by one need the scope ``admin``, and of
    batches of other workspaces only the source is told."""
    found, everything = ops.health(house), "admin" in who.scopes
    there: dict[str, Any] = {}
    try:
        there["crew"] = crew.crew(house, who.workspace)
        there["queues"] = jobs.queues(house.redis)
        there |= _jobs(house, who.workspace, there["queues"]) if everything else {}
    except (RedisError, RedisDown):
        there = {}
    try:
        with house.db.read() as connection:
            there |= _stored(connection, who.workspace, everything=everything)
        there["halted"] = _halted(house)
    except DatabaseDown:
        pass  # the health says so
    return Workings(found, **there)


def _jobs(house: House, workspace: int, queues: Sequence[QueueAge]) -> dict[str, tuple[JobView, ...]]:
    redis = house.redis
    waiting, failed = jobs.waiting(redis, queues, MOST), jobs.failed(redis, queues, MOST)
    names = crew.own(house, workspace, [*waiting, *failed])
    wrong = jobs.wrong(redis, failed)
    return {
        "waiting": tuple(jobs.view(job, names, crew.ms(job.enqueued_at), job.description or "") for job in waiting),
        "failed": tuple(
            jobs.view(job, names, crew.ms(job.ended_at), said) for job, said in zip(failed, wrong, strict=True)
        ),
    }


def _stored(connection: Connection, workspace: int, *, everything: bool) -> dict[str, Any]:
    now = clock.now_ms()
    busy, idle = rows.lanes(connection, now)
    lanes = rows.taken(connection, now, MOST) if everything else []
    return {
        "busy_lanes": busy,
        "idle_lanes": idle,
        "lanes": tuple(_lane(row, workspace) for row in lanes),
        "backlog": rows.backlog(connection, now, now - ops.LATE_MS, now - LATELY_MS),
    }


def _lane(row: Row[Any], workspace: int) -> LaneView:
    told = row.workspace_id == workspace
    return LaneView(
        source=row.source,
        lane=row.lane,
        generation=row.generation,
        worker=row.worker,
        held=sum(stop - start for start, stop in Held.parse(row.held).spans),
        until=row.expires_at,
        batch=row.batch_id if told else None,
        name=row.name if told else "",
    )


def _halted(house: House) -> tuple[HaltView, ...]:
    """Accounts that are not asked now: because of what their upstream said, or because their calls are spent."""
    found = []
    for view in accounts.listing(house):
        spent = 0 in (view.left_today, view.left_month)
        if view.reason or spent:
            until = view.until if view.reason else None if view.left_month == 0 else view.renewed_at
            found.append(HaltView(view.key, view.reason or "quota", view.trouble, view.detail, until))
    return tuple(found)
