"""The two platforms as functions from a call to an answer: who may ask, what, how often, and what is said.

The order of the checks is an assumption; their codes and words are documented or measured.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from urllib.parse import unquote_to_bytes

from tests.simulators.naver import refusals
from tests.simulators.naver.config import Config
from tests.simulators.naver.faults import Fault, Faults
from tests.simulators.naver.ledger import Ledger
from tests.simulators.naver.limits import Limits
from tests.simulators.naver.refusals import Refusal
from tests.simulators.naver.services import SERVICES, Search, Service, json_page, xml_page

_SEOUL = timezone(timedelta(hours=9))
_JSON = "application/json;charset=UTF-8"
_XML = "text/xml;charset=utf-8"
#: Services that answer with a word instead of a page; they take a query only.
_WORDS = {"adult": b'{"adult":"0"}', "errata": b'{"errata":""}'}


@dataclass(frozen=True, slots=True)
class Call:
    """A request: ``target`` and header values as latin-1 text, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """What goes back. ``fault`` is what the wire does to it; ``late_ms`` comes on top of the latency."""

    status: int
    body: bytes
    content_type: str = _JSON
    hub: bool = False
    fault: str = ""
    late_ms: float = 0.0


@dataclass
class Naver:
    """Both platforms, with the counters and limits they share."""

    config: Config = field(default_factory=Config)

    def __post_init__(self) -> None:
        self.ledger = Ledger()
        self._limits = Limits()
        self.configure(self.config)

    def reset(self) -> None:
        """Forget every call: counters, limits, days. What is under way stays so."""
        self.ledger = Ledger(in_flight=self.ledger.in_flight)
        self._limits = Limits()

    def configure(self, config: Config) -> None:
        """Go on with ``config``; faults start afresh, what was counted stays."""
        self.config = config
        self._faults = Faults([Fault.parse(text) for text in config.faults], config.seed)
        self._shift_ms = 0 if config.now is None else config.now - time.time_ns() // 1_000_000
        self._date = (0, "")

    def answer(self, call: Call, at_ns: int) -> Answer:
        """Answer ``call``, which arrived at ``at_ns`` (monotonic)."""
        path, _, query = call.target.partition("?")
        hub = self.config.platform == "hub" or (self.config.platform == "both" and path.startswith("/search/"))
        client = call.headers.get("x-ncp-apigw-api-key-id" if hub else "x-naver-client-id", "")
        self.ledger.arrived(client, at_ns)
        if call.method != "GET":
            answer = Answer(405, b"<html><body><h1>405 Not Allowed</h1></body></html>", "text/html", hub)
            self.ledger.ended(405, "")
            return answer
        answer = self._decide(call, path, query, client, at_ns, hub=hub)
        answer.hub = hub
        return answer

    def _decide(self, call: Call, path: str, query: str, client: str, at_ns: int, *, hub: bool) -> Answer:
        name, xml = _service_of(path, query, hub=hub)
        found: Search | Refusal | None = self._gate(call, client, name, hub=hub)
        if found is None and hub:
            # HUB's gateway stands before the services: limits come before the parameters there.
            found = self._over_limit(client, at_ns, hub=True) or _search(name, query)
        elif found is None:
            found = _search(name, query)
            if isinstance(found, Search):
                found = self._over_limit(client, at_ns, hub=False) or found
        if isinstance(found, Refusal):
            return self._refuse(found, xml=xml and not hub)
        return self._find(found, name, xml=xml, hub=hub)

    def _gate(self, call: Call, client: str, name: str, *, hub: bool) -> Refusal | None:
        """Key, permission and path, in this order."""
        secret = call.headers.get("x-ncp-apigw-api-key" if hub else "x-naver-client-secret", "")
        if not client:
            return refusals.HUB_NO_KEY if hub else refusals.NO_ID
        if not secret:
            return refusals.HUB_NO_KEY if hub else refusals.NO_SECRET
        if self.config.clients.get(client) != secret:
            return refusals.HUB_WRONG_KEY if hub else refusals.WRONG_KEY
        if name in self.config.disabled:
            return refusals.HUB_NOT_ENABLED if hub else refusals.NOT_ENABLED
        if name not in SERVICES and name not in _WORDS:
            return refusals.HUB_NOT_FOUND if hub else refusals.NO_SUCH_API
        return None

    def _over_limit(self, client: str, at_ns: int, *, hub: bool) -> Refusal | None:
        if not self._limits.within_rate(client, at_ns, self.config.rate_on("hub" if hub else "legacy")):
            return refusals.HUB_TOO_FAST if hub else refusals.TOO_FAST
        quota = self.config.daily_quota
        count = self._limits.calls_today(client, time.time_ns() // 1_000_000 + self._shift_ms)
        if quota is not None and count > quota:
            return refusals.HUB_QUOTA if hub else refusals.quota_spent(count, quota)
        return None

    def _refuse(self, refusal: Refusal, *, xml: bool = False) -> Answer:
        self.ledger.ended(refusal.status, str(refusal.code))
        if xml:
            return Answer(refusal.status, refusal.xml, _XML)
        return Answer(refusal.status, refusal.json)

    def _find(self, search: Search, name: str, *, xml: bool, hub: bool) -> Answer:
        nth = self.ledger.asked(name, search.query)
        fault = None if name in _WORDS else self._faults.next(name, search.query, nth)
        if fault:
            self.ledger.struck(fault.kind)
            if fault.kind != "slow":
                return self._fail(fault.kind, search, hub=hub)
        self.ledger.ended(200, "")
        self.ledger.answered(name, search.query)
        late = fault.late_ms if fault else 0.0
        if xml and name in SERVICES:
            return Answer(200, xml_page(search, self._build_date()), _XML, late_ms=late)
        kind = "text/plain;charset=UTF-8" if hub else _JSON
        if name in _WORDS:
            return Answer(200, _WORDS[name], kind)
        return Answer(200, json_page(search, self._build_date(), compact_when_empty=hub), kind, late_ms=late)

    def _fail(self, kind: str, search: Search, *, hub: bool) -> Answer:
        if kind == "throttled":
            return self._refuse(refusals.HUB_TOO_FAST if hub else refusals.TOO_FAST)
        if kind == "se99":
            return self._refuse(refusals.HUB_ENDPOINT_ERROR if hub else refusals.SYSTEM_ERROR)
        self.ledger.ended(0 if kind in {"hang", "reset", "cut"} else 200, "")
        page = json_page(search, self._build_date(), compact_when_empty=False)
        bodies = {
            "garbage": b"<!DOCTYPE html><html><body>\xec\xa0\x90\xea\xb2\x80 \xed</body></html>",
            "empty": b"",
            "truncated": page[: len(page) // 2],
            "error200": refusals.SYSTEM_ERROR.json,
            "wrong_total": page.replace(b'"total":', b'"total":"about ', 1).replace(
                b',\n\t"start"', b'",\n\t"start"', 1
            ),
        }
        return Answer(200, bodies.get(kind, page), fault=kind)

    def _build_date(self) -> str:
        """Now in Seoul, as mails write it; made once a second."""
        now = (time.time_ns() // 1_000_000 + self._shift_ms) // 1000
        if self._date[0] != now:
            self._date = now, format_datetime(datetime.fromtimestamp(now, _SEOUL))
        return self._date[1]


def _service_of(path: str, query: str, *, hub: bool) -> tuple[str, bool]:
    """The service that ``path`` names, "" for none, and whether XML is wanted."""
    prefix = "/search/v1/" if hub else "/v1/search/"
    if not path.startswith(prefix):
        return "", path.endswith(".xml")
    name = path[len(prefix) :]
    if hub:
        return name, "format=xml" in query.split("&")
    bare, _, ending = name.partition(".")
    return (bare, ending == "xml") if ending in {"", "json", "xml"} else ("", False)


def _search(name: str, text: str) -> Search | Refusal:
    """The question in a query string, or what is wrong with it, in the order the platforms look."""
    given = dict(part.partition("=")[::2] for part in reversed(text.split("&")))
    service = SERVICES.get(name) or Service(name, {})
    try:
        query = unquote_to_bytes(given.get("query", "").replace("+", " ").encode("ascii")).decode()
    except UnicodeError:
        query = ""
        malformed = True
    else:
        malformed = False
    display = _number(given.get("display"), service.display, service.most_displayed)
    start = _number(given.get("start"), 1, service.last_start)
    if not malformed and not query.strip():
        return refusals.NO_QUERY
    if display is None or start is None:
        return refusals.BAD_DISPLAY if display is None else refusals.BAD_START
    if service.sorts and given.get("sort", service.sorts[0]) not in service.sorts:
        return refusals.BAD_SORT
    return refusals.BAD_ENCODING if malformed else Search(service, query, display, start)


def _number(text: str | None, default: int, most: int) -> int | None:
    if text is None:
        return default
    return int(text) if text.isdigit() and len(text) < 6 and 1 <= int(text) <= most else None
