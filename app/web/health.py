"""The house's health as lines: workers, queue, scheduler, what it stands on, upstreams that were slowed down. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import Language
from app.services.holdings import AccountView
from app.services.ops import Health
from app.sources import registry
from app.web import cells
from app.web.words import word
from workers.budget.values import Rate

#: Answers of Redis and the database are told up to one of these, in milliseconds, so that the page stays calm.
_STEPS = (10, 50, 200, 1_000)
#: Troubles that the lines of workers, queue, scheduler, Redis and database say already.
_SAID = frozenset(
    {"database_down", "redis_down", "no_workers", "no_chores", "no_scheduler", "not_healed", "not_served"}
)
#: Where some others are seen to.
_WHERE = {"credentials": "/sources", "wrong_key": "/sources"}


@dataclass
class Sign:
    """One line. ``kind``: ``ok`` | ``wait`` | ``fail`` | ``unknown``."""

    key: str
    kind: str
    label: str
    value: str
    address: str = "/ops"


def signs(found: Health, language: Language) -> list[Sign]:
    """Every part of the house, and then what else is wrong with it."""
    return [
        _workers(found, language),
        _queue(found, language),
        _scheduler(found, language),
        _ground("redis", found.redis_ms, language),
        _ground("database", found.database_ms, language),
        *(
            Sign(
                code, kind(code), word(f"trouble_{code}", language), found.about.get(code, ""), _WHERE.get(code, "/ops")
            )
            for code in found.troubles
            if code not in _SAID
        ),
    ]


def kind(code: str) -> str:
    """How bad a trouble is: ``wait`` or ``fail``."""
    return "wait" if code in ("late_messages", "disk_low", "redis_evicts") else "fail"


def _workers(found: Health, language: Language) -> Sign:
    label = word("workers", language)
    if found.workers is None or found.busy is None:
        return Sign("workers", "unknown", label, word("unknown_without_redis", language))
    if not found.workers:
        return Sign("workers", "fail", label, word("no_workers", language))
    return Sign("workers", "ok", label, word("workers_busy", language, count=found.workers, busy=found.busy))


def _queue(found: Health, language: Language) -> Sign:
    label = word("in_queue", language)
    if found.queued is None:
        return Sign("queue", "unknown", label, word("unknown_without_redis", language))
    if "not_served" in found.troubles:
        return Sign("queue", "fail", label, word("not_served", language))
    if not found.queued:
        return Sign("queue", "ok", label, word("queue_empty", language))
    count, shown = found.queued, cells.number(found.queued)
    if found.oldest_s is None:
        return Sign("queue", "ok", label, word("slices_waiting", language, count=count, shown=shown))
    oldest = cells.span(round(1000 * found.oldest_s), language)
    return Sign("queue", "ok", label, word("slices_oldest", language, count=count, shown=shown, oldest=oldest))


def _scheduler(found: Health, language: Language) -> Sign:
    label = word("scheduler", language)
    if not found.redis:
        return Sign("scheduler", "unknown", label, word("unknown_without_redis", language))
    wrong = next((code for code in ("no_scheduler", "no_chores", "not_healed") if code in found.troubles), "")
    if wrong:
        return Sign("scheduler", "fail", label, word(wrong, language))
    return Sign("scheduler", "ok", label, word("scheduler_well", language))


def _ground(key: str, ms: float | None, language: Language) -> Sign:
    label = word(key, language)
    if ms is None:
        return Sign(key, "fail", label, word("no_answer", language))
    step = next((step for step in _STEPS if ms <= step), None)
    if step is None:
        return Sign(key, "wait", label, word("answers_late", language, most=_STEPS[-1]))
    return Sign(key, "ok" if step < _STEPS[-1] else "wait", label, word("answers_within", language, most=step))


def slowed(views: Iterable[AccountView], language: Language) -> list[Sign]:
    """Accounts whose rate was cut, because their upstream said that it was too fast."""
    found = []
    for view in views:
        limit = Rate.parse_or_none(view.rate) if view.rate else None
        if limit is None or view.rate_part >= 0.995:
            continue
        upstream = registry.upstreams()[view.upstream]
        rate = cells.rate(limit.per_second * view.rate_part)
        title = upstream.ko if language == "ko" else upstream.en
        found.append(Sign(view.key, "wait", title, word("slowed_to", language, rate=rate), "/sources"))
    return found
