"""Halts: an account that nobody asks with for a while, because of what its upstream said or did not say.

All batches share them. A source that finds one waits; when its time is over the account is asked again: at once after a
spent quota or a long pause, by one probing call after an outage or refused credentials.
"""

from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app import clock, events
from app.errors import UpstreamError
from app.log import get
from app.repositories import batches, halts
from app.services import accounts, ledger, waits
from app.services.house import House
from app.services.waits import Waiting
from app.sources.base import Account
from workers import retry

log = get(__name__)
#: Reasons that end by a probing call, not by themselves.
PROBED: Final = frozenset({"upstream_down", "credentials"})


def stop(
    house: House, account: Account, source: str, reason: str, error: UpstreamError, seconds: float | None = None
) -> None:
    """Let nobody ask with ``account`` for now, and tell the slices that do: ``source`` met an ``error``. ``seconds``:
    for how long, where the upstream said so. While it is stopped for that reason already, nothing changes."""
    now = clock.now_ms()
    try:
        with house.db.work() as work:
            row = halts.of(work.connection, account.key, lock=True)
            if row is not None and row.until > now and row.reason == reason:
                return
            waits_so_far = row.waits if row is not None and row.reason == reason else 0
            values = _values(account, reason, error, seconds, waits_so_far)
            halts.put(
                work.connection, account.key, **values, source=source, since=row.since if waits_so_far and row else now
            )
            work.after_commit(partial(events.halt, house.redis, account.key))
            work.after_commit(partial(events.wake, house.redis, values["until"]))
    except IntegrityError:
        return  # another slice found the same trouble at the same moment
    log.warning(
        "account_halted", account=account.key, reason=reason, trouble=error.code, until=clock.iso(values["until"])
    )


def _values(
    account: Account, reason: str, error: UpstreamError, seconds: float | None, waits_so_far: int
) -> dict[str, Any]:
    now = clock.now_ms()
    pauses = {"upstream_down": retry.down_for(waits_so_far), "credentials": retry.CREDENTIALS_S}
    if reason == "quota" and seconds is None:
        until = clock.day_starts(now, account.budget.zone)[2] + ledger.GUARD_MS
    else:
        until = now + round(1000 * max(pauses.get(reason, 0.0), seconds or 0.0))
    return {
        "reason": reason,
        "until": until,
        "waits": waits_so_far + 1,
        "trouble": error.code,
        "detail": error.detail,
    }


def waiting(connection: Connection, account: str) -> Waiting | None:
    """What a source that asks with ``account`` has to wait for, if it has."""
    row = halts.of(connection, account)
    if row is None or not _stands(row):
        return None
    return Waiting(row.reason, row.until, row.trouble, row.detail)


def _stands(row: Row[Any]) -> bool:
    return row.reason in PROBED or bool(row.until > clock.now_ms())


def prolong(
    house: House, account: Account, source: str, reason: str, error: UpstreamError, seconds: float | None = None
) -> None:
    """A probe found the account in trouble still: everybody waits for the next one."""
    stop(house, account, source, reason, error, seconds)
    with house.db.read() as connection:
        found = waiting(connection, account.key)
        sources = batches.waiting_for(connection, account.key)
    if found is None:
        return
    for row in sources:
        with house.db.work() as work:
            batches.one(work.connection, row.batch_id, lock=True)
            waits.wait(work.connection, row.batch_id, row.source, found)
            work.after_commit(partial(events.nudge, house.redis, row.batch_id))


def standing(house: House, account: str) -> Row[Any] | None:
    """The account's halt as it stands, or None."""
    with house.db.read() as connection:
        return halts.of(connection, account)


def lift(house: House, account: str) -> None:
    """The account may be asked again: its sources go on as soon as they are dispatched."""
    with house.db.work() as work:
        halts.drop(work.connection, account)
    with house.db.read() as connection:
        sources = batches.waiting_for(connection, account)
    for source in sources:
        waits.end(house, source.batch_id, source.source)
    log.info("account_asked_again", account=account, sources=len(sources))


def hurry(house: House) -> None:
    """Workers have started, perhaps with other credentials or another key: refused ones are tried at the next look, and
    accounts that can be opened now are asked with."""
    now = clock.now_ms()
    accounts.refresh(house)
    with house.db.work() as work:
        halted = {row.account: row for row in halts.all_of(work.connection)}
        for row in halted.values():
            if row.reason == "credentials" and row.until > now:
                halts.put(work.connection, row.account, until=now)
        sources = batches.open_sources(work.connection)
    for source in sources:
        unpaid = source.state == "waiting" and source.waiting_reason == "credentials" and source.account not in halted
        if unpaid and _known(source.account):
            waits.end(house, source.batch_id, source.source)


def due(house: House) -> list[str]:
    """Lift halts whose time is over by itself; the accounts that have to be probed now."""
    now = clock.now_ms()
    with house.db.read() as connection:
        over = [row for row in halts.all_of(connection) if row.until <= now and _known(row.account)]
    for row in over:
        if row.reason not in PROBED:
            lift(house, row.account)
    return [row.account for row in over if row.reason in PROBED]


def _known(account: str) -> bool:
    return accounts.named(account) is not None
