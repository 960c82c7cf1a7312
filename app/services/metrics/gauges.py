"""What database and Redis say when somebody asks. What does not answer is left out: no gauge says 0 for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from redis.exceptions import RedisError

from app import clock
from app.errors import DatabaseDown
from app.repositories import ops as rows
from app.services import accounts, jobs, ops, pulse
from app.services.holdings import AccountView
from app.services.house import House
from app.services.meter import Meter
from app.services.ops import Health
from app.services.shapes import BatchState
from app.services.workings import LATELY_MS

#: Why an account may be halted, as a waiting batch states it.
REASONS = ("quota", "upstream_down", "credentials", "throttled")
_meter = Meter()


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of the metric ``name`` (without ``keybatch_``); ``labels`` are values, in its order."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


def house(of: House, found: Health) -> list[Sample]:
    """How the house stands, which its health says in short."""
    return [*_health(found), *_of_redis(of), *_of_database(of, found)]


def reached(found: Health) -> list[Sample]:
    """Whether this process reaches what the house stands on, and how fast that answers."""
    told = [Sample("up", found.database, ("database",)), Sample("up", found.redis, ("redis",))]
    times = {"database_round_trip_seconds": found.database_ms, "redis_round_trip_seconds": found.redis_ms}
    return told + [Sample(name, ms / 1000) for name, ms in times.items() if ms is not None]


def _health(found: Health) -> Iterator[Sample]:
    for code in found.troubles:
        yield Sample("trouble", 1, (code,))
    if found.workers is None or found.busy is None:
        return
    yield Sample("workers", found.workers)
    yield Sample("workers_busy", found.busy)
    yield Sample("scheduler_active", found.scheduler)
    if found.healed_at is not None:
        yield Sample("healed_timestamp_seconds", found.healed_at / 1000)


def _of_redis(of: House) -> list[Sample]:
    found, now = [], clock.now_ms()
    try:
        for queue in jobs.queues(of.redis):
            label = (queue.name,)
            found += [
                Sample("queue_jobs", queue.waiting, label),
                Sample("queue_failed_jobs", queue.failed, label),
            ]
            if queue.oldest_at is not None:
                found.append(Sample("queue_oldest_seconds", max(0.0, (now - queue.oldest_at) / 1000), label))
        memory: Any = of.redis.info("memory")
    except RedisError:
        return []
    found.append(Sample("redis_memory_used_bytes", memory["used_memory"]))
    if memory.get("maxmemory"):
        found.append(Sample("redis_memory_limit_bytes", memory["maxmemory"]))
    return found


def _of_database(of: House, health: Health) -> list[Sample]:
    try:
        return [*_stored(of), *_accounts(of, redis=health.redis)]
    except DatabaseDown:
        return []


def _stored(of: House) -> Iterator[Sample]:
    now = clock.now_ms()
    with of.db.read() as connection:
        states, lanes = rows.states(connection), rows.lanes(connection, now)
        backlog = rows.backlog(connection, now, now - ops.LATE_MS, now - LATELY_MS)
    for state in get_args(BatchState):
        yield Sample("batches", states.get(state, 0), (state,))
    for state, count in zip(("busy", "idle"), lanes, strict=True):
        yield Sample("lanes", count, (state,))
    yield Sample("webhook_pending_messages", backlog.pending)
    yield Sample("webhook_overdue_messages", backlog.overdue)
    yield Sample("webhook_failed_messages", backlog.failed)
    if backlog.since is not None:
        yield Sample("webhook_oldest_overdue_seconds", max(0.0, (now - backlog.since) / 1000))


def _accounts(of: House, *, redis: bool) -> Iterator[Sample]:
    speeds = _meter.look(clock.now_ms(), pulse.lately(of))
    for view in accounts.listing(of):
        if view.missing:
            continue
        label, account = (view.upstream, view.key), accounts.named(view.key)
        if account is not None and account.budget.rate is not None:
            limit = account.budget.rate.per_second
            yield Sample("rate_limit_per_second", limit, label)
            if redis:
                yield Sample("rate_in_force_per_second", limit * view.rate_part, label)
        if speeds is not None:
            yield Sample("rate_now_per_second", speeds.get(view.key, 0.0), label)
        for reason in REASONS:
            yield Sample("account_halted", view.reason == reason, (*label, reason))
        yield from _quota(view, label)


def _quota(view: AccountView, label: tuple[str, ...]) -> Iterator[Sample]:
    windows = {
        "day": (view.quota, view.spent_today, view.left_today),
        "month": (view.monthly, view.spent_month, view.left_month),
    }
    for window, (limit, used, left) in windows.items():
        if limit is None or left is None:
            continue
        yield Sample("quota_limit_calls", limit, (*label, window))
        yield Sample("quota_used_calls", used, (*label, window))
        yield Sample("quota_remaining_calls", left, (*label, window))
    if view.renewed_at is not None:
        yield Sample("quota_reserved_calls", view.reserved, label)
        yield Sample("quota_renewal_timestamp_seconds", view.renewed_at / 1000, label)
