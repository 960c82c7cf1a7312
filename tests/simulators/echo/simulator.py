"""``GET /v1/counts?k=…&k=…`` (five at most), header ``X-Key``; in a thread of its own.

200 ``{"counts": [{"keyword": "…", "total": 123 | "< 10"}]}`` · 400 bad_request · 401 bad_key · 429 too_fast |
quota_spent. Faults are shares of calls; which call meets which is decided by seed, question and how often it was asked.
"""

import asyncio
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.simulators.echo.counts import expected, lottery

KEY = "echo-key"
MOST = 5
_PAGE = b"<!DOCTYPE html><html>\xec\xa0\x90\xea\xb2\x80 \xed</html>"
#: Name → what happens to the call.
FAULTS = {
    "500": "500, no answer",
    "hang": "no answer, ever",
    "garbage": "200 with a page of HTML",
    "429": "too fast, whatever the rate was",
    "truncated": "200 with half of the JSON",
    "wrong": "200 that names another keyword in the place of one that was asked",
    "short": "200 that leaves one keyword out",
    "error200": "200 with an error and a total of 0 for each keyword",
    "backoff": "a right answer that asks to be left alone for a while",
}


class EchoSimulator:
    """``with EchoSimulator(faults={"500": 0.1}, poison=["x"]) as sim:``; ``down`` answers every call with 503. What was
    told is in ``told``: keyword → the totals its answers named."""

    def __init__(
        self,
        *,
        faults: Mapping[str, float] | None = None,
        seed: int = 0,
        poison: Sequence[str] = (),
        down: bool = False,
        retry_after: int | None = None,
        backoff_s: float = 0.0,
        latency_ms: float = 2.0,
    ) -> None:
        self.faults, self.seed, self.poison, self.down = dict(faults or {}), seed, frozenset(poison), down
        self.retry_after, self.backoff_s, self.latency_ms = retry_after, backoff_s, latency_ms
        self.calls = 0
        self.struck: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.told: defaultdict[str, list[object]] = defaultdict(list)
        self.arrivals: list[float] = []
        self.sizes: list[int] = []

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the simulator did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    def env(self) -> dict[str, str]:
        """The settings that point the product here."""
        return {"KEYBATCH_ECHO_BASE_URL": f"http://127.0.0.1:{self.port}", "KEYBATCH_ECHO_KEY": KEY}

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/v1/counts", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = int(runner.addresses[0][1])
        ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        self.arrivals.append(time.monotonic())
        keywords = request.query.getall("k", [])
        self.sizes.append(len(keywords))
        await asyncio.sleep(self.latency_ms / 1000)
        if request.headers.get("X-Key") != KEY:
            return web.json_response({"error": "bad_key"}, status=401)
        if not 1 <= len(keywords) <= MOST:
            return web.json_response({"error": "bad_request"}, status=400)
        question = "\n".join(keywords)
        self.asked[question] += 1
        fault = self._fault(question)
        if fault:
            self.struck[fault] += 1
        return await self._say(keywords, fault)

    def _fault(self, question: str) -> str:
        lot = lottery("fault", self.seed, self.asked[question], question)
        for name, share in self.faults.items():
            if lot < share:
                return name
            lot -= share
        return ""

    async def _say(self, keywords: list[str], fault: str) -> web.StreamResponse:
        again = {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        if self.down or fault == "500" or self.poison & set(keywords):
            return web.json_response({"error": "down"}, status=503 if self.down else 500, headers=again)
        if fault == "hang":
            await asyncio.sleep(3600)
        if fault == "429":
            return web.json_response({"error": "too_fast"}, status=429, headers=again)
        if fault == "garbage":
            return web.Response(body=_PAGE, content_type="text/html")
        if fault == "error200":
            zeros = [{"keyword": keyword, "total": 0} for keyword in keywords]
            return web.json_response({"error": "internal", "counts": zeros})
        body = json.dumps(self._counts(keywords, fault), ensure_ascii=False).encode()
        if fault == "truncated":
            body = body[: len(body) // 2]
        return web.Response(body=body, content_type="application/json")

    def _counts(self, keywords: list[str], fault: str) -> dict[str, Any]:
        named = list(keywords)
        if fault == "wrong":
            named[-1] = f"{named[-1]} 다른"
        elif fault == "short":
            named.pop()
        counts = []
        for keyword in named:
            count = expected(keyword)
            if count.state != "missing":
                total = "< 10" if count.state == "below" else int(count.value or 0)
                counts.append({"keyword": keyword, "total": total})
                self.told[keyword].append(total)
        return {"counts": counts, **({"backoff": self.backoff_s} if fault == "backoff" else {})}
