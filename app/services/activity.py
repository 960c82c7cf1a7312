"""Activity: who did what to a batch, and what came over it by itself. Put down in the transaction of the change itself,
so that neither is ever there without the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from app import clock
from app.repositories import activity, batches
from app.services.callers import ITSELF, Caller
from app.services.house import House

#: Who did it, where no person and no token did: the command line, the house itself, somebody whom nobody asked for
#: a name.
CLI: Final = "cli"
HOUSE: Final = ""
ANYONE: Final = "anyone"
NOTHING: Mapping[str, Any] = MappingProxyType({})
#: A wait that returns for the same reason within this time of the last one is no news, in milliseconds.
QUIET_MS: Final = 10_000
#: Waits are looked for in so many of the last acts at most: accounts of one batch are few.
_LAST: Final = 50


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done, at ``at`` (UTC ms): ``what`` is a verb of the vocabulary (submit, pause, resume, cancel, retry,
    rerun, rename, tag, untag) or a state that came (waiting, running, completed), ``about`` says what belongs to it.
    ``who``: a person's or a token's name, `CLI`, `ANYONE` or `HOUSE`; ``peer``: the address it came from, ""
    where it came from none."""

    id: int
    at: int
    who: str
    what: str
    about: Mapping[str, Any]
    peer: str = ""


def name_of(caller: Caller) -> str:
    """Under which name a caller's acts are put down."""
    if caller is ITSELF:
        return HOUSE
    return caller.name or (CLI if "admin" in caller.scopes else ANYONE)


def by(
    connection: Connection,
    caller: Caller,
    batch_id: int | None,
    what: str,
    about: Mapping[str, Any] = NOTHING,
    *,
    workspace: int | None = None,
) -> None:
    """Put down that ``caller`` did ``what``, from where he came; the caller's transaction is that of the change.
    ``workspace`` is that of what was changed, where it need not be the caller's: the command line has none."""
    said = {**about, "token": caller.token} if caller.token is not None else about
    where = caller.workspace if workspace is None else workspace
    add(connection, where, batch_id, name_of(caller), what, said, caller.peer)


def add(
    connection: Connection,
    workspace: int,
    batch_id: int | None,
    who: str,
    what: str,
    about: Mapping[str, Any] = NOTHING,
    peer: str = "",
) -> None:
    """Put down that ``who`` did ``what``, from the address ``peer``; the caller's transaction is that of the change."""
    values = {"workspace_id": workspace, "batch_id": batch_id, "at": clock.now_ms(), "who": who, "what": what}
    activity.add(connection, **values, about=orjson.dumps(dict(about)).decode(), peer=peer)


def came(connection: Connection, batch_id: int, what: str, about: Mapping[str, Any] = NOTHING) -> None:
    """Put down what came over a batch by itself."""
    row = batches.one(connection, batch_id)
    if row is not None:
        add(connection, row.workspace_id, batch_id, HOUSE, what, about)


def waits(connection: Connection, batch_id: int, account: str, reason: str, until: int) -> None:
    """Put down that a batch waits for ``account``, once for each wait: all its sources that ask with the account do,
    and find out again and again that they have to wait on."""
    acts = _of_account(connection, batch_id, account)
    since = clock.now_ms() - QUIET_MS
    for n, act in enumerate(acts):
        same = act.what == "waiting" and act.about["reason"] == reason
        if same and (n == 0 or act.at > since):
            return
    came(connection, batch_id, "waiting", {"account": account, "reason": reason, "until": until})


def goes_on(connection: Connection, batch_id: int, account: str) -> None:
    """Put down that a batch waits for ``account`` no longer, if it did."""
    acts = _of_account(connection, batch_id, account)
    if acts and acts[0].what == "waiting":
        came(connection, batch_id, "running", {"account": account, "reason": acts[0].about["reason"]})


def listing(house: House, batch_id: int, *, before: int | None = None, limit: int = 50) -> list[Act]:
    """What was done to a batch, newest first, with ids under ``before``."""
    with house.db.read() as connection:
        return recent(connection, batch_id, limit, before)


def recent(connection: Connection, batch_id: int, limit: int, before: int | None = None) -> list[Act]:
    """The same, as this connection sees it."""
    return [_act(row) for row in activity.newest(connection, batch_id, limit, before)]


def count(house: House, batch_id: int) -> int:
    """How many things were done to a batch."""
    with house.db.read() as connection:
        return activity.count(connection, batch_id)


def _of_account(connection: Connection, batch_id: int, account: str) -> list[Act]:
    """The waits for an account and their ends, newest first."""
    rows = activity.newest(connection, batch_id, _LAST, what=("waiting", "running"))
    return [act for act in map(_act, rows) if act.about.get("account") == account]


def _act(row: Any) -> Act:
    return Act(row.id, row.at, row.who, row.what, orjson.loads(row.about), row.peer)
