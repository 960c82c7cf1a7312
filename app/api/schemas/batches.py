"""Batches over the wire: what `app.services.wire` gives, and what a submit takes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.selections import MAX_Q, NO_NUL, FilterText
from app.queue import PRIORITIES
from app.services.selection import MAX_FILTERS
from app.services.shapes import BatchState

Priority = Literal["high", "default", "low"]
assert set(PRIORITIES) == {"high", "default", "low"}  # the type above says them again, for the OpenAPI
SourceName = Annotated[str, Field(min_length=1, max_length=100, examples=["wordfreq.ko"])]
Instant = Annotated[str, Field(description="UTC", examples=["2026-11-21T03:04:05.678Z"])]


class Counts(BaseModel):
    """Lookups by state; those in `cached` were answered by an earlier reading and are in the others too."""

    ok: int
    below: int
    missing: int
    failed: int
    cancelled: int
    pending: int
    cached: int


class Waiting(BaseModel):
    """Why nothing goes on, and until when."""

    reason: str = Field(examples=["quota"], description="quota, upstream_down, credentials or throttled")
    until: Instant | None


class BatchSource(BaseModel):
    """One source of a batch."""

    name: SourceName
    state: BatchState
    account: str = Field(examples=["naver/default"])
    lookups: int
    counts: Counts
    waiting: Waiting | None
    trouble: str | None = Field(description="the code of the last upstream error, while it stands")


class Pace(BaseModel):
    """How fast it goes and when it ends."""

    per_second: float | None = Field(description="readings a second now; null before anything is known")
    limit_per_second: float | None = Field(description="what the upstreams allow; null where nothing limits")
    rate_part: float = Field(description="what is in force of that limit, after an upstream said too fast")
    ends_at: Instant | None = Field(description="null while nobody can know")
    binds: str | None = Field(
        description="what decides the end: rate, quota, upstream_down, credentials, throttled, paused or speed"
    )
    days: int = Field(description="midnights that it waits for a quota to come back")
    left_today: int | None
    quota: int | None


class Purged(BaseModel):
    """What is not kept any more, and since when; null while it is."""

    events_at: Instant | None = Field(description="failures that were retried, and the activity of then and before")
    readings_at: Instant | None
    keywords_at: Instant | None


class Batch(BaseModel):
    """A batch as it stands."""

    id: int = Field(examples=[1])
    name: str = Field(examples=["가을 시즌"])
    state: BatchState
    priority: Priority
    owner: str
    tags: list[str]
    metadata: dict[str, Any]
    items: int = Field(description="keywords, each once")
    merged: int = Field(description="lines that were the same keyword again")
    rejected: int = Field(description="lines that were not taken")
    lookups: int = Field(description="items × sources")
    seq: int = Field(
        description="readings so far, those that a retry put aside included; each has one of these numbers"
    )
    counts: Counts
    waiting: Waiting | None
    max_age: int = Field(description="a reading younger than so many seconds answered instead of a call")
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    deadline_at: Instant | None
    stopped_by: str | None = Field(description="why it was cancelled: person or deadline")
    rerun_of: int | None
    purged: Purged
    columns: list[str] = Field(description="what came beside the keywords")
    sources: list[BatchSource]


class OneBatch(Batch):
    """A batch with its speed."""

    pace: Pace


class Rejection(BaseModel):
    """A line that was not taken."""

    line: int = Field(description="from 1")
    text: str = Field(description="its beginning")
    reason: str = Field(
        examples=["too_long"],
        description="too_long, empty_after_cleaning, no_keyword, not_text, nul, extra_cells or not_json",
    )


class Submitted(Batch):
    """The batch that was made, and what became of the lines."""

    repaired: int = Field(description="keywords that were made plain")
    rejections: list[Rejection] = Field(description="the first 100 lines that were not taken")


class Batches(BaseModel):
    """Batches, newest first."""

    batches: list[Batch]
    next: int | None = Field(description="give it as `before` for the following ones; null when there are none")


class Preview(BaseModel):
    """What a submit would do."""

    items: int
    merged: int
    repaired: int
    rejected: int
    rejections: list[Rejection]
    changed: dict[str, int] = Field(description="keywords changed, by step")
    doubted: dict[str, int] = Field(description="keywords in doubt, by kind")
    doubtful: list["Doubt"]
    spacings: "Spacings"
    lookups: int
    cached: int = Field(description="answered by earlier readings")
    calls: int = Field(description="calls to upstreams")
    ends_at: Instant | None
    binds: str | None
    days: int
    sources: list["Needs"]


class Doubt(BaseModel):
    """A keyword that may not be what was meant."""

    line: int
    kind: str
    text: str
    offered: str | None


class Spacings(BaseModel):
    """Keywords that differ in spaces only."""

    groups: int
    first: list[list[str]]


class Needs(BaseModel):
    """What one source would cost."""

    name: str
    lookups: int
    cached: int
    calls: int


class RetryFilter(BaseModel):
    """Which failed lookups are asked again; all of them if nothing is said."""

    model_config = ConfigDict(extra="forbid")

    error: str = Field("", max_length=100, description="an error class", examples=["unreachable"])
    source: str = Field("", max_length=100)
    first: int | None = Field(None, ge=1, le=2**31 - 1, description="only so many of them, to see whether it works now")
    filter: list[FilterText] = Field(
        default_factory=list, max_length=MAX_FILTERS, description="only in rows that match; as for the results"
    )
    q: str = Field("", max_length=MAX_Q, pattern=NO_NUL, description="only in rows whose keyword matches")


class Retried(BaseModel):
    """What a retry did."""

    batch: Batch
    lookups: int = Field(description="how many are asked again")


class Failure(BaseModel):
    """Failed lookups of one kind."""

    source: str
    error: str
    count: int
    detail: str = Field(description="what the newest of them said")


class Failures(BaseModel):
    """The failed lookups of a batch."""

    failures: list[Failure]
