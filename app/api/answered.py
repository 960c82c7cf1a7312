"""Answers to what may come twice: under an Idempotency-Key the first one is given again."""

from collections.abc import Callable

import orjson
from starlette.responses import Response

from app.services import answers
from app.services.answers import AlreadySaid, Once
from app.services.house import House


class Json(Response):
    """JSON that is written already."""

    media_type = "application/json"


def submitted(house: House, once: Once | None, submit: Callable[[], str]) -> Response:
    """202 with what ``submit`` says of the batch that it makes, or with what was said under that key before."""
    said = answers.earlier(house, once) if once else None
    replayed = said is not None
    if said is None:
        try:
            said = submit()
        except AlreadySaid:
            assert once is not None  # it is raised for a key only
            said, replayed = answers.earlier(house, once), True
    assert said is not None  # whoever took the key has committed, and his answer with it
    headers = {"location": f"/api/v1/batches/{orjson.loads(said)['id']}"}
    return Json(said, 202, headers | ({"idempotent-replayed": "true"} if replayed else {}))
