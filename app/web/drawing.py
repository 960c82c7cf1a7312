"""Charts as SVG, drawn here: a page needs no chart library for them, and nothing in them is a number that nobody said.
Colours come from the stylesheet by class, so light and dark are the same drawing. Pure.

Everything is drawn in a box of `WIDTH` units that the browser scales; text in it is the caller's, in his language, and
is escaped here.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 280
#: Room for labels around the plot: left, right, top, bottom.
LEFT, RIGHT, TOP, BOTTOM = 60, 16, 34, 48


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where (0 … 1 along it) and what is written there."""

    at: float
    label: str


def x_of(part: float) -> float:
    """From a part of the x axis to a place in the box."""
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def y_of(part: float) -> float:
    """From a part of the y axis, which goes up, to a place in the box."""
    return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)


def svg(*parts: str, title: str, description: str) -> str:
    """The drawing; ``title`` and ``description`` are what it is to who cannot see it."""
    inside = "".join(parts)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" class="chart" '
        f'aria-label="{escape(title)}. {escape(description)}">{inside}</svg>'
    )


def axes(x: Sequence[Tick], y: Sequence[Tick], x_label: str, y_label: str) -> str:
    """Both axes with their marks, the lines that help the eye, and what they are."""
    left, right, bottom = x_of(0), x_of(1), y_of(0)
    found = [f'<path class="axis" d="M{left:.1f} {bottom:.1f}H{right:.1f}"/>']
    for n, tick in enumerate(y):
        at = y_of(tick.at)
        found.append(f'<path class="grid" d="M{left:.1f} {at:.1f}H{right:.1f}"/>')
        found.append(_text(tick.label, left - 8, at + 4, "end", _mark(n)))
    for n, tick in enumerate(x):
        at = x_of(tick.at)
        found.append(f'<path class="tick" d="M{at:.1f} {bottom:.1f}v4"/>')
        anchor = "end" if tick.at > 0.97 else "middle"  # the last one would stand out of the box
        found.append(
            _text(tick.label, min(at + 8, right + 8) if anchor == "end" else at, bottom + 18, anchor, _mark(n))
        )
    found.append(_text(x_label, (left + right) / 2, HEIGHT - 6, "middle", "name"))
    found.append(_text(y_label, 4, 16, "start", "name"))  # level, so that it is read with the head upright
    return "".join(found)


def _mark(number: int) -> str:
    """Every second mark has a class of its own: a narrow page leaves it out."""
    return "scale odd" if number % 2 else "scale"


def _text(text: str, x: float, y: float, anchor: str, kind: str = "scale") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def columns(parts: Sequence[tuple[float, str, str]]) -> str:
    """Columns side by side over the whole width: (height as a part of the axis, class, what it says when asked)."""
    wide = (x_of(1) - x_of(0)) / max(len(parts), 1)
    found = []
    for n, (part, kind, said) in enumerate(parts):
        if part <= 0:
            continue
        top = min(y_of(part), y_of(0) - 1.5)  # what exists is seen
        x = x_of(0) + n * wide
        found.append(
            f'<rect class="{kind}" x="{x + 1:.1f}" y="{top:.1f}" width="{max(wide - 2, 1):.1f}" '
            f'height="{y_of(0) - top:.1f}"><title>{escape(said)}</title></rect>'
        )
    return "".join(found)


def dots(places: Iterable[tuple[float, float, str]]) -> str:
    """Dots at (x, y) as parts of the axes, with what each says when asked."""
    return "".join(
        f'<circle class="dot" cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="2.6"><title>{escape(said)}</title></circle>'
        for x, y, said in places
    )


def line(places: Sequence[tuple[float, float]]) -> str:
    """A line through places, with the area under it; one place alone is a dot."""
    points = [(x_of(x), y_of(y)) for x, y in places]
    if not points:
        return ""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    area = f"M{points[0][0]:.1f} {y_of(0):.1f}L{path}L{points[-1][0]:.1f} {y_of(0):.1f}Z"
    return f'<path class="area" d="{area}"/><path class="line" d="M{path}"/>'


def band(begin: float, end: float, kind: str, said: str) -> str:
    """A stretch of the x axis that is marked from top to bottom."""
    x, wide = x_of(begin), max(x_of(end) - x_of(begin), 1.5)
    return (
        f'<rect class="band {kind}" x="{x:.1f}" y="{y_of(1):.1f}" width="{wide:.1f}" '
        f'height="{y_of(0) - y_of(1):.1f}"><title>{escape(said)}</title></rect>'
    )


def nice_ticks(greatest: float, about: int = 4) -> list[float]:
    """Round numbers from 0 to over ``greatest``, about so many steps of the same size."""
    if greatest <= 0:
        return [0.0, 1.0]
    rough = greatest / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)
    if greatest >= 1 and step < 1:
        step = 1.0  # counts have no halves
    return [step * n for n in range(math.ceil(greatest / step - 1e-9) + 1)]


def decades(least: float, greatest: float) -> list[float]:
    """Powers of ten from at most ``least`` to at least ``greatest``."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(greatest))
    return [10.0**power for power in range(first, max(last, first + 1) + 1)]
