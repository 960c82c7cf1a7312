"""Lookups a second and what of them failed, over the last hour or day, as the overview draws them. Pure."""

from dataclasses import dataclass, field

from app import clock
from app.errors import Language
from app.services import pulse
from app.services.overview import Overview
from app.services.pulse import Beat, Sums
from app.web import cells, sparkline
from app.web.sparkline import Drawing
from app.web.words import word

#: A moment under way is drawn once it is so old: the speed of a shorter one says nothing.
_SOON_MS = 15_000
#: Every so many moments of an hour and of a day stand the time.
_TICKS = {"hour": 10, "day": 24}


@dataclass
class Tick:
    """A time under the picture, ``left`` of its width from the left."""

    text: str
    left: str


@dataclass
class Chart:
    """Both pictures over the same time. ``spots`` says of each moment what was, ``summary`` of all of it; ``empty``,
    where nothing is to be drawn, why."""

    window: str = "hour"
    speed: Drawing = field(default_factory=Drawing)
    errors: Drawing = field(default_factory=Drawing)
    top: str = ""
    errors_top: str = ""
    limit: str = ""
    ticks: list[Tick] = field(default_factory=list)
    spots: list[str] = field(default_factory=list)
    summary: str = ""
    empty: str = ""


def chart(found: Overview, language: Language) -> Chart:
    """The pictures of ``found``'s window."""
    asked = [_asked(beat) for beat in found.beats]
    speeds = [_speed(beat, sums) for beat, sums in zip(found.beats, asked, strict=True)]
    if all(speed is None for speed in speeds):
        return Chart(window=found.window, empty=_nothing(found, language))
    errors = [100 * sums.failed / sums.asked if sums.asked else None for sums in asked]
    errors = [error if speed is not None else None for error, speed in zip(errors, speeds, strict=True)]
    top, errors_top = sparkline.top_of(speeds, found.limits), sparkline.top_of(errors, least=1.0)
    now = next((limit for limit in reversed(found.limits) if limit is not None), None)
    return Chart(
        window=found.window,
        speed=sparkline.drawing(speeds, top, found.limits),
        errors=sparkline.drawing(errors, errors_top),
        top=round_rate(top),
        errors_top=f"{errors_top:g}%",
        limit=word("limit_is", language, limit=round_rate(now)) if now is not None else "",
        ticks=_ticks(found),
        spots=[_spot(*one, language) for one in zip(found.beats, speeds, errors, strict=True)],
        summary=_summary(found, asked, speeds, language),
    )


def round_rate(per_second: float) -> str:
    """A rate that somebody has set, without decimals that say nothing: ``10/s``, ``2.5/s``."""
    return f"{round(per_second, 1):,g}/s" if per_second >= 0.5 else cells.rate(per_second)


def _asked(beat: Beat) -> Sums:
    """What was asked by calls; offline sources are far faster than any limit, and would flatten the rest."""
    return pulse.total(sums for account, sums in beat.accounts.items() if not pulse.is_offline(account))


def _speed(beat: Beat, sums: Sums) -> float | None:
    if not sums.asked or beat.span_ms < _SOON_MS:
        return None
    return 1000 * sums.asked / beat.span_ms


def _nothing(found: Overview, language: Language) -> str:
    said = word(f"no_calls_{found.window}", language)
    others = sum(sums.readings for beat in found.beats for sums in beat.accounts.values())
    return f"{said}. {word('without_calls', language, count=others)}" if others else f"{said}."


def _ticks(found: Overview) -> list[Tick]:
    each, count = _TICKS[found.window], len(found.beats)
    return [
        Tick(_time(beat.at), f"{100 * n / count:.2f}%")
        for n, beat in enumerate(found.beats)
        if _of_day(beat) % each == 0 and 0.02 < n / count < 0.96
    ]


def _of_day(beat: Beat) -> int:
    """Which moment of its day it is, where the times are told."""
    moment = clock.at(beat.at, cells.ZONE)
    minutes = 60 * moment.hour + moment.minute
    return minutes if beat.span_ms <= pulse.MINUTE_MS else minutes // (pulse.SPAN_MS // pulse.MINUTE_MS)


def _time(ms: int) -> str:
    return clock.at(ms, cells.ZONE).strftime("%H:%M")


def _spot(beat: Beat, speed: float | None, error: float | None, language: Language) -> str:
    if speed is None:
        return f"{_time(beat.at)} · {word('nothing_asked', language)}"
    failed = word("failed_share", language, percent=_percent(error or 0.0))
    return f"{_time(beat.at)} · {cells.rate(speed)} · {failed}"


def _percent(value: float) -> str:
    return "< 0.1%" if 0 < value < 0.1 else f"{value:.3g}%"


def _summary(found: Overview, asked: list[Sums], speeds: list[float | None], language: Language) -> str:
    """The pictures for who does not see them."""
    whole = pulse.total(asked)
    return word(
        "chart_summary",
        language,
        window=word(f"last_{found.window}", language),
        most=cells.rate(max(speed for speed in speeds if speed is not None)),
        shown=cells.number(whole.asked),
        failed=_percent(100 * whole.failed / whole.asked if whole.asked else 0.0),
    )
