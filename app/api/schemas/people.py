"""Who asks, over the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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


class NewPerson(BaseModel):
    """Somebody to be added."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME, examples=["유나"])]
    role: Role = Field("member", description="owners are made by owners alone")
    password: Annotated[str | None, Field(min_length=LEAST, max_length=MOST)] = Field(
        None, description="left out, one is made up and told in the answer, this once"
    )


class PersonChange(BaseModel):
    """What is to be another; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    password: Annotated[str | None, Field(min_length=LEAST, max_length=MOST)] = Field(
        None, description="ends all of the person's sessions"
    )


class Person(BaseModel):
    """Somebody who signs in."""

    id: int = Field(examples=[1])
    name: str
    role: Role
    workspace: str = Field(examples=["main"])
    created_at: str = Field(examples=["2026-11-21T03:04:05.678Z"])


class MadePerson(Person):
    """Somebody new."""

    password: str | None = Field(description="the one that was made up; null where one was given")


class People(BaseModel):
    """The people of a workspace, by name."""

    people: list[Person]


class Session(BaseModel):
    """A browser that is signed in."""

    mark: str = Field(description="tells it from the person's others, and opens nothing", examples=["0123456789abcdef"])
    created_at: str
    seen_at: str = Field(description="when it was last used, to the minute")
    expires_at: str
    own: bool = Field(description="whether this call came with it")
    peer: str = Field(alias="from", description="the address it was opened from; empty if that is not known any more")


class Sessions(BaseModel):
    """A person's sessions, the last used first."""

    sessions: list[Session]


class OwnPassword(BaseModel):
    """Another password of one's own."""

    model_config = ConfigDict(extra="forbid")

    old: Annotated[str, Field(min_length=1, max_length=MOST, examples=["a sentence of one's own"])]
    new: Annotated[str, Field(min_length=LEAST, max_length=MOST, examples=["another sentence of one's own"])]
