"""Sources over the wire."""

from typing import Literal

from pydantic import BaseModel, Field

from app.api.schemas.batches import SourceName


class Words(BaseModel):
    """The same in Korean and in English."""

    ko: str
    en: str


class SourceColumn(BaseModel):
    """A further column: what stands under `key` in a reading's `data`."""

    key: str
    title: Words


class SourceUpstream(BaseModel):
    """Who answers."""

    name: str = Field(examples=["naver"])
    title: Words
    terms: Words = Field(description="what may be done with what it says; empty where nothing is to be heeded")


class Source(BaseModel):
    """A source that a batch can ask."""

    name: SourceName
    title: Words
    note: Words = Field(description="what it counts")
    upstream: SourceUpstream
    kind: Literal["number", "flag"] = Field(description="a flag has the values 1 and 0 for yes and no")
    decimals: int = Field(description="decimals its value is shown with")
    columns: list[SourceColumn]
    offline: bool = Field(description="answers on this machine, without a call")
    ready: bool = Field(description="can be asked now")
    missing: list[str] = Field(description="settings without which it cannot")
    rate: str | None = Field(description="calls at most", examples=["10/s"])
    quota: int | None = Field(description="calls a day at most")
    left_today: int | None = Field(description="of the account with the most left")
    accounts: list[str] = Field(description="accounts it can be asked with, the usual one first")


class Sources(BaseModel):
    """Every source, by name."""

    sources: list[Source]
