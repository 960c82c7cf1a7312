"""How a batch went on over time: its readings by the clock, and when it rested or waited. A pause in the readings is a
gap, never a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app import clock
from app.repositories import charts
from app.services import activity, batches
from app.services.activity import Act
from app.services.gone import require_readings
from app.services.house import House
from app.services.shapes import BatchView

#: Readings whose time is looked up: evenly from all of them, then within a gap to find its ends.
POINTS, WITHIN = 240, 24
#: A gap is worth showing from this part of the whole time on, and from so many milliseconds.
GAP_PART, GAP_MS = 0.02, 5_000
#: Gaps whose ends are found, the longest first.
MOST_GAPS = 20
#: Acts looked through for waits.
_ACTS = 500
_ENDS = ("pause", "resume", "cancel", "completed")


@dataclass(frozen=True, slots=True)
class Moment:
    """At ``at`` (UTC ms) the batch had ``count`` readings, retried ones included."""

    at: int
    count: int


@dataclass(frozen=True, slots=True)
class Rest:
    """From ``begin`` to ``end`` (UTC ms) nothing was asked: ``paused``, ``cancelled``, or what is waited for: the
    reason of a wait."""

    begin: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """``runs``: stretches in which readings came, each as moments by time; between two of them lies a gap. ``timed``:
    False where no reading has a time in this batch, because earlier readings answered them all. ``lookups``: how many
    readings it will have, without retried ones."""

    runs: tuple[tuple[Moment, ...], ...]
    rests: tuple[Rest, ...]
    begin: int
    end: int
    lookups: int
    timed: bool


def timeline(house: House, batch_id: int) -> Timeline | None:
    """How the batch went on; None before its first reading. Raises NoSuchBatch, Purged."""
    with house.db.read() as connection:
        batch = batches.look(connection, batch_id)
        require_readings(batch)
        if not batch.seq or batch.started_at is None:
            return None
        moments = _moments(connection, batch)
        acts = activity.recent(connection, batch_id, _ACTS)[::-1]
        end = batch.finished_at or clock.now_ms()
        first = Moment(batch.started_at, 0)
        last = moments[-1].at if moments else first.at
        limit = max(GAP_MS, GAP_PART * (max(last, end) - first.at))
        runs = _runs(connection, batch, [first, *moments], limit)
    return Timeline(runs, rests_of(acts, end), first.at, max(end, last), batch.lookups, bool(moments))


def _moments(connection: Connection, batch: BatchView) -> list[Moment]:
    return _looked_up(connection, batch.id, spread(1, batch.seq, POINTS))


def spread(first: int, last: int, most: int) -> list[int]:
    """Up to ``most`` whole numbers from ``first`` to ``last``, both included, at even distances."""
    count = min(most, last - first + 1)
    return sorted({first + (last - first) * n // max(count - 1, 1) for n in range(count)})


def _looked_up(connection: Connection, batch_id: int, seqs: Sequence[int]) -> list[Moment]:
    """When these readings came. Lanes store theirs in turns, so a later one may have been observed a little earlier:
    it was there only when the one before it was."""
    found: list[Moment] = []
    for seq, at in charts.times(connection, batch_id, seqs):
        found.append(Moment(max(at, found[-1].at) if found else at, seq))
    return found


def _runs(
    connection: Connection, batch: BatchView, moments: list[Moment], limit: float
) -> tuple[tuple[Moment, ...], ...]:
    jumps = sorted(range(1, len(moments)), key=lambda n: moments[n - 1].at - moments[n].at)
    gaps = {n for n in jumps[:MOST_GAPS] if moments[n].at - moments[n - 1].at > limit}
    runs: list[list[Moment]] = [[moments[0]]]
    for n in range(1, len(moments)):
        if n in gaps:
            before, after = _ends(connection, batch.id, moments[n - 1], moments[n])
            runs[-1].append(before)
            runs.append([after])
        runs[-1].append(moments[n])
    return tuple(tuple(run) for run in runs)


def _ends(connection: Connection, batch_id: int, before: Moment, after: Moment) -> tuple[Moment, Moment]:
    """The last reading before the longest pause between two moments, and the first one after it."""
    while after.count - before.count > 1:
        between = _looked_up(connection, batch_id, spread(before.count + 1, after.count - 1, WITHIN))
        chain = [before, *(one for one in between if before.at <= one.at <= after.at), after]
        n = max(range(1, len(chain)), key=lambda n: chain[n].at - chain[n - 1].at)
        if (chain[n - 1], chain[n]) == (before, after):
            break  # what lies between has no time of its own
        before, after = chain[n - 1], chain[n]
    return before, after


def rests_of(acts: Sequence[Act], end: int) -> tuple[Rest, ...]:
    """When nothing was asked, of the whole batch or with one of its accounts, from what was done, in order of time."""
    found: list[Rest] = []
    open_: dict[str, Rest] = {}  # "" is the whole batch, else an account
    for act in acts:
        about = str(act.about.get("account", ""))
        ended = [about] if act.what in ("waiting", "running") else list(open_) if act.what in _ENDS else []
        for key in [key for key in ended if key in open_]:
            found.append(replace(open_.pop(key), end=act.at))
        if act.what in ("pause", "cancel"):
            open_[""] = Rest(act.at, end, "paused" if act.what == "pause" else "cancelled")
        elif act.what == "waiting":
            open_[about] = Rest(act.at, end, str(act.about["reason"]))
    return tuple(sorted((*found, *open_.values()), key=lambda rest: rest.begin))
