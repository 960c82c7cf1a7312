"""How a batch stands and what is ahead of it, in words."""

from collections import defaultdict

from app import clock
from app.cli import labels, output, words
from app.services.shapes import BatchView, Pace

UNDER_WAY = ("queued", "running", "waiting")


def state(batch: BatchView) -> str:
    """The state in a word, with what it waits for or what stopped it."""
    word = labels.STATES[batch.state].say()
    if batch.state == "waiting":
        return words.BECAUSE.say(word=word, why=reason(batch.waiting_reason))
    if batch.stopped_by == "deadline" and batch.state in ("cancelling", "cancelled"):
        return words.BECAUSE.say(word=word, why=reason("deadline"))
    return word


def reason(code: str) -> str:
    """Why something waits. A reason without a name is itself, so that a new one is shown rather than lost."""
    return labels.REASONS[code].say() if code in labels.REASONS else code


def ahead(batch: BatchView, speed: Pace) -> str:
    """Failures so far, speed, what waits until when, and the end with what decides it, as far as they are known."""
    parts = []
    if batch.counts.failed:
        parts.append(words.FAILED_SO_FAR.say(count=batch.counts.failed))
    if speed.per_second is not None:
        parts.append(words.PER_SECOND.say(speed=f"{speed.per_second:,.1f}"))
    if batch.state not in UNDER_WAY:
        return "  ".join(parts)
    if speed.rate_part < 1:
        parts.append(words.RATE_CUT.say(part=percent(speed.rate_part)))
    parts += _waits(batch)
    if speed.ends_at is not None:
        parts.append(words.ENDS.say(end=end(speed.ends_at, speed.binds)))
    elif speed.binds not in ("", "speed", batch.waiting_reason):  # the state says what the batch waits for
        parts.append(words.NO_END.say(why=binds(speed.binds)))
    return "  ".join(parts)


def end(at: int, code: str) -> str:
    """When it ends, how long that is from now, and what decides it."""
    why = words.IN.say(span=span(at - clock.now_ms()), why=binds(code))
    return words.BECAUSE.say(word=output.when(at), why=why)


def span(ms: int) -> str:
    """A time in its two largest units: ``2 d 4 h``, ``3 min``; nothing is ``0 s``."""
    left, parts = max(0, ms) // 1000, list[str]()
    for seconds, unit in labels.UNITS.items():
        count, left = divmod(left, seconds)
        if count or parts:
            parts.append(unit.say(count=count) if count else "")
    return " ".join(filter(None, parts[:2])) or unit.say(count=0)


def binds(code: str) -> str:
    """What decides the end."""
    return labels.BINDS[code].say() if code in labels.BINDS else code


def percent(part: float) -> int:
    """What is left of a whole, in per cent; 100 only when all is, 0 only when nothing is."""
    return min(max(round(100 * part), 1 if part > 0 else 0), 100 if part >= 1 else 99)


def _waits(batch: BatchView) -> list[str]:
    """Until when the batch waits; of one that goes on, which of its sources wait, why and until when."""
    if batch.state == "waiting":
        return [words.UNTIL.say(at=output.when(batch.waiting_until))] if batch.waiting_until is not None else []
    waiting = defaultdict(list)
    for source in batch.sources:
        if source.state == "waiting":
            waiting[source.waiting_reason, source.waiting_until].append(source.name)
    return [_wait(names, code, until) for (code, until), names in waiting.items()]


def _wait(names: list[str], code: str, until: int | None) -> str:
    more = len(names) - 1
    sources = words.AND_MORE.say(name=names[0], count=more) if more else names[0]
    if until is None:
        return words.STANDS.say(sources=sources, why=reason(code))
    return words.WAITS.say(sources=sources, why=reason(code), at=output.when(until))
