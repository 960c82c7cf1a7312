"""Kakao (Daum) search: how many documents each of its channels finds for a keyword.

Every call asks for one document (``size=1``), as only ``meta.total_count`` is wanted: all that the search finds.
``pageable_count`` beside it is what may be paged through, some 800 to 1,000 at most, and is no count of anything.
The keyword is asked as it stands.

One account is one app with its REST API key. Kakao allows an app 30,000 calls a day for each of web, video, image,
blog, book and cafe, 50,000 over them together, and 3,000,000 a month over all its APIs. It publishes no limit for a
second; 10 is a modest choice of ours, which KEYBATCH_KAKAO_RATE replaces. That its day turns at 00:00 in Seoul is
taken for granted here, not written there.

Over a limit the search says ``RequestThrottled``, "API limit has been exceeded.", the same for too many calls at once
and, as far as is documented, for the day's. It is read as Throttled, with pauses that grow to a minute: what is left of
the day, the ledger knows, not the answer. Kakao's common error codes (``{"msg", "code"}``, told by its platform's other
APIs) do tell a spent quota apart and are understood too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field, SecretStr

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import HeaderSecret, UpstreamSettings
from app.sources.base import Account, Channel, Reading, Request, Response, Upstream, said, whole
from workers.budget.values import Budget, Rate

_URL = "https://dapi.kakao.com"
#: Where each channel is asked; books are of another version.
_PATHS = {
    "web": "/v2/search/web",
    "blog": "/v2/search/blog",
    "cafe": "/v2/search/cafe",
    "video": "/v2/search/vclip",
    "image": "/v2/search/image",
    "book": "/v3/search/book",
}
_QUOTA = 30_000

#: What the search says went wrong, whatever the HTTP status. ``InvalidArgument`` is about page, size and sort, which
#: are ours: it stays Unreadable, with its words, so that no keyword is blamed for good.
_BY_TYPE: dict[str, type[UpstreamError]] = {
    "MissingParameter": Rejected,
    "InvalidArgument": Unreadable,
    "AccessDeniedError": BadCredentials,
    "RequestThrottled": Throttled,
}
#: Kakao's common error codes; most of them come with status 400.
_BY_CODE: dict[int, type[UpstreamError]] = {
    -1: Unreachable,  # an error inside, to be tried again
    -3: BadCredentials,  # the API is not switched on for the app
    -4: BadCredentials,  # the account is restricted
    -5: BadCredentials,  # the app may not use the API
    -7: Unreachable,  # maintenance
    -10: QuotaSpent,
    -11: QuotaSpent,  # of a paid API
    -12: BadCredentials,  # the app or its developer is suspended
    -401: BadCredentials,
    -603: Unreachable,  # a timeout inside
    -903: BadCredentials,  # the key of nobody who is registered
    -9798: Unreachable,  # maintenance
}


class KakaoSettings(UpstreamSettings):
    """The key of an app at Kakao."""

    rest_api_key: HeaderSecret = Field(SecretStr(""), description="REST API key of the app at Kakao Developers")


class Kakao(Upstream, name="kakao"):
    """Kakao's search channels. Settings: KEYBATCH_KAKAO_REST_API_KEY, KEYBATCH_KAKAO_BASE_URL."""

    ko = "카카오(다음)"
    en = "Kakao (Daum)"
    channels: ClassVar[Mapping[str, Channel]] = {
        "web": Channel(
            "다음 웹문서수",
            "Daum web pages",
            "다음 웹문서 검색 결과",
            "results of Daum web search",
            quota=_QUOTA,
            counts="documents",
        ),
        "blog": Channel(
            "다음 블로그 글수",
            "Daum blog posts",
            "다음 블로그 검색 결과",
            "blog posts on Daum",
            quota=_QUOTA,
            counts="documents",
        ),
        "cafe": Channel(
            "다음 카페 글수",
            "Daum cafe posts",
            "다음 카페 검색 결과",
            "cafe posts on Daum",
            quota=_QUOTA,
            counts="documents",
        ),
        "video": Channel(
            "다음 동영상수",
            "Daum videos",
            "다음 동영상 검색 결과",
            "videos found by Daum",
            quota=_QUOTA,
            counts="documents",
        ),
        "image": Channel(
            "다음 이미지수",
            "Daum images",
            "다음 이미지 검색 결과",
            "images found by Daum",
            quota=_QUOTA,
            counts="documents",
        ),
        "book": Channel(
            "다음 책수", "Daum books", "다음 책 검색 결과", "books found by Daum", quota=_QUOTA, counts="documents"
        ),
    }
    budget = Budget(rate=Rate(10, 1), quota=50_000, monthly=3_000_000, zone="Asia/Seoul")
    throttle_s = (1.0, 5.0, 60.0)
    settings_class: ClassVar[type[UpstreamSettings]] = KakaoSettings
    control = "카카오"
    needs = ("rest_api_key",)

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """One search that returns one document and the total. Raises Rejected for a keyword that no URL can carry."""
        [keyword] = keywords
        if not keyword.strip():
            raise Rejected("the keyword is blank")
        try:
            query = quote(keyword, safe="")
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        settings = account.settings
        assert isinstance(settings, KakaoSettings)
        base = settings.base_url.rstrip("/") or _URL
        key = settings.rest_api_key.get_secret_value()
        return Request(f"{base}{_PATHS[channel]}?query={query}&size=1", headers={"Authorization": f"KakaoAK {key}"})

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The total. An error's type or code goes before the HTTP status, on a 200 too."""
        try:
            body = response.json()
        except Unreadable as unreadable:
            raise response.trouble() or unreadable from None
        if not isinstance(body, dict):
            raise response.trouble() or Unreadable(response.excerpt)
        error = _error(body, response)
        if error:
            raise error
        meta = body.get("meta")
        total = whole(meta.get("total_count")) if isinstance(meta, dict) else None
        if total is None:
            raise Unreadable(response.excerpt)
        return [Reading("ok", total)]


def _error(body: Mapping[str, Any], response: Response) -> UpstreamError | None:
    """What ``body`` says went wrong, by its type or its code; where it names none known, what the status says."""
    named, code = body.get("errorType"), body.get("code")
    if named is None and code is None:
        return response.trouble()
    kind = _BY_TYPE.get(named) if isinstance(named, str) else None
    if kind is None and isinstance(code, int):
        kind = _BY_CODE.get(code)
    if kind is None:
        return response.trouble() or Unreadable(response.excerpt)
    words = body.get("message") or body.get("msg")
    detail = said(f"{code if named is None else named}: {words}" if isinstance(words, str) else response.excerpt)
    return kind(detail, None if kind is QuotaSpent else response.retry_after)
