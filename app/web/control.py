"""What can be done with a batch, and why it is where it is: for the batch's page. Pure."""

from dataclasses import dataclass, field

from app.errors import Language
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Failure, Pace
from app.web import cells, shown
from app.web.words import word

#: More failures than this, and a few can be tried first.
CANARY = 100
_OPEN = ("queued", "running", "waiting")


@dataclass
class Verbs:
    """Which verbs fit the batch's state."""

    pause: bool = False
    resume: bool = False
    cancel: bool = False
    rerun: bool = False


@dataclass
class Reason:
    """One sentence on why a batch waits, rests, is slow or has ended early. ``kind`` picks its colour."""

    kind: str
    text: str


@dataclass
class FailedKind:
    """Failed lookups of one source and error class."""

    key: str
    source: str
    error: str
    title: str
    count: str
    means: str
    detail: str


@dataclass
class FailedShown:
    """All failures of a batch; ``canary`` says whether to try a few first, "" when there are too few for it."""

    total: str = ""
    canary: str = ""
    kinds: list[FailedKind] = field(default_factory=list)


def verbs(batch: BatchView) -> Verbs:
    """What fits the state, as `app.services.control` has it."""
    state = batch.state
    return Verbs(
        pause=state in _OPEN,
        resume=state in ("paused", "cancelled"),
        cancel=state in (*_OPEN, "paused"),
        rerun=batch.ended,
    )


def reasons(batch: BatchView, pace: Pace, infos: dict[str, SourceInfo], now: int, language: Language) -> list[Reason]:
    """What a person wants explained, the weightiest first; empty while all goes as expected."""
    found: list[Reason] = []
    if batch.state == "paused":
        found.append(Reason("wait", word("why_paused", language)))
    if batch.stopped_by == "deadline" and batch.state in ("cancelling", "cancelled"):
        found.append(Reason("wait", word("why_deadline", language)))
    if batch.ended or batch.state in ("paused", "cancelling"):
        return found
    found += _waits(batch, infos, now, language)
    if pace.rate_part < 0.995 and batch.state != "waiting":
        found.append(Reason("wait", word("why_cut", language, percent=f"{100 * pace.rate_part:.0f}")))
    if batch.deadline_at is not None and pace.ends_at is not None and pace.ends_at > batch.deadline_at:
        at = cells.when(batch.deadline_at, now, language)
        found.append(Reason("wait", word("why_late", language, at=at)))
    return found


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


def failed(found: list[Failure], infos: dict[str, SourceInfo], language: Language) -> FailedShown:
    """The failures by source and error class."""
    total = sum(one.count for one in found)
    if not total:
        return FailedShown()
    canary = word("retry_first", language, count=CANARY) if total > CANARY else ""
    return FailedShown(cells.number(total), canary, [_kind(one, infos, language) for one in found])


def _kind(one: Failure, infos: dict[str, SourceInfo], language: Language) -> FailedKind:
    info = infos.get(one.source)
    return FailedKind(
        key=f"{one.source} {one.error}",
        source=one.source,
        error=one.error,
        title=shown.full_title(info, language) if info else one.source,
        count=cells.number(one.count),
        means=word(f"means_{one.error}", language),
        detail=" ".join(one.detail.split()),
    )
