"""What a source is. A source knows its upstream's words and nothing of clients, Redis or RQ: it turns keywords
into a `Request` and a `Response` into `Reading`s. Pure functions, tested on recorded responses.

One file in this folder is one upstream; `app.sources.registry` finds it. An upstream's channels are its sources:
upstream ``naver`` with channel ``blog`` is the source ``naver.blog``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar, Literal

import orjson

from app.errors import BadCredentials, BadSetting, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import PREFIX, UpstreamSettings
from workers.budget.values import Budget, Rate

State = Literal["ok", "below", "missing", "failed"]
#: The longest wait that an upstream is believed; a day later it may say so again.
LONGEST_WAIT_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out for one keyword. ``value`` is set for ``ok`` only; ``upper`` for ``below`` only: the value is
    under ``upper`` ("< 10" is upper=10). ``data`` holds what else was said, JSON-able, small. ``backoff_s``: how long
    the upstream wants to be left alone before the next call, as Stack Exchange says with its answers. ``left_out``: a
    ``missing`` whose keyword the answer does not name although it names those it is about; it is asked once more, on
    its own.

    ``below`` is a range: from ``data["at_least"]`` (0 where that is not said) to under ``upper``. What a channel's
    further `Column`s show stands in ``data`` under their keys."""

    state: State
    value: float | None = None
    upper: float | None = None
    data: Mapping[str, Any] | None = None
    backoff_s: float = 0.0
    left_out: bool = False


def said(text: str) -> str:
    """``text`` as every database can store it: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()


def whole(value: object) -> float | None:
    """A count as an upstream writes it (12, "12", 0), or None for anything that is none (true, -1, 1.5, "1e3").

    Counts over 2**53 are none: a float would not hold them exactly.
    """
    if isinstance(value, str) and len(value) <= 16 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**53:
        return None
    return float(value)


_BY_STATUS: dict[int, type[UpstreamError]] = {
    401: BadCredentials,
    408: Unreachable,
    413: Rejected,
    414: Rejected,
    429: Throttled,
    431: Rejected,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One call to make. ``url`` is absolute and fully percent-encoded; ``headers`` may carry secrets."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. Header names are lower-case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def excerpt(self) -> str:
        """The status and the first 2 kB, for the detail of an error."""
        return said(f"HTTP {self.status}: {self.body[:2048].decode(errors='replace')}")

    @property
    def retry_after(self) -> float | None:
        """Seconds the upstream asks to wait; a date counts from the answer's own ``Date``, no clock of ours."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), LONGEST_WAIT_S)
        try:
            wait = parsedate_to_datetime(text) - parsedate_to_datetime(self.headers.get("date", ""))
        except (TypeError, ValueError, OverflowError):
            return None
        return min(max(wait.total_seconds(), 0.0), LONGEST_WAIT_S)

    def json(self) -> Any:
        """The body as JSON, whatever its content type says. Raises Unreadable.

        Falls back to the standard parser, which takes what strict ones refuse and upstreams do send inside texts:
        a byte order mark, a raw control character, half an emoji.
        """
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            pass
        try:
            return json.loads(self.body.decode("utf-8-sig", errors="replace"), strict=False)
        except (ValueError, RecursionError):
            raise Unreadable(self.excerpt) from None

    def trouble(self) -> UpstreamError | None:
        """The error that the status alone tells, None for 2xx. An upstream's own error code goes before it."""
        if 200 <= self.status < 300:
            return None
        kind: type[UpstreamError] = _BY_STATUS.get(self.status, Unreadable)
        if self.status >= 500:
            kind = Unreachable
        return kind(self.excerpt, self.retry_after)


@dataclass(frozen=True, slots=True)
class Column:
    """A further column of a source: what ``Reading.data[key]`` holds, a number, a text, or ``{"below": 10}`` for a
    number under ten. What is not there is shown empty. ``detail``: in exports only, not in tables. ``text``: it holds
    words, by which no table is sorted or filtered."""

    key: str
    ko: str
    en: str
    decimals: int = 0
    detail: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """One source of an upstream, for people: its column title, its unit and what it counts. ``kind``: a ``flag`` has
    the values 1 and 0, shown as yes and no. ``quota``: calls a day that this channel alone may make, where the upstream
    limits it so, within the account's own quota. ``per_call``: keywords a call of this channel may ask for, where that
    differs from the upstream's. ``counts``: what the value is a count of, where a competition ratio can be made of
    it."""

    ko: str
    en: str
    note_ko: str = ""
    note_en: str = ""
    decimals: int = 0
    kind: Literal["number", "flag"] = "number"
    columns: tuple[Column, ...] = ()
    quota: int | None = None
    per_call: int | None = None
    counts: Literal["", "documents", "searches"] = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that whoever uses an account should know in time, in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Account:
    """One set of credentials for an upstream. ``key`` names its budget and ledger: ``naver/default``."""

    upstream: str
    name: str
    budget: Budget
    settings: UpstreamSettings = field(repr=False)

    #: The upstream under whose name its rate and concurrency are kept, where two share them.
    limited_with: str = ""

    @property
    def key(self) -> str:
        return f"{self.upstream}/{self.name}"

    @property
    def limits(self) -> str:
        """The name under which its rate and concurrency are kept."""
        return f"{self.limited_with or self.upstream}/{self.name}"


