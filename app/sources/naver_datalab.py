"""Naver DataLab: how much a keyword was searched for over time, relative to an anchor keyword.

DataLab says no counts, only ratios: the largest of all keywords and periods of one answer is 100. So every call carries
the anchor (KEYBATCH_NAVER_DATALAB_ANCHOR) beside up to four keywords, and every ratio is scaled until the anchor's
largest is 100. Then answers compare, whoever else was in the call, among those of one anchor, unit, window, device and
gender. Ratios come with about five decimals: beside a keyword that is searched for thousands of times as often, a rare
one keeps few digits, or is told as 0.

Only whole periods are asked for, up to yesterday in Seoul: days, weeks of Monday to Sunday or calendar months, over the
given number of months and not before 2016-01-01. The value is the last period's; the data hold the series of ``[first
day, scaled]``. A period that an answer leaves out had no searches, or has no figures yet, as may be for a day: it is a
gap, never 0. A keyword without the last period is ``missing``, with the series that there is.

Two platforms speak for it, with one schema of results and two dialects of errors: ``legacy``, openapi.naver.com, takes
no new applications since 2026-07-30 and ends on 2027-06-30; ``hub``, NAVER API HUB, is where new keys come from. Its
gateway nests its errors and writes their codes as text or as numbers; what stands behind it writes them flat.

One account is one client id: 1,000 calls a day on legacy. HUB's limit is not known; its forerunner allowed as many, and
said "quota exceeded" also for an API not ticked in its console. No limit for a second is known; 5 is a modest choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import orjson
from pydantic import Field, SecretStr, StringConstraints

from app import clock
from app.errors import BadCredentials, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.settings import HeaderSecret, HeaderText, UpstreamSettings
from app.sources.base import Account, Channel, Column, Notice, Reading, Request, Response, Upstream, said
from workers.budget.values import Budget, Rate

#: Host and path of each platform, and the headers of its credentials.
_PLATFORMS = {
    "legacy": ("openapi.naver.com", "/v1/datalab/search", "X-Naver-Client-Id", "X-Naver-Client-Secret"),
    "hub": ("naverapihub.apigw.ntruss.com", "/search-trend/v1/search", "X-NCP-APIGW-API-KEY-ID", "X-NCP-APIGW-API-KEY"),
}
_LEGACY_ENDS, _NOTICE = date(2027, 6, 30), timedelta(days=90)
_OLDEST, _DAY = date(2016, 1, 1), timedelta(days=1)
#: The least that five decimals can say; an anchor below it is no measure.
_LEAST = 0.00001
#: The anchor's group. The others are named by their keyword's place in the call, which is unique and always fits.
_ANCHOR = "anchor"

#: What a code means, whatever the HTTP status. A flat 400 says that the request was wrong, which is our mistake: it
#: stays Unreadable, with its words, so that no keyword is blamed for good.
_FLAT: dict[str, type[UpstreamError]] = {
    "010": QuotaSpent,
    "012": Throttled,
    **dict.fromkeys(("024", "028", "403"), BadCredentials),
    **dict.fromkeys(("500", "SE99"), Unreachable),
}
#: The same of HUB's gateway, where 400 and 500 are other things than behind it.
_GATEWAY: dict[str, type[UpstreamError]] = {
    "400": QuotaSpent,
    "430": Rejected,
    **dict.fromkeys(("410", "420"), Throttled),
    **dict.fromkeys(("200", "210", "401", "403"), BadCredentials),
    **dict.fromkeys(("500", "510", "900"), Unreachable),
}


class NaverDatalabSettings(UpstreamSettings):
    """Credentials, which of Naver's platforms they belong to, and what is compared with what."""

    client_id: HeaderText = Field("", description="client id of the application at Naver")
    client_secret: HeaderSecret = Field(SecretStr(""), description="client secret of the application at Naver")
    platform: Literal["legacy", "hub"] = Field("legacy", description="developers.naver.com, or hub = NAVER API HUB")
    anchor: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        "쇼핑", description="keyword whose maximum is 100; one that is much searched for at any time"
    )
    unit: Literal["date", "week", "month"] = Field("month", description="period of one value: date, week or month")
    months: int = Field(12, ge=1, le=120, description="months back from the last whole period; 1 to 120")
    device: Literal["", "pc", "mo"] = Field("", description="searches on pc or mo (mobile) only; empty = all")
    gender: Literal["", "m", "f"] = Field("", description="searches by m (men) or f (women) only; empty = all")


