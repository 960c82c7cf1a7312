"""The audit as the settings show it: an act on a line, and the filters in the address. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.errors import Language
from app.services.activity import VERBS, Act
from app.services.audit import Wanted
from app.web import addresses, cells
from app.web.acts import who
from app.web.words import known, word

ZONE = ZoneInfo("Asia/Seoul")
#: Facts that are told of an act, in this order; others are for programs.
_TOLD = (
    *("person", "before", "role", "name", "account", "source", "host", "delivery", "kind", "format", "rows", "items"),
    *("count", "why", "error", "issuer"),
)


@dataclass
class AuditLine:
    """An act. ``address`` leads to the batch that it is about, "" without one."""

    key: str
    when: str
    stamp: str
    who: str
    what: str
    on: str
    address: str
    about: str
    peer: str


@dataclass
class Choice:
    """Something to choose among."""

    value: str
    label: str


def asked(query: Mapping[str, str]) -> Wanted:
    """What the address asks for; what makes no sense in it is passed over. Days are those of Korea."""
    what = query.get("what", "")
    since, until = _day(query.get("from", "")), _day(query.get("to", ""))
    return Wanted(
        who=query.get("who", "").strip()[:100],
        what=(what,) if what in VERBS else (),
        since=_ms(since) if since else None,
        until=_ms(until + timedelta(days=1)) if until else None,
        batch=addresses.number_of(query.get("batch", "")),
    )


def address(query: Mapping[str, str], **other: object) -> str:
    """The address of the section with these filters."""
    kept = {name: query.get(name, "") for name in ("who", "what", "from", "to", "batch")} | other
    told = {name: str(value).strip() for name, value in kept.items() if value and str(value).strip()}
    return "/settings?" + urlencode({"section": "audit", **told})


def download(wanted: Wanted) -> str:
    """Where all that fits is to be had as CSV."""
    given: dict[str, Any] = {"who": wanted.who, "what": wanted.what[0] if wanted.what else "", "batch": wanted.batch}
    for name, at in (("since", wanted.since), ("until", wanted.until)):
        given[name] = datetime.fromtimestamp(at / 1000, ZONE).isoformat() if at is not None else ""
    told = {name: value for name, value in given.items() if value}
    return "/api/v1/activity/export" + (f"?{urlencode(told)}" if told else "")


def lines(found: Sequence[Act], now: int, language: Language) -> list[AuditLine]:
    """Acts as they are told."""
    return [_line(one, now, language) for one in found]


def kinds(language: Language) -> list[Choice]:
    """What acts there are."""
    return [Choice(what, word(f"what_{what}", language)) for what in VERBS]


def _line(one: Act, now: int, language: Language) -> AuditLine:
    return AuditLine(
        key=str(one.id),
        when=cells.when(one.at, now, language),
        stamp=cells.stamp(one.at),
        who=who(one.who, language),
        what=word(f"what_{one.what}", language) if known(f"what_{one.what}") else one.what,
        on=f"#{one.batch}" if one.batch else "",
        address=addresses.batch(one.batch) if one.batch else "",
        about=" · ".join(
            _told(name, one.about[name], language) for name in _TOLD if one.about.get(name) not in (None, "")
        ),
        peer=one.peer or "–",
    )


def _told(name: str, value: object, language: Language) -> str:
    if name in ("role", "before"):
        known = word(f"role_{value}", language) if value in ("owner", "admin", "member", "viewer") else str(value)
        return f"{known} →" if name == "before" else known
    if name == "why":
        return word(f"about_{value}", language)
    if name in ("rows", "items", "count") and isinstance(value, int):
        return word(f"about_{name}", language, count=value, shown=cells.number(value))
    return str(value)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZONE)
    except ValueError:
        return None


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
