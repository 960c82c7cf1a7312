"""Naver search: how many documents each of its channels finds for a keyword.

Two platforms speak for it, with one schema of results and two dialects of errors:

- ``legacy``, openapi.naver.com: takes no new applications since 2026-07-30 and ends on 2027-06-30.
- ``hub``, NAVER API HUB (naverapihub.apigw.ntruss.com): where new keys come from. Its gateway nests its errors and
  writes their codes as text or as numbers; its services write them flat. A 200 is JSON labelled ``text/plain``.

One account is one client id; all its channels share its rate and its day, which turns at 00:00 in Seoul. Legacy
allows 25,000 calls a day and, by its users' word, 10 a second; HUB 25,000 a day, 775,000 a month and 50 a second.

Every call asks for one result, as only ``total`` is wanted: all documents ever indexed, not those of a month. The
keyword is asked as it stands; whether Naver heeds quotes and other signs in it is nowhere promised.

``adult`` and ``errata`` count nothing but answer yes or no, at the same price: whether Naver holds the keyword for an
adult one, and whether it takes it for a slip of the keyboard (``data["suggestion"]`` is what it would search instead).
Their JSON is documented nowhere: the word is taken from the top or from the one item, a number written either way.

Not offered: ``shop``, ``book`` and ``doc``, which Naver ended on 2026-07-31.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import Field, SecretStr

from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import HeaderSecret, HeaderText, UpstreamSettings
from app.sources.base import Account, Channel, Column, Notice, Reading, Request, Response, Upstream, said, whole
from workers.budget.values import Budget, Rate

_LEGACY_URL = "https://openapi.naver.com"
_HUB_URL = "https://naverapihub.apigw.ntruss.com"
_HUB_RATE = Rate(50, 1)
_HUB_MONTHLY = 775_000
#: What Naver calls a channel, where it is not our word.
_SERVICES = {"cafe": "cafearticle", "web": "webkr"}
#: The last day of the legacy platform, and since when its users are told.
_LEGACY_ENDS = date(2027, 6, 30)
_TOLD_FROM = _LEGACY_ENDS - timedelta(days=90)

#: What each error code means, whatever the HTTP status: 010 and 012 both come as 429, and mean different things.
#: Codes that say the request itself was wrong (SE02 to SE05, 100, 300) are our mistake: they stay Unreadable, with
#: their words, so that no keyword is blamed for good.
_BY_CODE: dict[str, type[UpstreamError]] = {
    # legacy, and the services behind HUB's gateway
    "010": QuotaSpent,
    "012": Throttled,
    "024": BadCredentials,
    "028": BadCredentials,
    "SE01": Rejected,
    "SE06": Rejected,
    "SE99": Unreachable,
    # HUB's gateway
    "200": BadCredentials,
    "210": BadCredentials,
    "401": BadCredentials,
    "403": BadCredentials,
    "400": QuotaSpent,
    "410": Throttled,
    "420": Throttled,
    "430": Rejected,
    "500": Unreachable,
    "510": Unreachable,
    "900": Unreachable,
}


class NaverSettings(UpstreamSettings):
    """Naver's credentials and which of its platforms they belong to."""

    client_id: HeaderText = Field("", description="client id of the application at Naver")
    client_secret: HeaderSecret = Field(SecretStr(""), description="client secret of the application at Naver")
    platform: Literal["legacy", "hub"] = Field(
        "legacy", description="legacy = developers.naver.com (until 2027-06-30), hub = NAVER API HUB"
    )


