"""The audit over HTTP: who did what, when and from where."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from starlette.responses import Response, StreamingResponse

from app.api import given
from app.api.deps import Admin, TheHouse
from app.api.schemas import activity as schemas
from app.api.schemas.problems import PROBLEMS
from app.services import audit
from app.services.audit import Wanted

router = APIRouter(prefix="/api/v1/activity", tags=["people"])
_CSV = "text/csv; charset=utf-8"
_ANSWER = {200: {"description": "The acts, newest first.", "content": {"text/csv": {"schema": {"type": "string"}}}}}


def _wanted(
    who: Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$", description="done by this one")] = "",
    what: Annotated[list[str] | None, Query(max_length=40, description="of these kinds")] = None,
    since: Annotated[AwareDatetime | None, Query(description="then or later")] = None,
    until: Annotated[AwareDatetime | None, Query(description="before then")] = None,
    batch: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="to this batch")] = None,
) -> Wanted:
    return Wanted(who, tuple(what or ()), given.milliseconds(since), given.milliseconds(until), batch)


_Wanted = Annotated[Wanted, Depends(_wanted)]


@router.get("", response_model=schemas.Acts, responses=PROBLEMS(400), summary="Who did what")
def listing(
    house: TheHouse,
    who: Admin,
    wanted: _Wanted,
    before: Annotated[
        int | None, Query(ge=1, le=2**63 - 1, description="with ids under this: `next` of a page")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="how many at most")] = 50,
) -> dict[str, Any]:
    """Every change in the caller's workspace, newest first: to batches, people, sessions, tokens, webhooks, accounts
    and sources, and what was taken away as a file."""
    found = audit.page(house, who, wanted, before=before, limit=limit)
    return {"acts": [audit.wire(one) for one in found.acts], "next": found.next}


@router.get(
    "/export", response_class=Response, responses={**_ANSWER, **PROBLEMS(400)}, summary="Who did what, as a file"
)
def export(house: TheHouse, who: Admin, wanted: _Wanted) -> Response:
    """The same as CSV, all of it."""
    headers = {"content-disposition": 'attachment; filename="keybatch-activity.csv"', "cache-control": "no-store"}
    return StreamingResponse(audit.taken(house, who, wanted), headers=headers, media_type=_CSV)
