"""What can be done with a batch, and why it is where it is: for the batch's page. Pure."""

from dataclasses import dataclass

from app.errors import Language
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Pace
from app.web import cells
from app.web.words import word

_OPEN = ("queued", "running", "waiting")
#: A batch that has not begun after this time, in milliseconds, is one that a person wonders about.
_PATIENCE_MS = 5_000


@dataclass
class Verbs:
    """Which verbs fit the batch's state. ``retry`` is what that button says, "" while nothing has failed."""

    pause: bool = False
    resume: bool = False
    cancel: bool = False
    rerun: bool = False
    retry: str = ""


@dataclass
class Reason:
    """One sentence on why a batch waits, rests, is slow or has ended early. ``kind`` picks its colour."""

    kind: str
    text: str


def verbs(batch: BatchView, language: Language) -> Verbs:
    """What fits the state, as `app.services.control` has it."""
    state, failed = batch.state, batch.counts.failed
    there = batch.readings_purged_at is None
    may_retry = failed and there and state in (*_OPEN, "paused", "completed")
    return Verbs(
        pause=state in _OPEN,
        resume=state == "paused" or (state == "cancelled" and there),
        cancel=state in (*_OPEN, "paused"),
        rerun=batch.ended and batch.items_purged_at is None,
        retry=word("retry_failed", language, count=failed) if may_retry else "",
    )


def reasons(
    batch: BatchView,
    pace: Pace,
    infos: dict[str, SourceInfo],
    now: int,
    language: Language,
    workers: int | None = None,
) -> list[Reason]:
    """What a person wants explained, the weightiest first; empty while all goes as expected. ``workers``: how many
    there are, None while nobody knows."""
    found = _rests(batch, language) + _gone(batch, now, language)
    if batch.ended or batch.state in ("paused", "cancelling"):
        return found
    found += _queued(batch, now, language, workers)
    found += _waits(batch, infos, now, language)
    if pace.rate_part < 0.995 and batch.state != "waiting":
        found.append(Reason("wait", word("why_cut", language, percent=f"{100 * pace.rate_part:.0f}")))
    if batch.deadline_at is not None and pace.ends_at is not None and pace.ends_at > batch.deadline_at:
        at = cells.when(batch.deadline_at, now, language)
        found.append(Reason("wait", word("why_late", language, at=at)))
    return found


def _rests(batch: BatchView, language: Language) -> list[Reason]:
    """Why nothing is asked any more, or for now."""
    if batch.state == "paused":
        return [Reason("wait", word("why_paused", language))]
    if batch.stopped_by == "deadline" and batch.state in ("cancelling", "cancelled"):
        return [Reason("wait", word("why_deadline", language))]
    if batch.state == "cancelling":
        return [Reason("wait", word("why_cancelling", language))]
    return []


def _gone(batch: BatchView, now: int, language: Language) -> list[Reason]:
    """What is not kept any more."""
    since = (batch.readings_purged_at, batch.items_purged_at, batch.events_purged_at)
    keys = ("why_readings_gone", "why_items_gone", "why_events_gone")
    said = [word(key, language, at=cells.when(at, now, language)) for key, at in zip(keys, since, strict=True) if at]
    return [Reason("wait", text) for text in said]


def _queued(batch: BatchView, now: int, language: Language, workers: int | None) -> list[Reason]:
    if batch.state != "queued" or workers is None:
        return []
    if not workers:
        return [Reason("fail", word("why_no_workers", language))]
    patient = now - batch.created_at < _PATIENCE_MS
    return [] if patient else [Reason("wait", word("why_queued", language, count=workers))]


def _waits(batch: BatchView, infos: dict[str, SourceInfo], now: int, language: Language) -> list[Reason]:
    """One sentence for each upstream that is waited for."""
    said: dict[tuple[str, str], Reason] = {}
    for source in batch.sources:
        if source.state != "waiting" or not source.waiting_reason:
            continue
        info = infos.get(source.name)
        upstream = source.name.partition(".")[0]
        if info is not None:
            upstream = info.upstream_ko if language == "ko" else info.upstream_en
        at = cells.when(source.waiting_until, now, language) if source.waiting_until else "–"
        text = word(f"why_{source.waiting_reason}", language, upstream=upstream, at=at)
        kind = "fail" if source.waiting_reason == "credentials" else "wait"
        said.setdefault((upstream, source.waiting_reason), Reason(kind, text))
    return list(said.values())