class NaverDatalab(Upstream, name="naver_datalab"):
    """Search trends, several keywords a call. Settings: KEYBATCH_NAVER_DATALAB_CLIENT_ID, _CLIENT_SECRET, _PLATFORM,
    _ANCHOR, _UNIT, _MONTHS, _DEVICE, _GENDER, _BASE_URL (both platforms' paths are asked there)."""

    ko = "네이버 데이터랩"
    en = "Naver DataLab"
    channels: ClassVar[Mapping[str, Channel]] = {
        "trend": Channel(
            "검색어 트렌드",
            "Search trend",
            "마지막 기간의 검색 비율 (기준 검색어의 최댓값 = 100)",
            "searches in the last whole period (the anchor keyword's maximum = 100)",
            decimals=2,
            columns=(
                Column("period", "기준 기간", "Period", text=True),
                Column("peak", "최고 기간", "Peak period", text=True),
            ),
        )
    }
    budget = Budget(rate=Rate(5, 1), quota=1_000, zone="Asia/Seoul")
    per_call = 4
    settings_class: ClassVar[type[UpstreamSettings]] = NaverDatalabSettings
    control = "네이버"
    needs = ("client_id", "client_secret")
    terms_ko = "네이버 Search Trend 약관상 결과는 받은 즉시 한 번만 쓸 수 있으며 저장, DB 구축, 재사용은 금지됩니다."
    terms_en = "Naver's Search Trend terms allow one use of a result, on receipt; no storing, no database, no re-use."

    def notice(self, settings: UpstreamSettings, today: date) -> Notice | None:
        """That legacy ends, from 90 days before on."""
        if _of_datalab(settings).platform != "legacy" or today < _LEGACY_ENDS - _NOTICE:
            return None
        over = today > _LEGACY_ENDS
        return Notice(
            f"네이버 개발자센터의 데이터랩 API는 {_LEGACY_ENDS}에 {'종료되었습니다' if over else '종료됩니다'}. "
            "NAVER API HUB에서 키를 새로 발급받고 KEYBATCH_NAVER_DATALAB_PLATFORM=hub로 바꿔 주세요.",
            f"DataLab's API at Naver Developers {'ended' if over else 'ends'} on {_LEGACY_ENDS}. Get new keys at NAVER "
            "API HUB and set KEYBATCH_NAVER_DATALAB_PLATFORM=hub.",
        )

    def comparable(self, settings: UpstreamSettings, data: Mapping[str, Any]) -> bool:
        """A reading on another anchor's scale, or by another unit, is none of this column."""
        mine = _of_datalab(settings)
        return (data.get("anchor"), data.get("unit")) in ((mine.anchor, mine.unit), (None, None))

    def ask(self, channel: str, keywords: Sequence[str], account: Account) -> Request:
        """The anchor and each keyword once. Raises Rejected for a keyword that cannot be asked."""
        if not all(keyword.strip() for keyword in keywords):
            raise Rejected("the keyword is blank")
        settings = _of_datalab(account.settings)
        groups = {_ANCHOR: settings.anchor}
        groups |= {str(keywords.index(keyword)): keyword for keyword in keywords if keyword != settings.anchor}
        start, end = _window(settings, clock.at(clock.now_ms(), "Asia/Seoul").date())
        asked = {
            "startDate": start,
            "endDate": end,
            "timeUnit": settings.unit,
            "keywordGroups": [{"groupName": name, "keywords": [keyword]} for name, keyword in groups.items()],
        }
        asked |= {name: value for name in ("device", "gender") if (value := getattr(settings, name))}
        try:
            body = orjson.dumps(asked)
        except orjson.JSONEncodeError:
            raise Rejected("the keyword holds half a character (a lone surrogate)") from None
        host, path, name, proof = _PLATFORMS[settings.platform]
        keys = {name: settings.client_id, proof: settings.client_secret.get_secret_value()}
        url = f"{settings.base_url.rstrip('/') or f'https://{host}'}{path}"
        return Request(url, "POST", {**keys, "Content-Type": "application/json"}, body)

    def read(self, channel: str, keywords: Sequence[str], response: Response) -> list[Reading]:
        """The last period's ratio of each keyword, on the anchor's scale. An error's code goes before the status."""
        try:
            body = response.json()
        except Unreadable as unreadable:
            raise response.trouble() or unreadable from None
        if not isinstance(body, dict):
            raise response.trouble() or Unreadable(response.excerpt)
        if error := _error(body, response):
            raise error
        try:
            return _readings(body, keywords)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            raise Unreadable(response.excerpt) from None


def _of_datalab(settings: UpstreamSettings) -> NaverDatalabSettings:
    assert isinstance(settings, NaverDatalabSettings)
    return settings


