"""A batch of the rows of another one, over HTTP."""

import hashlib
from functools import partial

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api import given
from app.api.answered import submitted
from app.api.deps import ControlledBatch, Submitter, TheHouse
from app.api.schemas.batches import Submitted
from app.api.schemas.making import Copy
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.submits import KEY
from app.services import copies, wire
from app.services.answers import Once
from app.services.callers import Caller
from app.services.house import House

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])


@router.post(
    "/{batch_id}/copy",
    status_code=202,
    response_model=Submitted,
    responses=PROBLEMS(400, 404, 409, 410),
    summary="Submit the keywords of rows that match",
    openapi_extra={"parameters": [KEY]},
)
def copy(request: Request, house: TheHouse, who: Submitter, batch_id: ControlledBatch, wanted: Copy) -> Response:
    """A new batch of the keywords that `filter` and `q` leave of this one, in their order, typed and asked as they are
    here. No reading is copied: with `max_age` young ones answer instead of calls. An empty selection is refused. An
    `Idempotency-Key` works as in a submit."""
    once = given.once(request, hashlib.sha256(wanted.model_dump_json().encode()).hexdigest(), who)
    return submitted(house, once, partial(_copy, house, who, batch_id, wanted, once))


def _copy(house: House, who: Caller, batch_id: int, wanted: Copy, once: Once | None) -> str:
    done = copies.submit_matching(
        house,
        batch_id,
        wanted.sources,
        wanted.filter,
        wanted.q,
        who=who,
        name=wanted.name,
        priority=wanted.priority,
        max_age_s=wanted.max_age,
        deadline_at=given.milliseconds(wanted.deadline_at),
        owner=wanted.owner,
        pay_with=given.pay_with(wanted.accounts),
        tags=wanted.tags,
        notes=wanted.metadata,
        once=once,
    )
    return orjson.dumps(wire.submitted(done)).decode()
