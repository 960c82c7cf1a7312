"""An upstream answered with less than a reading."""

from typing import ClassVar, Literal

from app.errors.base import KeybatchError

Scope = Literal["keyword", "account", "upstream"]


class UpstreamError(KeybatchError):
    """An upstream answered with less than a reading. ``detail`` is its own word, at most 2 kB."""

    code = "upstream_error"
    http_status = 502
    en = "The upstream answered with an error: {detail}"
    ko = "외부 서비스가 오류로 답했습니다: {detail}"
    permanent: ClassVar[bool] = False
    scope: ClassVar[Scope] = "upstream"
    sent: bool = True

    def __init__(self, detail: str = "", retry_after: float | None = None) -> None:
        self.detail = detail[:2048]
        self.retry_after = retry_after
        super().__init__(detail=self.detail)


class QuotaSpent(UpstreamError):
    """The account's calls of the day are gone: wait until the day turns in the upstream's zone."""

    code = "quota_spent"
    en = "The quota is used up. The batch goes on by itself when it is renewed."
    ko = "사용할 수 있는 호출을 모두 썼습니다. 한도가 다시 채워지면 저절로 이어집니다."
    scope = "account"


class Throttled(UpstreamError):
    """Too fast for the upstream. Waiting for it is not an attempt."""

    code = "throttled"
    en = "The upstream asked to slow down; the rate was cut."
    ko = "외부 서비스가 속도를 늦추라고 했습니다. 속도를 낮췄습니다."
    scope = "account"


class BadCredentials(UpstreamError):
    """The upstream does not accept this account."""

    code = "bad_credentials"
    en = "The upstream does not accept these credentials: {detail} Correct them on the page Sources; those of the settings there, then restart."
    ko = "외부 서비스가 인증 정보를 받아들이지 않습니다: {detail} 소스 화면에서 고치세요. 설정에 적은 것은 설정에서 고친 뒤 다시 시작하세요."
    permanent = True
    scope = "account"


class Unreachable(UpstreamError):
    """No answer: timeout, name, connection or a 5xx. ``sent``: whether the call got as far as the upstream."""

    code = "unreachable"
    en = "The upstream could not be reached: {detail}"
    ko = "외부 서비스에 연결할 수 없습니다: {detail}"

    def __init__(self, detail: str = "", retry_after: float | None = None, *, sent: bool = True) -> None:
        super().__init__(detail, retry_after)
        self.sent = sent


class Rejected(UpstreamError):
    """The upstream will never answer for this keyword."""

    code = "rejected"
    en = "The upstream refused this keyword: {detail}"
    ko = "외부 서비스가 이 키워드를 거절했습니다: {detail}"
    permanent = True
    scope = "keyword"


class Unreadable(UpstreamError):
    """The answer was not understood; ``detail`` keeps its first 2 kB."""

    code = "unreadable"
    en = "The answer could not be understood: {detail}"
    ko = "응답을 해석할 수 없습니다: {detail}"
    scope = "keyword"
