"""The overview as a tab shows it: head figures, batches, quotas, upstreams, health. Pure.

Where there is no figure stands "–" with the reason; what was never asked is not 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.dates import format_datetime

from app.clock import at
from app.errors import Language
from app.services import pulse
from app.services.overview import Overview, UnderWay, UpstreamView
from app.services.pulse import Sums
from app.services.shapes import BatchView
from app.sources import registry
from app.web import cells, health, shown, throughput
from app.web.health import Sign
from app.web.quotas import Quota, quotas
from app.web.shown import Part
from app.web.throughput import Chart
from app.web.words import word

_TIMED = ("quota", "throttled")  # waits whose end is known


@dataclass
class Figure:
    """A figure with its name and small print; its reason is at ``address``."""

    label: str
    value: str
    note: str
    address: str


@dataclass
class BatchLine:
    """A batch under way, or one that has ended. ``end`` and ``why`` say when it ends and what decides that."""

    id: int
    address: str
    name: str
    state: str
    label: str
    percent: str
    end: str
    why: str
    failed: str = ""
    parts: list[Part] = field(default_factory=list)


@dataclass
class UpstreamLine:
    """An upstream in the window. ``calls``: on its own calendar day. ``why``: why it has no answer times."""

    name: str
    title: str
    readings: str
    failed: str
    failing: str
    mean: str
    most: str
    calls: str
    why: str = ""


@dataclass
class Board:
    """Everything on the page. ``fresh``: nothing has ever been submitted; ``more``: how many batches are not told."""

    day: str = ""
    fresh: bool = False
    figures: list[Figure] = field(default_factory=list)
    batches: list[BatchLine] = field(default_factory=list)
    more: str = ""
    ended: list[BatchLine] = field(default_factory=list)
    chart: Chart = field(default_factory=Chart)
    upstreams: list[UpstreamLine] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    health: list[Sign] = field(default_factory=list)


def board(found: Overview, now: int, language: Language) -> Board:
    """The overview in a person's words."""
    return Board(
        day=_today(at(now, cells.ZONE), language),
        fresh=found.fresh,
        figures=_figures(found, language),
        batches=[_under_way(one, now, language) for one in found.under_way],
        more=_more(found, language),
        ended=[_ended(batch, now, language) for batch in found.ended],
        chart=throughput.chart(found, language),
        upstreams=[_upstream(one, found.failing, language) for one in found.upstreams],
        quotas=quotas(found.accounts, found.broken, now, language),
        health=[*health.signs(found.health, language), *health.slowed(found.accounts, language)],
    )


def _today(moment: datetime, language: Language) -> str:
    pattern, locale = ("y년 M월 d일 EEEE HH:mm", "ko") if language == "ko" else ("EEEE d MMMM y, HH:mm", "en_GB")
    return f"{format_datetime(moment, pattern, locale=locale)} KST"


def _more(found: Overview, language: Language) -> str:
    if not found.more:
        return ""
    return word("more_under_way", language, shown=cells.number(found.more) + "+" * found.many, count=found.more)


def _figures(found: Overview, language: Language) -> list[Figure]:
    return [
        _asked_today(found, language),
        _now(found, language),
        _answer_time(found, language),
        _saved(found, language),
    ]


def _asked_today(found: Overview, language: Language) -> Figure:
    sums = pulse.total(found.today.values())
    label, failing = word("lookups_today", language), found.failing.get("")
    if not sums.readings:
        return Figure(label, "–", word("none_today", language), "/batches")
    to = f"/batches/{failing}?tab=failures" if sums.failed and failing else "/batches"
    answered = _exact_percent(sums.readings - sums.failed, sums.readings)
    return Figure(label, cells.number(sums.readings), word("answered", language, percent=answered), to)


def _exact_percent(part: int, whole: int) -> str:
    """``99.97%``; 100 only when nothing is missing, 0 only when nothing is there."""
    if part in (0, whole):
        return "100%" if part else "0%"
    return f"{min(99.99, max(0.01, 100 * part / whole)):.2f}%"


