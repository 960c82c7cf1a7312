"""The older batch guide, so that its clients keep working: its paths, its words, its errors."""

from collections.abc import Callable, Coroutine, Iterator
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from app.api.bodies import MOST_JSON, received
from app.api.deps import TheHouse, caller, peer
from app.api.schemas import older as schemas
from app.errors import KeybatchError
from app.log import get
from app.services import older
from app.services.callers import Caller
from app.services.cookies import SESSION

log = get(__name__)
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Older(APIRoute):
    """Says errors in the words of the older guide."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except KeybatchError as error:
                if error.http_status >= 500:
                    log.warning("request_failed", code=error.code, error=str(error))
                return _failed(error.http_status, error.sentence("en"), error.http_headers())
            except RequestValidationError as unfit:
                first = unfit.errors()[0]
                return _failed(422, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")

        return handler


def _failed(status: int, error: str, headers: Any = None) -> Response:
    return JSONResponse({"success": False, "error": error}, status, headers)


_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.JobError, "description": when}
    for status, when in {
        401: "No valid token.",
        403: "The token may not do this.",
        422: "A parameter does not fit.",
        429: "Too many requests; `Retry-After` says when to come again.",
        503: "Something this house stands on is missing; try again later.",
    }.items()
}
_UNFIT = {
    400: {"model": schemas.JobError, "description": "No keywords, or not in this form."},
    413: {"model": schemas.JobError, "description": "More keywords than are taken in one go."},
}
_UNKNOWN = {
    404: {"model": schemas.JobError, "description": "There is no such job."},
    410: {"model": schemas.JobError, "description": "There was, and its counts are not kept any more."},
}
_BODY = {"required": True, "content": {"application/json": {"schema": schemas.NewJob.model_json_schema()}}}


def _security(scope: str) -> dict[str, Any]:
    """What a route says of who may: `caller` is asked for by hand, as it is not asked at all in an open house."""
    return {"security": [{"token": [scope]}, {"session": [scope]}]}


router = APIRouter(prefix="/api/documents", tags=["older clients"], route_class=_Older, responses=_ERRORS)


def _who(scopes: SecurityScopes, request: Request, house: TheHouse) -> Caller:
    """Who asks; whoever shows nothing is anyone, where the settings say so. Settings: older_clients."""
    shows = "authorization" in request.headers or SESSION in request.cookies
    if house.settings.older_clients == "open" and not shows:
        return older.ANYONE.at(peer(request))
    return caller(scopes, request, house, None, None)


def _reader(request: Request, house: TheHouse) -> Caller:
    return _who(SecurityScopes(["read"]), request, house)


def _submitter(request: Request, house: TheHouse) -> Caller:
    return _who(SecurityScopes(["submit"]), request, house)


@router.post(
    "/batch",
    response_model=schemas.JobMade,
    responses=_UNFIT,
    summary="Make a job",
    openapi_extra=_security("submit") | {"requestBody": _BODY},
)
async def make(request: Request, house: TheHouse, who: Annotated[Caller, Depends(_submitter)]) -> dict[str, Any]:
    """A batch of these keywords and the sources of the setting `KEYBATCH_OLDER_SOURCES`."""
    async with received(request, MOST_JSON) as body:
        return await run_in_threadpool(lambda: older.submit(house, who, older.keywords(body.whole())))


@router.get(
    "/status",
    response_model=schemas.JobStatus,
    responses=_UNKNOWN,
    summary="How far a job is, and what is done",
    openapi_extra=_security("read"),
)
def status(
    house: TheHouse,
    who: Annotated[Caller, Depends(_reader)],
    job_id: Annotated[str, Query(alias="jobId", max_length=40, description="as it was given", examples=["17"])],
) -> Response:
    """Counts of the keywords that are done; a count that nobody said is null, never 0."""
    stream = older.status(house, who.workspace, job_id)
    return StreamingResponse(_begun(stream), media_type="application/json")


def _begun(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The same stream after its first piece was made, so that an error there is still an answer of its own."""
    return chain((next(stream),), stream)
