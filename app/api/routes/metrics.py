"""What Prometheus reads."""

import asyncio
import secrets
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.deps import TheHouse, caller
from app.api.schemas.problems import PROBLEMS
from app.services.house import House
from app.services.metrics import written
from app.services.metrics.described import Part

#: Who asks within so many seconds of the last look is given the same: many who ask at once are one look.
KEEP_S = 1.0


def allowed(request: Request, house: TheHouse) -> None:
    """Who may: whoever shows METRICS_TOKEN, or may do everything here. Raises NotSignedIn, Forbidden, TooFast.
    Settings: metrics_token."""
    expected = house.settings.metrics_token.get_secret_value()
    kind, _, offered = request.headers.get("authorization", "").partition(" ")
    if expected and kind.lower() == "bearer" and secrets.compare_digest(offered.strip().encode(), expected.encode()):
        return
    caller(SecurityScopes(["admin"]), request, house, None, None)


class Looks:
    """The last look of each kind; one a process."""

    def __init__(self) -> None:
        self._alone = asyncio.Lock()
        self._kept: dict[tuple[Part | None, str], tuple[float, bytes]] = {}

    async def look(self, house: House, part: Part | None, accept: str) -> tuple[bytes, str]:
        """What there is to read, and its media type."""
        media_type = written.media_type(accept)
        async with self._alone:
            at, body = self._kept.get((part, media_type), (float("-inf"), b""))
            if time.monotonic() - at > KEEP_S:
                parts = written.PARTS if part is None else (part,)
                at, body = time.monotonic(), await run_in_threadpool(written.written, house, parts, accept)
                self._kept[part, media_type] = at, body
        return body, media_type


router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    dependencies=[Depends(allowed)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **PROBLEMS(401, 403, 422, 429, 503)},
    summary="What Prometheus reads",
    openapi_extra={"security": [{"token": ["admin"]}, {"session": ["admin"]}]},
)
async def metrics(
    request: Request,
    house: TheHouse,
    part: Annotated[
        Literal["house", "process"] | None,
        Query(description="`house`: of all of it, the same whichever web process is asked; `process`: of this one"),
    ] = None,
) -> Response:
    """In Prometheus' text format, or as OpenMetrics where `Accept` says so. What is not known is left out, never 0. It
    takes the bearer token `KEYBATCH_METRICS_TOKEN`, or one with the scope `admin`."""
    looks: Looks = request.app.state.looks
    body, media_type = await looks.look(house, part, request.headers.get("accept", ""))
    return Response(body, headers={"content-type": media_type, "cache-control": "no-store"})
