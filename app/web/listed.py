"""What the list of batches shows: its filters, and batches as lines. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.errors import Language
from app.services import listing
from app.services.holdings import SourceInfo
from app.services.shapes import BatchView, Pace
from app.web import cells, shown
from app.web.asked import PARTS, ROUTE, STATES, Asked
from app.web.shown import Part
from app.web.words import known, word

_TIMED = ("quota", "throttled")  # waits whose end is known


@dataclass
class Chip:
    """A filter that is set; ``href`` leads to the list without it."""

    part: str
    label: str
    value: str
    href: str


@dataclass
class Switch:
    """A state to filter by; ``href`` switches it."""

    state: str
    label: str
    on: bool
    href: str


@dataclass
class Choice:
    """A value to filter by."""

    value: str
    label: str


@dataclass
class Filters:
    """The filters as the page shows them."""

    switches: list[Switch] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    sources: list[Choice] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    now: dict[str, str] = field(default_factory=dict)
    filtered: bool = False


def filters(wanted: Asked, choices: listing.Known, infos: Mapping[str, SourceInfo], language: Language) -> Filters:
    """What is filtered by, and what there is to filter by."""
    switches = [Switch(s, word(s, language), s in wanted.states, wanted.toggled(s).address()) for s in STATES]
    titles = {name: _title(name, infos, language) for name in choices.sources}
    chips = [
        Chip(part, word(f"by_{part}", language), _value(part, value, infos, language), wanted.but(part, "").address())
        for part, value in wanted.values.items()
    ]
    return Filters(
        switches=switches,
        chips=chips,
        sources=[Choice(name, title) for name, title in sorted(titles.items(), key=lambda one: one[1])],
        owners=list(choices.owners),
        tags=list(choices.tags),
        now={part: wanted[part] for part in PARTS},
        filtered=wanted.filtered,
    )


def _title(name: str, infos: Mapping[str, SourceInfo], language: Language) -> str:
    info = infos.get(name)
    return shown.full_title(info, language) if info else name


def _value(part: str, value: str, infos: Mapping[str, SourceInfo], language: Language) -> str:
    if part == "source":
        return _title(value, infos, language)
    return word(f"time_{value}", language) if part == "time" else value


@dataclass
class Tag:
    """A tag of a batch; ``href`` leads to all that have it."""

    text: str
    href: str


@dataclass
class Line:
    """One batch in the list. ``end`` is when it ended, or is expected to (``expected``); ``why`` says more of it."""

    id: int
    address: str
    name: str
    state: str
    label: str
    hint: str
    percent: str
    done: str
    total: str
    failed: str
    end: str
    expected: bool
    why: str
    owner: str
    when: str
    stamp: str
    parts: list[Part] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)


def line(batch: BatchView, pace: Pace | None, now: int, language: Language) -> Line:
    """A batch as the list shows it; ``pace`` where somebody has worked it out."""
    label = shown.state_label(batch.state, batch.waiting_reason, language)
    hint = label
    if batch.state == "waiting" and batch.waiting_until and batch.waiting_reason in _TIMED:
        hint = word("goes_on_at", language, state=label, at=cells.when(batch.waiting_until, now, language))
    end, expected, why = _end(batch, pace, now, language)
    return Line(
        id=batch.id,
        address=f"{ROUTE}/{batch.id}",
        name=batch.name or f"#{batch.id}",
        state=batch.state,
        label=label,
        hint=hint,
        percent=cells.percent(batch.counts.done, batch.lookups),
        done=cells.number(batch.counts.done),
        total=cells.number(batch.lookups),
        failed=cells.number(batch.counts.failed) if batch.counts.failed else "",
        end=end,
        expected=expected,
        why=why,
        owner=batch.owner,
        when=cells.when(batch.created_at, now, language),
        stamp=cells.stamp(batch.created_at),
        parts=shown.parts(batch.counts, batch.lookups, language),
        tags=[Tag(tag, Asked(values={"tag": tag}).address()) for tag in batch.tags],
    )


def _end(batch: BatchView, pace: Pace | None, now: int, language: Language) -> tuple[str, bool, str]:
    """When it ended or is expected to, whether it is only expected, and more about it."""
    if batch.finished_at is not None and batch.ended:
        return cells.when(batch.finished_at, now, language), False, cells.stamp(batch.finished_at)
    if pace is None or pace.ends_at is None:
        reason = f"binds_{pace.binds}" if pace and pace.binds else ""
        why = word(reason, language) if known(reason) and reason != "binds_speed" else word("unknown_yet", language)
        return "–", False, why
    at = cells.when(pace.ends_at, now, language)
    return at, True, word("expected_at", language, at=cells.stamp(pace.ends_at))


def counted(states: Mapping[str, int], language: Language) -> str:
    """``12 running, 3 waiting``: the most first."""
    ranked = sorted(states.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(
        word("so_many", language, shown=cells.number(count), what=_what(name, language)) for name, count in ranked
    )


def _what(name: str, language: Language) -> str:
    return word(f"not_{name}" if known(f"not_{name}") else name, language)


def told(sentences: Sequence[str], language: Language, most: int = 3) -> str:
    """Refusals in a note: the first few different ones, and how many more there are."""
    different = list(dict.fromkeys(sentences))
    rest = len(different) - most
    more = [word("more_refused", language, count=rest)] if rest > 0 else []
    return " ".join([*different[:most], *more])
