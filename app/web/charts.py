"""The charts of a batch: what they show, as drawings with a table beside each that says the same. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from babel.numbers import format_compact_decimal

from app.clock import at
from app.errors import Language
from app.services.charts import Cloud, Distribution, Dot, Spread
from app.services.holdings import SourceInfo
from app.services.timeline import Rest, Timeline
from app.web import cells, drawing, shown
from app.web.axes import Axis
from app.web.drawing import Tick
from app.web.words import word

Infos = Mapping[str, SourceInfo]


@dataclass
class Figure:
    """A chart: its drawing (SVG, "" where there is nothing to draw), what is said beside it, and the table that says
    the same in words."""

    key: str
    title: str
    drawing: str
    notes: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def compact(value: float, language: Language) -> str:
    """A number as short as an axis wants it: ``10만``, ``100K``."""
    locale = {"ko": "ko_KR", "en": "en_GB"}[language]
    places = 0 if value >= 10 or value == int(value) else 2
    short = format_compact_decimal(value, locale=locale, fraction_digits=places)
    return re.sub(r"^\d{4}", lambda thousands: f"{int(thousands[0]):,}", short)


def title_of(name: str, infos: Infos, language: Language) -> str:
    """What a source is called."""
    info = infos.get(name)
    return shown.full_title(info, language) if info else name


def distribution(one: Distribution, infos: Infos, language: Language) -> Figure:
    """How the values of a source are spread; what is no number is said beside it."""
    name = one.source.name
    title = word("chart_spread", language, source=title_of(name, infos, language))
    if one.withheld:
        return Figure(f"spread {name}", title, "", [word("chart_withheld", language)])
    notes = [_beside(one, language)]
    if one.spread is None:
        return Figure(f"spread {name}", title, "", [word("chart_no_value", language), *notes])
    decimals = infos[name].decimals if name in infos else 0
    parts = buckets(one.spread, decimals, language)
    most = drawing.nice_ticks(max((part.count for part in parts), default=0))
    y = [Tick(tick / most[-1], compact(tick, language)) for tick in most]
    shown_parts = [(part.count / most[-1], part.kind, f"{part.label}: {cells.number(part.count)}") for part in parts]
    drawn = drawing.svg(
        drawing.axes(_edges(parts, language), y, word("axis_value", language), word("axis_keywords", language)),
        drawing.columns(shown_parts),
        title=title,
        description=notes[0],
    )
    if one.spread.scale == "log":
        notes.append(word("chart_log", language))
    heads = [word("axis_value", language), word("axis_keywords", language)]
    rows = [[part.label, cells.number(part.count)] for part in parts]
    return Figure(f"spread {name}", title, drawn, notes, heads, rows)


def _beside(one: Distribution, language: Language) -> str:
    counts, source = one.source.counts, one.source
    unread = source.lookups - counts.done
    return word(
        "chart_beside",
        language,
        ok=counts.ok,
        below=counts.below,
        missing=counts.missing,
        failed=counts.failed,
        unread=unread,
    )


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column of a distribution; ``edge`` is where it begins, None for one that is no stretch of the scale."""

    label: str
    count: int
    kind: str
    edge: float | None = None


def buckets(spread: Spread, decimals: int, language: Language) -> list[Bucket]:
    """The columns of a distribution: zero and less apart, then those from the first to the last with a value."""
    if spread.scale == "flag":
        yes = Bucket(word("yes", language), sum(spread.counts), "col")
        return [Bucket(word("no", language), spread.zeros, "col zero"), yes]
    found = [Bucket(word("under_zero", language), spread.negative, "col zero")] if spread.negative else []
    if spread.zeros:
        found.append(Bucket("0", spread.zeros, "col zero"))
    filled = [n for n, count in enumerate(spread.counts) if count]
    for n in range(filled[0], filled[-1] + 1) if filled else ():
        low = spread.edges[n - 1] if n else None
        high = spread.edges[n] if n < len(spread.edges) else None
        found.append(Bucket(_between(low, high, decimals), spread.counts[n], "col", low if low is not None else 0.0))
    return found


def _between(low: float | None, high: float | None, decimals: int) -> str:
    if low is None:
        return f"< {cells.number(high or 0, decimals)}"
    if high is None:
        return f"≥ {cells.number(low, decimals)}"
    return cells.between(low, high, decimals) if high - low > 1 or decimals else cells.number(low)


