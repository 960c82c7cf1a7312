"""The sources as the form for a new batch offers them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import BadValue, Language
from app.services import intake, normal
from app.services.holdings import SourceInfo
from app.services.intake import Treatment
from app.web import cells, shown
from app.web.accounts import FIRST
from app.web.words import word

_PICKED, _STEP, _FIX, _PAY = "source:", "step:", "fix:", "pay:"
#: Upstreams with more sources than this are folded at first.
_OPEN_UP_TO = 10
#: Of upstreams with more sources than this, those in neither of the page's languages are folded once more.
_ALL_UP_TO = 20
#: The choices of "reuse earlier readings", in days; 0 asks always.
AGES = (0, 1, 7, 30)
_DAY_S = 86_400


@dataclass
class Choice:
    """A source that can be picked. ``rest``: it is one of many, and folded among these."""

    name: str
    field: str
    title: str
    note: str
    first: bool
    rest: bool = False


@dataclass
class Payer:
    """An account that can be asked with."""

    key: str
    label: str


@dataclass
class Option:
    """Something that is done to keywords, or not."""

    field: str
    title: str
    on: bool


@dataclass
class Group:
    """The sources of one upstream with the limits they share, or the settings they still need. ``payers`` are given
    where there is a choice, and chosen in ``pay_field``; ``terms``: what holders of its data must know; ``rest``: what
    its folded choices are called, "" without any."""

    upstream: str
    title: str
    limits: str
    left: str
    ready: bool
    missing: str
    opened: bool
    terms: str = ""
    rest: str = ""
    pay_field: str = ""
    payers: list[Payer] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def groups(infos: list[SourceInfo], language: Language) -> list[Group]:
    """The catalogue by upstream, sources of the person's own language first. One is picked beforehand: one that
    is ready and, if there is such, offline and of that language."""
    own = sorted(infos, key=lambda info: (not info.offline, not _speaks(info, language)))
    first = next((info.name for info in own if info.ready), "")
    places = {name: place for place, name in enumerate(FIRST)} if language == "ko" else {}
    in_order = sorted(infos, key=lambda info: places.get(info.upstream, len(places)))
    return [
        _group(upstream, sorted(of_it, key=lambda info: not _speaks(info, language)), first, language)
        for upstream, of_it in groupby(in_order, key=lambda info: info.upstream)
    ]


def _speaks(info: SourceInfo, language: Language) -> bool:
    return info.name.endswith(f".{language}")


def _group(upstream: str, infos: list[SourceInfo], first: str, language: Language) -> Group:
    one = infos[0]
    many = len(infos) > _ALL_UP_TO
    choices = [_choice(info, info.name == first, language, foldable=many) for info in infos]
    rest = sum(choice.rest for choice in choices)
    return Group(
        upstream=upstream,
        title=one.upstream_ko if language == "ko" else one.upstream_en,
        limits=_limits(one, language),
        left=_left(one, language),
        ready=one.ready,
        missing=", ".join(one.missing),
        opened=(one.ready and len(choices) <= _OPEN_UP_TO) or any(choice.first for choice in choices),
        terms=one.terms_ko if language == "ko" else one.terms_en,
        rest=word("other_languages", language, count=rest) if rest else "",
        pay_field=f"{_PAY}{upstream}",
        payers=_payers(infos, language),
        choices=choices,
    )


def _payers(infos: list[SourceInfo], language: Language) -> list[Payer]:
    """The accounts of an upstream where there is more than one for all of its sources."""
    keys = infos[0].accounts
    if len(keys) < 2 or any(info.accounts != keys for info in infos):
        return []
    names = [key.partition("/")[2] for key in keys]
    return [
        Payer(key, word("of_settings", language) if name == "default" else name)
        for key, name in zip(keys, names, strict=True)
    ]


def _choice(info: SourceInfo, first: bool, language: Language, *, foldable: bool) -> Choice:
    return Choice(
        name=info.name,
        field=f"{_PICKED}{info.name}",
        title=shown.title(info, language),
        note=info.note_ko if language == "ko" else info.note_en,
        first=first,
        rest=foldable and not first and not _speaks(info, "ko") and not _speaks(info, "en"),
    )


def _limits(info: SourceInfo, language: Language) -> str:
    if info.offline:
        return f"{word('offline', language)} · {word('unlimited', language)}"
    if not info.rate and info.quota is None:
        return word("unlimited", language)
    day = "" if info.quota is None else f"{cells.number(info.quota)}/{'일' if language == 'ko' else 'day'}"
    return " · ".join(part for part in (info.rate, day) if part)


def _left(info: SourceInfo, language: Language) -> str:
    if info.left_today is None or info.quota is None:
        return ""
    count = cells.number(info.left_today)
    return f"오늘 {count}번 남음" if language == "ko" else f"{count} left today"


def picked(form: Mapping[str, Any]) -> list[str]:
    """The sources ticked in a submitted form."""
    return _ticked(form, _PICKED)


def steps(language: Language) -> list[Option]:
    """What makes keywords plain, with what is on unless switched."""
    return [Option(f"{_STEP}{one.key}", one.ko if language == "ko" else one.en, one.default) for one in normal.STEPS]


def fixes(language: Language) -> list[Option]:
    """The kinds of doubt whose offered fix may be taken."""
    return [Option(f"{_FIX}{kind}", word(kind, language), False) for kind in intake.KINDS]


def treatment(form: Mapping[str, Any]) -> Treatment:
    """What a submitted form wants done to the keywords. Raises BadValue."""
    merge = bool(form.get("merge_spacing"))
    return Treatment.of(_ticked(form, _STEP), _ticked(form, _FIX), merge_spacing=merge)


def pay_with(form: Mapping[str, Any]) -> dict[str, str]:
    """Upstream → the account chosen in a submitted form, where there was a choice."""
    return {key: str(form[f"{_PAY}{key}"]) for key in _ticked(form, _PAY)}


def _ticked(form: Mapping[str, Any], kind: str) -> list[str]:
    return [key.removeprefix(kind) for key, value in form.items() if key.startswith(kind) and value]


def deadline_at(form: Mapping[str, Any]) -> int | None:
    """The deadline of a submitted form, which is in KST, in UTC milliseconds; None without one."""
    given = str(form.get("deadline", ""))
    if not given:
        return None
    try:
        return int(datetime.fromisoformat(given).replace(tzinfo=ZoneInfo(cells.ZONE)).timestamp() * 1000)
    except ValueError:
        raise BadValue(name="deadline", value=given, why="Give a date and a time.") from None


def max_age_s(form: Mapping[str, Any]) -> int:
    """The age up to which earlier readings may answer, in seconds."""
    given = str(form.get("max_age", "0"))
    return int(given) * _DAY_S if given.isdecimal() and int(given) in AGES else 0