class Upstream:
    """The base of every upstream. A subclass gives ``name`` and ``channels`` and either ``ask``/``read`` (it is
    called over HTTP, within ``budget``) or ``answer`` (it is offline)."""

    name: ClassVar[str]
    #: What a person calls it.
    ko: ClassVar[str]
    en: ClassVar[str]
    channels: ClassVar[Mapping[str, Channel]]
    #: What the upstream allows; settings may override each part.
    budget: ClassVar[Budget] = Budget()
    #: Seconds until a call without an answer is given up.
    timeout: ClassVar[float] = 10.0
    #: Calls a slice keeps under way when nothing else limits it.
    in_flight: ClassVar[int] = 100
    #: Keywords one call may ask for, at most.
    per_call: ClassVar[int] = 1
    #: Another upstream with which it shares rate and concurrency, because it is the same house that counts.
    limited_with: ClassVar[str] = ""
    #: Pauses of the whole account after "too fast" where the upstream names none, in seconds: after the first, the
    #: second in a row … the last of them from then on. One beyond ten seconds makes its batches wait.
    throttle_s: ClassVar[tuple[float, ...]] = (1.0,)
    #: Where its terms restrict showing, storing or passing on what it says: one sentence for a person.
    terms_ko: ClassVar[str] = ""
    terms_en: ClassVar[str] = ""
    #: A keyword the upstream surely answers: asked when it is in doubt whether it answers anything at all.
    control: ClassVar[str] = ""
    offline: ClassVar[bool] = False
    #: Its address was given by a person: connections to private addresses are refused unless allowed.
    guarded: ClassVar[bool] = False
    settings_class: ClassVar[type[UpstreamSettings]] = UpstreamSettings
    #: Settings without which it cannot ask, by field name of ``settings_class``.
    needs: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = name
        base = cls.__dict__.get("settings_class", UpstreamSettings)
        config = {**base.model_config, "env_prefix": f"{PREFIX}{name.upper()}_"}
        cls.settings_class = type(f"{cls.__name__}Settings", (base,), {"model_config": config, "__doc__": base.__doc__})

    def account(self) -> Account:
        """The account of the settings. Raises BadSetting."""
        settings = self.settings_class.read()
        return Account(self.name, "default", self.budget_from(settings), settings, self.limited_with)

    def budget_from(self, settings: UpstreamSettings) -> Budget:
        """The upstream's own budget with the operator's settings over it."""
        own = self.budget
        prefix = self.settings_class.model_config.get("env_prefix", "")
        quota = settings.daily_quota or own.quota
        if settings.reserve and settings.reserve >= (quota or 0):
            why = f"{settings.reserve} calls cannot be kept of {quota or 'no'} a day. Give less than the daily quota."
            raise BadSetting(name=f"{prefix}RESERVE", why=why)
        return Budget(
            rate=Rate.parse_or_none(settings.rate, f"{prefix}RATE") if settings.rate else own.rate,
            burst=own.burst,
            concurrency=settings.concurrency or own.concurrency,
            quota=quota,
            monthly=settings.monthly_quota or own.monthly,
            reserve=settings.reserve,
            zone=settings.zone or own.zone,
        )

    def allowed(self) -> str:
        """Networks that are not public and may be asked all the same; of a guarded upstream."""
        return ""

    def missing_settings(self, settings: UpstreamSettings) -> list[str]:
        """Names of the environment variables that are needed and not set."""
        prefix = self.settings_class.model_config.get("env_prefix", "")
        return [f"{prefix}{field}".upper() for field in self.needs if not getattr(settings, field, None)]

    def notice(self, settings: UpstreamSettings, today: date) -> Notice | None:
        """What the holder of an account of these settings has to know on the day ``today`` (of the budget's zone)."""
        return None

    def comparable(self, settings: UpstreamSettings, data: Mapping[str, Any]) -> bool:
        """Whether an earlier reading with ``data`` was measured as one would be now, so that it may answer instead."""
        return True

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """The call that asks for ``keywords``. Raises Rejected for one that cannot be asked."""
        raise TypeError(f"{self.name} is not asked over HTTP")

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """One reading a keyword, in their order. Raises an UpstreamError for anything less."""
        raise TypeError(f"{self.name} is not asked over HTTP")

    def answer(self, channel: str, keyword: str) -> Reading:
        """What an offline upstream says, at once."""
        raise TypeError(f"{self.name} is asked over HTTP")
