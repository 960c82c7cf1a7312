"""Naver Search Ads, its keyword tool: how often a keyword was searched for on Naver, and what else is searched for.

One call (``GET /keywordstool``) takes up to five hints and answers with about a thousand rows at most, one a keyword:
mostly the hints themselves, in no promised place, and keywords related to one of them. So each hint's row is found by
its name as Naver writes it (no whitespace, Latin letters upper-case), and never taken to be the first.

A row's numbers, in Naver's words: searches of the last 30 days up to yesterday, renewed each morning in Seoul, scaled
(tens, from a hundred thousand on hundreds); average clicks of ads a month, their rate in percent and the number of ads
on PC, of the last four weeks. Under ten searches it says ``"< 10"``. The specification writes ``"<10"``, every number
as text and competition in English, the live service numbers and Korean: both are read.

Naver publishes no rate. By its notices and users' reports it is 2 to 5 calls a second, less at times, for a customer
and for an address, and calls go on being refused for minutes after a burst of them: hence one call at a time, 1.2
seconds apart, and pauses of 5 seconds up to 5 minutes, as its notice asks.

A signature holds only for a while (a clock one minute off was refused). It is made when the call is, so a call that is
made again is signed again.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import Field, SecretStr

from app import clock
from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import HeaderSecret, HeaderText, UpstreamSettings
from app.sources.base import Account, Channel, Column, Reading, Request, Response, Upstream, said, whole
from workers.budget.values import Budget, Rate

_URL = "https://api.searchad.naver.com"
_PATH = "/keywordstool"
_PC, _MOBILE = "monthlyPcQcCnt", "monthlyMobileQcCnt"
#: Related keywords that a reading keeps, of the about 1,000 that come.
_KEPT = 200
_BELOW = re.compile(r"\s*<\s*([1-9]\d{0,8})\s*", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
#: A character that Naver's list of those allowed in keywords leaves out. The list names "Roman letters" beside English
#: ones without saying which: any Latin letter and the Roman numerals are let through for Naver to judge.
_REFUSED = re.compile(
    r"""[^"#&.=+%?!;_@()~'\\/A-Z0-9À-ÖØ-öø-ɏḀ-ỿⅠ-ↈＡ-Ｚ"""
    r"""가-힣ㄱ-ㅎㅏ-ㅣ\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"""
    r"""\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"""
)
_COMPETITION = {"high": "높음", "mid": "중간", "medium": "중간", "low": "낮음"}
_COMPETITION |= {word: word for word in ("높음", "중간", "낮음")}

#: What each code or type of problem means, whatever the HTTP status. "1014", too many of something, and other codes
#: that say the request itself was wrong are our mistake: they stay Unreadable, so that no keyword is blamed for good.
_PROBLEM = "urn:naver:api:problem:invalid-"
_BY_CODE: dict[str, type[UpstreamError]] = {
    **dict.fromkeys((f"{_PROBLEM}signature", f"{_PROBLEM}apikey", "1006", "1018"), BadCredentials),
    # The clock of this machine is off, or the call had to wait: the next one carries a fresh signature. Where that is
    # refused too, the upstream counts as down, and no keyword fails of it.
    f"{_PROBLEM}timestamp": Unreachable,
    "503": Unreachable,  # maintenance
    **dict.fromkeys(("429", "1016"), Throttled),
    # Wrong parameters, and what is said of keywords: characters that are not allowed, too long, not valid.
    **dict.fromkeys(("11001", "1015", "3906", "7003", "3913", "3917"), Rejected),
}
#: Otherwise, what the status means here: 403 is about who asks, never about a keyword; 422 was seen in outages.
_BY_STATUS: dict[int, type[UpstreamError]] = {403: BadCredentials, 422: Unreachable}


def _count(value: object) -> int | dict[str, int] | None:
    """A count of searches as readings show it: 4370, or ``{"below": 10}`` for "< 10"; None for anything else."""
    below = _BELOW.fullmatch(value) if isinstance(value, str) else None
    if below:
        return {"below": int(below[1])}
    count = whole(value)
    return None if count is None else int(count)


def _amount(value: object) -> float | None:
    """A number that need not be whole, or None."""
    return float(str(value)) if _AMOUNT.fullmatch(str(value)) else None


def _level(value: object) -> str | None:
    return _COMPETITION.get(value.strip().lower()) if isinstance(value, str) else None


