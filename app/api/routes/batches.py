"""Batches over HTTP: submit, preview, look, control."""

from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api import given
from app.api.answered import Json, submitted
from app.api.bodies import MOST, MOST_JSON, Body, received
from app.api.deps import ControlledBatch, Reader, SeenBatch, Submitter, TheHouse
from app.api.schemas import batches as schemas
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.submits import PREVIEW, SUBMIT
from app.services import batches, control, listing, pace, preview, retention, wire
from app.services.answers import Once
from app.services.callers import Caller
from app.services.house import House
from app.services.shapes import BatchState

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])
#: No database takes a NUL.
_TEXT = r"^[^\x00]*$"
Limit = Annotated[int, Query(ge=1, le=200, description="how many at most")]


@router.post(
    "",
    status_code=202,
    response_model=schemas.Submitted,
    responses=PROBLEMS(400, 404, 409, 413, 415),
    summary="Submit a batch",
    openapi_extra=SUBMIT,
)
async def submit(request: Request, house: TheHouse, who: Submitter) -> Response:
    """Keywords × sources. As one JSON value, or as a stream of lines (text, CSV, TSV, XLSX, JSON lines; gzip if you
    like) with the options in the query. Lines that cannot be taken are named with their numbers and cost no other line.

    With an `Idempotency-Key` the same request within 24 hours gets the first answer again and makes no second batch.
    """
    async with received(request, _most(request)) as body:
        once = given.once(request, body.digest, who)
        return await run_in_threadpool(submitted, house, once, partial(_submit, house, who, request, body, once))


@router.post(
    "/preview",
    response_model=schemas.Preview,
    responses=PROBLEMS(400, 404, 413, 415),
    summary="What a submit would do",
    openapi_extra=PREVIEW,
)
async def preview_(request: Request, house: TheHouse, who: Reader) -> Response:
    """Takes what a submit takes and stores nothing: what would be accepted, merged, repaired and rejected, the calls
    it needs, what earlier readings would answer, and when it would end."""
    async with received(request, _most(request)) as body:
        return await run_in_threadpool(_preview, house, request, body)


