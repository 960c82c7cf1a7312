"""The ops page as a tab shows it. Pure. What is not known is "–" and said to be so."""

from dataclasses import dataclass, field

from app.errors import Language
from app.services.crew import WorkerView
from app.services.jobs import JobView, QueueAge
from app.services.workings import MOST, HaltView, LaneView, Workings
from app.web import cells, health, houses, shown
from app.web.health import Sign
from app.web.houses import Line, ProcessLine, TroubleLine
from app.web.words import known, word


@dataclass
class WorkerLine:
    """A worker. ``address``: the batch it works on, "" where that is not told."""

    name: str
    host: str
    pid: str
    state: str
    label: str
    doing: str
    source: str
    address: str
    since: str
    seen: str
    jobs: str


@dataclass
class QueueLine:
    """A queue."""

    name: str
    waiting: str
    oldest: str
    failed: str


@dataclass
class SliceLine:
    """A slice under way, waiting, or broken. ``note``: its lane, or what went wrong."""

    key: str
    batch: str
    address: str
    source: str
    place: str
    when: str
    note: str
    held: str = ""


@dataclass
class HaltLine:
    """An account that is not asked."""

    account: str
    kind: str
    label: str
    why: str
    until: str


@dataclass
class Works:
    """Everything on the page. What Redis or the database would have told is empty while it is away."""

    signs: list[Sign] = field(default_factory=list)
    troubles: list[TroubleLine] = field(default_factory=list)
    processes: list[ProcessLine] = field(default_factory=list)
    redis: bool = True
    database: bool = True
    workers: list[WorkerLine] = field(default_factory=list)
    queues: list[QueueLine] = field(default_factory=list)
    lanes: list[SliceLine] = field(default_factory=list)
    lanes_told: str = ""
    waiting: list[SliceLine] = field(default_factory=list)
    waiting_told: str = ""
    failed: list[SliceLine] = field(default_factory=list)
    failed_told: str = ""
    halts: list[HaltLine] = field(default_factory=list)
    times: list[Line] = field(default_factory=list)


def works(found: Workings, now: int, language: Language) -> Works:
    """The workings in a person's words."""
    queues = found.queues or []
    broken = sum(queue.failed for queue in queues)
    return Works(
        signs=health.signs(found.health, language),
        troubles=houses.troubles(found.health, language),
        processes=[houses.process(one, now, language) for one in found.health.processes],
        redis=found.health.redis,
        database=found.health.database,
        workers=[_worker(one, now, language) for one in (found.crew.workers if found.crew else [])],
        queues=[_queue(one, now, language) for one in queues],
        lanes=[_lane(one, now, language) for one in found.lanes],
        lanes_told=_idle(found, language),
        waiting=[_job(one, now, language) for one in found.waiting],
        waiting_told=_told("first_of", len(found.waiting), found.health.queued or 0, language),
        failed=[_failed(one, now, language) for one in found.failed],
        failed_told=_told("newest_of", len(found.failed), broken, language),
        halts=[_halt(one, now, language) for one in found.halted or ()],
        times=_times(found, now, language),
    )


def _told(key: str, told: int, whole: int, language: Language) -> str:
    """How much of it is told, where not all of it can be; a job more or less comes and goes between two looks."""
    return word(key, language, most=told, shown=cells.number(whole)) if MOST <= told < whole else ""


def _idle(found: Workings, language: Language) -> str:
    if not found.idle_lanes:
        return ""
    return word("idle_lanes", language, count=found.idle_lanes, shown=cells.number(found.idle_lanes))


def _since(at: int | None, now: int, language: Language) -> str:
    return cells.span(max(0, now - at), language) if at is not None else "–"


