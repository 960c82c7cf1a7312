"""What simulators over HTTP share: a server in a thread (in tests) or in the foreground (by hand), a wall clock that
can be set, faults decided by seed and question, and a record of what happened.

A subclass says in `answer` what its upstream answers. ``GET /_sim/stats``, ``POST /_sim/reset`` and ``GET|POST
/_sim/config`` control it by hand; they are not counted as calls.
"""

import argparse
import asyncio
import json
import signal
import sys
import threading
import time
from collections import Counter
from hashlib import blake2b
from types import TracebackType
from typing import Any, ClassVar, Self

from aiohttp import web

from tests.simulators.naver.limits import Limits

_PAGE = b"<!DOCTYPE html><html>\xec\xa0\x90\xea\xb2\x80 \xed</html>"
#: Faults that every simulator has: name → what happens instead of the answer.
FAULTS = {
    "500": "500 with no words",
    "hang": "no answer, ever",
    "garbage": "200 with a page of HTML",
    "truncated": "200 with half of the body",
    "throttled": "too fast, whatever the rate was",
}


class Served:
    """``with Simulator(faults={"500": 0.1}, rate=2) as sim:``. ``rate``: calls in any sliding second, ``daily_quota``:
    calls a day of Seoul, None for no limit; ``now`` starts its wall clock (UTC ms)."""

    #: Its name on the command line and in its folder.
    name: ClassVar[str]
    #: Its upstream's own limits.
    rate: int | None = None
    daily_quota: int | None = None

    def __init__(self, **settings: Any) -> None:
        self.latency_ms, self.seed, self.down = 0.0, 0, False
        self.faults: dict[str, float] = {}
        self._shift_ms = 0
        self.reset()
        self.configure(**settings)

    # What a subclass says.

    async def answer(self, request: web.Request) -> web.Response:
        """The upstream's answer to one call that met no fault; it calls `too_fast` and `calls_today` itself, in its
        upstream's order of checks."""
        raise NotImplementedError

    def throttled(self, request: web.Request) -> web.Response:
        """How it says "too fast"."""
        raise NotImplementedError

    def env(self) -> dict[str, str]:
        """The settings that point the product here."""
        raise NotImplementedError

    # What it can use.

    def too_fast(self, who: str) -> bool:
        """Whether ``who`` (a key, an address) has no call of this second left; takes it otherwise."""
        return not self._limits.within_rate(who, time.monotonic_ns(), self.rate)

    def calls_today(self, who: str) -> int:
        """Take a call of the day in Seoul; which it is, from 1."""
        return self._limits.calls_today(who, self.now_ms())

    def now_ms(self) -> int:
        """Its wall clock, UTC milliseconds."""
        return time.time_ns() // 1_000_000 + self._shift_ms

    # What a test uses.

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def configure(self, **settings: Any) -> None:
        """Change settings from now on: any public attribute, and ``now``. Raises ValueError."""
        shares = settings.get("faults", {})
        unknown = [name for name in settings if name != "now" and (name.startswith("_") or not hasattr(self, name))]
        unknown += [name for name in shares if name not in FAULTS]
        if unknown or sum(shares.values()) > 1 or any(share < 0 for share in shares.values()):
            raise ValueError(f"no such setting or fault, or shares beyond 1: {', '.join(unknown) or shares}")
        if "now" in settings:
            now = settings.pop("now")
            self._shift_ms = 0 if now is None else now - time.time_ns() // 1_000_000
        for name, value in settings.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Forget what happened so far, limits and days included."""
        self._limits = Limits()
        self.calls, self.in_flight, self.most_in_flight = 0, 0, 0
        self.last_call_ms: int | None = None
        self.statuses: Counter[int] = Counter()
        self.asked: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.arrivals: list[float] = []

    def stats(self) -> dict[str, Any]:
        """What happened so far, JSON-able; ``by_status`` 0 is a call without an answer."""
        return {
            "calls": self.calls,
            "by_status": {str(status): times for status, times in sorted(self.statuses.items())},
            "faults": dict(self.struck),
            "repeated_calls": sum(times - 1 for times in self.asked.values()),
            "most_in_flight": self.most_in_flight,
            "last_call_ms": self.last_call_ms,
        }

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(0, ready)), daemon=True)
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the simulator did not start")
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    # How it runs.

    async def _serve(self, port: int, ready: threading.Event | None = None) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_route("*", "/_sim/{what}", self._control)
        app.router.add_route("*", "/{path:.*}", self._take)
        app.on_response_prepare.append(_mark)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.port = int(runner.addresses[0][1])
        if ready:
            ready.set()
        else:
            for number in (signal.SIGINT, signal.SIGTERM):
                self._loop.add_signal_handler(number, self._stop.set)
            sys.stdout.write(f"{self.base_url}\n")
            sys.stdout.flush()
        await self._stop.wait()
        await runner.cleanup()

    async def _control(self, request: web.Request) -> web.Response:
        what = request.match_info["what"]
        if request.method == "POST" and what == "config":
            try:
                self.configure(**json.loads(await request.read()))
            except (ValueError, TypeError) as exc:
                return web.json_response({"error": str(exc)}, status=400)
        elif request.method == "POST" and what == "reset":
            self.reset()
        elif what != "stats":
            return web.json_response({"error": "stats, reset or config"}, status=404)
        return web.json_response(self.stats())

    async def _take(self, request: web.Request) -> web.Response:
        self.calls += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        self.last_call_ms = time.time_ns() // 1_000_000
        self.arrivals.append(time.monotonic())
        question = f"{request.raw_path}\n{(await request.read()).decode(errors='replace')}"
        self.asked[question] += 1
        status = 0
        try:
            fault = "500" if self.down else self._fault(question)
            answer = await self._say(request, fault)
            await asyncio.sleep(self.latency_ms / 1000)
            status = answer.status
            return answer
        finally:
            self.in_flight -= 1
            self.statuses[status] += 1

    async def _say(self, request: web.Request, fault: str) -> web.Response:
        if fault:
            self.struck[fault] += 1
        if fault == "hang":
            await asyncio.sleep(3600)
        if fault == "500":
            return web.Response(status=503 if self.down else 500)
        if fault == "throttled":
            return self.throttled(request)
        if fault == "garbage":
            return web.Response(body=_PAGE, content_type="text/html")
        answer = await self.answer(request)
        if fault == "truncated" and isinstance(answer.body, bytes):
            return web.Response(status=answer.status, body=answer.body[: len(answer.body) // 2])
        return answer

    def _fault(self, question: str) -> str:
        lot = lottery("fault", self.seed, self.asked[question], question)
        for name, share in self.faults.items():
            if lot < share:
                return name
            lot -= share
        return ""

    @classmethod
    def main(cls) -> None:
        """Listen until interrupted; the address is the first line of standard output."""
        parser = argparse.ArgumentParser(prog=f"python -m tests.simulators.{cls.name}", description=cls.__doc__)
        parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 = a free one")
        parser.add_argument("--latency-ms", type=float, default=0.0, help="every answer takes this long")
        parser.add_argument("--fault", action="append", default=[], help=f"KIND=0.05; {', '.join(FAULTS)}")
        parser.add_argument("--seed", type=int, default=0, help="decides which calls meet a fault")
        given = parser.parse_args()
        faults = {kind: float(share) for kind, _, share in (fault.partition("=") for fault in given.fault)}
        simulator = cls(latency_ms=given.latency_ms, seed=given.seed, faults=faults)
        asyncio.run(simulator._serve(given.port))


def lottery(*of: object) -> float:
    """A number in [0, 1) that is always the same for the same arguments."""
    text = "\0".join(str(one) for one in of)
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


async def _mark(_request: web.Request, answer: web.StreamResponse) -> None:
    answer.headers["X-Keybatch-Simulator"] = "1"


def expected_count(*of: object) -> int:
    """An invented count for a question, always the same: one in twenty is a true 0, the others reach 10 million."""
    if lottery("zero", *of) < 0.05:
        return 0
    return int(10 ** (7 * lottery("count", *of)))
