"""The sources as the form for a new batch offers them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from app.errors import BadValue, Language
from app.services.holdings import SourceInfo
from app.web import cells, shown
from app.web.words import word

_PICKED = "source:"
#: Upstreams with more sources than this are folded at first.
_OPEN_UP_TO = 8
#: The choices of "reuse earlier readings", in days; 0 asks always.
AGES = (0, 1, 7, 30)
_DAY_S = 86_400


@dataclass
class Choice:
    """A source that can be picked."""

    name: str
    field: str
    title: str
    note: str
    first: bool


@dataclass
class Group:
    """The sources of one upstream with the limits they share, or the settings they still need."""

    upstream: str
    title: str
    limits: str
    left: str
    ready: bool
    missing: str
    opened: bool
    choices: list[Choice] = field(default_factory=list)


def groups(infos: list[SourceInfo], language: Language) -> list[Group]:
    """The catalogue by upstream, sources of the person's own language first. One is picked beforehand: one that
    is ready and, if there is such, offline and of that language."""
    own = sorted(infos, key=lambda info: (not info.offline, not _speaks(info, language)))
    first = next((info.name for info in own if info.ready), "")
    by_upstream = groupby(infos, key=lambda info: info.upstream)
    return [
        _group(upstream, sorted(of_it, key=lambda info: not _speaks(info, language)), first, language)
        for upstream, of_it in by_upstream
    ]


def _speaks(info: SourceInfo, language: Language) -> bool:
    return info.name.endswith(f".{language}")


def _group(upstream: str, infos: list[SourceInfo], first: str, language: Language) -> Group:
    one = infos[0]
    choices = [_choice(info, info.name == first, language) for info in infos]
    return Group(
        upstream=upstream,
        title=one.upstream_ko if language == "ko" else one.upstream_en,
        limits=_limits(one, language),
        left=_left(one, language),
        ready=one.ready,
        missing=", ".join(one.missing),
        opened=len(choices) <= _OPEN_UP_TO or any(choice.first for choice in choices),
        choices=choices,
    )


def _choice(info: SourceInfo, first: bool, language: Language) -> Choice:
    return Choice(
        name=info.name,
        field=f"{_PICKED}{info.name}",
        title=shown.title(info, language),
        note=info.note_ko if language == "ko" else info.note_en,
        first=first,
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
    return [key.removeprefix(_PICKED) for key, value in form.items() if key.startswith(_PICKED) and value]


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
