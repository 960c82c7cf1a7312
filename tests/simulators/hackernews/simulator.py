"""``GET /api/v1/search?query=…&tags=story&hitsPerPage=0`` (or ``search_by_date``), without a key.

Every answer has the fields that Algolia's have. Its quirk: where a page begins beyond the first 1,000 hits, it explains
so in a ``message`` with status 200 and says that there are 0. Assumed, because nobody has written it down: how it says
"too fast", and from which total on it estimates.
"""

import time
from urllib.parse import urlencode

from aiohttp import web

from tests.simulators.served import Served, expected_count

#: Totals from here on are said to be estimates.
APPROXIMATE_FROM = 1_000_000
_MOST_SHOWN = 1_000
_BEYOND = "you can only fetch the 1000 hits for this query."


def expected_stories(query: str) -> int:
    """The ``nbHits`` that the simulator answers for stories."""
    return expected_count("hackernews", "story", query)


class HackerNewsSimulator(Served):
    """Hacker News' search. ``rate`` is calls in any sliding ``period_s`` (an hour) from one address."""

    name = "hackernews"
    rate: int | None = 10_000
    period_s = 3600

    def env(self) -> dict[str, str]:
        return {"KEYBATCH_HACKERNEWS_BASE_URL": self.base_url}

    def too_fast(self, who: str) -> bool:
        # A period is a second on a clock that is so much slower.
        return not self._limits.within_rate(who, time.monotonic_ns() // self.period_s, self.rate)

    def throttled(self, request: web.Request) -> web.Response:
        return web.json_response({"message": "Too Many Requests", "status": 429}, status=429)

    async def answer(self, request: web.Request) -> web.Response:
        """Path, rate and numbers, in this order."""
        if request.method != "GET" or request.path not in {"/api/v1/search", "/api/v1/search_by_date"}:
            return web.json_response({"message": "Path not found", "status": 404}, status=404)
        if self.too_fast(request.remote or ""):
            return self.throttled(request)
        page, size = request.query.get("page", "0"), request.query.get("hitsPerPage", "20")
        if not page.isdigit() or not size.isdigit():
            return web.json_response({"message": "invalid page or hitsPerPage", "status": 400}, status=400)
        return web.json_response(_found(request, int(page), min(int(size), _MOST_SHOWN)))


def _found(request: web.Request, page: int, size: int) -> dict[str, object]:
    query = request.query.get("query", "")
    beyond = page > 0 and page * size >= _MOST_SHOWN
    total = 0 if beyond else expected_count("hackernews", request.query.get("tags", ""), query)
    exact = total < APPROXIMATE_FROM
    shown = range(page * size, min(page * size + size, total, _MOST_SHOWN))
    return {
        "exhaustive": {"nbHits": exact, "typo": exact},
        "exhaustiveNbHits": exact,
        "exhaustiveTypo": exact,
        "hits": [{"objectID": str(n), "title": f"Story {n}", "url": f"https://{n}.invalid/"} for n in shown],
        "hitsPerPage": size,
        **({"message": _BEYOND} if beyond else {}),
        "nbHits": total,
        "nbPages": -(-min(total, _MOST_SHOWN) // size) if size else 0,
        "page": page,
        "params": urlencode([*request.query.items(), ("advancedSyntax", "true"), ("analyticsTags", "backend")]),
        "processingTimeMS": 4,
        "query": query,
    }
