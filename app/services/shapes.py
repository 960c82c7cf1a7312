"""What services give to the faces: plain values, ready to show. Times are UTC milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

BatchState = Literal["queued", "running", "waiting", "paused", "cancelling", "cancelled", "completed"]
#: ``pending`` stands for "no reading yet"; ``cancelled`` for one that will not come.
CellState = Literal["ok", "below", "missing", "failed", "cancelled", "pending"]
Priority = Literal["high", "default", "low"]

ENDED: frozenset[str] = frozenset({"cancelled", "completed"})


@dataclass(frozen=True, slots=True)
class Counts:
    """Readings by state. ``cached`` of them were answered by an earlier reading (they are in ``ok`` … too)."""

    ok: int = 0
    below: int = 0
    missing: int = 0
    failed: int = 0
    cancelled: int = 0
    cached: int = 0

    @property
    def done(self) -> int:
        """Lookups that have a reading."""
        return self.ok + self.below + self.missing + self.failed


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source of a batch. ``trouble`` is the code of the last upstream error, "" when none stands."""

    name: str
    state: BatchState
    lookups: int
    counts: Counts
    waiting_reason: str = ""
    waiting_until: int | None = None
    trouble: str = ""
    trouble_detail: str = ""


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as it stands: ``seq`` says how many readings it has, ``lookups`` how many it will have."""

    id: int
    name: str
    state: BatchState
    priority: Priority
    items: int
    lookups: int
    merged: int
    rejected: int
    seq: int
    counts: Counts
    created_at: int
    started_at: int | None
    finished_at: int | None
    waiting_reason: str
    waiting_until: int | None
    max_age_s: int
    sources: tuple[SourceView, ...]

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a batch goes and when it ends. ``per_second`` is None before anything is known; ``binds`` says what
    decides the end: ``rate``, ``quota``, ``upstream_down``, ``credentials``, ``speed`` (nothing limits but the
    machine) or "" when it has ended."""

    per_second: float | None
    limit_per_second: float | None
    ends_at: int | None
    binds: str
    left_today: int | None
    quota: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One lookup in a table. ``value`` only with ``ok``, ``upper`` only with ``below`` (the value is under it),
    ``error`` (a code of `app.errors`) only with ``failed``. ``seq`` is 0 while pending."""

    state: CellState
    value: float | None = None
    upper: float | None = None
    data: Mapping[str, Any] | None = None
    error: str = ""
    detail: str = ""
    observed_at: int | None = None
    from_cache: bool = False
    attempts: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its cells, in the order of the batch's sources. ``keyword`` is as typed, ``asked`` normalised,
    ``merged`` how many further lines were the same."""

    position: int
    keyword: str
    asked: str
    merged: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not taken. ``reason``: ``too_long`` | ``empty_after_cleaning``; ``line`` counts from 1."""

    line: int
    excerpt: str
    reason: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit did. ``rejections`` holds the first 100 of ``rejected``."""

    batch: int
    items: int
    merged: int
    rejected: int
    repaired: int
    rejections: tuple[Rejection, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source that can be picked. ``ready`` is False when ``missing`` names settings that are not there."""

    name: str
    upstream: str
    upstream_ko: str
    upstream_en: str
    ko: str
    en: str
    note_ko: str
    note_en: str
    decimals: int
    offline: bool
    ready: bool
    missing: tuple[str, ...]
    rate: str
    quota: int | None
    left_today: int | None
