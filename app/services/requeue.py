"""Jobs that have failed: queued again in the house's own way, or forgotten. Healing goes on with their work by itself,
so mostly there is nothing to do any more, and then that is said."""

from dataclasses import dataclass
from typing import Any, Final

from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy import Connection

from app.errors import JobStays, NoSuchThing
from app.queue import HEAL, PROBE, RUN_SLICE, Slice, enqueue_heal, enqueue_probe, enqueue_slice
from app.repositories import batches
from app.services import activity, crew, dispatch, halts, records
from app.services.callers import Caller
from app.services.house import House

#: Jobs fetched at a time.
_STEP: Final = 500


@dataclass(frozen=True, slots=True)
class Again:
    """Of the failed jobs of a queue: how many were queued again, and why others were not (as `JobStays`), each with how
    many."""

    queued: int
    stay: dict[str, int]


def visible(house: House, who: Caller, job_id: str) -> Job:
    """The job, unless it is a slice of another workspace's batch. Raises NoSuchThing, RedisError."""
    try:
        job = Job.fetch(job_id, connection=house.redis)
    except NoSuchJobError:
        raise NoSuchThing(what="job", id=job_id) from None
    if not crew.may_see(job, crew.own(house, who.workspace, [job])):
        raise NoSuchThing(what="job", id=job_id)
    return job


def again(house: House, who: Caller, job_id: str) -> None:
    """Queue the work of a failed job again: a slice's as the next run of its lane, where batch and source are open and
    nobody has the lane. Raises NoSuchThing, JobStays, RedisError."""
    _again(house, who, visible(house, who, job_id))


def all_again(house: House, who: Caller, queue: str) -> Again:
    """The same for every failed job of a queue that ``who`` may see. Raises RedisError."""
    done, stay = 0, dict[str, int]()
    ids = records.failed(house.redis, queue)
    for start in range(0, len(ids), _STEP):
        jobs = records.there(house.redis, ids[start : start + _STEP])
        names = crew.own(house, who.workspace, jobs)
        for job in jobs:
            if crew.may_see(job, names):
                try:
                    _again(house, who, job)
                    done += 1
                except JobStays as refusal:
                    why = str(refusal.facts["why"])
                    stay[why] = stay.get(why, 0) + 1
    return Again(done, stay)


def discard(house: House, who: Caller, job_id: str) -> None:
    """Delete the record of a job that has ended. Its work is not touched: what is still to do is in the database.
    Raises NoSuchThing, JobStays, RedisError."""
    job = visible(house, who, job_id)
    if job.get_status() not in (JobStatus.FAILED, JobStatus.FINISHED, JobStatus.STOPPED, JobStatus.CANCELED):
        raise JobStays(job=job.id, why="wanted")
    with house.db.work() as work:
        _put_down(work.connection, who, job, "discard")
        _remove(job)


def _again(house: House, who: Caller, job: Job) -> None:
    if job.get_status() != JobStatus.FAILED:
        raise JobStays(job=job.id, why="not_failed")
    with house.db.work() as work:
        _put_down(work.connection, who, job, "requeue")
        if not _enqueue(house, work.connection, job):
            raise JobStays(job=job.id, why="goes_on")  # and nothing is put down
    if job.get_status(refresh=True) == JobStatus.FAILED:  # its own id was not taken again
        _remove(job)


def _enqueue(house: House, connection: Connection, job: Job) -> bool:
    """Whether there is something to do that nobody does, and it is queued now."""
    if job.func_name == PROBE:
        account = str(job.args[0])
        return halts.waiting(connection, account) is not None and enqueue_probe(house.redis, account)
    if job.func_name == HEAL:
        return enqueue_heal(house.redis)
    if job.func_name != RUN_SLICE:
        raise JobStays(job=job.id, why="unknown")
    piece = Slice(*job.args)
    batch = batches.one(connection, piece.batch)
    source = batches.one_source(connection, piece.batch, piece.source)
    if batch is None or source is None or batch.state not in batches.OPEN or source.state not in ("queued", "running"):
        raise JobStays(job=job.id, why="resting")
    mine = (piece.source, piece.lane)
    successor = next((one for one in dispatch.pieces(connection, piece.batch) if (one.source, one.lane) == mine), None)
    return successor is not None and enqueue_slice(house.redis, successor, batch.priority, batch.name)


def _put_down(connection: Connection, who: Caller, job: Job, what: str) -> None:
    batch = job.meta.get("batch")
    about: dict[str, Any] = {name: job.meta.get(name) for name in ("source", "lane") if name in job.meta}
    activity.by(connection, who, batch, what, {"job": job.id, **about})


def _remove(job: Job) -> None:
    """A record, with what came of it, which RQ itself leaves behind."""
    job.delete()
    job.connection.delete(f"rq:results:{job.id}")