def _edges(parts: Sequence[Bucket], language: Language) -> list[Tick]:
    """Marks under the columns: under the middle of those that are no stretch, else where one begins; of a logarithmic
    scale the powers of ten; as many as fit."""
    count = max(len(parts), 1)
    alone = [Tick((n + 0.5) / count, part.label) for n, part in enumerate(parts) if part.edge is None]
    edges = [
        (n, part.edge) for n, part in enumerate(parts) if part.edge is not None and not (alone and n == len(alone))
    ]
    tens = [(n, edge) for n, edge in edges if edge >= 1 and math.log10(edge).is_integer()]
    chosen = tens if len(tens) > 2 else edges
    return alone + [Tick(n / count, compact(edge, language)) for n, edge in chosen[:: -(-len(chosen) // 8) or 1]]


def cloud(found: Cloud, infos: Infos, language: Language) -> Figure:
    """The values of two sources beside each other, a dot a keyword."""
    x_title, y_title = title_of(found.x, infos, language), title_of(found.y, infos, language)
    title = word("chart_cloud", language, x=x_title, y=y_title)
    notes = [_sampled(found, language)]
    if not found.dots:
        return Figure("cloud", title, "", [word("chart_no_pair", language), *notes])
    x = Axis.over([dot.x for dot in found.dots], even=_decimals(found.x, infos) > 0)
    y = Axis.over([dot.y for dot in found.dots], even=_decimals(found.y, infos) > 0)
    drawn = drawing.svg(
        drawing.axes(_marks(x, language), _marks(y, language), x_title, y_title),
        drawing.dots((x.part(dot.x), y.part(dot.y), _said(dot, found, infos)) for dot in found.dots),
        title=title,
        description=notes[0],
    )
    if x.strip or y.strip:
        notes.append(word("chart_zero_strip", language))
    heads = [x_title, word("axis_keywords", language), word("chart_median", language, source=y_title)]
    return Figure("cloud", title, drawn, notes, heads, _medians(found, infos, language))


def _decimals(name: str, infos: Infos) -> int:
    return infos[name].decimals if name in infos else 0


def _said(dot: Dot, found: Cloud, infos: Infos) -> str:
    x, y = cells.number(dot.x, _decimals(found.x, infos)), cells.number(dot.y, _decimals(found.y, infos))
    return f"{dot.keyword}: {x} · {y}"


def _marks(axis: Axis, language: Language) -> list[Tick]:
    return [Tick(axis.part(value), compact(value, language)) for value in axis.marks()]


def _sampled(found: Cloud, language: Language) -> str:
    facts = {state: found.left_out.get(state, 0) for state in ("below", "missing", "failed", "unread")}
    sentence = "chart_all_rows" if found.rows == found.of else "chart_sampled"
    said = [word(sentence, language, rows=found.rows, of=found.of, dots=len(found.dots))]
    if found.rows > len(found.dots):
        said.append(word("chart_left_out", language, **facts))
    return " ".join(said)


def _medians(found: Cloud, infos: Infos, language: Language) -> list[list[str]]:
    """The dots by stretches of x: how many there are in each and the middle one of their y."""
    axis = Axis.over([dot.x for dot in found.dots], even=_decimals(found.x, infos) > 0)
    edges = [*axis.marks(), float("inf")]
    rows = []
    for low, high in pairwise(edges):
        inside = [dot.y for dot in found.dots if (low <= dot.x < high if low or axis.even else dot.x == 0)]
        if low == 0 and not axis.even:
            label = "0"
        else:
            label = f"≥ {cells.number(low)}" if high == float("inf") else f"{cells.number(low)} – {cells.number(high)}"
        if inside:
            rows.append([label, cells.number(len(inside)), cells.number(median(inside), _decimals(found.y, infos))])
    return rows


def timeline(found: Timeline, now: int, language: Language) -> Figure:
    """The batch's readings over time, with its pauses as gaps and its waits marked."""
    title = word("chart_progress", language)
    last = found.runs[-1][-1].count
    span = max(found.end - found.begin, 1)
    most = drawing.nice_ticks(max(found.lookups, last))
    y = [Tick(tick / most[-1], compact(tick, language)) for tick in most]
    x = [Tick(n / 4, instant(found.begin + span * n // 4, span, language)) for n in range(5)]
    rests = [rest for rest in found.rests if rest.end - rest.begin >= 1000]
    notes = [word("chart_progress_note", language, count=last, lookups=found.lookups)]
    if not found.timed:
        return Figure("progress", title, "", [word("chart_untimed", language), *notes])
    drawn = drawing.svg(
        *(_rest(rest, found, language) for rest in rests),
        drawing.axes(x, y, word("axis_time", language), word("axis_readings", language)),
        *(drawing.line([((m.at - found.begin) / span, m.count / most[-1]) for m in run]) for run in found.runs),
        title=title,
        description=notes[0],
    )
    if len(found.runs) > 1:
        notes.append(word("chart_gaps", language, count=len(found.runs) - 1))
    heads = [word("chart_from", language), word("chart_until", language), word("axis_readings", language)]
    rows = [[cells.stamp(run[0].at), cells.stamp(run[-1].at), cells.number(run[-1].count)] for run in found.runs]
    rows += [[cells.stamp(rest.begin), cells.stamp(rest.end), _why(rest, language)] for rest in rests]
    return Figure("progress", title, drawn, notes, heads, sorted(rows))


def _rest(rest: Rest, found: Timeline, language: Language) -> str:
    span = max(found.end - found.begin, 1)
    begin, end = (max(0.0, min(1.0, (ms - found.begin) / span)) for ms in (rest.begin, rest.end))
    kind = "paused" if rest.why in ("paused", "cancelled") else "waits"
    return drawing.band(begin, end, kind, _why(rest, language))


def _why(rest: Rest, language: Language) -> str:
    return shown.state_label("waiting" if rest.why not in ("paused", "cancelled") else rest.why, rest.why, language)


def instant(ms: int, span: int, language: Language) -> str:
    """A moment on an axis over ``span`` milliseconds: as exact as that needs, in Korean time."""
    moment = at(ms, cells.ZONE)
    if span < 600_000:
        return moment.strftime("%H:%M:%S")
    if span < 86_400_000:
        return moment.strftime("%H:%M")
    return moment.strftime("%m.%d %H:%M" if language == "ko" else "%d/%m %H:%M")
