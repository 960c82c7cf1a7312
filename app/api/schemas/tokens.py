"""Tokens over the wire."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from app.api.schemas.people import Scope
from app.services.tokens import MAX_NAME

_Instant = Annotated[str | None, Field(examples=["2026-11-21T03:04:05.678Z"])]


class NewToken(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME, description="what it is for", examples=["nightly"])]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=10, examples=[["read", "submit"]])] = ["read"]
    expires_at: AwareDatetime | None = Field(None, description="when it ends by itself, within ten years")


class Token(BaseModel):
    """A token as it stands; the token itself is told once, when it is made."""

    id: int = Field(examples=[1])
    name: str
    hint: str = Field(description="its first characters", examples=["kb_Ab3d"])
    scopes: list[Scope] = Field(description="what it may now; none when its person may nothing of it any more")
    person: str | None = Field(description="whose it is; it goes when the person goes")
    created_at: str
    expires_at: _Instant
    used_at: _Instant = Field(description="when it was last used, to the minute")
    revoked_at: _Instant


class MadeToken(Token):
    """A new token."""

    token: str = Field(description="to be shown as `Authorization: Bearer …`; nobody can look it up again")


class Tokens(BaseModel):
    """The tokens of a workspace, the newest first."""

    tokens: list[Token]
