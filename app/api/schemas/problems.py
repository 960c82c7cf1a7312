"""Problems (RFC 9457) as the OpenAPI tells them."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.batches import Rejection

MEDIA_TYPE = "application/problem+json"
_WHEN = {
    400: "The request makes no sense as it is; `code` says why.",
    401: "No valid token or session.",
    403: "Known, but without the scope; or a browser's change without its proof.",
    404: "Not there, or not for this caller.",
    405: "Not with this method.",
    409: "Not possible in the state that it is in.",
    410: "It was there and is not kept any more; the batch says since when.",
    413: "More than is taken in one go.",
    415: "A body of a kind that is not taken.",
    422: "A parameter or a member does not fit; `errors` says which.",
    429: "Too many requests; `Retry-After` says when to come again.",
    503: "Something this house stands on is missing; try again later.",
}


class Fault(BaseModel):
    """One thing that does not fit."""

    at: list[str] = Field(description="where, from the outside in", examples=[["query", "limit"]])
    why: str = Field(description="what is wrong with it", examples=["Input should be less than or equal to 1000"])


class ProblemBody(BaseModel):
    """An error. Programs go by `code`, which is stable; people read `detail`."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=["about:blank"])
    title: str = Field(description="the code in words", examples=["no such batch"])
    status: int = Field(description="the HTTP status", examples=[404])
    code: str = Field(description="stable, for programs", examples=["no_such_batch"])
    detail: str = Field(description="what happened and what to do next")
    request_id: str | None = Field(
        None, description="what the log calls this request, as in `X-Request-ID`", examples=["0f3c9a7be1d24c55"]
    )
    errors: list[Fault] | None = Field(None, description="each thing that does not fit, with code bad_request")
    rejections: list[Rejection] | None = Field(None, description="the lines that were not taken, with empty_input")


def PROBLEMS(*statuses: int) -> dict[int | str, dict[str, Any]]:  # noqa: N802 -- reads as the table that it is
    """``responses=`` of a route that may answer with these."""
    return {status: {"description": _WHEN[status], "content": problem_content()} for status in statuses}


def problem_content() -> dict[str, Any]:
    """A problem as an answer's content."""
    return {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def described(status: int) -> str:
    """When an answer of this status comes."""
    return _WHEN[status]