class Naver(Upstream, name="naver"):
    """Naver's search channels.

    Settings: KEYBATCH_NAVER_CLIENT_ID, _CLIENT_SECRET, _PLATFORM, _BASE_URL (both platforms' paths are asked there).
    """

    ko = "네이버"
    en = "Naver"
    channels: ClassVar[Mapping[str, Channel]] = {
        "blog": Channel(
            "블로그 문서수",
            "Blog posts",
            "블로그 글 전체 (누적)",
            "all Naver blog posts ever indexed",
            counts="documents",
        ),
        "cafe": Channel(
            "카페 글수", "Cafe posts", "공개된 카페 글 전체 (누적)", "all public Naver cafe posts", counts="documents"
        ),
        "news": Channel(
            "뉴스 기사수",
            "News articles",
            "뉴스 검색 기사 전체 (누적)",
            "all articles in Naver news",
            counts="documents",
        ),
        "web": Channel("웹문서수", "Web pages", "웹문서 검색 결과", "results of Naver web search", counts="documents"),
        "kin": Channel(
            "지식iN 질문수",
            "KiN questions",
            "지식iN 질문 전체 (누적)",
            "all questions on Naver KiN",
            counts="documents",
        ),
        "encyc": Channel(
            "백과사전 문서수", "Encyclopedia", "지식백과 표제어", "entries of Naver's encyclopedia", counts="documents"
        ),
        "image": Channel("이미지수", "Images", "이미지 검색 결과", "results of Naver image search", counts="documents"),
        "local": Channel(
            "지역 업체수", "Local places", "지역 검색 결과", "places found by Naver local search", counts="documents"
        ),
        "adult": Channel(
            "성인 검색어", "Adult keyword", "성인 검색어 여부", "whether Naver calls it adult", kind="flag"
        ),
        "errata": Channel(
            "오타 의심",
            "Likely typo",
            "네이버가 다른 검색어로 고쳐 주는지 여부",
            "whether Naver suggests another spelling",
            kind="flag",
            columns=(Column("suggestion", "추천 검색어", "Suggestion", text=True),),
        ),
    }
    budget = Budget(rate=Rate(10, 1), quota=25_000, zone="Asia/Seoul")
    settings_class: ClassVar[type[UpstreamSettings]] = NaverSettings
    control = "네이버"
    needs = ("client_id", "client_secret")

    def budget_from(self, settings: UpstreamSettings) -> Budget:
        """As the base has it; HUB has a rate of its own and counts the month too."""
        budget = super().budget_from(settings)
        if _of_naver(settings).platform == "legacy":
            return budget
        rate = budget.rate if settings.rate else _HUB_RATE
        return replace(budget, rate=rate, monthly=settings.monthly_quota or _HUB_MONTHLY)

    def notice(self, settings: UpstreamSettings, today: date) -> Notice | None:
        """That the legacy platform ends, in its last 90 days and from then on."""
        if _of_naver(settings).platform != "legacy" or today < _TOLD_FROM:
            return None
        over = today > _LEGACY_ENDS
        return Notice(
            f"네이버 개발자센터의 검색 API가 {_LEGACY_ENDS}에 종료{'되었습니다' if over else '됩니다'}. "
            "NAVER API HUB에서 키를 새로 발급받아 설정에 넣고 KEYBATCH_NAVER_PLATFORM=hub로 바꾸세요.",
            f"Naver's search API on developers.naver.com {'ended' if over else 'ends'} on {_LEGACY_ENDS}. Get keys of "
            "NAVER API HUB, put them in the settings and set KEYBATCH_NAVER_PLATFORM=hub.",
        )

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """One search that returns one result and the total; a flag's service takes the query only. Raises Rejected for
        a keyword that no URL can carry."""
        [keyword] = keywords
        if not keyword.strip():
            raise Rejected("the keyword is blank")
        try:
            query = quote(keyword, safe="")
        except UnicodeEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        settings = _of_naver(account.settings)
        service = _SERVICES.get(channel, channel)
        flag = self.channels[channel].kind == "flag"
        key, secret = settings.client_id, settings.client_secret.get_secret_value()
        if settings.platform == "hub":
            base = settings.base_url.rstrip("/") or _HUB_URL
            url = f"{base}/search/v1/{service}?query={query}{'' if flag else '&display=1&format=json'}"
            return Request(url, headers={"X-NCP-APIGW-API-KEY-ID": key, "X-NCP-APIGW-API-KEY": secret})
        base = settings.base_url.rstrip("/") or _LEGACY_URL
        url = f"{base}/v1/search/{service}.json?query={query}{'' if flag else '&display=1'}"
        return Request(url, headers={"X-Naver-Client-Id": key, "X-Naver-Client-Secret": secret})

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The total, or the flag. An error's code goes before the HTTP status, on a 200 too."""
        try:
            body = response.json()
        except Unreadable as unreadable:
            raise response.trouble() or unreadable from None
        if not isinstance(body, dict):
            raise response.trouble() or Unreadable(response.excerpt)
        error = _error(body, response)
        if error:
            raise error
        reading = _flag(channel, body) if self.channels[channel].kind == "flag" else _total(body)
        if reading is None:
            raise Unreadable(response.excerpt)
        return [reading]


def _of_naver(settings: UpstreamSettings) -> NaverSettings:
    assert isinstance(settings, NaverSettings)
    return settings


def _total(body: Mapping[str, Any]) -> Reading | None:
    total = whole(body.get("total"))
    return None if total is None else Reading("ok", total)


def _flag(channel: str, body: Mapping[str, Any]) -> Reading | None:
    """What ``adult`` or ``errata`` says: its field at the top, or in the item or the first of the items."""
    items = body.get("items", body.get("item"))
    item = items[0] if isinstance(items, list) and items else items
    word = body.get(channel, item.get(channel) if isinstance(item, dict) else None)
    if channel == "errata":
        if not isinstance(word, str):
            return None
        return Reading("ok", 1.0, data={"suggestion": said(word.strip())}) if word.strip() else Reading("ok", 0.0)
    adult = whole(word)
    return Reading("ok", adult) if adult in {0.0, 1.0} else None


def _error(body: Mapping[str, Any], response: Response) -> UpstreamError | None:
    """What ``body`` says went wrong, flat or nested; without a known code, what the status says."""
    nested = body.get("error")
    error = nested if isinstance(nested, dict) else body
    if error.get("errorCode") is None and not nested:
        return response.trouble()
    code = str(error.get("errorCode")).zfill(3)
    kind = _BY_CODE.get(code)
    # The gateway also writes plain HTTP statuses as codes (401 was seen); then 400 is a bad request, no spent quota.
    if kind is None or (code == "400" and response.status == 400):
        return response.trouble() or Unreadable(response.excerpt)
    words = (error.get("errorMessage"), error.get("message"), error.get("details"))
    detail = said(f"{code}: " + " ".join(word for word in words if isinstance(word, str)))
    return kind(detail, None if kind is QuotaSpent else response.retry_after)
