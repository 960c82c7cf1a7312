"""Sources that a person defines without code: an address with the keyword in it, and the way to the number in the
answer. Each is an upstream of its own in all but its name: it has its own budget, ledger and halts.

The way is a JMESPath expression (https://jmespath.org), so ``meta.total``, ``items[0].count`` and ``length(items)``
all work. A number is a JSON number or its text, thousands commas allowed; anything else is unreadable, never 0. Rules
for errors come before the HTTP status: ``429 = throttled``, ``error.code == 'LIMIT' = quota_spent``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import new_class
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import available_timezones

import jmespath
import orjson
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult
from pydantic import Field

from app.errors import BadSetting, BadValue, Rejected, Unreadable, UpstreamError
from app.settings import UpstreamSettings
from app.sources.base import Account, Channel, Reading, Request, Response, Upstream
from workers.budget.values import Budget, Rate

MARK = "{keyword}"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_MEANINGS = {kind.code: kind for kind in UpstreamError.__subclasses__()}
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Spec:
    """A source as it was defined. ``url`` and ``body`` hold ``{keyword}``, percent-encoded in the address and
    JSON-escaped in the body; ``path`` leads to the number. ``absent``: what an answer without one is. ``rules``:
    (an HTTP status or an expression that is true of the answer, what it means: a code of `app.errors` or missing)."""

    name: str
    title: str
    url: str
    path: str
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    absent: Literal["failed", "missing"] = "failed"
    rules: tuple[tuple[str, str], ...] = ()
    rate: str = "1/s"
    daily_quota: int | None = None
    zone: str = "UTC"
    decimals: int = 0
    control: str = ""
    header_names: tuple[str, ...] = field(default=())


class HttpSettings(UpstreamSettings):
    """What holds for all sources that people define."""

    allow: str = Field("", description="private addresses that defined sources may ask, as 10.0.0.0/8,127.0.0.1")


class Http(Upstream, name="http"):
    """The family of defined sources; it has no channel of its own. Settings: KEYBATCH_HTTP_ALLOW."""

    ko = "사용자 정의"
    en = "Your own"
    channels: ClassVar[Mapping[str, Channel]] = {}
    budget = Budget(rate=Rate(1, 1))
    settings_class: ClassVar[type[UpstreamSettings]] = HttpSettings
    guarded = True
    spec: ClassVar[Spec]
    headers: ClassVar[Mapping[str, str]] = {}

    def account(self) -> Account:
        """Its own account; the family itself has none that is ever asked with."""
        settings = self.settings_class.read()
        name = next(iter(self.channels), "default")
        return Account(self.name, name, self.budget, settings)

    def allowed(self) -> str:
        """Settings: KEYBATCH_HTTP_ALLOW."""
        return str(getattr(self.settings_class.read(), "allow", ""))

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """The address with the keyword in it. Raises Rejected for a keyword that nothing can carry."""
        [keyword] = keywords
        if not keyword.strip():
            raise Rejected("the keyword is blank")
        try:
            url = self.spec.url.replace(MARK, quote(keyword, safe=""))
            body = self.spec.body.replace(MARK, orjson.dumps(keyword).decode()[1:-1]).encode()
        except (UnicodeEncodeError, orjson.JSONEncodeError):
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        return Request(url, self.spec.method, self.headers, body if self.spec.method == "POST" else None)

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The number at the end of the path."""
        body: Any = None
        try:
            body = response.json()
        except Unreadable:
            self._heed(None, response)
            raise
        if self._heed(body, response):
            return [Reading("missing")]
        found = _search(self.spec.path, body)
        if found is None and self.spec.absent == MISSING:
            return [Reading("missing")]
        value = _number(found)
        if value is None:
            raise Unreadable(response.excerpt)
        return [Reading("ok", value)]

    def _heed(self, body: Any, response: Response) -> bool:
        """Raise what a rule or the status says; whether a rule says "missing"."""
        for when, means in self.spec.rules:
            told = response.status == int(when) if when.isdigit() else bool(_search(when, body))
            if told and means == MISSING:
                return True
            if told:
                raise _MEANINGS[means](response.excerpt, response.retry_after)
        trouble = response.trouble()
        if trouble:
            raise trouble
        return False


