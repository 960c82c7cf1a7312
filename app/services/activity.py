"""Activity: who did what, to a batch or in the house, and what came over a batch by itself. Put down in the transaction
of the change itself, so that neither is ever there without the other."""

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
#: Acts about no batch: of people, tokens, webhooks, accounts and sources, and of what is kept under a name.
IN_THE_HOUSE: Final = (
    *("sign_in", "sign_in_failed", "sign_out", "end_session"),
    *("add_person", "remove_person", "change_role", "change_password", "link_person", "unlink_person"),
    *("make_token", "revoke_token"),
    *("make_webhook", "change_webhook", "rotate_webhook", "remove_webhook", "test_webhook", "resend"),
    *("keep_account", "test_account", "remove_account", "reseal", "define", "undefine", "keep_saved", "forget_saved"),
    "forget_batch",
)
#: Acts on a batch, and the states that come over one.
ON_A_BATCH: Final = (
    *("submit", "pause", "resume", "cancel", "retry", "rerun", "rename", "tag", "untag", "columns", "export"),
    *("requeue", "discard"),
    *("waiting", "running", "completed", "purge_events", "purge_readings", "purge_items"),
)
VERBS: Final = (*ON_A_BATCH, *IN_THE_HOUSE)
MINUTE_MS: Final = 60_000
#: A wait that returns for the same reason within this time of the last one is no news, in milliseconds.
QUIET_MS: Final = 10_000
#: Waits are looked for in so many of the last acts at most: accounts of one batch are few.
_LAST: Final = 50
#: The same sign-in that failed is looked for in so many of the last acts of a workspace.
_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done, at ``at`` (UTC ms), to ``batch`` if to one: ``what`` is one of `VERBS`, ``about`` says what
    belongs to it, and never a secret.
    ``who``: a person's or a token's name, `CLI`, `ANYONE` or `HOUSE`; ``peer``: the address it came from, ""
    where it came from none."""

    id: int
    at: int
    who: str
    what: str
    about: Mapping[str, Any]
    peer: str = ""
    batch: int | None = None


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
    said = {**about, "by_token": caller.token} if caller.token is not None else about
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
    for n, one in enumerate(acts):
        same = one.what == "waiting" and one.about["reason"] == reason
        if same and (n == 0 or one.at > since):
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
    return [act(row) for row in activity.newest(connection, batch_id, limit, before)]


def newest(connection: Connection, workspace: int, what: str) -> list[Act]:
    """Of the last acts of a workspace, those that are ``what``, newest first."""
    return [act(row) for row in activity.last(connection, workspace, _LOOKED_AT) if row.what == what]


def of_one(connection: Connection, workspace: int, who: str, what: str) -> list[Act]:
    """The last of what somebody did of one kind, newest first."""
    wanted = activity.Wanted(who, (what,))
    return [act(row) for row in activity.page(connection, workspace, wanted, None, _LOOKED_AT)]


def is_again(connection: Connection, caller: Caller, batch_id: int, what: str, about: Mapping[str, Any]) -> bool:
    """Whether ``caller`` did the very same within the last minute."""
    since = clock.now_ms() - MINUTE_MS
    same = (name_of(caller), caller.peer, {**about})
    found = map(act, activity.newest(connection, batch_id, _LAST, what=(what,)))
    return any(one.at > since and (one.who, one.peer, _plain(one.about)) == same for one in found)


def say_again(connection: Connection, act_id: int, about: Mapping[str, Any]) -> None:
    """Let an act say something else of what belongs to it: it happened once more."""
    activity.change(connection, act_id, about=orjson.dumps(dict(about)).decode())


def count(house: House, batch_id: int) -> int:
    """How many things were done to a batch."""
    with house.db.read() as connection:
        return activity.count(connection, batch_id)


def _of_account(connection: Connection, batch_id: int, account: str) -> list[Act]:
    """The waits for an account and their ends, newest first."""
    rows = activity.newest(connection, batch_id, _LAST, what=("waiting", "running"))
    return [one for one in map(act, rows) if one.about.get("account") == account]


def act(row: Any) -> Act:
    """The act in a row."""
    return Act(row.id, row.at, row.who, row.what, orjson.loads(row.about), row.peer, row.batch_id)


def _plain(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in about.items() if name != "by_token"}