_Field = tuple[Callable[[object], Any], Column, str]
#: What a row says: how it is read, our column and Naver's name of it.
_ROW: tuple[_Field, ...] = (
    (_count, Column("pc", "PC 검색수", "PC searches"), _PC),
    (_count, Column("mobile", "모바일 검색수", "Mobile searches"), _MOBILE),
    (_level, Column("competition", "경쟁정도", "Competition", text=True), "compIdx"),
    (_amount, Column("pc_clicks", "PC 광고 클릭수", "PC ad clicks", 1, detail=True), "monthlyAvePcClkCnt"),
    (
        _amount,
        Column("mobile_clicks", "모바일 광고 클릭수", "Mobile ad clicks", 1, detail=True),
        "monthlyAveMobileClkCnt",
    ),
    (_amount, Column("pc_ctr", "PC 광고 클릭률(%)", "PC ad CTR (%)", 2, detail=True), "monthlyAvePcCtr"),
    (
        _amount,
        Column("mobile_ctr", "모바일 광고 클릭률(%)", "Mobile ad CTR (%)", 2, detail=True),
        "monthlyAveMobileCtr",
    ),
    (_count, Column("ads", "노출 광고수", "Ads shown", detail=True), "plAvgDepth"),
)


class NaverSearchAdSettings(UpstreamSettings):
    """An advertiser's credentials at Naver Search Ads."""

    customer_id: HeaderText = Field("", description="customer id (CUSTOMER_ID) of the advertiser at Naver Search Ads")
    api_key: HeaderSecret = Field(SecretStr(""), description="access licence (API key) of that customer")
    secret_key: HeaderSecret = Field(SecretStr(""), description="secret key that goes with the access licence")


class NaverSearchAd(Upstream, name="naver_searchad"):
    """Naver's keyword tool. Settings: KEYBATCH_NAVER_SEARCHAD_CUSTOMER_ID, _API_KEY, _SECRET_KEY, _BASE_URL."""

    ko = "네이버 검색광고"
    en = "Naver Search Ads"
    channels: ClassVar[Mapping[str, Channel]] = {
        "volume": Channel(
            "월간 검색수",
            "Monthly searches",
            "최근 30일 네이버 검색수 (PC+모바일, 네이버가 단위를 조정한 값)",
            "searches on Naver in the last 30 days (PC + mobile), scaled by Naver",
            columns=tuple(column for _, column, _ in _ROW),
            counts="searches",
        ),
        "related": Channel(
            "연관 키워드수",
            "Related keywords",
            "네이버 키워드 도구의 연관 키워드 (최대 1,000개 안팎)",
            "keywords that Naver's keyword tool finds related, some 1,000 at most",
            per_call=1,
        ),
    }
    budget = Budget(rate=Rate(50, 60.0), concurrency=1, zone="Asia/Seoul")
    timeout: ClassVar[float] = 15.0
    in_flight = 5  # a signed call must not wait long for its turn
    per_call = 5
    throttle_s = (5.0, 15.0, 60.0, 300.0)
    terms_ko = "네이버는 광고 집행·운영 목적으로만 제공하며, 광고와 무관한 과도한 사용은 모니터링해 제재할 수 있습니다."
    terms_en = "Naver provides this for running ads only; it watches for heavy use unrelated to ads and may act on it."
    settings_class: ClassVar[type[UpstreamSettings]] = NaverSearchAdSettings
    control = "네이버"
    needs = ("customer_id", "api_key", "secret_key")

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """One call for all of them, those that are one hint asked once; signed now. Raises Rejected."""
        hints = dict.fromkeys(_askable(keyword) for keyword in keywords)
        settings = account.settings
        assert isinstance(settings, NaverSearchAdSettings)
        asked = ",".join(quote(one, safe="") for one in hints)
        timestamp = str(clock.now_ms())
        headers = {
            "X-Timestamp": timestamp,
            "X-API-KEY": settings.api_key.get_secret_value(),
            "X-Customer": settings.customer_id,
            "X-Signature": signature(settings.secret_key.get_secret_value(), timestamp, "GET", _PATH),
        }
        base = settings.base_url.rstrip("/") or _URL
        return Request(f"{base}{_PATH}?hintKeywords={asked}&showDetail=1", headers=headers)

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """Each keyword by its own row; of a keyword without one it says nothing. An error's code goes first."""
        rows, hints = _rows(response), [hint(keyword) for keyword in keywords]
        if channel == "related":
            return [_related(asked, rows) for asked in hints]
        return [_volume(rows.get(asked, []), response) for asked in hints]