def defined(spec: Spec, headers: Mapping[str, str]) -> Http:
    """The upstream of one defined source; its only channel is the source's name."""
    rate = Rate.parse_or_none(spec.rate)
    body = {
        "__doc__": f"The defined source {spec.name}.",
        "channels": {spec.name: Channel(spec.title, spec.title, decimals=spec.decimals)},
        "budget": Budget(rate=rate, quota=spec.daily_quota, zone=spec.zone, concurrency=None if rate else 10),
        "control": spec.control,
        "settings_class": HttpSettings,
        "spec": spec,
        "headers": dict(headers),
    }
    made: type[Http] = new_class(f"Http_{spec.name}", (Http,), {"name": "http"}, lambda space: space.update(body))
    return made()


def rule(text: str) -> tuple[str, str]:
    """A rule from ``429 = throttled``. Raises BadValue."""
    when, sign, means = text.rpartition("=")
    if not sign or when.rstrip().endswith(("=", "!", "<", ">")):
        raise BadValue(name="rules", value=text, why="Write a rule as 429 = throttled.")
    return when.strip(), means.strip()


def check(spec: Spec, headers: Mapping[str, str]) -> None:
    """Raises BadValue for what makes no sense, naming the field."""
    address = urlsplit(spec.url.replace(MARK, "x"))
    wrong: list[tuple[str, object, str, object]] = [
        (
            "name",
            spec.name,
            "Write small letters, digits and _, beginning with a letter.",
            NAME.fullmatch(spec.name) and spec.name != "default",
        ),
        ("title", spec.title, "Give it a title of up to 60 characters.", 0 < len(spec.title.strip()) <= 60),
        ("url", spec.url, "Begin with http:// or https:// and a host.", address.scheme in ("http", "https")),
        ("url", spec.url, "Name a host.", address.hostname and not address.username),
        ("url", spec.url, "The host cannot depend on the keyword.", MARK not in urlsplit(spec.url).netloc),
        ("url", spec.url, "Put {keyword} where the keyword goes.", MARK in spec.url + spec.body),
        ("url", spec.url, "Write it in ASCII, percent-encoded.", spec.url.isascii() and " " not in spec.url),
        ("body", spec.body, "A body goes with POST.", not spec.body or spec.method == "POST"),
        ("zone", spec.zone, "Name a time zone, as Asia/Seoul.", spec.zone in available_timezones()),
        ("daily_quota", spec.daily_quota, "Give 1 or more.", spec.daily_quota is None or spec.daily_quota > 0),
        ("decimals", spec.decimals, "Give 0 to 6.", 0 <= spec.decimals <= 6),
    ]
    for name, value in headers.items():
        fine = bool(_HEADER.fullmatch(name)) and value.isprintable() and value.isascii()
        wrong.append(("headers", name, "Write Name: value in printable ASCII.", fine))
    for when, means in spec.rules:
        known = ", ".join((*sorted(_MEANINGS), MISSING))
        wrong.append(("rules", means, f"A rule means one of {known}.", means == MISSING or means in _MEANINGS))
        wrong.append(("rules", when, "Write an HTTP status or an expression.", when.isdigit() or _compiles(when)))
    wrong.append(("path", spec.path, "Write the way to the number, as meta.total.", _compiles(spec.path)))
    for name, given, why, well in wrong:
        if not well:
            raise BadValue(name=name, value=given, why=why)
    try:
        Rate.parse_or_none(spec.rate)
    except BadSetting as bad:
        raise BadValue(name="rate", value=spec.rate, why=str(bad.facts["why"])) from None


def _compiles(expression: str) -> bool:
    try:
        _compiled(expression)
    except JMESPathError:
        return False
    return True


@lru_cache(256)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def _search(expression: str, body: Any) -> Any:
    try:
        return _compiled(expression).search(body)
    except (JMESPathError, TypeError, ValueError, RecursionError):
        return None  # a function met a type it does not take: the answer has another shape


def _number(found: object) -> float | None:
    if isinstance(found, str) and _NUMBER.fullmatch(found.strip()):
        found = float(found.replace(",", ""))
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) <= 2**53:
        return None
    return float(found)
