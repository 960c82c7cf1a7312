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
from tests.simulators.naver.limits import Limits

KEY = "echo-key"
MOST = 5
_PAGE = b"<!DOCTYPE html><html>\xec\xa0\x90\xea\xb2\x80 \xed</html>"
#: Name → what happens to the call.
FAULTS = {
    "500": "500, no answer",
    "hang": "no answer, ever",
    "garbage": "200 with a page of HTML",
    "429": "too fast, whatever the rate was",
    "429 later": "the same, with Retry-After: 1",
    "truncated": "200 with half of the JSON",
    "wrong": "200 that names another keyword in the place of one that was asked",
    "short": "200 that leaves one keyword out",
    "error200": "200 with an error and a total of 0 for each keyword",
    "backoff": "a right answer that asks to be left alone for a while",
}


_SETTINGS = frozenset(
    {"faults", "seed", "poison", "down", "retry_after", "backoff_s", "latency_ms", "rate", "daily_quota", "now"}
)


class EchoSimulator:
    """``with EchoSimulator(faults={"500": 0.1}, poison=["x"]) as sim:``; ``down`` answers every call with 503. What was
    told is in ``told``: keyword → the totals its whole answers named. ``rate`` is calls in any sliding second,
    ``daily_quota`` calls a day of Seoul, both None for no limit; ``now`` starts its wall clock (UTC ms)."""

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
        rate: int | None = None,
        daily_quota: int | None = None,
        now: int | None = None,
    ) -> None:
        self.seed, self.down, self.retry_after, self.backoff_s = seed, down, retry_after, backoff_s
        self.latency_ms, self.rate, self.daily_quota = latency_ms, rate, daily_quota
        self.faults: dict[str, float] = {}
        self.poison: frozenset[str] = frozenset()
        self.configure(faults=faults or {}, poison=poison, now=now)
        self._limits = Limits()
        self.calls = 0
        self.last_call_ms: int | None = None
        self.statuses: Counter[int] = Counter()
        self.keywords: Counter[str] = Counter()
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

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configure(self, **changes: Any) -> None:
        """Change settings of the constructor from now on. Raises ValueError, and then changes none."""
        faults = changes.get("faults", {})
        unknown = [name for name in changes if name not in _SETTINGS] + [name for name in faults if name not in FAULTS]
        if unknown:
            raise ValueError(f"no such setting or fault: {', '.join(unknown)}")
        if sum(faults.values()) > 1 or any(share < 0 for share in faults.values()):
            raise ValueError("shares of faults lie between 0 and 1, all together too")
        if "now" in changes:
            now = changes.pop("now")
            self._shift_ms = 0 if now is None else now - time.time_ns() // 1_000_000
        for name, value in changes.items():
            setattr(self, name, {"faults": dict, "poison": frozenset}.get(name, lambda same: same)(value))

    def calls_of(self, keyword: str) -> int:
        """How often it was asked for, alone or with others."""
        return self.keywords[keyword]

    def stats(self) -> dict[str, Any]:
        """What happened so far, JSON-able; ``by_status`` 0 is a call without an answer."""
        answered = {keyword: len(totals) for keyword, totals in list(self.told.items()) if totals}
        return {
            "calls": self.calls,
            "by_status": {str(status): times for status, times in sorted(self.statuses.items())},
            "faults": dict(self.struck),
            "answered": answered,
            "repeated_answers": sum(times - 1 for times in answered.values()),
            "last_call_ms": self.last_call_ms,
        }

    def env(self) -> dict[str, str]:
        """The settings that point the product here."""
        return {"KEYBATCH_ECHO_BASE_URL": self.base_url, "KEYBATCH_ECHO_KEY": KEY}

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/v1/counts", self._take)
        app.on_response_prepare.append(_mark)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = int(runner.addresses[0][1])
        ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        at = time.monotonic_ns()
        self.calls += 1
        self.last_call_ms = time.time_ns() // 1_000_000
        self.arrivals.append(at / 1e9)
        keywords = request.query.getall("k", [])
        self.sizes.append(len(keywords))
        answer = self._refusal(request, keywords, at)
        if answer is None:
            question = "\n".join(keywords)
            self.asked[question] += 1
            self.keywords.update(keywords)
            fault = self._fault(question)
            if fault:
                self.struck[fault] += 1
            answer = None if fault == "hang" and self._answers(keywords) else self._say(keywords, fault)
        self.statuses[answer.status if answer else 0] += 1
        await asyncio.sleep(self.latency_ms / 1000 if answer else 3600)
        return answer or web.Response(status=504)

    def _refusal(self, request: web.Request, keywords: list[str], at_ns: int) -> web.Response | None:
        """Key, rate, day and number of keywords, in this order."""
        if request.headers.get("X-Key") != KEY:
            return web.json_response({"error": "bad_key"}, status=401)
        if not self._limits.within_rate(KEY, at_ns, self.rate):
            return web.json_response({"error": "too_fast"}, status=429)
        today = self._limits.calls_today(KEY, time.time_ns() // 1_000_000 + self._shift_ms)
        if self.daily_quota is not None and today > self.daily_quota:
            return web.json_response({"error": "quota_spent"}, status=429)
        if not 1 <= len(keywords) <= MOST:
            return web.json_response({"error": "bad_request"}, status=400)
        return None

    def _answers(self, keywords: list[str]) -> bool:
        return not self.down and not self.poison & set(keywords)

    def _fault(self, question: str) -> str:
        lot = lottery("fault", self.seed, self.asked[question], question)
        for name, share in self.faults.items():
            if lot < share:
                return name
            lot -= share
        return ""

    def _say(self, keywords: list[str], fault: str) -> web.Response:
        again = {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        if fault == "500" or not self._answers(keywords):
            return web.json_response({"error": "down"}, status=503 if self.down else 500, headers=again)
        if fault in {"429", "429 later"}:
            later = {"Retry-After": "1"} if fault == "429 later" else again
            return web.json_response({"error": "too_fast"}, status=429, headers=later)
        if fault == "garbage":
            page = b"<!DOCTYPE html><html>\xec\xa0\x90\xea\xb2\x80 \xed</html>"
            return web.Response(body=page, content_type="text/html")
        if fault == "error200":
            zeros = [{"keyword": keyword, "total": 0} for keyword in keywords]
            return web.json_response({"error": "internal", "counts": zeros})
        counts = _counts(keywords, fault)
        said = {"counts": counts, **({"backoff": self.backoff_s} if fault == "backoff" else {})}
        body = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
        if fault == "truncated":
            return web.Response(body=body[: len(body) // 2], content_type="application/json")
        for count in counts:
            self.told[count["keyword"]].append(count["total"])
        return web.Response(body=body, content_type="application/json")


async def _mark(_request: web.Request, answer: web.StreamResponse) -> None:
    answer.headers["X-Keybatch-Simulator"] = "1"


def _counts(keywords: list[str], fault: str) -> list[dict[str, Any]]:
    named = list(keywords)
    if fault == "wrong":
        named[-1] = f"{named[-1]} 다른"
    elif fault == "short":
        named.pop()
    counts = [(keyword, expected(keyword)) for keyword in named]
    return [
        {"keyword": keyword, "total": "< 10" if count.state == "below" else int(count.value or 0)}
        for keyword, count in counts
        if count.state != "missing"
    ]
