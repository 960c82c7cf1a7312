"""How fast a batch goes, when it ends, and what decides that."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from app import clock
from app.queue import PRIORITIES
from app.repositories import batches, usage
from app.services import accounts, estimate, ledger, tempo
from app.services.estimate import End, Left
from app.services.holdings import AccountView
from app.services.house import House
from app.services.shapes import BatchView, Pace
from app.sources import registry
from app.sources.base import Account
from app.sources.registry import Source


def pace(house: House, batch: BatchView) -> Pace:
    """Speed and end of a batch as they look now; of one that has ended, how long its last answers took."""
    with house.db.read() as connection:
        now = tempo.tempo(connection, batch.id, batch.seq)
        if batch.ended:
            return Pace(None, None, None, "", None, None, answer_ms=now.mean_ms, answer_p95_ms=now.p95_ms)
        speed = _speed_now(batch, now.by_source)
        calls = _calls_left(batch)
        views = {account: accounts.view(house, connection, account) for account in calls}
        ends = ends_of(connection, calls, views, batch.priority, but=batch.id)
        ends += ends_of_parts(connection, _by_source(batch))
    last = max(ends, default=End(None, ""), key=lambda end: (end.at is None, end.at or 0))
    if last.binds == "speed":
        lookups = batch.lookups - batch.counts.done
        last = End(clock.now_ms() + int(1000 * lookups / speed) if speed else None, "speed")
    if batch.state == "paused":
        last = End(None, "paused")
    left = min((view for view in views.values() if view.quota is not None), key=_left_today, default=None)
    limits = [account.budget.rate.per_second if account.budget.rate else None for account in calls]
    return Pace(
        per_second=speed,
        limit_per_second=None if None in limits or not limits else sum(limit or 0.0 for limit in limits),
        ends_at=last.at,
        binds=last.binds,
        left_today=left.left_today if left else None,
        quota=left.quota if left else None,
        days=last.days,
        rate_part=min((view.rate_part for view in views.values()), default=1.0),
        renewed_at=left.renewed_at if left else None,
        by_source=now.by_source,
        answer_ms=now.mean_ms,
        answer_p95_ms=now.p95_ms,
    )


def ends_of(
    connection: Connection,
    calls: Mapping[Account, int],
    views: Mapping[Account, AccountView],
    priority: str,
    but: int = 0,
) -> list[End]:
    """When each account will have made its ``calls``, with what all open batches (except ``but``) ask of it."""
    others = _demands(connection, [account.key for account in calls], but)
    rank = PRIORITIES.index(priority)
    found = []
    for account, mine in calls.items():
        view, now = views[account], clock.now_ms()
        if not mine:
            found.append(End(None if account.budget.rate is None else now, "speed"))
            continue
        if view.reason in ("upstream_down", "credentials"):
            found.append(End(None, view.reason))
            continue
        if view.reason == "throttled" and view.until:
            now = max(now, view.until)
        kept = 0 if priority == "high" else account.budget.reserve
        left = Left(view.left_today if view.left_today is None else max(0, view.left_today - kept), view.left_month)
        before = estimate.ahead(mine, rank, others[account.key])
        found.append(estimate.end(before, account.budget, left, now, part=view.rate_part, high=priority == "high"))
    return found


def ends_of_parts(connection: Connection, calls: Iterable[tuple[Source, Account, int]]) -> list[End]:
    """When each source that its upstream limits by itself will have made its calls, as far as that limit goes."""
    found = []
    for source, account, count in calls:
        budget, now = source.budget(account), clock.now_ms()
        if budget.part_quota is None or not count:
            continue
        spent, _ = usage.on(connection, ledger.part_key(account.key, budget.part), clock.day(now, budget.zone))
        alone = replace(budget, quota=budget.part_quota, monthly=None, reserve=0)
        found.append(estimate.end(count, alone, Left(max(0, budget.part_quota - spent)), now))
    return found


def calls_for(source: str, lookups: int) -> int:
    """Calls that so many lookups of a source take; an offline one takes none."""
    found = registry.get(source)
    return 0 if found.upstream.offline else math.ceil(lookups / found.per_call)


def _calls_left(batch: BatchView) -> dict[Account, int]:
    """Calls still to be made, by the account that pays for them (0 for an offline one)."""
    left: dict[Account, int] = {}
    for source in batch.sources:
        lookups = source.lookups - source.counts.done
        if lookups and source.name in registry.sources():
            account = accounts.named(source.account)
            if account is None:
                continue
            left[account] = left.get(account, 0) + calls_for(source.name, lookups)
    return left


def _by_source(batch: BatchView) -> Iterator[tuple[Source, Account, int]]:
    for source in batch.sources:
        account = accounts.named(source.account)
        if account is not None and source.name in registry.sources():
            left = calls_for(source.name, source.lookups - source.counts.done)
            yield registry.get(source.name), account, left


def _demands(connection: Connection, keys: list[str], but: int) -> dict[str, list[tuple[int, int]]]:
    """Account → (rank of the priority, calls still to be made) of each open batch but one."""
    calls: dict[tuple[str, int, int], int] = defaultdict(int)
    for row in batches.demands(connection, keys):
        if row.batch_id != but and row.source in registry.sources():
            calls[row.account, row.batch_id, PRIORITIES.index(row.priority)] += calls_for(row.source, row.left)
    found: dict[str, list[tuple[int, int]]] = {key: [] for key in keys}
    for (account, _, rank), count in calls.items():
        found[account].append((rank, count))
    return found


def _left_today(view: AccountView) -> int:
    return view.left_today or 0


def _speed_now(batch: BatchView, by_source: Mapping[str, float]) -> float | None:
    """The speed of the sources that are not done yet, together: a burst that is over says nothing of now."""
    speeds = [by_source[one.name] for one in batch.sources if one.state != "completed" and one.name in by_source]
    return sum(speeds) or None
