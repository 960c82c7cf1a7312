"""What services give to the faces: plain values, ready to show. Times are UTC milliseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.services.doubts import Doubt
from app.services.holdings import AccountView

BatchState = Literal["queued", "running", "waiting", "paused", "cancelling", "cancelled", "completed"]
#: ``pending`` stands for "no reading yet"; ``cancelled`` for one that will not come.
#: ``withheld`` for a reading that its upstream's settings show to nobody.
CellState = Literal["ok", "below", "missing", "failed", "cancelled", "pending", "withheld"]
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
    account: str = ""


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
    owner: str = ""
    deadline_at: int | None = None
    #: Why it was cancelled: ``person`` | ``deadline``; "" otherwise.
    stopped_by: str = ""
    #: The batch that this one asks anew.
    rerun_of: int | None = None
    #: Names of the columns that came beside the keywords.
    columns: tuple[str, ...] = ()
    #: The columns worked out of others, as they are stored (`app.services.derived`).
    derived: str = "[]"
    workspace: int = 1
    tags: tuple[str, ...] = ()
    #: JSON object of the submitter's own (``metadata`` on the wire).
    notes: str = "{}"
    #: Since when what is not kept any more is gone; None = it is there.
    events_purged_at: int | None = None
    readings_purged_at: int | None = None
    items_purged_at: int | None = None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a batch goes and when it ends. ``per_second`` is None before anything is known; ``binds`` says what
    decides the end: ``rate``, ``quota`` (``days`` = how many midnights it takes), ``upstream_down``, ``credentials``,
    ``throttled``, ``paused``, ``speed`` (nothing limits but the machine) or "" when it has ended. ``ends_at`` is None
    while nobody can know. ``rate_part`` is what is left of the limit after an upstream said "too fast" (1.0 = all).
    ``left_today``/``quota`` are those of the account with the least calls left today, ``renewed_at`` when they come
    back. ``by_source``: the speed of each source, where it is known. ``answer_ms`` and ``answer_p95_ms``: how long the
    last calls took, on average and at most but for 5 in 100."""

    per_second: float | None
    limit_per_second: float | None
    ends_at: int | None
    binds: str
    left_today: int | None
    quota: int | None
    days: int = 0
    rate_part: float = 1.0
    renewed_at: int | None = None
    by_source: Mapping[str, float] = field(default_factory=dict)
    answer_ms: float | None = None
    answer_p95_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not taken. ``reason``: ``too_long`` | ``empty_after_cleaning`` | ``no_keyword`` (beside
    something) | ``not_text`` | ``nul`` | ``extra_cells`` | ``not_json``; ``line`` counts from 1."""

    line: int
    excerpt: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceNeeds:
    """What a source of a previewed batch would cost: ``lookups`` = ``cached`` (answered by earlier readings) + those
    asked in ``calls`` calls."""

    name: str
    lookups: int
    cached: int
    calls: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a submit would do, before a call is spent. ``ends_at``, ``binds`` and ``days`` as in `Pace`. ``changed``:
    steps by how many keywords they changed; ``doubted``: doubts by kind, the first of them in ``doubtful`` (its
    position is the line); ``spaced``: groups of keywords that differ in spaces only, the first of them in
    ``spacings``."""

    items: int
    merged: int
    rejected: int
    repaired: int
    rejections: tuple[Rejection, ...]
    lookups: int
    cached: int
    calls: int
    ends_at: int | None
    binds: str
    days: int
    sources: tuple[SourceNeeds, ...]
    accounts: tuple[AccountView, ...]
    changed: Mapping[str, int] = field(default_factory=dict)
    doubted: Mapping[str, int] = field(default_factory=dict)
    doubtful: tuple[Doubt, ...] = ()
    spacings: tuple[tuple[str, ...], ...] = ()
    spaced: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Failed lookups of one kind: ``error`` is a code of `app.errors`, ``detail`` what the newest of them said."""

    source: str
    error: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry did: the batch as it stands now, and how many lookups are asked again."""

    batch: BatchView
    lookups: int


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement of a keyword: what was read, when, by which batch and account. ``superseded``: a failure that
    was retried since."""

    keyword: str
    source: str
    state: CellState
    value: float | None
    upper: float | None
    observed_at: int
    batch: int
    account: str
    attempts: int
    latency_ms: int
    error: str
    detail: str
    superseded: bool


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
    ``merged`` how many further lines were the same, ``others`` what stood beside it, in the order of the batch's
    ``columns``."""

    position: int
    keyword: str
    asked: str
    merged: int
    cells: tuple[Cell, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submit did: the id, how many lines became what, and the batch as it was then. ``rejections`` holds the
    first 100 of ``rejected``."""

    batch: int
    items: int
    merged: int
    rejected: int
    repaired: int
    view: BatchView
    rejections: tuple[Rejection, ...] = field(default=())
