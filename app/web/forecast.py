"""What a batch would take and cost, and what is odd about its keywords, for the form of a new one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.errors import Language
from app.services.holdings import AccountView, SourceInfo
from app.services.normal import STEPS
from app.services.shapes import Preview
from app.web import cells
from app.web.figures import Fact
from app.web.receipt import RejectionShown
from app.web.words import word

#: Rejected lines, doubts and groups told one by one.
FIRST = 20
#: Members of a group, and characters of a keyword.
_MEMBERS, _LONG = 6, 80
_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass
class DoubtShown:
    """A keyword that may not be what was meant; ``offered`` is "" where nothing is."""

    line: int
    typed: str
    offered: str
    kind: str


@dataclass
class Forecast:
    """A preview ready to show; ``shown`` is False while there is none. ``changed`` and ``doubted`` are counts by step
    and by kind; ``more_…`` say how many are not told one by one; ``report``: what the full list is called, "" when
    every line is simply taken."""

    shown: bool = False
    facts: list[Fact] = field(default_factory=list)
    odd: bool = False
    changed: list[Fact] = field(default_factory=list)
    doubted: list[Fact] = field(default_factory=list)
    doubts: list[DoubtShown] = field(default_factory=list)
    more_doubts: str = ""
    spaced: str = ""
    spacings: list[str] = field(default_factory=list)
    more_spacings: str = ""
    rejected: str = ""
    rejections: list[RejectionShown] = field(default_factory=list)
    more_rejections: str = ""
    report: str = ""


def forecast(
    found: Preview,
    infos: dict[str, SourceInfo],
    now: int,
    language: Language,
    told: Mapping[str, int] = _NOTHING,
    most: int = 0,
) -> Forecast:
    """The preview in a person's words. ``told``: lines that are not simply taken by what becomes of them, of which the
    report has at most ``most``."""
    shown = Forecast(True, _facts(found, infos, now, language))
    shown.odd = bool(found.changed or found.doubted or found.spaced or found.rejected or any(told.values()))
    shown.changed = _changed(found, language)
    shown.doubted = [Fact(word(kind, language), cells.number(count)) for kind, count in found.doubted.items()]
    shown.doubts = _doubts(found, language)
    shown.more_doubts = _more(sum(found.doubted.values()) - told.get("fixed", 0), len(found.doubtful), language)
    if found.spaced:
        shown.spaced = word("groups_count", language, count=cells.number(found.spaced))
        shown.spacings = [" = ".join(group[:_MEMBERS])[: 4 * _LONG] for group in found.spacings[:FIRST]]
        shown.more_spacings = _more(found.spaced, len(found.spacings), language)
    if found.rejected:
        shown.rejected = cells.number(found.rejected)
        shown.rejections = _rejections(found, language)
        shown.more_rejections = _more(found.rejected, len(found.rejections), language)
    shown.report = _report(sum(told.values()), most, language)
    return shown


def _facts(found: Preview, infos: dict[str, SourceInfo], now: int, language: Language) -> list[Fact]:
    return [
        _keywords(found, language),
        _lookups(found, language),
        Fact(word("calls_needed", language), cells.number(found.calls)),
        *(_left(account, infos, language) for account in found.accounts if account.quota is not None),
        *_halted(found, infos, language),
        _end(found, now, language),
    ]


def _doubts(found: Preview, language: Language) -> list[DoubtShown]:
    return [
        DoubtShown(one.position, one.typed[:_LONG], (one.offered or "")[:_LONG], word(one.kind, language))
        for one in found.doubtful[:FIRST]
    ]


def _rejections(found: Preview, language: Language) -> list[RejectionShown]:
    return [RejectionShown(one.line, one.excerpt, word(one.reason, language)) for one in found.rejections[:FIRST]]


def _changed(found: Preview, language: Language) -> list[Fact]:
    """The steps that changed something, in the order in which they run."""
    return [
        Fact(step.ko if language == "ko" else step.en, cells.number(found.changed[step.key]))
        for step in STEPS
        if found.changed.get(step.key)
    ]


def _more(count: int, told: int, language: Language) -> str:
    """How many of ``count`` are not among the first."""
    rest = count - min(told, FIRST)
    return word("and_more", language, count=cells.number(rest)) if rest > 0 else ""


def _report(told: int, most: int, language: Language) -> str:
    if not told:
        return ""
    lines = f"{cells.number(told)} {word('lines', language)}"
    return lines if told <= most else word("all_lines_first", language, count=cells.number(most))


def _keywords(found: Preview, language: Language) -> Fact:
    parts = [("merged", found.merged), ("repaired", found.repaired), ("rejected", found.rejected)]
    note = " · ".join(f"{word(key, language)} {cells.number(count)}" for key, count in parts if count)
    return Fact(word("keywords", language), cells.number(found.items), note)


def _lookups(found: Preview, language: Language) -> Fact:
    note = f"{word('cached', language)} {cells.number(found.cached)}" if found.cached else ""
    return Fact(word("lookups", language), cells.number(found.lookups), note)


def _left(account: AccountView, infos: dict[str, SourceInfo], language: Language) -> Fact:
    label = f"{_upstream(account, infos, language)} · {word('left_today', language)}"
    note = f"/ {cells.number(account.quota or 0)}"
    if account.left_month is not None:
        note += f" · {word('left_month', language)} {cells.number(account.left_month)}"
    return Fact(label, cells.number(account.left_today or 0), note)


def _halted(found: Preview, infos: dict[str, SourceInfo], language: Language) -> list[Fact]:
    """Accounts that are not asked now."""
    return [
        Fact(_upstream(account, infos, language), word(f"waiting_{account.reason}", language))
        for account in found.accounts
        if account.reason
    ]


def _end(found: Preview, now: int, language: Language) -> Fact:
    label = word("ends", language)
    if not found.calls:
        return Fact(label, word("at_once", language), word("binds_none", language))
    why = word(f"binds_{found.binds}", language)
    return Fact(label, cells.when(found.ends_at, now, language) if found.ends_at else "–", why)


def _upstream(account: AccountView, infos: dict[str, SourceInfo], language: Language) -> str:
    for info in infos.values():
        if info.upstream == account.upstream:
            return info.upstream_ko if language == "ko" else info.upstream_en
    return account.upstream
