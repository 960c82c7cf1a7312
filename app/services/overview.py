"""The overview: what is under way, what is left of the quotas, how fast and how well upstreams answer, how the house
does. Each part is read as it stands; nothing is estimated but the ends of batches."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from app import clock
from app.errors import KeybatchError
from app.services import accounts, listing, ops, pace, pulse
from app.services.holdings import AccountView
from app.services.house import House
from app.services.meter import Meter
from app.services.ops import Health
from app.services.pulse import Beat, Sums
from app.services.shapes import BatchView, Pace
from app.sources import registry

Window = Literal["hour", "day"]
#: In this order they are told, the newest of each first.
UNDER_WAY: Final = ("running", "waiting", "cancelling", "queued", "paused")
#: Batches under way that are told with their end, those that are looked at, and ended ones that are told after them.
TOLD: Final = 8
LOOKED_AT: Final = 50
ENDED_TOLD: Final = 3
#: Ended ones only fill up what is shorter than this.
LINES: Final = 6


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A batch that has not ended, and when it will."""

    batch: BatchView
    pace: Pace


@dataclass(frozen=True, slots=True)
class Speed:
    """Lookups asked by calls a second now, and how many a second the limits of the accounts allow that are asked.
    ``now`` is None while it is being measured, ``limit`` where one of them has none or nothing is asked."""

    now: float | None
    limit: float | None


@dataclass(frozen=True, slots=True)
class UpstreamView:
    """An upstream: what it was asked for in the window, and calls made on its own calendar day."""

    name: str
    sums: Sums
    calls_today: int
    offline: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """``fresh``: nothing has ever been submitted here. ``beats`` are those of ``window``; ``limits``: as in `Speed`, of
    the accounts asked in each. ``more``: batches under way that are not in ``under_way``; ``many``: there may be yet
    more of them. ``failing``: the newest batch with failures, by upstream and, under "", of all. ``today`` is since
    midnight in the zone asked for, by account."""

    window: Window
    fresh: bool
    beats: list[Beat]
    limits: list[float | None]
    today: Mapping[str, Sums]
    speed: Speed
    under_way: list[UnderWay]
    more: int
    many: bool
    ended: list[BatchView]
    failing: Mapping[str, int]
    accounts: list[AccountView]
    broken: Mapping[str, KeybatchError]
    upstreams: list[UpstreamView]
    health: Health


def look(house: House, workspace: int, window: Window, zone: str, meter: Meter) -> Overview:
    """The house as a member of ``workspace`` sees it. Figures of upstreams and accounts are of all workspaces, for they
    share these. Raises DatabaseDown."""
    views = [view for view in accounts.listing(house) if not view.missing]
    beats = pulse.day(house) if window == "day" else pulse.hour(house)
    open_ones = listing.page(house, workspace, states=UNDER_WAY, limit=LOOKED_AT)
    found = sorted(open_ones.batches, key=lambda batch: (UNDER_WAY.index(batch.state), -batch.id))
    ended = listing.page(house, workspace, states=("completed", "cancelled"), limit=LOOKED_AT).batches
    return Overview(
        window=window,
        fresh=not found and not ended,
        beats=beats,
        limits=[limit_of(_asked(beat)) for beat in beats],
        today=pulse.today(house, zone),
        speed=_speed(house, meter),
        under_way=[UnderWay(batch, pace.pace(house, batch)) for batch in found[:TOLD]],
        more=len(found[TOLD:]),
        many=open_ones.next is not None,
        ended=ended[: max(0, min(ENDED_TOLD, LINES - len(found)))],
        failing=_failing([*found, *ended]),
        accounts=views,
        broken=accounts.broken(house),
        upstreams=_upstreams(beats, views),
        health=ops.health(house),
    )


def _asked(beat: Beat) -> list[str]:
    """The accounts that calls were made with."""
    return [account for account, sums in beat.accounts.items() if sums.asked and not pulse.is_offline(account)]


def limit_of(found: Iterable[str]) -> float | None:
    """How many lookups a second the rates of these accounts allow together at most; accounts that their upstream limits
    together count once. None without any, or where one has no limit or is not known any more."""
    limits: dict[str, float] = {}
    for key in found:
        account = accounts.named(key)
        if account is None or account.budget.rate is None:
            return None
        sources = [one for one in registry.sources().values() if one.upstream.name == account.upstream]
        keywords = max((source.per_call for source in sources), default=1)
        limits[account.limits] = max(limits.get(account.limits, 0.0), account.budget.rate.per_second * keywords)
    return sum(limits.values()) if limits else None


def _speed(house: House, meter: Meter) -> Speed:
    now, found = clock.now_ms(), pulse.lately(house)
    rates = meter.look(now, found)
    if rates is None:
        return Speed(None, None)
    return Speed(math.fsum(rates.values()), limit_of(rates))


def _failing(found: Iterable[BatchView]) -> dict[str, int]:
    newest: dict[str, int] = {}
    for batch in sorted(found, key=lambda batch: batch.id):
        for source in batch.sources:
            if source.counts.failed:
                newest[source.name.partition(".")[0]] = newest[""] = batch.id
    return newest


def _upstreams(beats: Iterable[Beat], views: Iterable[AccountView]) -> list[UpstreamView]:
    """Every upstream that was asked in the window or today."""
    sums, calls = pulse.by_upstream(pulse.by_account(beats)), dict[str, int]()
    for view in views:
        calls[view.upstream] = calls.get(view.upstream, 0) + view.spent_today
    names = {*sums, *(name for name, count in calls.items() if count)}
    return [
        UpstreamView(name, sums.get(name, Sums()), calls.get(name, 0), pulse.is_offline(f"{name}/"))
        for name in sorted(names)
    ]
