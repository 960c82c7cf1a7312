"""The source that asks the simulator; known to the registry only inside `echo_source`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar
from unittest import mock
from urllib.parse import quote

from pydantic import Field, SecretStr

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreadable, UpstreamError
from app.services import accounts
from app.settings import UpstreamSettings
from app.sources import registry
from app.sources.base import LONGEST_WAIT_S, Account, Channel, Reading, Request, Response, Upstream, whole
from app.sources.registry import Source
from tests.simulators.echo.simulator import MOST
from workers.budget.values import Budget, Rate

SOURCE = "echo.count"
_ERRORS: dict[str, type[UpstreamError]] = {"bad_key": BadCredentials, "quota_spent": QuotaSpent, "too_fast": Throttled}
# Found before Echo exists, and remembered: the registry must not know it outside of echo_source().
_UPSTREAMS, _SOURCES = registry.upstreams(), dict(registry.sources())


class EchoSettings(UpstreamSettings):
    """Its key."""

    key: SecretStr = Field(SecretStr(""), description="key")


class Echo(Upstream, name="echo"):
    """Several keywords a call, each named in the answer."""

    ko = "메아리"
    en = "Echo"
    channels: ClassVar[Mapping[str, Channel]] = {"count": Channel("개수", "Count")}
    budget = Budget(rate=Rate(1_000, 1), quota=1_000_000, zone="Asia/Seoul")
    settings_class: ClassVar[type[UpstreamSettings]] = EchoSettings
    needs = ("key",)
    per_call = MOST
    control = "control"
    timeout: ClassVar[float] = 1.0

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """All of them in one call. Raises Rejected for one that cannot be asked."""
        settings = account.settings
        assert isinstance(settings, EchoSettings)
        if not all(keyword.strip() for keyword in keywords):
            raise Rejected("the keyword is blank")
        try:
            asked = "&".join(f"k={quote(keyword, safe='')}" for keyword in keywords)
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        return Request(
            f"{settings.base_url.rstrip('/')}/v1/counts?{asked}", headers={"X-Key": settings.key.get_secret_value()}
        )

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """A keyword that the answer does not name is missing; names nobody asked for are passed over."""
        body = _body(response)
        error = body.get("error")
        if isinstance(error, str) and error in _ERRORS and response.status < 500:
            raise _ERRORS[error](response.excerpt, response.retry_after)
        trouble = response.trouble()
        if trouble:
            raise trouble
        if "error" in body or not isinstance(body.get("counts"), list):
            raise Unreadable(response.excerpt)
        told = _told(body["counts"], response)
        backoff = _backoff(body.get("backoff", 0), response)
        readings = (
            _reading(told[keyword], response) if keyword in told else Reading("missing", left_out=True)
            for keyword in keywords
        )
        return [replace(reading, backoff_s=backoff) for reading in readings]


def _body(response: Response) -> dict[str, Any]:
    """The object that was answered. Raises what the status tells, or Unreadable, for anything else."""
    try:
        body = response.json()
    except Unreadable:
        body = None
    if isinstance(body, dict):
        return body
    raise response.trouble() or Unreadable(response.excerpt)


def _told(counts: list[Any], response: Response) -> dict[str, Any]:
    """Keyword → total; a keyword that is named twice with different totals has none."""
    told: dict[str, Any] = {}
    for count in counts:
        keyword = count.get("keyword") if isinstance(count, dict) else None
        if not isinstance(keyword, str) or told.setdefault(keyword, count.get("total")) != count.get("total"):
            raise Unreadable(response.excerpt)
    return told


def _backoff(seconds: Any, response: Response) -> float:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds >= 0:
        raise Unreadable(response.excerpt)
    return float(min(seconds, LONGEST_WAIT_S))


def _reading(total: Any, response: Response) -> Reading:
    if total == "< 10":
        return Reading("below", upper=10.0)
    value = whole(total)
    if value is None:
        raise Unreadable(response.excerpt)
    return Reading("ok", value)


@contextmanager
def echo_source() -> Iterator[Source]:
    """Let the registry know the source for a while."""
    echo = Echo()
    source = Source(echo, "count")
    with (
        mock.patch.object(registry, "upstreams", return_value={**_UPSTREAMS, "echo": echo}),
        mock.patch.object(registry, "sources", return_value={**_SOURCES, SOURCE: source}),
    ):
        accounts.forget()
        yield source
    accounts.forget()
