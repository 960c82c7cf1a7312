"""What the ops page says of the house itself: troubles with what to do, processes with their hosts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Language
from app.services import hosts, wrongs
from app.services.crew import SchedulerView
from app.services.hosts import ProcessView
from app.services.ops import Health
from app.web import cells, health
from app.web.words import word

#: The page says these in notices of their own.
_NOTICED = frozenset({"database_down", "redis_down"})


@dataclass
class TroubleLine:
    """Something that is wrong: what, where, and what to do."""

    code: str
    kind: str
    title: str
    where: str
    mend: str


@dataclass
class ProcessLine:
    """A process of the house, with its host. ``clock_kind`` and ``disk_kind``: "" or the colour of trouble."""

    key: str
    host: str
    what: str
    version: str
    clock: str
    clock_kind: str
    disk: str
    disk_kind: str
    seen: str


@dataclass
class Line:
    """A figure with its name; ``kind`` is "" or the colour of trouble."""

    label: str
    value: str
    kind: str = ""


def troubles(found: Health, language: Language) -> list[TroubleLine]:
    """All that is wrong, the weightiest first."""
    return [
        TroubleLine(
            code=code,
            kind=health.kind(code),
            title=word(f"alarm_{code}", language),
            where=found.about.get(code, ""),
            mend=word(f"mend_{code}", language),
        )
        for code in found.troubles
        if code not in _NOTICED
    ]


def process(one: ProcessView, now: int, language: Language) -> ProcessLine:
    """A process; what it does not know is "–"."""
    off = wrongs.off(one.ahead_ms)
    clock = word("clock_unknown", language) if one.ahead_ms is None else word("clock_right", language)
    full, little = hosts.full(one.free), hosts.little(one.free, one.size)
    room = "–"
    if one.free is not None and one.size is not None:
        room = word("room_left", language, free=wrongs.size(one.free), size=wrongs.size(one.size))
    serves = f" ({', '.join(one.serves)})" if one.serves else ""
    return ProcessLine(
        key=f"{one.host} {one.kind} {one.pid}",
        host=one.host,
        what=f"{word(f'process_{one.kind}', language)} · {one.pid}{serves}",
        version=one.version,
        clock=wrongs.ahead(one.ahead_ms) if off else clock,
        clock_kind="fail" if off else "",
        disk=room,
        disk_kind="fail" if full else "wait" if little else "",
        seen=word("ago", language, span=cells.span(max(0, now - one.seen_at), language)),
    )


def schedulers(found: Sequence[SchedulerView], language: Language) -> str:
    """Who is active, and who stands by."""
    told = {True: "scheduler_active", False: "scheduler_stands_by"}
    return ", ".join(f"{one.host} · {one.pid} ({word(told[one.active], language)})" for one in found)


def memory(found: Health, language: Language) -> Line:
    """What Redis holds."""
    label, held = word("redis_memory", language), found.memory
    if held is None:
        return Line(label, word("memory_unknown" if found.redis else "unknown_without_redis", language))
    used = wrongs.size(held.used)
    if held.most is None:
        return Line(label, word("memory_unlimited", language, used=used))
    kind = "fail" if held.full else "wait" if held.little else ""
    return Line(label, word("memory_of", language, used=used, most=wrongs.size(held.most)), kind)
