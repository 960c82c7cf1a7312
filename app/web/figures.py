"""The figures under a batch's bar: how fast, until when, how many calls are left, for how long. Pure."""

from dataclasses import dataclass

from app.errors import Language
from app.services.shapes import BatchView, Pace
from app.web import cells
from app.web.words import word


@dataclass
class Fact:
    """One figure with its name; ``note`` is the small print beside it."""

    label: str
    value: str
    note: str = ""


def facts(batch: BatchView, pace: Pace, now: int, language: Language) -> list[Fact]:
    """Speed, end, what is left today or how long it has taken, and how long answers take."""
    if batch.ended:
        third = _elapsed(batch, language)
        return [_mean_speed(batch, language), _end(batch, now, language), third, _answers(batch, pace, language)]
    left = _left(pace, now, language)
    return [_speed(pace, language), _expected_end(pace, now, language), left, _answers(batch, pace, language)]


def _speed(pace: Pace, language: Language) -> Fact:
    label, limit = word("speed_now", language), pace.limit_per_second
    if limit is None:
        note = word("unlimited", language)
    elif pace.per_second is None or pace.per_second > 1.05 * limit:
        # Earlier readings and offline sources cost no call, so together they may be faster than the limit of calls.
        note = word("limit_is", language, limit=cells.rate(limit))
    else:
        of = min(100, round(100 * pace.per_second / limit))
        note = word("limit_part", language, limit=cells.rate(limit), percent=of)
    return Fact(label, cells.rate(pace.per_second) if pace.per_second is not None else "–", note)


def _expected_end(pace: Pace, now: int, language: Language) -> Fact:
    why = word(f"binds_{pace.binds}", language) if pace.binds else ""
    value = cells.when(pace.ends_at, now, language) if pace.ends_at else word("unknown_yet", language)
    if not pace.ends_at and pace.binds in ("upstream_down", "credentials", "paused"):
        value = "–"
    if pace.days:
        why = word("binds_days", language, days=pace.days)
    return Fact(word("ends", language), value, why)


def _left(pace: Pace, now: int, language: Language) -> Fact:
    label = word("left_today", language)
    if pace.quota is None or pace.left_today is None:
        return Fact(label, word("unlimited", language))
    if pace.renewed_at is None:
        return Fact(label, cells.number(pace.left_today), f"/ {cells.number(pace.quota)}")
    note = word("left_renewed", language, at=cells.when(pace.renewed_at, now, language), quota=pace.quota)
    return Fact(label, cells.number(pace.left_today), note)


def _answers(batch: BatchView, pace: Pace, language: Language) -> Fact:
    """How long upstreams take to answer; nothing where none was asked yet, or where that is not known any more."""
    label = word("answer_time", language)
    if batch.readings_purged_at is not None:
        return Fact(label, "–", word("answer_gone", language))
    if pace.answer_ms is None or pace.answer_p95_ms is None:
        return Fact(label, "–", word("answer_none", language))
    return Fact(label, f"{cells.number(pace.answer_ms)} ms", f"p95 {cells.number(pace.answer_p95_ms)} ms")


def _mean_speed(batch: BatchView, language: Language) -> Fact:
    label = word("speed_mean", language)
    if not batch.started_at or not batch.finished_at or not batch.counts.done:
        return Fact(label, "–")
    seconds = max(batch.finished_at - batch.started_at, 1) / 1000
    return Fact(label, cells.rate(batch.counts.done / seconds))


def _end(batch: BatchView, now: int, language: Language) -> Fact:
    at = cells.when(batch.finished_at, now, language) if batch.finished_at else "–"
    return Fact(word("ended", language), at)


def _elapsed(batch: BatchView, language: Language) -> Fact:
    label = word("took", language)
    if not batch.started_at or not batch.finished_at:
        return Fact(label, "–")
    return Fact(label, cells.span(batch.finished_at - batch.started_at, language))


def elapsed(batch: BatchView, now: int, language: Language) -> str:
    """For how long it has been worked on; "" for one that has ended, which says it among its figures."""
    if batch.ended:
        return ""
    if not batch.started_at:
        return word("not_started", language)
    return word("since", language, span=cells.span(now - batch.started_at, language))
