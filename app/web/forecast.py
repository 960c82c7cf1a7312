"""What a batch would take and cost, and what becomes of its lines, for the form of a new one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.errors import Language
from app.services.doubts import Doubt
from app.services.holdings import AccountView, SourceInfo
from app.services.intake import Told
from app.services.normal import STEPS
from app.services.shapes import Preview
from app.web import cells
from app.web.figures import Fact
from app.web.filled import FIX
from app.web.report import MAX_TOLD, Heard
from app.web.words import known, word

#: Lines of a kind, and groups, told one by one.
FIRST = 12
#: Members of a group, and characters of a keyword.
_MEMBERS, _LONG = 6, 80
_NOTHING = Heard()
_STEPS = MappingProxyType({step.key: step for step in STEPS})
#: What becomes of lines: the colours they have, as those of readings.
_KINDS = MappingProxyType({"merged": "idle", "changed": "below", "fixed": "below", "rejected": "failed"})
#: Chips in their order: kind, icon.
CHIPS = (
    ("accepted", "check", "ok"),
    ("merged", "merge", "idle"),
    ("repaired", "wand-sparkles", "below"),
    ("rejected", "x", "failed"),
    ("doubtful", "circle-help", "wait"),
    ("spaced", "space", "idle"),
)


@dataclass
class ChipShown:
    """How many lines became what; ``key`` names what, ``kind`` its colour."""

    key: str
    kind: str
    text: str


@dataclass
class LineShown:
    """A line that is not simply taken. ``asked``: what is asked instead of ``typed``, "" for the same or nothing;
    ``tick``: the tick of the form that would change that, called ``act``."""

    line: int
    typed: str
    asked: str
    note: str
    outcome: str
    kind: str
    tick: str = ""
    act: str = ""


@dataclass
class Forecast:
    """A preview ready to show; ``shown`` is False while there is none. ``submit``: what the button then says; ``whys``:
    what binds the end, and each quota it draws on; ``more…`` say how many are not told one by one; ``report``: what the
    full list is called, "" when every line is simply taken."""

    shown: bool = False
    submit: str = ""
    chips: list[ChipShown] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    whys: list[str] = field(default_factory=list)
    lines: list[LineShown] = field(default_factory=list)
    more: str = ""
    spacings: list[str] = field(default_factory=list)
    more_spacings: str = ""
    report: str = ""


def forecast(
    found: Preview, infos: Mapping[str, SourceInfo], now: int, language: Language, heard: Heard = _NOTHING
) -> Forecast:
    """The preview in a person's words; ``heard``: its lines that are not simply taken."""
    lines = _lines(found, heard, language)
    open_doubts = max(0, sum(found.doubted.values()) - heard.counts["fixed"])
    more = heard.counts.total() + open_doubts - len(lines)
    return Forecast(
        shown=True,
        submit=word("submit_count", language, count=found.items, shown=cells.number(found.items)),
        chips=_chips(found, open_doubts, language),
        facts=_facts(found, now, language),
        whys=[_binds(found, language), *_quotas(found, infos, now, language)],
        lines=lines,
        more=word("and_more", language, count=cells.number(more)) if more > 0 else "",
        spacings=[" = ".join(one[:_LONG] for one in group[:_MEMBERS]) for group in found.spacings[:FIRST]],
        more_spacings=_more(found.spaced, len(found.spacings), language),
        report=_report(heard.counts.total(), language),
    )


def _chips(found: Preview, doubts: int, language: Language) -> list[ChipShown]:
    counts = (found.items, found.merged, found.repaired, found.rejected, doubts, found.spaced)
    return [
        ChipShown(key, kind, word(f"chip_{key}", language, count=count, shown=cells.number(count)))
        for (key, _, kind), count in zip(CHIPS, counts, strict=True)
        if count or key == "accepted"
    ]


def _facts(found: Preview, now: int, language: Language) -> list[Fact]:
    cached = f"− {cells.number(found.cached)}" if found.cached else "0"
    return [
        Fact(word("lookups", language), cells.number(found.lookups)),
        Fact(word("cached_answers", language), cached),
        Fact(word("calls_needed", language), cells.number(found.calls)),
        Fact(word("ends", language), _end(found, now, language)),
    ]


