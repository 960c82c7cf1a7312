"""Drawings of what goes on over time, as paths for an SVG whose box is the picture's. Pure.

A moment without a value is a gap: the line ends before it and begins anew after it. A lone value is a short piece of
line, as wide as its moment.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: The box that paths are drawn in; the picture is stretched to its place.
WIDTH, HEIGHT = 600.0, 100.0
Values = Sequence[float | None]


@dataclass
class Drawing:
    """Paths ("" where there is nothing to draw): the line, the area under it, and the limit."""

    line: str = ""
    area: str = ""
    limit: str = ""


def drawing(values: Values, top: float, limit: Values = ()) -> Drawing:
    """``values``, one a moment, from 0 to ``top``; ``limit`` in steps over it."""
    found = [points(values, start, stop, top) for start, stop in runs(values)]
    return Drawing(
        line="".join(_path(run) for run in found),
        area="".join(f"{_path(run)}L{_at(run[-1][0], HEIGHT)}L{_at(run[0][0], HEIGHT)}Z" for run in found),
        limit="".join(_path(_steps(limit, start, stop, top)) for start, stop in runs(limit)),
    )


def runs(values: Values) -> Iterator[tuple[int, int]]:
    """Where values stand without a gap: (first, behind the last)."""
    start = None
    for n, value in enumerate([*values, None]):
        if value is None and start is not None:
            yield start, n
            start = None
        elif value is not None and start is None:
            start = n


def points(values: Values, start: int, stop: int, top: float) -> list[tuple[float, float]]:
    """A run as points: each value in the middle of its moment, the first and the last one held to the edge."""
    wide = WIDTH / len(values)
    found = [((n + 0.5) * wide, _height(values[n], top)) for n in range(start, stop)]
    return [(start * wide, found[0][1]), *found, (stop * wide, found[-1][1])]


def _steps(values: Values, start: int, stop: int, top: float) -> list[tuple[float, float]]:
    """A run of a limit, which changes from one moment to the next and not between them."""
    wide, found = WIDTH / len(values), list[tuple[float, float]]()
    for n in range(start, stop):
        if n == start or values[n] != values[n - 1]:
            found += [(n * wide, _height(values[n], top))]
        end = ((n + 1) * wide, _height(values[n], top))
        if n + 1 == stop or values[n + 1] != values[n]:
            found += [end]
    return found


def _height(value: float | None, top: float) -> float:
    part = min(1.0, max(0.0, (value or 0.0) / top)) if top > 0 else 0.0
    return HEIGHT * (1 - part)


def _path(found: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(_at(x, y) for x, y in found)


def _at(x: float, y: float) -> str:
    return f"{x:.4g} {y:.4g}"


def top_of(*series: Values, least: float = 0.0) -> float:
    """The round number at the top of the picture, with a little room over the highest value; ``least`` at least."""
    highest = max([least / 1.05, *(value for values in series for value in values if value is not None)])
    if highest <= 0:
        return 1.0
    whole = 10.0 ** math.floor(math.log10(highest))
    steps = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12)
    return next(step * whole for step in steps if step * whole >= highest * 1.05)
