"""``/api/rest_v1/metrics/pageviews/per-article/…``, monthly: what readers opened, invented, but always the same.

Days are there a day after they end, and a month is the sum of the days that are there: one that is not over, or whose
last day is still on its way, comes out too small, as at Wikimedia.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote

from aiohttp import web

from tests.simulators.served import expected_count, lottery

_PATH = re.compile(
    r"/api/rest_v1/metrics/pageviews/per-article/(?P<lang>[a-z-]+)\.wikipedia(?:\.org)?"
    r"/(?P<access>all-access|desktop|mobile-app|mobile-web)/(?P<agent>all-agents|user|spider|automated)"
    r"/(?P<title>[^/]+)/monthly/(?P<start>\d{8}(?:\d\d)?)/(?P<end>\d{8}(?:\d\d)?)"
)
#: Nothing was counted before.
_FIRST = date(2015, 7, 1)
_NO_DATA = (
    "The date(s) you used are valid, but we either do not have data for those date(s), or the project you asked for is "
    "not loaded yet. Please check documentation for more information"
)


def expected_views(lang: str, title: str, month: str) -> int | None:
    """The views of an article in a whole month (``2026-10``), None where there are none. One title in ten is of no
    article; a title with a blank or a small first letter never is."""
    if " " in title or title[:1] != title[:1].title() or lottery("article", lang, title) < 0.1:
        return None
    if lottery("month", lang, title, month) < 0.03:
        return None
    return expected_count("views", lang, title, month) + 1


def pageviews(request: web.Request, now_ms: int) -> web.Response:
    """The answer to a call for page views: path, dates and data are looked at in this order."""
    asked = _PATH.fullmatch(request.raw_path) if request.method == "GET" else None
    if not asked:
        return _problem(404, "Not Found", "Invalid route")
    try:
        start, end = (datetime.strptime(asked[name][:8], "%Y%m%d").date() for name in ("start", "end"))  # noqa: DTZ007
    except ValueError:
        return _problem(400, "Bad Request", "start or end timestamp is invalid, must be a valid date in YYYYMMDD")
    months = _full_months(start, end)
    if not months:
        return _problem(400, "Bad Request", "no full months between dates")
    lang, title = asked["lang"], unquote(asked["title"])
    there = datetime.fromtimestamp(now_ms / 1000, UTC).date() - timedelta(days=2)
    items = [
        {
            "project": f"{lang}.wikipedia",
            "article": title,
            "granularity": "monthly",
            "timestamp": f"{month:%Y%m%d}00",
            "access": asked["access"],
            "agent": asked["agent"],
            "views": views,
        }
        for month in months
        if (views := _so_far(lang, title, month, there))
    ]
    if not items:
        return _problem(404, "Not Found", _NO_DATA)
    return web.json_response({"items": items})


def _full_months(start: date, end: date) -> list[date]:
    """The first days of the months of which every day is asked for."""
    month = max(start, _FIRST)
    if month.day > 1:
        month = _next(month)
    found: list[date] = []
    while _next(month) - timedelta(days=1) <= end:
        found.append(month)
        month = _next(month)
    return found


def _next(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _so_far(lang: str, title: str, month: date, there: date) -> int | None:
    """The views of ``month`` in the days up to ``there``."""
    views = expected_views(lang, title, f"{month:%Y-%m}")
    days = min((there - month).days + 1, monthrange(month.year, month.month)[1])
    if views is None or days < 1:
        return None
    return views * days // monthrange(month.year, month.month)[1]


def _problem(status: int, title: str, detail: str) -> web.Response:
    body = {"detail": detail, "method": "get", "status": status, "title": title, "type": "about:blank"}
    return web.json_response(body, status=status, content_type="application/problem+json")