def signature(secret: str, timestamp: str, method: str, path: str) -> str:
    """What proves a call: HMAC-SHA256 of ``timestamp.method.path`` (no query) in base64. ``timestamp`` is in
    milliseconds since 1970; ``secret`` is taken as it is written, not decoded. By Naver's own sample code."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{method}.{path}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def hint(keyword: str) -> str:
    """``keyword`` as Naver names it: composed, without whitespace, in capitals."""
    return unicodedata.normalize("NFC", "".join(keyword.split()).upper())


def _askable(keyword: str) -> str:
    """The hint of ``keyword``. Raises Rejected for one that would spoil the whole call."""
    asked = hint(keyword)
    if not asked:
        raise Rejected("the keyword is blank")
    refused = _REFUSED.search(asked)
    if refused:
        raise Rejected(f"Naver's keyword tool does not take the character {refused[0]!r}")
    return asked


def _rows(response: Response) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of an answer by hint, in their order. Raises an UpstreamError for anything less."""
    try:
        body = response.json()
    except Unreadable:
        body = None
    error = _error(body, response)
    if error:
        raise error
    listed = body.get("keywordList") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        raise Unreadable(response.excerpt)
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in listed:
        name = row.get("relKeyword") if isinstance(row, dict) else None
        if not isinstance(name, str) or not hint(name):
            raise Unreadable(response.excerpt)
        rows.setdefault(hint(name), []).append(row)
    return rows


def _error(body: object, response: Response) -> UpstreamError | None:
    """What went wrong, by its code or type; where it names none known, by the status. The other fields of a problem
    are not repeated: they hold the key or the signature."""
    told: Mapping[str, Any] = body if isinstance(body, dict) else {}
    name = told.get("type") if told.get("code") is None else told["code"]
    trouble = response.trouble() or (Unreadable() if name is not None else None)
    kind = _BY_CODE.get(str(name)) or _BY_STATUS.get(response.status) or (type(trouble) if trouble else None)
    if kind is None:
        return None
    if name == "about:blank" and response.status == 400:
        kind = Rejected  # "Invalid Parameter": of what is sent, only the hints can be
    words = (f"HTTP {response.status}", name, told.get("title"), told.get("message"))
    detail = said(" ".join(str(word) for word in words if isinstance(word, str | int)))
    named = name is not None or response.status in {401, 403}
    return kind(detail if named else response.excerpt, response.retry_after)


def _volume(rows: Sequence[Mapping[str, Any]], response: Response) -> Reading:
    """PC and mobile together, a range where one of them is. Rows of one hint that differ are not understood."""
    if not rows:
        return Reading("missing", left_out=True)
    row = rows[0]
    data = _told(row, _ROW)
    if row.get(_PC) is None and row.get(_MOBILE) is None:
        return Reading("missing", data=data)
    least, most = _range(data)
    upper = whole(most + 1)
    if upper is None or not {"pc", "mobile"} <= data.keys() or any(other != row for other in rows):
        raise Unreadable(response.excerpt)
    if isinstance(data["pc"], int) and isinstance(data["mobile"], int):
        return Reading("ok", float(least), data=data)
    return Reading("below", upper=upper, data={**data, "at_least": least} if least else data)


def _related(asked: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Reading:
    """How many keywords beside the hint came, and the most searched of them."""
    if not rows:
        return Reading("missing", left_out=True)
    others = (found[0] for name, found in rows.items() if name != asked)
    related = [{"keyword": said(row["relKeyword"]), **_told(row, _ROW[:3])} for row in others]
    related.sort(key=_range, reverse=True)
    return Reading("ok", float(len(related)), data={"related": related[:_KEPT]})


def _told(row: Mapping[str, Any], wanted: Sequence[_Field]) -> dict[str, Any]:
    """What ``row`` says of what is wanted, without what it does not say or says oddly."""
    told = ((column.key, read(row.get(name))) for read, column, name in wanted)
    return {key: value for key, value in told if value is not None}


def _range(told: Mapping[str, Any]) -> tuple[int, int]:
    """The least and the most searches, PC and mobile together."""
    counts = [told[device] for device in ("pc", "mobile") if device in told]
    least = sum(count for count in counts if isinstance(count, int))
    return least, least + sum(count["below"] - 1 for count in counts if isinstance(count, dict))
