"""The limits of a client id: calls in a sliding second, calls in a day of Seoul."""

from collections import defaultdict, deque

_SECOND_NS = 1_000_000_000
_DAY_MS = 86_400_000
#: Korea keeps no summer time.
_SEOUL_MS = 9 * 3_600_000


class SlidingSecond:
    """Counts what happened in the second up to now; what is exactly a second old is out. Times in nanoseconds."""

    def __init__(self) -> None:
        self._times: deque[int] = deque()

    def count(self, now_ns: int) -> int:
        times = self._times
        while times and times[0] <= now_ns - _SECOND_NS:
            times.popleft()
        return len(times)

    def add(self, now_ns: int) -> int:
        """Count one more and say how many that makes."""
        self._times.append(now_ns)
        return self.count(now_ns)


class Limits:
    """Per client id. A call refused for its rate is not counted as one of the second or of the day; one refused for
    the quota is counted on (Naver was seen to say 10039/10000)."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, SlidingSecond] = defaultdict(SlidingSecond)
        self._days: defaultdict[tuple[str, int], int] = defaultdict(int)

    def within_rate(self, client: str, now_ns: int, rate: int | None) -> bool:
        """Take one call of the second, if it has one left."""
        if rate is None:
            return True
        second = self._seconds[client]
        if second.count(now_ns) >= rate:
            return False
        second.add(now_ns)
        return True

    def calls_today(self, client: str, wall_ms: int) -> int:
        """Take one call of the day in Seoul and say which it is."""
        key = client, (wall_ms + _SEOUL_MS) // _DAY_MS
        self._days[key] += 1
        return self._days[key]
