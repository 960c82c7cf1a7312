"""A batch followed over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.deps import SeenBatch
from app.api.schemas.events import STREAM
from app.api.schemas.problems import PROBLEMS
from app.services.followers import Follower, Followers

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])
_MOST = 2**63 - 1
#: Neither a cache nor a proxy may hold anything back.
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class EventStream(StreamingResponse):
    """What a follower is sent, until it ends or the client has gone."""

    media_type = "text/event-stream"

    def __init__(self, follower: Follower) -> None:
        self._follower, self._pieces = follower, follower.pieces()
        super().__init__(self._pieces, headers=_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            # The client may have gone before the first piece was asked for, and nobody else closes a generator in time.
            self._follower.leave()
            await self._pieces.aclose()


@router.get(
    "/{batch_id}/events",
    status_code=200,
    response_class=EventStream,
    responses=STREAM | PROBLEMS(400, 404),
    summary="Follow a batch",
)
async def events(
    request: Request,
    batch_id: SeenBatch,
    after: Annotated[int, Query(ge=0, le=_MOST, description="begin after this seq", examples=[0])] = 0,
    last_event_id: Annotated[
        int | None,
        Header(alias="Last-Event-ID", ge=0, le=_MOST, description="the same, from a browser that comes back; it wins"),
    ] = None,
) -> EventStream:
    """Every reading of the batch once, in the order of their seqs, as they come: whoever is cut off goes on with the
    last `id` he got (`Last-Event-ID`, or `after`) and misses and repeats nothing.

    `readings`: a list of readings, 500 at most; `id` is the seq of the last. A failure that was retried stays where it
    was, and its lookup has another reading later. `batch`: the batch as it stands, first of all and whenever that
    changes, about once a second at most. `gap`: `{"from": 1, "to": 500}`, seqs that were purged. `done`: the batch has
    ended and this was all; the stream ends. Without news a comment comes every 15 seconds. When the server stops, the
    stream ends with a `retry`.
    """
    followers: Followers = request.app.state.followers
    return EventStream(await followers.follow(batch_id, after if last_event_id is None else last_event_id))
