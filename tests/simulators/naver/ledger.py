"""What arrived and what was answered, for tests and benchmarks to look at."""

import time
from collections import Counter, defaultdict
from typing import Any

from tests.simulators.naver.limits import SlidingSecond

_NAMED = 50


class Ledger:
    """Counts calls as they arrive. ``most_in_a_second`` is exact: every arrival is looked at when it comes."""

    def __init__(self, in_flight: int = 0) -> None:
        self.calls = 0
        self.connections = 0
        self.in_flight = in_flight
        self._most_in_flight = 0
        self._second = SlidingSecond()
        self._most_in_a_second = 0
        self._second_of: defaultdict[str, SlidingSecond] = defaultdict(SlidingSecond)
        self._most_of: Counter[str] = Counter()
        self._asked: dict[tuple[str, str], int] = {}
        self._answered: dict[tuple[str, str], int] = {}
        self._statuses: Counter[int] = Counter()
        self._codes: Counter[str] = Counter()
        self._services: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._first_ns = self._last_ns = 0
        self._first_ms = self._last_ms = 0

    def arrived(self, client: str, at_ns: int) -> None:
        """A call of ``client`` (an id as sent, known or not) came at ``at_ns`` (monotonic)."""
        self.calls += 1
        self.in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self.in_flight)
        self._most_in_a_second = max(self._most_in_a_second, self._second.add(at_ns))
        self._most_of[client] = max(self._most_of[client], self._second_of[client].add(at_ns))
        self._last_ns, self._last_ms = at_ns, time.time_ns() // 1_000_000
        if self.calls == 1:
            self._first_ns, self._first_ms = self._last_ns, self._last_ms

    def asked(self, service: str, query: str) -> int:
        """A valid question was asked; says how often by now."""
        self._services[service] += 1
        key = service, query
        times = self._asked[key] = self._asked.get(key, 0) + 1
        return times

    def answered(self, service: str, query: str) -> None:
        """It got its total."""
        key = service, query
        self._answered[key] = self._answered.get(key, 0) + 1

    def ended(self, status: int, code: str) -> None:
        """A call was decided: its status, 0 for none, and error code, if any."""
        self._statuses[status] += 1
        if code:
            self._codes[code] += 1

    def struck(self, kind: str) -> None:
        self._faults[kind] += 1

    def repeats(self) -> dict[str, Any]:
        """Questions asked, or answered, more than once; the first 50 by name."""
        again = [(key, times) for key, times in self._asked.items() if times > 1]
        return {
            "distinct": len(self._asked),
            "repeated_calls": sum(times - 1 for _, times in again),
            "repeated_answers": sum(times - 1 for times in self._answered.values()),
            "repeated": [[*key, times, self._answered.get(key, 0)] for key, times in again[:_NAMED]],
        }

    def stats(self) -> dict[str, Any]:
        """Everything, JSON-able. Keys are told in ../README.md."""
        return {
            "calls": self.calls,
            "by_status": {str(status): n for status, n in sorted(self._statuses.items())},
            "by_code": dict(self._codes),
            "by_service": dict(self._services),
            "throttled": self._codes["012"] + self._codes["420"],
            "quota_refused": self._codes["010"] + self._codes["400"],
            "faults": dict(self._faults),
            "most_in_a_second": self._most_in_a_second,
            "most_in_a_second_by_client": dict(self._most_of),
            "in_flight": self.in_flight,
            "most_in_flight": self._most_in_flight,
            "connections": self.connections,
            "first_call_ms": self._first_ms or None,
            "last_call_ms": self._last_ms or None,
            "seconds": (self._last_ns - self._first_ns) / 1e9,
            **self.repeats(),
        }
