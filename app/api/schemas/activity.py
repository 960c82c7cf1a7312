"""Activity over the wire."""

from typing import Any

from pydantic import BaseModel, Field

from app.services.activity import VERBS


class Act(BaseModel):
    """One thing done."""

    id: int = Field(examples=[1])
    at: str = Field(examples=["2026-11-21T03:04:05.678Z"])
    who: str = Field(
        description="a person's or a token's name; `cli` is the command line, empty the house itself, `anyone` "
        "somebody who gave no name that is known",
        examples=["지민"],
    )
    what: str = Field(description=f"one of {', '.join(VERBS)}", examples=["change_role"])
    batch: int | None = Field(description="the batch that it was done to, if to one")
    peer: str = Field(
        alias="from", description="the address it came from; empty for the command line and the house itself"
    )
    about: dict[str, Any] = Field(description="what belongs to it; never a secret")


class Acts(BaseModel):
    """A page of acts, newest first."""

    acts: list[Act]
    next: int | None = Field(description="the `before` of the following page; null at the end")
