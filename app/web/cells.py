"""How values are written for people: numbers, times, cells. Pure; nothing here knows Reflex.

Zero is "0". A failure, a gap or a range is never a number.
"""

from app.clock import at
from app.errors import KeybatchError, Language
from app.services.shapes import Cell
from app.web.words import word

ZONE = "Asia/Seoul"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {"ko": ("일", "시간", "분", "초"), "en": (" d", " h", " min", " s")}


def number(value: float, decimals: int = 0) -> str:
    """``12,543``; with the source's decimals ``4.58``. Never in exponents."""
    return f"{value:,.{decimals}f}"


def tiny(value: float, decimals: int) -> str:
    """``< 0.01`` for what is not 0 but would be written so; "" for anything else."""
    least = 10.0**-decimals
    if not 0 < abs(value) < least / 2:
        return ""
    return f"< {number(least, decimals)}" if value > 0 else f"> {number(-least, decimals)}"


def rate(per_second: float) -> str:
    """``50.9/s``; slow ones by the minute, as ``12/min``."""
    if 0 < per_second < 0.5:
        return f"{number(per_second * 60, 1)}/min"
    return f"{number(per_second, 1 if per_second < 1000 else 0)}/s"


def when(ms: int, now: int, language: Language) -> str:
    """An instant in KST: the time today, with the day otherwise and the year when it is another."""
    moment, today = at(ms, ZONE), at(now, ZONE)
    clock = moment.strftime("%H:%M")
    if moment.date() == today.date():
        return f"오늘 {clock}" if language == "ko" else f"today {clock} KST"
    if language == "ko":
        year = f"{moment.year}년 " if moment.year != today.year else ""
        return f"{year}{moment.month}월 {moment.day}일 {clock}"
    year = f" {moment.year}" if moment.year != today.year else ""
    return f"{moment.day} {_MONTHS[moment.month - 1]}{year} {clock} KST"


def stamp(ms: int) -> str:
    """An instant to the second, for titles: ``2026-11-21 12:04:05 KST``."""
    return at(ms, ZONE).strftime("%Y-%m-%d %H:%M:%S KST")


def span(ms: int, language: Language) -> str:
    """A duration in its two largest units: ``3분 20초``, ``2 d 4 h``."""
    seconds = max(0, ms) // 1000
    amounts = (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    first = next((i for i, amount in enumerate(amounts) if amount), 3)
    parts = zip(amounts[first : first + 2], _UNITS[language][first : first + 2], strict=True)
    return " ".join(f"{amount}{unit}" for amount, unit in parts if amount or first == 3)


def share(part: int, whole: int) -> str:
    """A width for a bar, in per cent; what exists is never rounded away to nothing."""
    if not part or not whole:
        return "0%"
    return f"{max(100 * part / whole, 0.15):.3f}%"


def percent(part: int, whole: int) -> str:
    """``71%``. 100 only when all is there, 0 only when nothing is."""
    if not whole:
        return "0%"
    return f"{min(max(int(100 * part / whole), 1 if part else 0), 100 if part >= whole else 99)}%"


def cell_text(cell: Cell, decimals: int, language: Language) -> str:
    """What a cell says; "" while pending."""
    if cell.state == "ok":
        if cell.value is None:
            return word("ok", language)
        return tiny(cell.value, decimals) or number(cell.value, decimals)
    if cell.state == "below" and cell.upper is not None and (cell.data or {}).get("at_least"):
        return between((cell.data or {})["at_least"], cell.upper, decimals)
    if cell.state == "below":
        places = decimals if cell.upper is not None and cell.upper % 1 else 0
        return f"< {number(cell.upper, places)}" if cell.upper is not None else word("below", language)
    if cell.state == "failed":
        return cell.error or word("failed", language)
    return "" if cell.state == "pending" else word(cell.state, language)


def between(least: float, under: float, decimals: int) -> str:
    """From ``least`` to under ``under``: counts as ``20,000–20,009``, others as ``1.20–<3.40``."""
    if not decimals and float(least).is_integer() and float(under).is_integer():
        return f"{number(least)}–{number(under - 1)}"
    return f"{number(least, decimals)}–<{number(under, decimals)}"


def cell_title(cell: Cell, language: Language) -> str:
    """What a cell tells when asked: why it failed, or when it was read."""
    if cell.state == "failed":
        return "\n".join(part for part in (_failure(cell, language), _tries(cell, language)) if part)
    if cell.state == "pending":
        return word("pending", language)
    if cell.observed_at is None:
        return ""
    read = stamp(cell.observed_at)
    if cell.from_cache:
        return f"{read}에 측정한 값을 다시 씀" if language == "ko" else f"from an earlier reading, as of {read}"
    return f"{read}에 읽음" if language == "ko" else f"read {read}"


def _failure(cell: Cell, language: Language) -> str:
    kind = ERRORS.get(cell.error)
    if kind is None:
        return cell.detail or cell.error
    try:
        return (kind.ko if language == "ko" else kind.en).format(detail=cell.detail)
    except (KeyError, IndexError):
        return cell.detail


def _tries(cell: Cell, language: Language) -> str:
    if cell.attempts < 2:
        return ""
    return f"{cell.attempts}번 시도" if language == "ko" else f"{cell.attempts} attempts"


def _by_code(kind: type[KeybatchError]) -> dict[str, type[KeybatchError]]:
    found = {kind.code: kind}
    for child in kind.__subclasses__():
        found |= _by_code(child)
    return found


#: The error classes by their stable code.
ERRORS: dict[str, type[KeybatchError]] = _by_code(KeybatchError)


def trouble_sentence(code: str, detail: str, language: Language) -> str:
    """The sentence of an upstream error for a person; "" without one."""
    return _failure(Cell("failed", error=code, detail=detail), language) if code else ""
