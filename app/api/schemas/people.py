"""Who asks, over the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.services.passwords import LEAST, MOST
from app.services.people import MAX_NAME

Scope = Literal["read", "submit", "admin"]
Role = Literal["owner", "admin", "member", "viewer"]


class Credentials(BaseModel):
    """A person's name and password."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME, examples=["지민"])]
    password: Annotated[str, Field(min_length=1, max_length=MOST, examples=["a sentence of one's own"])]


class NewOwner(BaseModel):
    """The first person of a house."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME, examples=["지민"])]
    password: Annotated[str, Field(min_length=LEAST, max_length=MOST, examples=["a sentence of one's own"])]


class Who(BaseModel):
    """Who asks."""

    kind: Literal["person", "token"]
    id: int
    name: str = Field(description="of the person, or of the token")
    workspace: str = Field(examples=["main"])
    role: Role | None = Field(description="null for a token")
    scopes: list[Scope]
