"""A small line of a keyword's measurements over time. What is no number leaves a gap, never a point. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from app.services.shapes import Point

#: The drawing's own units.
WIDTH, HEIGHT, EDGE = 320, 56, 4


@dataclass
class Dot:
    """A measurement: a number at its height, or (``kind`` other than ``ok``) a mark at the foot."""

    x: str
    y: str
    kind: str


@dataclass
class Line:
    """``runs``: the path of each unbroken piece, as SVG has it."""

    runs: list[str] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)


def line(points: Sequence[Point]) -> Line:
    """The line of ``points``, the oldest first; nothing for fewer than two numbers."""
    values = [one.value for one in points if _is_number(one) and one.value is not None]
    if len(values) < 2:
        return Line()
    low, high = min(values), max(values)
    first, last = points[0].observed_at, points[-1].observed_at
    dots = []
    for one in points:
        x = EDGE + (WIDTH - 2 * EDGE) * ((one.observed_at - first) / (last - first) if last > first else 0.5)
        part = (one.value - low) / (high - low) if one.value is not None and high > low else 0.5
        y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * part if _is_number(one) else HEIGHT - EDGE
        dots.append(Dot(f"{x:.1f}", f"{y:.1f}", one.state))
    runs = [[f"{dot.x},{dot.y}" for dot in run] for is_number, run in groupby(dots, _is_ok) if is_number]
    return Line(["M" + " L".join(run) for run in runs if len(run) > 1], dots)


def _is_number(one: Point) -> bool:
    return one.state == "ok" and one.value is not None


def _is_ok(dot: Dot) -> bool:
    return dot.kind == "ok"
