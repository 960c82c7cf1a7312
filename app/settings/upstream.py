"""What every upstream may be told."""

from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from app.settings.base import HouseSettings


class UpstreamSettings(HouseSettings):
    """What each upstream may be told; a source file extends it with its credentials."""

    base_url: str = Field("", description="address of the upstream, if not its public one")
    rate: str = Field("", description="calls per time, as 10/s or 200/min, or none; empty = what the upstream allows")
    daily_quota: int | None = Field(None, ge=1, description="calls a calendar day; empty = what the upstream allows")
    monthly_quota: int | None = Field(None, ge=1, description="calls a calendar month; empty = what it allows")
    reserve: int = Field(0, ge=0, description="calls of each day that only batches of high priority may use")
    zone: str = Field("", description="time zone whose midnight renews the quota, as Asia/Seoul; empty = its own")
    visible_to: Literal["everyone", "nobody"] = Field(
        "everyone", description="who may see and export what it says: everyone, or nobody while its terms are settled"
    )
    concurrency: int | None = Field(None, ge=1, le=1000, description="calls under way at once, over all processes")

    @field_validator("zone")
    @classmethod
    def _a_zone(cls, zone: str) -> str:
        if zone and zone not in available_timezones():
            raise ValueError("no such time zone")
        return zone

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return url
