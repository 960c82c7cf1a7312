"""A batch to take away over HTTP."""

import unicodedata
from functools import partial
from itertools import chain
from typing import Annotated
from urllib.parse import quote

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.deps import Reader, SeenBatch, TheHouse
from app.api.schemas.exports import ANSWERS
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.selections import Filters, Search
from app.services import exports
from app.services.exports import FINISHED, Delimiter, Export, Format, Layout, Wanted

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])
#: Seconds after which a stream is broken off: its snapshot keeps the database from tidying up.
LONGEST_S = 3_600
#: Files that are written at a time; whoever waits for his turn keeps no thread.
_writers = CapacityLimiter(2)
#: Bytes of a file's name as it is offered: 255 is all that file systems take.
_NAME_BYTES = 200


class Streamed(StreamingResponse):
    """An export as it is read; its connection goes back to the others however it ends."""

    def __init__(self, export: Export, first: bytes) -> None:
        self._export = export
        super().__init__(chain((first,), export.chunks), headers=_headers(export), media_type=export.media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            with fail_after(LONGEST_S):
                await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await to_thread.run_sync(self._export.close)


@router.get(
    "/{batch_id}/export",
    response_class=Response,
    responses={**ANSWERS, **PROBLEMS(400, 404, 410)},
    summary="A batch's readings as a file",
)
async def export(
    request: Request,
    house: TheHouse,
    batch_id: SeenBatch,
    who: Reader,
    format: Annotated[Format, Query(description="the kind of file")] = "csv",  # noqa: A002 -- its name on the wire
    layout: Annotated[Layout, Query(description="a row an item, or a row a reading")] = "wide",
    fields: Annotated[
        str,
        Query(
            max_length=10_000,
            description="the columns wanted, in this order, as the header has them; separated by commas, those with a "
            "comma in quotes; empty = all",
            examples=["keyword,naver.blog"],
        ),
    ] = "",
    bom: Annotated[bool, Query(description="CSV: 1 begins with a byte order mark, for Excel")] = True,
    delimiter: Annotated[Delimiter, Query(description="CSV: what stands between cells")] = ",",
    filter: Filters = None,  # noqa: A002 -- its name on the wire
    q: Search = None,
) -> Response:
    """The batch at one moment, which `Keybatch-Seq` names, also while it runs. CSV and JSON lines (a reading a line, as
    on every other wire; or, wide, an object an item) are streamed as they are read. XLSX and Parquet are written first,
    and kept for an hour: they take `Range`. With `filter` and `q` it has the rows that match alone."""
    columns, parted = exports.listed(fields), exports.DELIMITERS[delimiter]
    wanted = Wanted(format, layout, columns, bom, parted, tuple(filter or ()), q or "")
    known = request.headers.get("if-none-match")
    if known:
        now = await to_thread.run_sync(exports.described, house, batch_id, wanted)
        if fits(known, now.etag):
            return Response(status_code=304, headers=_headers(now))
    open_ = partial(exports.opened, house, batch_id, wanted, who=who)
    found = await to_thread.run_sync(open_, limiter=_writers if format in FINISHED else None)
    if found.path is not None:
        return FileResponse(found.path, headers=_headers(found), media_type=found.media_type)
    return await _streamed(found)


async def _streamed(found: Export) -> Streamed:
    """Its first piece is made before the answer begins, so that an error there is still an answer of its own."""
    try:
        return Streamed(found, await to_thread.run_sync(next, found.chunks, b""))
    except BaseException:
        found.close()
        raise


def _headers(export: Export) -> dict[str, str]:
    kind = export.format
    return {
        "etag": f'"{export.etag}"',
        "keybatch-seq": str(export.seq),
        "keybatch-rows": str(export.rows),
        "content-disposition": disposition(export.batch, export.name, kind),
        "accept-ranges": "bytes" if kind in FINISHED else "none",
        "cache-control": "private, no-cache",
    }


def fits(known: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` names the etag; by weak comparison (RFC 9110)."""
    tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
    return "*" in tags or f'"{etag}"' in tags


def disposition(batch_id: int, name: str, ending: str = "csv") -> str:
    """A file name every client takes, and the batch's own name for those that can (RFC 6266)."""
    plain = f'attachment; filename="keybatch-{batch_id}.{ending}"'
    one = unicodedata.normalize("NFC", name)
    kept = "".join(char for char in one if char.isprintable() and char not in '/\\:*?"<>|')
    kept = kept.strip(" .").encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"{plain}; filename*=UTF-8''{quote(f'{kept}.{ending}', safe='')}" if kept else plain
