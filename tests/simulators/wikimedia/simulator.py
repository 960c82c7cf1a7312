"""Wikipedia's search, ``GET /{lang}/w/api.php?action=query&list=search&…``, and the page views (`views`), behind one
edge.

The edge refuses a client that does not say who it is (403), more than three calls at once from one address, and more
calls in a minute than the client may make (429 with Retry-After): ``rate`` where the ``User-Agent`` tells how to reach
a person, ten otherwise. The search says what is wrong with status 200 and a header. The order of the edge's checks, and
how long it asks to wait, are assumptions.
"""

import re
import time
from typing import Any

from aiohttp import web

from tests.simulators.served import Served, expected_count
from tests.simulators.wikimedia.views import pageviews

_SAYS_WHO = re.compile(r"\((mailto:)?([^()\s]+@[^()\s]+|https?://[^()\s]+)")
_LIBRARY = re.compile(r"(?i)(python-requests|python-urllib|python/|aiohttp|curl|wget|go-http-client|java|okhttp)\S*")
_UNKNOWN_RATE = 10
_LONGEST = 300
#: Words for errors that a test may ask for.
_COMPLAINTS = {
    "ratelimited": "You've exceeded your rate limit. Please wait some time and try again.",
    "cirrussearch-too-busy-error": "Search is currently too busy. Please try again later.",
    "cirrussearch-backend-error": "We could not complete your search due to a temporary problem.",
}


def expected_pages(lang: str, query: str) -> int:
    """The ``totalhits`` that the search answers."""
    return expected_count("wikipedia", lang, query)


class WikimediaSimulator(Served):
    """Wikipedia's search and page views. ``rate`` is calls in any sliding ``period_s`` (a minute) of a client that says
    who it is; ``lag``: seconds that the databases are behind; ``complaint``: the error that every search meets."""

    name = "wikimedia"
    rate: int | None = 200
    period_s = 60
    at_once = 3
    retry_after = 5
    lag = 0.0
    complaint = ""

    def env(self) -> dict[str, str]:
        return {
            "KEYBATCH_WIKIPEDIA_BASE_URL": f"{self.base_url}/{{lang}}",
            "KEYBATCH_WIKIPEDIA_CONTACT": "simulator@example.org",
            "KEYBATCH_WIKIPEDIA_VIEWS_BASE_URL": self.base_url,
            "KEYBATCH_WIKIPEDIA_VIEWS_CONTACT": "simulator@example.org",
        }

    def throttled(self, request: web.Request) -> web.Response:
        page = "<!DOCTYPE html><html><title>Wikimedia Error</title><p>Too many requests (f061ab2)</p></html>"
        later = {"Retry-After": str(self.retry_after)}
        return web.Response(status=429, text=page, content_type="text/html", headers=later)

    async def answer(self, request: web.Request) -> web.Response:
        """Who asks, how many at once, how often; then what."""
        agent = request.headers.get("User-Agent", "").strip()
        if not agent or _LIBRARY.match(agent):
            return web.Response(status=403, text="Please set a user-agent and respect our robot policy.\n")
        known = bool(_SAYS_WHO.search(agent))
        if self.in_flight > self.at_once or self._over(known=known):
            return self.throttled(request)
        if request.path.startswith("/api/rest_v1/"):
            return pageviews(request, self.now_ms())
        lang, _, path = request.path.lstrip("/").partition("/")
        if path != "w/api.php":
            return web.Response(status=404, text="<!DOCTYPE html><title>Not Found</title>", content_type="text/html")
        return self._search(lang, dict(request.query))

    def _over(self, *, known: bool) -> bool:
        rate = self.rate if known or self.rate is None else min(self.rate, _UNKNOWN_RATE)
        # A period is a second on a clock that is so much slower.
        return not self._limits.within_rate(str(known), time.monotonic_ns() // self.period_s, rate)

    def _search(self, lang: str, given: dict[str, str]) -> web.Response:
        listed = given.get("errorformat", "bc") != "bc"
        query = given.get("srsearch", "")
        if "maxlag" in given and self.lag > float(given["maxlag"]):
            return self._lagging(listed=listed)
        if given.get("action") != "query" or given.get("list") != "search":
            return _complain("badvalue", 'Unrecognized value for parameter "action".', "main", listed=listed)
        if not query:
            return _complain("missingparam", 'The "srsearch" parameter must be set.', listed=listed)
        if len(query) > _LONGEST:
            words = f"Search request is longer than the maximum allowed length. ({len(query)} > {_LONGEST})"
            return _complain("cirrussearch-query-too-long", words, listed=listed)
        if self.complaint:
            return _complain(self.complaint, _COMPLAINTS.get(self.complaint, ""), listed=listed)
        return web.json_response(_found(query, expected_pages(lang, query), given))

    def _lagging(self, *, listed: bool) -> web.Response:
        answer = _complain("maxlag", f"Waiting for db1234: {self.lag:g} seconds lagged", "main", listed=listed)
        answer.headers.update({"Retry-After": str(self.retry_after), "X-Database-Lag": f"{self.lag:.0f}"})
        return answer


def _complain(code: str, words: str, module: str = "query+search", *, listed: bool) -> web.Response:
    """An error with status 200: single as it always was, or listed as ``errorformat=plaintext`` wants it."""
    if listed:
        body: dict[str, Any] = {"errors": [{"code": code, "text": words, "module": module}], "docref": "See the docs."}
    else:
        body = {"error": {"code": code, "info": words}}
    return web.json_response(body, headers={"MediaWiki-API-Error": code})


def _found(query: str, total: int, given: dict[str, str]) -> dict[str, Any]:
    """A page of results as ``formatversion`` 1 or 2 writes it."""
    size = min(int(given.get("srlimit", "10")), 500)
    shown = min(total, size)
    done = True if given.get("formatversion") == "2" else ""
    more = {"continue": {"sroffset": shown, "continue": "-||"}} if total > shown else {}
    pages = [{"ns": 0, "title": f"{query} {n}", "pageid": n} for n in range(1, shown + 1)]
    return {"batchcomplete": done, **more, "query": {"searchinfo": {"totalhits": total}, "search": pages}}
