"""What calls are made with, over the wire."""

from pydantic import BaseModel, Field

from app.api.schemas.batches import Instant
from app.api.schemas.sources import Words


class AccountUpstream(BaseModel):
    """Whose account it is."""

    name: str = Field(examples=["naver"])
    title: Words


class Stopped(BaseModel):
    """Why an account is not asked with, and until when."""

    reason: str = Field(examples=["quota"], description="quota, upstream_down, credentials or throttled")
    until: Instant | None
    trouble: str | None = Field(description="the code of the upstream error")


class Credentials(BaseModel):
    """What may be told of credentials that are kept here; for those who may `admin`."""

    hint: str = Field(description="how the secret ends", examples=["…x9Qd"])
    checked: str = Field(description="how the last trial ended: ok, untried, or an error class")
    checked_at: Instant | None
    detail: str = Field(description="what the upstream said while it is stopped")


class Account(BaseModel):
    """An account as it stands."""

    key: str = Field(examples=["naver/default"])
    upstream: AccountUpstream
    rate: str | None = Field(description="calls at most", examples=["10/s"])
    rate_part: float = Field(description="what of it is in force, after the upstream said too fast")
    spent_today: int
    reserved: int = Field(description="calls promised to work under way")
    quota: int | None = Field(description="calls a day")
    left_today: int | None
    reserve: int = Field(description="calls of each day that only batches of high priority may use")
    spent_month: int
    monthly: int | None = Field(description="calls a month")
    left_month: int | None
    renewed_at: Instant | None = Field(description="when today's quota comes back")
    stopped: Stopped | None
    notice: Words | None = Field(description="what its holder should know in time")
    credentials: Credentials | None = Field(description="of an account kept here, for those who may `admin`")


class Usage(BaseModel):
    """Every account that calls can be made with."""

    accounts: list[Account]
