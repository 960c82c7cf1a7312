"""Naver's DataLab on both platforms: ``POST /v1/datalab/search`` (legacy) and ``POST /search-trend/v1/search`` (HUB).

1,000 calls a day for one client id on both. Assumed, because nobody has written it down: the order of the checks (path,
key, permission, then legacy looks at the body before the limits and HUB's gateway at the limits before the body), that
one wrong field is refused as any other, that group names must differ, and the calls a second (none, unless set).
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from aiohttp import web

from tests.simulators.datalab.trends import results
from tests.simulators.served import Served

CLIENT_ID, CLIENT_SECRET = "sim-client", "sim-secret"
#: Path → the headers of its platform's credentials.
_KEYS = {
    "/v1/datalab/search": ("X-Naver-Client-Id", "X-Naver-Client-Secret"),
    "/search-trend/v1/search": ("X-NCP-APIGW-API-KEY-ID", "X-NCP-APIGW-API-KEY"),
}
_AUTH = "Authentication failed. (인증에 실패했습니다.)"
_OLDEST = "2016-01-01"
_AGES = {str(number) for number in range(1, 12)}
_TYPES = {False: "application/json;charset=UTF-8", True: "text/plain;charset=UTF-8"}


class DatalabSimulator(Served):
    """Naver's DataLab, both platforms. ``disabled``: the API is not enabled for the application."""

    name = "datalab"
    daily_quota: int | None = 1_000
    disabled = False

    async def answer(self, request: web.Request) -> web.Response:
        """Path, method, key and permission; body and limits in the platform's order; then the trends."""
        if request.path not in _KEYS:
            return _refuse(404, "300", "Not Found Exception", hub=True) if _hub(request) else web.Response(status=404)
        if request.method != "POST":
            return web.Response(status=405)
        refusal = self._gate(request)
        asked = asked_in(await request.read())
        if refusal is None and (asked is not None or _hub(request)):
            refusal = self._over_limit(request)
        if refusal is not None:
            return refusal
        if asked is None:
            return _refuse(400, "400", "잘못된 요청", hub=False)
        body = said(asked)
        return web.Response(text=json.dumps(body, ensure_ascii=False), headers={"Content-Type": _TYPES[_hub(request)]})

    def throttled(self, request: web.Request) -> web.Response:
        if _hub(request):
            return _refuse(429, "420", "Rate Limited", hub=True)
        return _refuse(429, "012", "Rate limit exceeded. (속도 제한을 초과했습니다.)", hub=False)

    def env(self, platform: str = "legacy") -> dict[str, str]:
        return {
            "KEYBATCH_NAVER_DATALAB_BASE_URL": self.base_url,
            "KEYBATCH_NAVER_DATALAB_PLATFORM": platform,
            "KEYBATCH_NAVER_DATALAB_CLIENT_ID": CLIENT_ID,
            "KEYBATCH_NAVER_DATALAB_CLIENT_SECRET": CLIENT_SECRET,
        }

    def _gate(self, request: web.Request) -> web.Response | None:
        key, secret = (request.headers.get(name, "") for name in _KEYS[request.path])
        if _hub(request):
            if not key or not secret:
                return _refuse(401, "200", "Authentication Failed", "Authentication information are missing.", hub=True)
            if (key, secret) != (CLIENT_ID, CLIENT_SECRET):
                return _refuse(401, "200", "Authentication Failed", "Invalid authentication information.", hub=True)
            if self.disabled:
                return _refuse(401, 401, "요청한 API는 이 Application에서 활성화되어 있지 않습니다.", hub=True)
            return None
        if not key or not secret:
            return _refuse(401, "024", f"Not Exist Client {'Secret' if key else 'ID'} : {_AUTH}", hub=False)
        if (key, secret) != (CLIENT_ID, CLIENT_SECRET):
            return _refuse(401, "024", f"NID AUTH Result Invalid (1000) : {_AUTH}", hub=False)
        return _refuse(401, "024", f"Scope Status Invalid : {_AUTH}", hub=False) if self.disabled else None

    def _over_limit(self, request: web.Request) -> web.Response | None:
        if self.too_fast(CLIENT_ID):
            return self.throttled(request)
        count, quota = self.calls_today(CLIENT_ID), self.daily_quota
        if quota is None or count <= quota:
            return None
        if _hub(request):
            return _refuse(429, "400", "Quota Exceeded", hub=True)
        words = f"{{count/quota={count}/{quota}}} : Query limit exceeded. (쿼리 한도를 초과했습니다.)"
        return _refuse(429, "010", words, hub=False)


def _hub(request: web.Request) -> bool:
    return request.path.startswith("/search-trend/")


def _refuse(status: int, code: str | int, message: str, details: str = "", *, hub: bool) -> web.Response:
    """Flat as legacy and the services write it, nested as HUB's gateway does."""
    body: dict[str, Any] = {"errorMessage": message, "errorCode": code}
    if hub:
        body = {"error": {"errorCode": code, "message": message, **({"details": details} if details else {})}}
    return web.Response(
        status=status, text=json.dumps(body, ensure_ascii=False), headers={"Content-Type": _TYPES[False]}
    )


def asked_in(body: bytes) -> dict[str, Any] | None:
    """The question in a request's body, None for one that DataLab would refuse."""
    try:
        asked = json.loads(body)
        right = _right(asked)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return asked if right else None


def _right(asked: Mapping[str, Any]) -> bool:
    groups, days = asked["keywordGroups"], [asked["startDate"], asked["endDate"]]
    names = [group["groupName"] for group in groups]
    # A date in another form is refused; in this form, text compares as dates do.
    dated = all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) and date.fromisoformat(day) for day in days)
    return (
        dated
        and _OLDEST <= days[0] <= days[1]
        and asked["timeUnit"] in {"date", "week", "month"}
        and asked.get("device", "") in {"", "pc", "mo"}
        and asked.get("gender", "") in {"", "m", "f"}
        and set(asked.get("ages", [])) <= _AGES
        and 1 <= len(groups) <= 5
        and len(set(names)) == len(names)
        and all(isinstance(name, str) and name.strip() for name in names)
        and all(_words(group["keywords"]) for group in groups)
    )


def _words(keywords: object) -> bool:
    """Whether it is a list of 1 to 20 keywords."""
    listed = isinstance(keywords, list) and 1 <= len(keywords) <= 20
    return listed and all(isinstance(word, str) and word.strip() for word in keywords)


def said(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The body that answers a right question."""
    start, end, unit = asked["startDate"], asked["endDate"], asked["timeUnit"]
    who = f"{asked.get('device', '')}{asked.get('gender', '')}"
    told = results(asked["keywordGroups"], date.fromisoformat(start), date.fromisoformat(end), unit, who)
    return {"startDate": start, "endDate": end, "timeUnit": unit, "results": told}