@router.get("", response_model=schemas.Batches, responses=PROBLEMS(400), summary="Batches, newest first")
def page(
    house: TheHouse,
    who: Reader,
    state: Annotated[list[BatchState] | None, Query(description="in one of these states")] = None,
    source: Annotated[str, Query(max_length=100, pattern=_TEXT, description="that ask this source")] = "",
    owner: Annotated[str, Query(max_length=100, pattern=_TEXT, description="of this owner")] = "",
    tag: Annotated[str, Query(max_length=50, pattern=_TEXT, description="with this tag")] = "",
    q: Annotated[str, Query(max_length=200, pattern=_TEXT, description="with this in their name")] = "",
    since: Annotated[AwareDatetime | None, Query(description="submitted then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="submitted before then")] = None,
    before: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="with ids under this: `next` of a page")
    ] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """All filters together; each page says with what `before` the next one begins."""
    found = listing.page(
        house,
        who.workspace,
        states=tuple(state or ()),
        source=source,
        owner=owner,
        tag=tag,
        q=q,
        since=given.milliseconds(since),
        until=given.milliseconds(until),
        before=before,
        limit=limit,
    )
    return {"batches": [wire.batch(one) for one in found.batches], "next": found.next}


@router.get("/{batch_id}", response_model=schemas.OneBatch, responses=PROBLEMS(404), summary="One batch")
def one(house: TheHouse, batch_id: SeenBatch) -> dict[str, Any]:
    """As it stands, with its speed, its end as it looks now and what decides that."""
    view = batches.get(house, batch_id)
    return wire.batch(view, pace.pace(house, view))


@router.get(
    "/{batch_id}/failures",
    response_model=schemas.Failures,
    responses=PROBLEMS(404, 410),
    summary="What failed, by kind",
)
def failures(house: TheHouse, batch_id: SeenBatch) -> dict[str, Any]:
    """The failed lookups by source and error class: what a retry can choose from."""
    return {"failures": [wire.failure(kind) for kind in control.failures(house, batch_id)]}


@router.post("/{batch_id}/pause", response_model=schemas.Batch, responses=PROBLEMS(404, 409), summary="Pause")
def pause(house: TheHouse, batch_id: ControlledBatch, who: Submitter) -> dict[str, Any]:
    """Let it rest until it is resumed; no call starts later than a second after the answer. Again changes nothing."""
    return wire.batch(control.pause(house, batch_id, who=who))


@router.post("/{batch_id}/resume", response_model=schemas.Batch, responses=PROBLEMS(404, 409, 410), summary="Resume")
def resume(house: TheHouse, batch_id: ControlledBatch, who: Submitter) -> dict[str, Any]:
    """Let a paused batch go on, or a cancelled one where it stopped."""
    return wire.batch(control.resume(house, batch_id, who=who))


@router.post("/{batch_id}/cancel", response_model=schemas.Batch, responses=PROBLEMS(404, 409), summary="Cancel")
def cancel(house: TheHouse, batch_id: ControlledBatch, who: Submitter) -> dict[str, Any]:
    """Stop it; what was read is kept. No call starts later than a second after the answer."""
    return wire.batch(control.cancel(house, batch_id, who=who))


@router.post(
    "/{batch_id}/retry",
    response_model=schemas.Retried,
    responses=PROBLEMS(400, 404, 409, 410),
    summary="Ask failed lookups again",
)
def retry(
    house: TheHouse, batch_id: ControlledBatch, who: Submitter, which: schemas.RetryFilter | None = None
) -> dict[str, Any]:
    """All of them, or those of an error class, of a source, of rows that match, or the first so many. An empty
    selection is refused."""
    which = which or schemas.RetryFilter()
    done = control.retry(
        house,
        batch_id,
        error=which.error,
        source=which.source,
        first=which.first,
        filters=which.filter,
        q=which.q,
        who=who,
    )
    return {"batch": wire.batch(done.batch), "lookups": done.lookups}


@router.post(
    "/{batch_id}/rerun",
    status_code=202,
    response_model=schemas.Batch,
    responses=PROBLEMS(400, 404, 409, 410),
    summary="Ask everything anew",
)
def rerun(house: TheHouse, batch_id: ControlledBatch, who: Submitter, response: Response) -> dict[str, Any]:
    """A new batch of the same keywords and sources; while such a one is open it is given again."""
    again = control.rerun(house, batch_id, who=who)
    response.headers["location"] = f"/api/v1/batches/{again.id}"
    return wire.batch(again)


@router.delete("/{batch_id}", status_code=204, responses=PROBLEMS(404, 409), summary="Forget a batch that has ended")
def forget(house: TheHouse, batch_id: ControlledBatch, who: Submitter) -> Response:
    """It is not there any more, for anybody, with all its keywords and readings; what was done by it cannot be taken
    back. A batch that has not ended is cancelled first."""
    retention.forget(house, batch_id, who=who)
    return Response(status_code=204)


def _submit(house: House, who: Caller, request: Request, body: Body, once: Once | None) -> str:
    with given.read(request, body) as wanted:
        options = wanted.options
        done = batches.submit(
            house,
            wanted.lines,
            options.sources,
            columns=wanted.columns,
            treatment=wanted.treatment,
            name=options.name,
            priority=options.priority,
            max_age_s=options.max_age,
            deadline_at=given.milliseconds(options.deadline_at),
            owner=options.owner,
            pay_with=wanted.pay_with,
            who=who,
            tags=options.tags,
            notes=wanted.notes,
            once=once,
        )
    return orjson.dumps(wire.submitted(done)).decode()


def _preview(house: House, request: Request, body: Body) -> Response:
    with given.read(request, body) as wanted:
        seen = preview.preview(
            house,
            wanted.lines,
            wanted.options.sources,
            priority=wanted.options.priority,
            max_age_s=wanted.options.max_age,
            pay_with=wanted.pay_with,
            treatment=wanted.treatment,
        )
    return Json(orjson.dumps(wire.preview(seen)))


def _most(request: Request) -> int:
    """Bytes taken: JSON has to be in memory at once."""
    return MOST_JSON if request.headers.get("content-type", "").startswith(given.JSON) else MOST
