"""Who asks, and what he may: the person behind a session or the program behind a token."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from app.errors import Forbidden
from app.models.people import MAIN

Scope = Literal["read", "submit", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "submit", "admin")
#: What each role may; `read` looks, `submit` makes and controls batches, `admin` manages tokens, webhooks and people.
MAY: dict[str, frozenset[Scope]] = {
    "owner": frozenset(SCOPES),
    "admin": frozenset(SCOPES),
    "member": frozenset({"read", "submit"}),
    "viewer": frozenset({"read"}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: ``name`` becomes the owner of what he submits; ``person`` or ``token`` is the id he came with (None:
    the other one, or the command line of this machine). ``session``: the mark of the session he came with, which tells
    it from his others and opens nothing. ``peer``: the address he comes from, "" at the command line."""

    workspace: int
    scopes: frozenset[Scope]
    name: str = ""
    person: int | None = None
    token: int | None = None
    session: str = field(default="", compare=False)
    peer: str = field(default="", compare=False)

    def require(self, scope: Scope) -> None:
        """Raises Forbidden unless he may."""
        if scope not in self.scopes:
            raise Forbidden(scope=scope)

    def at(self, peer: str) -> Self:
        """The same one, coming from that address."""
        return replace(self, peer=peer)


#: The command line: whoever can start it can read the database anyway.
OPERATOR = Caller(MAIN, frozenset(SCOPES))
#: The house itself: what comes over a batch without anybody's doing.
ITSELF = Caller(MAIN, frozenset())


def hashed(secret: str) -> str:
    """What is stored of a secret of ours: they are long and random, so a plain hash cannot be turned round."""
    return hashlib.sha256(secret.encode()).hexdigest()