def _now(found: Overview, language: Language) -> Figure:
    label, speed = word("now", language), found.speed
    running = next((one.batch.id for one in found.under_way if one.batch.state == "running"), None)
    to = f"/batches/{running}" if running else "/batches"
    if not speed.now and not running:
        return Figure(label, "–", word("nothing_runs", language), to)
    if speed.now is None:
        return Figure(label, "–", word("being_measured", language), to)
    if not speed.now:
        return Figure(label, cells.rate(0), word("nothing_asked_now", language), to)
    if speed.limit is None:
        return Figure(label, cells.rate(speed.now), word("unlimited", language), to)
    limit = throughput.round_rate(speed.limit)
    of = f"{min(100, round(100 * speed.now / speed.limit))}%"
    return Figure(label, cells.rate(speed.now), word("of_limits", language, percent=of, limit=limit), to)


def _answer_time(found: Overview, language: Language) -> Figure:
    label = word("answer_time", language)
    sums = pulse.total(one.sums for one in found.upstreams)
    if sums.mean_ms is None:
        return Figure(label, "–", word(f"no_calls_{found.window}", language), "#upstreams")
    most = word("p95", language, most=_within(sums))
    return Figure(label, _ms(sums.mean_ms), f"{most} · {word(f'last_{found.window}', language)}", "#upstreams")


def _ms(ms: float) -> str:
    return f"{cells.number(ms)} ms" if ms < 10_000 else f"{ms / 1000:,.1f} s"


def _within(sums: Sums) -> str:
    most = sums.within_ms(0.95)
    if most is None:
        return "–"
    if most == float("inf"):
        return f"> {_ms(pulse.BOUNDS[-1])}"
    return f"≤ {_ms(most)}"


def _saved(found: Overview, language: Language) -> Figure:
    """Lookups that cost no call although their upstream is asked by calls."""
    label = word("saved", language)
    online = pulse.total(sums for account, sums in found.today.items() if not pulse.is_offline(account))
    if not online.readings:
        return Figure(label, "–", word("none_today", language), "/batches")
    return Figure(label, cells.number(online.cached), word("lookups_saved", language), "/batches")


def _under_way(one: UnderWay, now: int, language: Language) -> BatchLine:
    batch, pace = one.batch, one.pace
    if batch.state == "waiting" and batch.waiting_until and batch.waiting_reason in _TIMED:
        end = word("goes_on", language, at=cells.when(batch.waiting_until, now, language))
    elif pace.ends_at is not None:
        end = cells.when(pace.ends_at, now, language)
    else:
        end = "–" if pace.binds in ("upstream_down", "credentials", "paused") else word("unknown_yet", language)
    return _line(batch, end, word(f"binds_{pace.binds}", language) if pace.binds else "", language)


def _ended(batch: BatchView, now: int, language: Language) -> BatchLine:
    end = cells.when(batch.finished_at, now, language) if batch.finished_at else "–"
    return _line(batch, end, "", language)


def _line(batch: BatchView, end: str, why: str, language: Language) -> BatchLine:
    return BatchLine(
        id=batch.id,
        address=f"/batches/{batch.id}",
        name=batch.name or f"#{batch.id}",
        state=batch.state,
        label=shown.state_label(batch.state, batch.waiting_reason, language),
        percent=cells.percent(batch.counts.done, batch.lookups),
        end=end,
        why=why,
        failed=word("failed_count", language, shown=cells.number(batch.counts.failed)) if batch.counts.failed else "",
        parts=shown.parts(batch.counts, batch.lookups, language),
    )


def _upstream(one: UpstreamView, failing: Mapping[str, int], language: Language) -> UpstreamLine:
    upstream, sums = registry.upstreams().get(one.name), one.sums
    batch = failing.get(one.name)
    why = "" if sums.mean_ms is not None else word("no_call_needed" if one.offline else "no_calls_here", language)
    return UpstreamLine(
        name=one.name,
        title=(upstream.ko if language == "ko" else upstream.en) if upstream else one.name,
        readings=cells.number(sums.readings) if sums.readings else "–",
        failed=_exact_percent(sums.failed, sums.readings) if sums.readings else "–",
        failing=f"/batches/{batch}?tab=failures" if batch and sums.failed else "",
        mean=_ms(sums.mean_ms) if sums.mean_ms is not None else "–",
        most=_within(sums),
        calls="–" if one.offline else cells.number(one.calls_today),
        why=why,
    )
