"""Where the form for a new batch sends files, and a pasted list that is too long for the live socket: each is kept
(`app.web.uploads`) under a name that only its browser is told, and that the tab names to whoever holds it."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.errors import BadBody, KeybatchError, TooLarge
from app.services import announced
from app.web import shelf, uploads
from app.web.backend import house

router = APIRouter(include_in_schema=False)
PATH = "/new/keywords"


@router.post(PATH)
async def keep(request: Request, said: Annotated[str, Header(alias=announced.HEADER)] = "") -> Response:
    """Keep the body, a file or UTF-8 text: `{"pasted": name}`. The guard lets nobody in who is not signed
    in, nor another site's page."""
    try:
        announced.read(said).require("submit")
        return JSONResponse({"pasted": await _kept(request)})
    except KeybatchError as exc:
        return JSONResponse({"code": exc.code}, exc.http_status)


async def _kept(request: Request) -> str:
    """The name of the file that holds the body. Raises TooLarge, BadBody."""
    path, size = await run_in_threadpool(uploads.fresh, house().settings.data_dir), 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > uploads.MAX_BYTES:
                raise TooLarge(limit=uploads.MAX_BYTES, unit="bytes")
            await run_in_threadpool(uploads.append, path, piece)
    except ClientDisconnect:
        uploads.discard(path)
        raise BadBody(why="The connection ended before the body did.") from None
    except BaseException:
        uploads.discard(path)
        raise
    await run_in_threadpool(shelf.put, house(), path)
    return path.name
