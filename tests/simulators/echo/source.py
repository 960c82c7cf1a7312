"""The source that asks the simulator; known to the registry only inside `echo_source`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest import mock
from urllib.parse import quote

from pydantic import Field, SecretStr

from app.errors import BadCredentials, QuotaSpent, Throttled, Unreadable
from app.services import accounts
from app.settings import UpstreamSettings
from app.sources import registry
from app.sources.base import Account, Channel, Reading, Request, Response, Upstream, whole
from app.sources.registry import Source
from tests.simulators.echo.simulator import MOST
from workers.budget.values import Budget, Rate

SOURCE = "echo.count"
_ERRORS = {"bad_key": BadCredentials, "quota_spent": QuotaSpent, "too_fast": Throttled}
# Found before Echo exists, and remembered: the registry must not know it outside of echo_source().
_UPSTREAMS, _SOURCES = registry.upstreams(), registry.sources()


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
        """All of them in one call."""
        settings = account.settings
        assert isinstance(settings, EchoSettings)
        asked = "&".join(f"k={quote(keyword, safe='')}" for keyword in keywords)
        return Request(f"{settings.base_url}/v1/counts?{asked}", headers={"X-Key": settings.key.get_secret_value()})

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """A keyword that the answer does not name is missing; names nobody asked for are passed over."""
        body = response.json() if response.status < 500 else None
        error = body.get("error") if isinstance(body, dict) else None
        if error in _ERRORS:
            raise _ERRORS[error](response.excerpt, response.retry_after)
        trouble = response.trouble()
        if trouble:
            raise trouble
        if error or not isinstance(body, dict) or not isinstance(body.get("counts"), list):
            raise Unreadable(response.excerpt)
        named = {one.get("keyword"): one.get("total") for one in body["counts"] if isinstance(one, dict)}
        readings = [
            _reading(named[keyword], response) if keyword in named else Reading("missing") for keyword in keywords
        ]
        backoff = body.get("backoff", 0)
        return [Reading(one.state, one.value, one.upper, backoff_s=float(backoff)) for one in readings]


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
        accounts.of.cache_clear()
        yield source
    accounts.of.cache_clear()
