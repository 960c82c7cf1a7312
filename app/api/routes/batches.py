"""Batches over HTTP."""

from collections.abc import Iterator
from itertools import chain
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.deps import BatchId, TheHouse
from app.services import batches, exports

router = APIRouter(prefix="/api/v1/batches", tags=["batches"])


class CsvResponse(StreamingResponse):
    """A stream of CSV."""

    media_type = "text/csv; charset=utf-8"


@router.get("/{batch_id}/export", response_class=CsvResponse, summary="A batch's readings as a file, streamed")
def export(
    house: TheHouse,
    batch_id: BatchId,
    format: Annotated[Literal["csv"], Query(description="the kind of file")] = "csv",  # noqa: A002 -- its name on the wire
    layout: Annotated[Literal["wide", "long"], Query(description="a row an item, or a row a reading")] = "wide",
    bom: Annotated[bool, Query(description="1 begins with a byte order mark, for Excel")] = True,
) -> CsvResponse:
    """The batch as it stands, also while it runs."""
    batch = batches.get(house, batch_id)
    stream = _begun(exports.csv(house, batch_id, layout=layout, bom=bom))
    return CsvResponse(stream, headers={"content-disposition": disposition(batch_id, batch.name)})


def _begun(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The same stream after its first piece was made, so that an error there is still an answer of its own."""
    first = next(stream, b"")
    return chain((first,), stream)


def disposition(batch_id: int, name: str) -> str:
    """A file name every client takes, and the batch's own name for those that can (RFC 5987)."""
    plain = f'attachment; filename="keybatch-{batch_id}.csv"'
    kept = "".join(char for char in name if char.isprintable() and char not in '/\\:*?"<>|').strip(" .")[:80]
    return f"{plain}; filename*=UTF-8''{quote(f'{kept}.csv', safe='')}" if kept else plain
