"""What rq-dashboard's pages load and do, answered by the house, in the shapes that the pages' scripts expect.

Of slices of other workspaces' batches only the source is told, as on the Ops page; they have no id here, and no page.
"""

import json
from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any, Final

from flask import Response, current_app, jsonify, request, url_for
from markupsafe import escape
from rq.job import Job, JobStatus
from rq_dashboard import web as package

from app import clock
from app.services import announced, crew, jobs, records, requeue, standing
from app.services.callers import Caller
from app.services.house import House
from app.services.standing import About

#: Numbers of pages that are told around the one that is shown.
_AROUND: Final = 10
#: Which of `records.REGISTRIES` the overview has under which name.
_OVERVIEW: Final = {name: "count" if name == "queued" else f"{name}_job_registry_count" for name in records.REGISTRIES}


def _house() -> House:
    house: House = current_app.config["KEYBATCH_HOUSE"]
    return house


def _who() -> Caller:
    return announced.read(request.headers.get(announced.HEADER, ""))


def _json(value: dict[str, Any]) -> Response:
    answer = jsonify(value)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _moment(at: datetime | None) -> str | None:
    ms = crew.ms(at)
    return None if ms is None else clock.iso(ms)


def queues_overview(instance_number: int) -> Any:
    """The first page. Raises RedisError: the package's own says that with 200."""
    _house().redis.ping()
    return package.queues_overview(instance_number)


def list_queues(instance_number: int) -> Response:
    """Every queue, with how many jobs each of its registries has."""
    _who()
    return _json({"queues": [_queue(instance_number, one) for one in records.counts(_house().redis)]})


def _queue(instance: int, counts: records.Counts) -> dict[str, Any]:
    told: dict[str, Any] = {"name": counts.name}
    for registry, count in counts.jobs.items():
        told[_OVERVIEW[registry]] = count
        told[f"{registry}_url"] = _url(instance, counts.name, registry, 8, "asc", 1)
    return told


def _url(instance: int, queue: str, registry: str, size: int, order: str, page: int) -> str:
    place = {"instance_number": instance, "queue_name": queue, "registry_name": registry}
    return url_for("rq_dashboard.jobs_overview", **place, per_page=size, order=order, page=page)  # type: ignore[arg-type]


def list_jobs(
    instance_number: int, queue_name: str, registry_name: str, per_page: str, order: str, page: str
) -> Response:
    """A page of a registry's jobs; ``dsc`` begins with the last."""
    house, size, number = _house(), int(per_page), int(page)
    found = records.page(house.redis, queue_name, registry_name, number, size, newest_first=order == "dsc")
    about = standing.about(house, _who().workspace, found.jobs)
    wrong = jobs.wrong(house.redis, found.jobs)
    rows = [_row(*one) for one in zip(found.jobs, about, wrong, strict=True)]
    place = (instance_number, queue_name, registry_name, size, order)
    return _json(
        {
            "name": queue_name,
            "registry_name": registry_name,
            "jobs": rows,
            "pagination": _pages(place, number, ceil(found.total / size)),
        }
    )


def _row(job: Job, about: About, wrong: str) -> dict[str, Any]:
    return {
        "id": job.id if about.told else "",
        "description": about.text,
        "created_at": _moment(job.created_at),
        "started_at": _moment(job.started_at),
        "ended_at": _moment(job.ended_at),
        "exc_info": (wrong or None) if about.told else None,
    }


def _pages(place: tuple[int, str, str, int, str], number: int, last: int) -> dict[str, Any]:
    first = max(1, min(number - _AROUND // 2, last - _AROUND + 1))
    window = range(first, min(last, first + _AROUND - 1) + 1)
    told: dict[str, Any] = {
        "current_page": number,
        "num_pages": last,
        "pages_in_window": [{"number": n, "url": _url(*place, n)} for n in window],
        "first_page": {"url": _url(*place, 1)},
        "last_page": {"url": _url(*place, max(1, last))},
    }
    if number > 1:
        told["prev_page"] = {"url": _url(*place, number - 1)}
    if number < last:
        told["next_page"] = {"url": _url(*place, number + 1)}
    return told


def job_view(instance_number: int, job_id: str) -> Any:
    """The page of a job that one may see."""
    requeue.visible(_house(), _who(), job_id)
    return package.job_view(instance_number, job_id)


def job_info(instance_number: int, job_id: str) -> Response:
    """A job in full; ``batch`` is set for a slice's, and leads to its batch."""
    house, who = _house(), _who()
    job = requeue.visible(house, who, job_id)
    [about] = standing.about(house, who.workspace, [job])
    latest = job.latest_result()
    return _json(
        {
            "id": job.id,
            "created_at": _moment(job.created_at),
            "enqueued_at": _moment(job.enqueued_at),
            "started_at": _moment(job.started_at),
            "ended_at": _moment(job.ended_at),
            "origin": job.origin,
            "status": JobStatus(job.get_status()).value,
            "result": latest.return_value if latest else None,
            "exc_info": latest.exc_string if latest else None,
            "description": about.text,
            "metadata": json.dumps(job.meta, ensure_ascii=False),
            "batch": about.batch,
        }
    )


def list_workers(instance_number: int) -> Response:
    """Every worker, and what it does. The page writes most of it into itself as it comes."""
    there = [_worker(one) for one in crew.crew(_house(), _who().workspace).workers]
    return _json({"workers": sorted(there, key=lambda one: (one["state"], one["queues"], one["name"]))})


def _worker(one: crew.WorkerView) -> dict[str, Any]:
    doing: Any = "idle"
    if one.job:
        doing = {"job_id": one.job, "description": one.doing, "call_string": str(escape(one.doing))}
        doing["created_at"] = clock.iso(one.busy_since) if one.busy_since else None
    elif one.source:
        doing = str(escape(f"another workspace: {one.source}"))
    return {
        "name": str(escape(one.name)),
        "pid": one.pid,
        "queues": [str(escape(queue)) for queue in one.queues],
        "state": one.state,
        "current_job": doing,
        "last_heartbeat": clock.iso(one.seen_at) if one.seen_at else None,
        "birth_date": clock.iso(one.since) if one.since else None,
        "successful_job_count": one.done,
        "failed_job_count": one.failed,
    }


def requeue_job_view(job_id: str) -> Response:
    """Queue a failed job's work again."""
    requeue.again(_house(), _who(), job_id)
    return _json({"status": "OK"})


def requeue_all(queue_name: str) -> Response:
    """Queue the work of a queue's failed jobs again, where there is any to do."""
    done = requeue.all_again(_house(), _who(), queue_name)
    return _json({"status": "OK", "count": done.queued, "stay": done.stay})


def delete_job_view(job_id: str) -> Response:
    """Forget a job that has ended."""
    requeue.discard(_house(), _who(), job_id)
    return _json({"status": "OK"})


#: In place of the package's own.
VIEWS: Final[dict[str, Callable[..., Any]]] = {
    view.__name__: view
    for view in (
        queues_overview,
        list_queues,
        list_jobs,
        list_workers,
        job_view,
        job_info,
        requeue_job_view,
        requeue_all,
        delete_job_view,
    )
}