def _window(settings: NaverDatalabSettings, today: date) -> tuple[date, date]:
    """First and last day of the whole periods before ``today``."""
    after = {"date": today, "week": today - today.weekday() * _DAY, "month": today.replace(day=1)}[settings.unit]
    year, month = divmod(after.year * 12 + after.month - 1 - settings.months, 12)
    first = max(date(year, month + 1, min(after.day, 28)), _OLDEST)
    if settings.unit == "week":
        first += -first.weekday() % 7 * _DAY
    return first, after - _DAY


def _error(body: Mapping[str, Any], response: Response) -> UpstreamError | None:
    """What ``body`` says went wrong, flat or nested; without a known code, what the status says."""
    nested = body.get("error")
    error, kinds = (nested, _GATEWAY) if isinstance(nested, dict) else (body, _FLAT)
    if error.get("errorCode") is None and not nested:
        return response.trouble()
    code = str(error.get("errorCode")).zfill(3)
    kind = kinds.get(code)
    # The gateway also writes plain HTTP statuses as codes (401 was seen); then 400 is a bad request, no spent quota.
    if kind is None or (code == "400" and response.status == 400):
        return response.trouble() or Unreadable(response.excerpt)
    words = (error.get("errorMessage"), error.get("message"), error.get("details"))
    detail = said(f"{code}: " + " ".join(word for word in words if isinstance(word, str)))
    return kind(detail, None if kind is QuotaSpent else response.retry_after)


def _readings(body: Mapping[str, Any], keywords: Sequence[str]) -> list[Reading]:
    """What an answer says of each keyword. Raises Unreadable, or what Python says of another shape."""
    unit, end = body["timeUnit"], date.fromisoformat(body["endDate"])
    last = {"date": end, "week": end - 6 * _DAY, "month": end.replace(day=1)}[unit]
    told = {group["title"]: (*group["keywords"], _series(group["data"], end)) for group in body["results"]}
    anchor, ratios = told[_ANCHOR]
    if len(told) != len(body["results"]):
        raise ValueError("a group is told twice")
    about, most = {"anchor": said(anchor), "unit": unit}, max(ratios.values(), default=0.0)
    if not ratios:  # as with any keyword, so nobody shall go on asking until the setting is corrected
        raise BadCredentials(f"nobody searches for the anchor (KEYBATCH_NAVER_DATALAB_ANCHOR), {said(anchor)}.")
    if most < _LEAST:
        raise Unreadable(f"the anchor (KEYBATCH_NAVER_DATALAB_ANCHOR) has no searches to compare with: {said(anchor)}")
    readings = []
    for keyword in keywords:
        alike = (anchor, ratios) if _same(keyword, anchor) else None
        name, series = told.get(str(keywords.index(keyword)), alike) or ("", None)
        if series is not None and not _same(name, keyword):
            raise ValueError("the group is about another keyword")
        scaled = {day: _rounded(ratio * 100 / most) for day, ratio in (series or {}).items()}
        readings.append(replace(_reading(scaled, last, about), left_out=series is None))
    return readings


def _reading(scaled: Mapping[date, float], last: date, about: Mapping[str, str]) -> Reading:
    """The value of the period that begins on or after ``last``; without it, missing."""
    if not scaled:
        return Reading("missing")
    data = {"series": [[str(day), value] for day, value in scaled.items()], **about}
    peak, latest = max(scaled, key=scaled.__getitem__), max(scaled)
    if scaled[peak]:
        data["peak"] = str(peak)
    if latest < last:
        return Reading("missing", data=data)
    return Reading("ok", scaled[latest], data={**data, "period": str(latest)})


def _series(points: Sequence[Mapping[str, Any]], end: date) -> dict[date, float]:
    """First day of each period → ratio, in order of time. A ratio may be text, as the documentation's table has it."""
    told = ((date.fromisoformat(point["period"]), point["ratio"]) for point in points)
    series = {day: float(ratio) for day, ratio in told if not isinstance(ratio, bool) and day <= end}
    if len(series) != len(points) or not all(0 <= ratio <= 100 for ratio in series.values()):
        raise ValueError("a ratio is none, or its period is told twice or lies beyond the window")
    return dict(sorted(series.items()))


def _rounded(value: float) -> float:
    """To four decimals, or to four digits where those would make it 0."""
    return round(value, 4) or float(f"{value:.4g}")


def _same(one: str, other: str) -> bool:
    """Whether they are one keyword, however the answer writes it: case and blanks are not looked at."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
