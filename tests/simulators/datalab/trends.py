"""Invented numbers of searches, and what DataLab makes of them: ratios to the largest of the whole answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.simulators.served import lottery

#: Known to everyone, and searched for all the time.
_KNOWN = {"쇼핑": 2_000_000, "네이버": 40_000_000}
_DAYS = {"date": 1, "week": 7, "month": 30}


def periods(start: date, end: date, unit: str) -> Iterator[date]:
    """The first days of the periods that the window touches: a day, a Monday, the first of a month."""
    day = {"date": start, "week": start - timedelta(days=start.weekday()), "month": start.replace(day=1)}[unit]
    while day <= end:
        yield day
        day = (day + timedelta(days=32)).replace(day=1) if unit == "month" else day + timedelta(days=_DAYS[unit])


def searches(keyword: str, period: date, unit: str, who: str = "") -> int:
    """How often ``keyword`` was searched for in that period by ``who`` (device and gender): one keyword in twenty
    never, one in ten only now and then."""
    if keyword in _KNOWN:
        usual = float(_KNOWN[keyword])
    elif lottery("unknown", keyword) < 0.05:
        return 0
    else:
        usual = 10 ** (1 + 5 * lottery("usual", keyword, who))
        if lottery("seldom", keyword) < 0.1 and lottery("now", keyword, period) < 0.5:
            return 0
    return int(usual * _DAYS[unit] / 30 * (0.5 + lottery("season", keyword, period, who)))


def results(
    groups: Sequence[Mapping[str, Any]], start: date, end: date, unit: str, who: str = ""
) -> list[dict[str, Any]]:
    """DataLab's ``results``: each group's searches summed, the largest of all is 100, five decimals, and no entry for a
    period without searches."""
    told = {}
    for at, group in enumerate(groups):
        sums = (
            (day, sum(searches(word, day, unit, who) for word in group["keywords"]))
            for day in periods(start, end, unit)
        )
        told[at] = {day: times for day, times in sums if times}
    most = max((times for series in told.values() for times in series.values()), default=1)
    return [
        {
            "title": group["groupName"],
            "keywords": group["keywords"],
            "data": [{"period": str(day), "ratio": round(times * 100 / most, 5)} for day, times in told[at].items()],
        }
        for at, group in enumerate(groups)
    ]


def expected_series(
    keyword: str, start: date, end: date, unit: str, anchor: str = "쇼핑", who: str = ""
) -> dict[str, float]:
    """First day of each period with searches → searches for ``keyword``, the anchor's most being 100; not rounded."""
    most = max(searches(anchor, day, unit, who) for day in periods(start, end, unit))
    times = {str(day): searches(keyword, day, unit, who) for day in periods(start, end, unit)}
    return {day: number * 100 / most for day, number in times.items() if number}