def _end(found: Preview, now: int, language: Language) -> str:
    if not found.calls:
        return word("at_once", language)
    return cells.when(found.ends_at, now, language) if found.ends_at else "–"


def _binds(found: Preview, language: Language) -> str:
    return word(f"bound_{found.binds}" if found.calls else "bound_none", language)


def _quotas(found: Preview, infos: Mapping[str, SourceInfo], now: int, language: Language) -> list[str]:
    """What each account has left, what of it this takes, and why it is not asked now."""
    said = []
    for account in found.accounts:
        facts = {"upstream": _upstream(account, infos, language), "calls": cells.number(_calls(account, found, infos))}
        at = cells.when(account.renewed_at, now, language) if account.renewed_at else ""
        if account.left_today == 0:
            said.append(word("quota_gone", language, **facts, at=at))
        elif account.quota is not None:
            left = cells.number(account.left_today or 0)
            said.append(word("quota_left", language, **facts, left=left))
        if account.left_month is not None:
            said.append(word("quota_month", language, **facts, left=cells.number(account.left_month)))
        if account.reason and account.reason != "quota":
            why = word(f"waiting_{account.reason}", language)
            said.append(word("account_halted", language, **facts, why=why))
    return said


def _calls(account: AccountView, found: Preview, infos: Mapping[str, SourceInfo]) -> int:
    """Calls of the preview that this account pays for."""
    own = {view.key.replace("/", ".", 1) for view in found.accounts}
    mine = account.key.replace("/", ".", 1)
    return sum(
        need.calls
        for need in found.sources
        if need.name in infos
        and (need.name == mine or (need.name not in own and infos[need.name].upstream == account.upstream))
    )


def _upstream(account: AccountView, infos: Mapping[str, SourceInfo], language: Language) -> str:
    for info in infos.values():
        if info.upstream == account.upstream:
            return info.upstream_ko if language == "ko" else info.upstream_en
    return account.upstream


def _lines(found: Preview, heard: Heard, language: Language) -> list[LineShown]:
    """The first of each kind, in the order of the lines."""
    told = [_told(one, language) for kind in heard.first.values() for one in kind[:FIRST]]
    doubts = [_doubt(one, language) for one in found.doubtful[:FIRST]]
    return sorted([*told, *doubts], key=lambda one: one.line)


def _told(one: Told, language: Language) -> LineShown:
    asked = one.asked if one.asked != " ".join(one.typed.split()) else ""  # spaces alone show nothing
    shown = LineShown(one.line, one.typed[:_LONG], asked[:_LONG], "", word(one.what, language), _KINDS[one.what])
    match one.what:
        case "merged":
            shown.note = word("same_as", language, number=one.why)
        case "changed":
            steps = (_STEPS[key] for key in one.why.split() if key in _STEPS)
            shown.note = ", ".join(step.ko if language == "ko" else step.en for step in steps)
        case "fixed":
            shown.note, shown.tick, shown.act = word(one.why, language), f"{FIX}{one.why}", word("undo_fix", language)
        case _:
            shown.note = word(one.why, language) if known(one.why) else one.why
    return shown


def _doubt(one: Doubt, language: Language) -> LineShown:
    outcome = word("as_typed" if one.offered else "nothing_offered", language)
    shown = LineShown(one.position, one.typed[:_LONG], "", word(one.kind, language), outcome, "wait")
    if one.offered:
        shown.note = word("meant", language, kind=shown.note, offered=one.offered[:_LONG])
        shown.tick, shown.act = f"{FIX}{one.kind}", word("do_fix", language)
    return shown


def _more(count: int, told: int, language: Language) -> str:
    """How many of ``count`` are not among the first."""
    rest = count - min(told, FIRST)
    return word("and_more", language, count=cells.number(rest)) if rest > 0 else ""


def _report(told: int, language: Language) -> str:
    if not told:
        return ""
    if told > MAX_TOLD:
        return word("all_lines_first", language, count=cells.number(MAX_TOLD))
    return f"{cells.number(told)} {word('lines', language)}"
