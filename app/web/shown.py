"""What a tab holds of a batch: text ready to show, in the tab's language. Made here from the services' values by
pure functions, sent to the browser as it is; nothing in it is secret and no list is longer than a page."""

from dataclasses import dataclass, field

from app.errors import Language
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Counts, Pace, SourceView
from app.web import cells
from app.web.words import known, word

_TIMED = ("quota", "throttled")  # waits whose end is known; others end when a probe finds out
#: Reading states in the order in which bars and legends show them.
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
    """One source of a batch; ``account`` is who pays, "" where nobody does."""

    name: str
    title: str
    done: str
    total: str
    percent: str
    state: str
    label: str
    parts: list[Part] = field(default_factory=list)
    trouble: str = ""
    account: str = ""
    rate: str = ""


@dataclass
class Head:
    """The top of a batch's page. ``spoken`` is for screen readers; ``page_title`` for the browser's tab and ``notice``
    for the desktop, once it has ended. ``gone``: what stands where its readings were."""

    id: int = 0
    name: str = ""
    state: str = ""
    label: str = ""
    about: str = ""
    tags: list[str] = field(default_factory=list)
    accepted: str = ""
    merged: str = ""
    rejected: str = ""
    items: str = ""
    done: str = ""
    total: str = ""
    percent: str = "0%"
    cached: str = ""
    cached_width: str = "0%"
    spoken: str = ""
    ended: bool = False
    page_title: str = ""
    notice: str = ""
    gone: str = ""


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
    name = batch.name or f"#{batch.id}"
    cached = batch.counts.cached
    return Head(
        id=batch.id,
        name=name,
        state=batch.state,
        label=label,
        about=_about(batch, now, language),
        tags=list(batch.tags),
        accepted=cells.number(batch.items),
        merged=cells.number(batch.merged) if batch.merged else "",
        rejected=cells.number(batch.rejected) if batch.rejected else "",
        items=cells.number(batch.items),
        done=cells.number(batch.counts.done),
        total=cells.number(batch.lookups),
        percent=percent,
        cached=f"{cells.number(cached)} ({cells.percent(cached, batch.lookups)})" if cached else "",
        cached_width=cells.share(cached, batch.lookups),
        spoken=f"{label}, {_tens(batch.counts.done, batch.lookups)}%",
        ended=batch.ended,
        page_title=_page_title(batch, name, percent),
        notice=_notice(batch, name, language) if batch.ended else "",
        gone=_gone(batch, now, language),
    )


def _gone(batch: BatchView, now: int, language: Language) -> str:
    """What stands where there were readings; "" while they are there."""
    if batch.readings_purged_at is None:
        return ""
    key = "gone_body" if batch.items_purged_at is None else "gone_body_all"
    return word(key, language, at=cells.when(batch.readings_purged_at, now, language))


def _page_title(batch: BatchView, name: str, percent: str) -> str:
    """What the browser's tab is called: short, the news first."""
    mark = {"completed": "✓", "cancelled": "✕"}.get(batch.state, percent)
    return f"{mark} · {name[:60]}"


def _notice(batch: BatchView, name: str, language: Language) -> str:
    """What the desktop is told of a batch that has ended."""
    facts = {"name": name[:60], "done": batch.counts.done, "failed": batch.counts.failed}
    return word(f"notice_{batch.state}", language, **facts)


def _tens(done: int, whole: int) -> int:
    """Progress in steps of ten, so that a screen reader is told ten times and not ten thousand."""
    return 10 * (10 * done // whole) if whole else 0


def _about(batch: BatchView, now: int, language: Language) -> str:
    at = cells.when(batch.created_at, now, language)
    said = [
        word("about_size", language, items=batch.items, sources=len(batch.sources)),
        word("about_submit", language, at=at, owned=int(bool(batch.owner)), name=batch.owner),
    ]
    if batch.priority != "default":
        said.append(f"{word('priority', language)} {word(batch.priority, language)}")
    if batch.state == "waiting" and batch.waiting_until and batch.waiting_reason in _TIMED:
        said.append(word("about_goes_on", language, at=cells.when(batch.waiting_until, now, language)))
    if batch.deadline_at is not None and not batch.ended:
        said.append(f"{word('about_deadline', language)} {cells.when(batch.deadline_at, now, language)}")
    return " · ".join(said)


def sources(
    batch: BatchView, pace: Pace, infos: dict[str, SourceInfo], now: int, language: Language
) -> list[SourceShown]:
    """Every source of the batch, with its speed where that is known."""
    found = []
    for view in batch.sources:
        shown = _source(view, infos.get(view.name), now, language)
        if view.state == "running" and view.name in pace.by_source:
            shown.rate = cells.rate(pace.by_source[view.name])
        found.append(shown)
    return found


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
        account="" if info is not None and info.offline else view.account,
        trouble="" if explained else cells.trouble_sentence(view.trouble, view.trouble_detail, language),
    )


def title(info: SourceInfo, language: Language) -> str:
    """What a source is called beside its upstream's name."""
    return info.ko if language == "ko" else info.en


def full_title(info: SourceInfo, language: Language) -> str:
    """What a source is called on its own."""
    upstream, own = (info.upstream_ko if language == "ko" else info.upstream_en), title(info, language)
    return own if own.startswith(upstream) else f"{upstream} · {own}"
