"""A batch's readings over HTTP: by seq for those who follow, in rows for tables."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from app.api.deps import SeenBatch, TheHouse
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.results import Followed, Table
from app.api.schemas.selections import Filters, Search
from app.errors import BadValue
from app.services import following, table
from app.services.selection import Order

router = APIRouter(prefix="/api/v1/batches", tags=["results"])
#: Far beyond any batch's last, and still a number that every program can hold.
_FAR = 2**53 - 1
_SORT = """`position`, `keyword`, a source (its value), a source with `.status` or `.observed_at`, a further column of a
source (`naver_searchad.volume.pc`), or a worked-out column, called as in the wide export (`derived.1`); `ratio` is the
competition ratio. These two by their numbers: a range or nothing comes last."""


@router.get(
    "/{batch_id}/results",
    response_model=Followed | Table,
    responses=PROBLEMS(400, 404, 410),
    summary="A batch's readings",
)
def results(
    house: TheHouse,
    batch_id: SeenBatch,
    after_seq: Annotated[
        int | None, Query(ge=0, le=_FAR, description="follow: the readings after this seq, and nothing else below")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=table.MAX_LIMIT, description="readings, or rows, at most")] = 100,
    sort: Annotated[str | None, Query(max_length=150, description=_SORT, examples=["naver.blog"])] = None,
    order: Annotated[Order | None, Query(description="rows without a value come last either way")] = None,
    filter: Filters = None,  # noqa: A002 -- its name on the wire
    q: Search = None,
    cursor: Annotated[
        str | None, Query(max_length=table.MAX_CURSOR, description="`next` of the page before, with all else as then")
    ] = None,
    count: Annotated[bool, Query(description="1 also counts the rows of the whole table")] = False,
) -> Response:
    """With `after_seq`, the readings as they were stored, each once: ask again with `next_after_seq` for what came
    since. Without, a page of rows, sorted and filtered. A table that is paged through stays as it was at its first
    page; what came since then follows its `seq`.
    """
    if after_seq is None:
        page = table.page(
            house,
            batch_id,
            sort=sort or "position",
            order=order or "asc",
            filters=filter or (),
            q=q or "",
            cursor=cursor or "",
            limit=limit,
            count=count,
        )
        said = {"rows": page.rows, "next": page.cursor, "matched": page.matched, "seq": page.seq}
        return Response(orjson.dumps(said), media_type="application/json")
    if sort or order or filter or q or cursor or count:
        raise BadValue(
            name="after_seq", value=after_seq, why="Follow without sort, order, filter, q, cursor and count."
        )
    said = following.follow(house, batch_id, after_seq, limit)
    return Response(orjson.dumps(said), media_type="application/json")
