"""How messages leave the outbox: taken in hand, sent by the courier, tried again over a day, in the end removed."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import Connection, Row

from app import clock
from app.errors import KeybatchError
from app.log import get
from app.repositories import deliveries
from app.repositories import webhooks as hooks
from app.services import journal, outbox, webhooks
from app.services.house import House

log = get(__name__)
#: Seconds before the next try, after each one in vain; after the last of them the message has failed. 23.6 h in all.
AGAIN_S = (5, 300, 1_800, 7_200, 18_000, 28_800, 28_800)
#: A try comes earlier by up to this part of that time, so that those that failed together do not come back together.
JITTER = 0.1
#: The longest that a receiver can ask us to wait before a try, in seconds.
MAX_RETRY_AFTER_S = 3_600
#: Longer than a try can take: one that was taken in hand by somebody who died is tried again then.
LEASE_MS = 30_000
#: Messages under way to one host at a time.
PER_HOST = 2
#: Tries that are kept with a message.
KEPT_TRIES = 20
#: What is done with is kept for so long, in milliseconds, and removed so many at a time.
KEEP_MS = 30 * 86_400_000
STEP = 500
GONE = 410


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in hand: its ``attempt``-th try. ``keys`` sign it; where it cannot be made, ``trouble`` says why."""

    id: int
    attempt: int
    webhook: int
    message: str
    url: str
    body: bytes
    keys: Sequence[str]
    trouble: str = ""

    @property
    def host(self) -> str:
        return host(self.url)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: the HTTP status (0: none came), after ``ms``; ``detail``: the beginning of what was answered,
    or what went wrong; ``retry_after``: seconds that the receiver asked us to wait."""

    status: int
    ms: int
    detail: str = ""
    retry_after: float | None = None

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


def host(url: str) -> str:
    """The host of an address, in small letters."""
    return (urlsplit(url).hostname or "").lower()


def wait_s(failures: int, retry_after: float | None, draw: float) -> float | None:
    """Seconds until the next try after that many in vain, or None when it was the last; ``draw`` in [0, 1)."""
    if failures > len(AGAIN_S):
        return None
    asked = min(max(retry_after or 0.0, 0.0), MAX_RETRY_AFTER_S)
    return max(AGAIN_S[failures - 1] * (1 - JITTER * draw), asked)


def collect(house: House, room: int, busy: Mapping[str, int]) -> list[Parcel]:
    """Take up to ``room`` messages in hand that are due, the due messages of readings made first; ``busy``: host → how
    many are under way to it. One query when there is nothing to do."""
    now = clock.now_ms()
    with house.db.read() as connection:
        if not deliveries.stirring(connection, now, outbox.MOST):
            return []
        ripe = hooks.ripe(connection, now, outbox.MOST)
    for webhook_id, batch_id in ripe:
        with house.db.work() as work:
            if hooks.keep(work.connection, webhook_id):
                outbox.gather(work.connection, webhook_id, batch_id)
    with house.db.work() as work:
        rows = _take(work.connection, room, Counter(busy))
    with house.db.read() as connection:
        return [_parcel(house, connection, row) for row in rows]


def _take(connection: Connection, room: int, under_way: Counter[str]) -> list[Row[Any]]:
    now, taken = clock.now_ms(), list[Row[Any]]()
    full = set[int]()  # webhooks whose host has enough to do
    while len(taken) < room:
        found = deliveries.due(connection, now, room - len(taken), sorted(full))
        if not found:
            break
        fit = list[Row[Any]]()
        for row in found:
            if under_way[host(row.url)] < PER_HOST:
                under_way[host(row.url)] += 1
                fit.append(row)
            else:
                full.add(row.webhook_id)
        deliveries.lease(connection, [row.id for row in fit], now + LEASE_MS)
        taken += fit
    return taken


def _parcel(house: House, connection: Connection, row: Row[Any]) -> Parcel:
    keys, trouble = list[str](), ""
    try:
        keys = webhooks.signing_keys(house, row.webhook_id, row.sealed)
    except KeybatchError as error:
        trouble = error.sentence()
    body = b"" if trouble else _body(connection, row)
    return Parcel(row.id, row.attempts + 1, row.webhook_id, row.message, row.url, body, keys, trouble)


def _body(connection: Connection, row: Row[Any]) -> bytes:
    """The same at every try, but for readings that were purged or are to be withheld since."""
    data: Any = orjson.Fragment(row.payload) if row.payload is not None else _readings(connection, row)
    return orjson.dumps({"type": row.event, "timestamp": clock.iso(row.created_at), "data": data})


def _readings(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    first, last = row.from_seq, row.to_seq
    page = journal.page(connection, row.batch_id, first - 1, last - first + 1)
    return {
        "batch": row.batch_id,
        "from_seq": first,
        "to_seq": last,
        "readings": [reading for reading in page.readings if reading["seq"] <= last],
        "gaps": [[left, min(right, last)] for left, right in page.gaps if left <= last],
    }


def done(house: House, parcel: Parcel, answer: Answer) -> None:
    """Write down what came of a try. Nothing if somebody else has the message in hand by now."""
    gone, now = answer.status == GONE, clock.now_ms()
    with house.db.work() as work:
        connection = work.connection
        hook = hooks.one(connection, parcel.webhook, lock=True)
        row = deliveries.in_hand(connection, parcel.id, parcel.attempt)
        if hook is None or row is None:
            return
        failures = row.failures + (not answer.well)
        values: dict[str, Any] = {"leased_until": 0, "failures": failures, "tries": _tried(row.tries, answer, now)}
        pause = None if gone or row.event == outbox.TEST else wait_s(failures, answer.retry_after, random.random())  # noqa: S311 -- spreads tries, guards nothing
        if answer.well or pause is None:
            values |= {"state": "delivered" if answer.well else "failed", "due_at": None, "done_at": now}
        else:
            values["due_at"] = now + round(1000 * pause) if hook.active else None
        deliveries.change(connection, parcel.id, **values)
        if gone and hook.active:
            hooks.change(connection, parcel.webhook, active=False, why_off="gone", changed_at=now)
            deliveries.park(connection, parcel.webhook)
    log.info("webhook_tried", webhook=parcel.webhook, message=parcel.message, status=answer.status, ms=answer.ms)


def _tried(before: str, answer: Answer, now: int) -> str:
    one = {"at": clock.iso(now), "status": answer.status or None, "ms": answer.ms, "detail": answer.detail}
    return orjson.dumps([*orjson.loads(before), one][-KEPT_TRIES:]).decode()


def clean(house: House) -> int:
    """Remove some of what was done with long ago: how many."""
    with house.db.work() as work:
        return deliveries.forget(work.connection, clock.now_ms() - KEEP_MS, STEP)
