"""How batches are made: what a submit and a copy take."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.schemas.batches import Priority, SourceName
from app.api.schemas.selections import FILTER, MAX_Q, NO_NUL, FilterText, Q
from app.services.batches import MAX_AGE_S, MAX_NAME, MAX_OWNER, MAX_TAG, MAX_TAGS
from app.services.selection import MAX_FILTERS

Tag = Annotated[str, Field(min_length=1, max_length=MAX_TAG, examples=["가을"])]
Step = Literal["invisible", "width", "nfc", "spaces", "case"]
Kind = Literal["lone_jamo", "latin_typed", "hangul_typed"]


class Making(BaseModel):
    """How a batch is made, wherever its keywords come from."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=MAX_NAME, description="empty = its first keyword", examples=["가을 시즌"])
    priority: Priority = "default"
    max_age: int = Field(
        0, ge=0, le=MAX_AGE_S, description="seconds; a younger reading answers instead of a call, 0 asks always"
    )
    deadline_at: AwareDatetime | None = Field(
        None, description="what is unread then is not asked any more", examples=["2036-12-24T09:00:00Z"]
    )
    owner: str = Field("", max_length=MAX_OWNER, description="owners take turns; empty = who asks")
    tags: list[Tag] = Field(default_factory=list, max_length=MAX_TAGS)
    accounts: list[str] = Field(
        default_factory=list,
        max_length=20,
        description="accounts to ask with, where it is not the first that can",
        examples=[["naver/second"]],
    )


class Options(Making):
    """How a batch is made of keywords that are given, whatever way these come."""

    sources: list[SourceName] = Field(max_length=100, min_length=1, description="see GET /api/v1/sources")
    normalise: list[Step] | None = Field(
        None, max_length=5, description="steps that make keywords plain; null = all but case"
    )
    fix: list[Kind] = Field(default_factory=list, max_length=3, description="kinds of doubt whose offered fix is taken")
    merge_spacing: bool = Field(False, description="keywords that differ in spaces only are one")


class Copy(Making):
    """How a batch is made of the keywords of rows that match."""

    name: str = Field("", max_length=MAX_NAME, description="empty = as the other batch", examples=["가을 시즌"])
    sources: list[SourceName] = Field(
        default_factory=list, max_length=100, description="empty = those of the other batch"
    )
    filter: list[FilterText] = Field(default_factory=list, max_length=MAX_FILTERS, description=FILTER)
    q: str = Field("", max_length=MAX_Q, pattern=NO_NUL, description=Q)
    metadata: dict[str, Any] = Field(default_factory=dict, description="yours, given back as it came; at most 16 kB")


class NewBatch(Options):
    """A batch to be made."""

    keywords: list[str] = Field(min_length=1, max_length=1_000_000, examples=[["맥북", "에어팟 프로", "우산"]])
    metadata: dict[str, Any] = Field(default_factory=dict, description="yours, given back as it came; at most 16 kB")


class StreamOptions(Options):
    """How a batch is made of a stream of lines: the query of a submit whose body is not JSON."""

    sources: list[SourceName] = Field(default_factory=list, max_length=100, description="see GET /api/v1/sources")
    metadata: str = Field("", max_length=16_384, description="a JSON object of yours, given back as it came")
    encoding: Literal["", "utf-8", "utf-16-le", "utf-16-be", "cp949"] = Field("", description="found out if not given")
    delimiter: Literal["", "tab", "none", ",", ";", "|"] = Field("", description="what parts columns")
    header: bool | None = Field(None, description="whether the first row names the columns; found out if not given")
    column: str = Field("", max_length=200, description="the column of the keywords, by name or from 1")
    sheet: str = Field("", max_length=200, description="the sheet of a workbook")
