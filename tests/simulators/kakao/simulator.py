"""Kakao's (Daum's) search: ``GET /v2/search/{web,vclip,image,blog,cafe}`` and ``/v3/search/book``.

Its limits are those that Kakao publishes: 30,000 calls a day for each service, 50,000 for all, none for a second.
Assumed, because nobody has written it down: the order of the checks (path, key, permission, parameters, limits), how an
unknown path is refused, what is said of a key that is none, and that a call refused for its service's day costs none of
the day of all.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.simulators.served import Served, expected_count, lottery

KEY = "sim-rest-api-key"
_PAGEABLE = 800
_ENDINGS = {"blog": "blogname", "cafe": "cafename"}


@dataclass(frozen=True, slots=True)
class Service:
    """What may be asked for at ``path``."""

    path: str
    last_page: int = 50
    most: int = 50
    size: int = 10
    sorts: tuple[str, ...] = ("accuracy", "recency")


SERVICES = {
    "web": Service("/v2/search/web"),
    "blog": Service("/v2/search/blog"),
    "cafe": Service("/v2/search/cafe"),
    "vclip": Service("/v2/search/vclip", last_page=15, most=30, size=15),
    "image": Service("/v2/search/image", most=80, size=80),
    "book": Service("/v3/search/book", sorts=("accuracy", "latest")),
}
_BY_PATH = {service.path: name for name, service in SERVICES.items()}


def expected_total(channel: str, keyword: str) -> int:
    """What it says there is; ``channel`` is Kakao's word or ours (video)."""
    return expected_count("kakao", "vclip" if channel == "video" else channel, keyword)


class KakaoSimulator(Served):
    """Kakao's search. ``type_quota`` limits each service's day, ``daily_quota`` that of all; ``disabled``: the app may
    not use the API."""

    name = "kakao"
    daily_quota: int | None = 50_000
    type_quota: int | None = 30_000
    disabled = False

    async def answer(self, request: web.Request) -> web.Response:
        """Path, key, permission, parameters, limits; then the documents."""
        name = _BY_PATH.get(request.path)
        if name is None:
            return web.Response(status=404)
        refusal = self._gate(request) or _complaint(SERVICES[name], request)
        if refusal is not None:
            return refusal
        if self.too_fast(KEY) or self._spent(name):
            return self.throttled(request)
        query = request.query["query"]
        total, size = expected_total(name, query), int(request.query.get("size", SERVICES[name].size))
        return _say(200, _page(name, query, total, size))

    def throttled(self, request: web.Request) -> web.Response:
        return _refuse(429, "RequestThrottled", "API limit has been exceeded.")

    def env(self) -> dict[str, str]:
        return {"KEYBATCH_KAKAO_BASE_URL": self.base_url, "KEYBATCH_KAKAO_REST_API_KEY": KEY}

    def _gate(self, request: web.Request) -> web.Response | None:
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if kind != "KakaoAK" or key != KEY:
            shown = "null" if kind != "KakaoAK" or not key else key
            return _refuse(401, "AccessDeniedError", f"wrong appKey({shown}) format")
        if self.disabled:
            return _refuse(403, "AccessDeniedError", "cannot access API")
        return None

    def _spent(self, name: str) -> bool:
        """Whether the day has no call left, of the service or of all; takes it."""
        limits = ((f"{KEY} {name}", self.type_quota), (KEY, self.daily_quota))
        return any(quota is not None and self.calls_today(who) > quota for who, quota in limits)


def _say(status: int, body: object) -> web.Response:
    headers = {"Content-Type": "application/json;charset=UTF-8"}
    return web.Response(status=status, body=json.dumps(body, ensure_ascii=False).encode(), headers=headers)


def _refuse(status: int, kind: str, message: str) -> web.Response:
    return _say(status, {"errorType": kind, "message": message})


def _complaint(service: Service, request: web.Request) -> web.Response | None:
    if not request.query.get("query", "").strip():
        return _refuse(400, "MissingParameter", "query parameter required")
    for name, most in (("page", service.last_page), ("size", service.most)):
        text = request.query.get(name, "1")
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
            return _refuse(400, "InvalidArgument", f"{name} is not a number")
        if not 1 <= int(text) <= most:
            return _refuse(400, "InvalidArgument", f"{name} is {'more than max' if int(text) else 'less than min'}")
    if request.query.get("sort", "accuracy") not in service.sorts:
        return _refuse(400, "InvalidArgument", "sort is not supported")
    return None


def _page(name: str, query: str, total: int, size: int) -> dict[str, Any]:
    """The answer; the order of its two fields varies, as Kakao's does."""
    pageable = min(total, _PAGEABLE)
    documents = [_document(name, query, at) for at in range(min(size, pageable))]
    fields = [
        ("meta", {"total_count": total, "pageable_count": pageable, "is_end": pageable <= size}),
        ("documents", documents),
    ]
    return dict(fields if lottery("order", query) < 0.5 else fields[::-1])


def _document(name: str, query: str, at: int) -> dict[str, Any]:
    document = {
        "title": f"<b>{query}</b> - {at}",
        "contents": f"<b>{query}</b> …",
        "url": f"https://{name}.invalid/{at}",
        "datetime": "2026-06-14T00:00:00.000+09:00",
    }
    return {**document, _ENDINGS[name]: "이름", "thumbnail": ""} if name in _ENDINGS else document
