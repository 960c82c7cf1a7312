"""A batch's readings over the wire, as a journal to follow and as a table."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from app.api.schemas.batches import Instant, SourceName
from app.services.shapes import BatchState

Status = Literal["ok", "below", "missing", "failed", "withheld"]


class Cell(BaseModel):
    """What one source said of one keyword."""

    status: Status = Field(
        description="ok: has a value, 0 included; below: less than `data.below`; missing: answered, but not for this "
        "keyword; failed: see `error`; withheld: shown to nobody"
    )
    value: int | float | None = Field(description="only with status ok", examples=[12543])
    data: dict[str, Any] = Field(description="what else was said", examples=[{}])
    observed_at: Instant | None = Field(description="when the upstream said it")
    from_cache: bool = Field(description="an earlier reading answered instead of a call")
    attempts: int = Field(description="calls that it took")
    error: str | None = Field(description="an error class, only with status failed", examples=[None])
    seq: int = Field(description="its number among the batch's readings, in the order in which they were stored")


class Reading(Cell):
    """The outcome of one lookup."""

    position: int = Field(description="of the keyword in the batch, from 0", examples=[0])
    keyword: str = Field(description="as typed", examples=["맥북"])
    source: SourceName


class Gap(BaseModel):
    """Seqs that are gone, first and last."""

    from_: int = Field(alias="from")
    to: int


class Followed(BaseModel):
    """Readings by seq: with `after_seq`."""

    readings: list[Reading]
    next_after_seq: int = Field(description="give it as `after_seq` for what follows")
    gaps: list[Gap] = Field(description="what is missing among these seqs because it was purged")
    more: bool = Field(description="there is more already")
    state: BatchState = Field(description="of the batch; when it has ended and there is no more, this was all")


class TableRow(BaseModel):
    """One keyword with what the batch's sources said of it."""

    position: int
    keyword: str = Field(description="as typed", examples=["맥북"])
    asked: str = Field(description="as asked", examples=["맥북"])
    merged: int = Field(description="further lines that were the same keyword")
    others: dict[str, str] = Field(description="what came beside it, by column")
    readings: dict[str, Cell | None] = Field(description="by source; null while there is none")


class Table(BaseModel):
    """A page of rows: without `after_seq`."""

    rows: list[TableRow]
    next: str | None = Field(description="give it as `cursor`, with everything else as it was; null at the end")
    matched: int | None = Field(description="rows of the whole table, with `count=1`")
    seq: int = Field(description="the table is as of this seq; what came later is what follows it as `after_seq`")
