"""What a tab holds of a batch: text ready to show, in the tab's language. Made here from the services' values by
pure functions, sent to the browser as it is; nothing in it is secret and no list is longer than a page."""

from dataclasses import dataclass, field

from app.errors import Language
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Counts, SourceView
from app.web import cells
from app.web.words import known, word

#: Reading states in the order in which bars and legends show them.
_TIMED = ("quota", "throttled")  # waits whose end is known; others end when a probe finds out
_KINDS = ("ok", "below", "missing", "failed", "cancelled")


@dataclass
class Part:
    """A piece of a bar, and its line in the legend. ``kind`` is a reading state."""

    kind: str
    width: str
    label: str
    count: str


@dataclass
class SourceShown:
    """One source of a batch."""

    name: str
    title: str
    done: str
    total: str
    percent: str
    state: str
    label: str
    parts: list[Part] = field(default_factory=list)
    trouble: str = ""


@dataclass
class Head:
    """The top of a batch's page."""

    id: int = 0
    name: str = ""
    state: str = ""
    label: str = ""
    about: str = ""
    accepted: str = ""
    merged: str = ""
    rejected: str = ""
    done: str = ""
    total: str = ""
    percent: str = "0%"
    cached: str = ""
    spoken: str = ""
    ended: bool = False
    stoppable: bool = False


def state_label(state: str, reason: str, language: Language) -> str:
    """The word for a batch's or source's state, with what it waits for."""
    waiting_for = f"{state}_{reason}"
    return word(waiting_for if known(waiting_for) else state, language)


def parts(counts: Counts, whole: int, language: Language) -> list[Part]:
    """A bar's pieces by reading state; states that do not occur are left out, values never are."""
    amounts = [(kind, getattr(counts, kind)) for kind in _KINDS]
    return [
        Part(kind, cells.share(amount, whole), word(kind, language), cells.number(amount))
        for kind, amount in amounts
        if amount or kind == "ok"
    ]


def head(batch: BatchView, now: int, language: Language) -> Head:
    """The top of the page of ``batch``."""
    percent = cells.percent(batch.counts.done, batch.lookups)
    label = state_label(batch.state, batch.waiting_reason, language)
    return Head(
        id=batch.id,
        name=batch.name or f"#{batch.id}",
        state=batch.state,
        label=label,
        about=_about(batch, now, language),
        accepted=cells.number(batch.items),
        merged=cells.number(batch.merged) if batch.merged else "",
        rejected=cells.number(batch.rejected) if batch.rejected else "",
        done=cells.number(batch.counts.done),
        total=cells.number(batch.lookups),
        percent=percent,
        cached=cells.number(batch.counts.cached) if batch.counts.cached else "",
        spoken=f"{label}, {_tens(batch.counts.done, batch.lookups)}%",
        ended=batch.ended,
        stoppable=not batch.ended and batch.state != "cancelling",
    )


def _tens(done: int, whole: int) -> int:
    """Progress in steps of ten, so that a screen reader is told ten times and not ten thousand."""
    return 10 * (10 * done // whole) if whole else 0


def _about(batch: BatchView, now: int, language: Language) -> str:
    count, sources = cells.number(batch.items), len(batch.sources)
    at = cells.when(batch.created_at, now, language)
    if language == "ko":
        parts_ = [f"키워드 {count}개 × 소스 {sources}개", f"{at} 제출"]
    else:
        parts_ = [
            f"{count} keyword{'s' * (batch.items != 1)} × {sources} source{'s' * (sources != 1)}",
            f"submitted {at}",
        ]
    if batch.priority != "default":
        parts_.append(f"{word('priority', language)} {word(batch.priority, language)}")
    if batch.state == "waiting" and batch.waiting_until and batch.waiting_reason in _TIMED:
        until = cells.when(batch.waiting_until, now, language)
        parts_.append(f"{until}에 이어짐" if language == "ko" else f"goes on {until}")
    return " · ".join(parts_)


def sources(batch: BatchView, infos: dict[str, SourceInfo], now: int, language: Language) -> list[SourceShown]:
    """Every source of the batch."""
    return [_source(view, infos.get(view.name), now, language) for view in batch.sources]


def _source(view: SourceView, info: SourceInfo | None, now: int, language: Language) -> SourceShown:
    label = state_label(view.state, view.waiting_reason, language)
    if view.state == "waiting" and view.waiting_until and view.waiting_reason in _TIMED:
        label += f" · {cells.when(view.waiting_until, now, language)}"
    explained = view.waiting_reason in _TIMED  # the page says so at its top
    return SourceShown(
        name=view.name,
        title=full_title(info, language) if info else view.name,
        done=cells.number(view.counts.done),
        total=cells.number(view.lookups),
        percent=cells.percent(view.counts.done, view.lookups),
        state=view.state,
        label=label,
        parts=parts(view.counts, view.lookups, language),
        trouble="" if explained else cells.trouble_sentence(view.trouble, view.trouble_detail, language),
    )


def title(info: SourceInfo, language: Language) -> str:
    """What a source is called beside its upstream's name."""
    return info.ko if language == "ko" else info.en


def full_title(info: SourceInfo, language: Language) -> str:
    """What a source is called on its own."""
    upstream, own = (info.upstream_ko if language == "ko" else info.upstream_en), title(info, language)
    return own if own.startswith(upstream) else f"{upstream} · {own}"