def _worker(one: WorkerView, now: int, language: Language) -> WorkerLine:
    busy = one.state == "busy"
    doing = f"#{one.batch}" if one.batch is not None else ""
    if busy and not doing:
        doing = word("of_another_workspace", language) if one.source else word("chores", language)
    label = word(f"state_{one.state}", language) if known(f"state_{one.state}") else one.state
    return WorkerLine(
        name=one.name,
        host=one.host or "–",
        pid=str(one.pid) if one.pid else "–",
        state=one.state,
        label=label,
        doing=doing if busy else "",
        source=one.source if busy else "",
        address=f"/batches/{one.batch}" if one.batch is not None else "",
        since=_since(one.busy_since, now, language) if busy else "–",
        seen=word("ago", language, span=_since(one.seen_at, now, language)) if one.seen_at is not None else "–",
        jobs=cells.number(one.done + one.failed),
    )


def _queue(one: QueueAge, now: int, language: Language) -> QueueLine:
    oldest = _since(one.oldest_at, now, language) if one.waiting else "–"
    return QueueLine(one.name, cells.number(one.waiting), oldest, cells.number(one.failed))


def _batch(batch: int | None, name: str, source: str, language: Language) -> tuple[str, str]:
    """How a batch is told, and its address."""
    if batch is not None:
        return name or f"#{batch}", f"/batches/{batch}"
    return (word("of_another_workspace", language) if source else word("chores", language)), ""


def _lane(one: LaneView, now: int, language: Language) -> SliceLine:
    name, address = _batch(one.batch, one.name, one.source, language)
    return SliceLine(
        key=f"{one.worker} {one.source} {one.lane} {one.generation}",
        batch=name,
        address=address,
        source=one.source,
        place=one.worker,
        when=cells.span(max(0, one.until - now), language),
        note=word("lane_number", language, lane=one.lane, generation=one.generation),
        held=cells.number(one.held),
    )


def _job(one: JobView, now: int, language: Language) -> SliceLine:
    name, address = _batch(one.batch, one.name, one.source, language)
    key = f"{one.id} {one.queue} {one.at}"
    return SliceLine(key, name, address, one.source, one.queue, _since(one.at, now, language), "")


def _failed(one: JobView, now: int, language: Language) -> SliceLine:
    name, address = _batch(one.batch, one.name, one.source, language)
    when = cells.when(one.at, now, language) if one.at is not None else "–"
    note = one.about or ("–" if one.batch is None and one.source else word("not_said", language))
    return SliceLine(f"{one.id} {one.queue} {one.at}", name, address, one.source, one.queue, when, note)


def _halt(one: HaltView, now: int, language: Language) -> HaltLine:
    at = cells.when(one.until, now, language) if one.until is not None else "–"
    return HaltLine(
        account=one.account,
        kind="fail" if one.reason == "credentials" else "wait",
        label=shown.state_label("waiting", one.reason, language),
        why=cells.trouble_sentence(one.trouble, one.detail, language),
        until=at if one.reason in ("quota", "throttled") else word("probed_at", language, at=at),
    )


def _times(found: Workings, now: int, language: Language) -> list[Line]:
    healed, backlog = found.health.healed_at, found.backlog
    late = bool(backlog and backlog.overdue)
    said = word("never_heard", language)
    if healed is not None:
        said = word("ago", language, span=_since(healed, now, language))
    lines = [Line(word("last_heal", language), said, "" if found.health.scheduler else "fail")]
    names = houses.schedulers(found.crew.schedulers, language) if found.crew else ""
    lines.append(Line(word("schedulers", language), names or "–", "" if names else "fail"))
    lines.append(houses.memory(found.health, language))
    if backlog is None:
        return lines
    lines.append(Line(word("messages_pending", language), cells.number(backlog.pending)))
    if late:
        since = _since(backlog.since, now, language)
        told = word("messages_late_since", language, shown=cells.number(backlog.overdue), span=since)
        lines.append(Line(word("messages_late", language), told, "wait"))
    failed = cells.number(backlog.failed)
    return [*lines, Line(word("messages_failed", language), failed, "wait" if backlog.failed else "")]
