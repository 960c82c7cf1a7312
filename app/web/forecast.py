"""What a batch would take and cost, for the form of a new one. Pure."""

from dataclasses import dataclass, field

from app.errors import Language
from app.services.holdings import AccountView, SourceInfo
from app.services.shapes import Preview
from app.web import cells
from app.web.figures import Fact
from app.web.receipt import RejectionShown
from app.web.words import word

#: Rejected lines told one by one.
FIRST = 10


@dataclass
class Forecast:
    """A preview ready to show; ``shown`` is False while there is none."""

    shown: bool = False
    facts: list[Fact] = field(default_factory=list)
    rejections: list[RejectionShown] = field(default_factory=list)


def forecast(found: Preview, infos: dict[str, SourceInfo], now: int, language: Language) -> Forecast:
    """The preview in a person's words."""
    return Forecast(
        True,
        [
            _keywords(found, language),
            _lookups(found, language),
            Fact(word("calls_needed", language), cells.number(found.calls)),
            *(_left(account, infos, language) for account in found.accounts if account.quota is not None),
            *_halted(found, infos, language),
            _end(found, now, language),
        ],
        [RejectionShown(one.line, one.excerpt, one.reason) for one in found.rejections[:FIRST]],
    )


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
