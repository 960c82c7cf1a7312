"""What a submit would do and when it would end, before anything is stored or a call is spent."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app import clock
from app.errors import EmptyInput
from app.repositories import readings
from app.services import accounts, pace
from app.services.batches import check_options, pick
from app.services.estimate import End
from app.services.house import House
from app.services.intake import Intake
from app.services.shapes import Preview, SourceNeeds
from app.sources.base import Account
from app.sources.registry import Source

#: Keywords looked up among earlier readings at a time.
LOOK = 5_000


def preview(
    house: House,
    lines: Iterable[str],
    sources: Sequence[str],
    *,
    priority: str = "default",
    max_age_s: int = 0,
) -> Preview:
    """What `app.services.batches.submit` would take of ``lines``, what of it earlier readings would answer, the calls
    it would need and its end as it looks now. Raises what submit raises."""
    picked = pick(sources)
    check_options(priority, max_age_s)
    taken = Intake()
    ids = [one.keyword_id for one in taken.take(lines)]
    if not ids:
        raise EmptyInput
    with house.db.read() as connection:
        needs = [_needs(connection, source, ids, max_age_s) for source in picked]
        calls = _calls(picked, needs)
        views = {account: accounts.view(house, connection, account) for account in calls}
        ends = pace.ends_of(connection, calls, views, priority)
    last = max(ends, default=End(None, "speed"), key=lambda end: (end.at is None, end.at or 0))
    return Preview(
        items=len(ids),
        merged=taken.merged,
        rejected=taken.rejected,
        repaired=taken.repaired,
        rejections=tuple(taken.rejections),
        lookups=len(ids) * len(picked),
        cached=sum(need.cached for need in needs),
        calls=sum(need.calls for need in needs),
        ends_at=None if last.binds == "speed" else last.at,
        binds=last.binds,
        days=last.days,
        sources=tuple(needs),
        accounts=tuple(views.values()),
    )


def _needs(connection: Connection, source: Source, ids: Sequence[int], max_age_s: int) -> SourceNeeds:
    cached = 0
    if max_age_s:
        since = clock.now_ms() - max_age_s * 1000
        parts = (ids[n : n + LOOK] for n in range(0, len(ids), LOOK))
        cached = sum(len(readings.young(connection, source.name, part, since)) for part in parts)
    return SourceNeeds(source.name, len(ids), cached, pace.calls_for(source.name, len(ids) - cached))


def _calls(picked: Sequence[Source], needs: Sequence[SourceNeeds]) -> dict[Account, int]:
    """Calls by the account that pays for them; offline sources have none to pay."""
    calls: dict[Account, int] = {}
    for source, need in zip(picked, needs, strict=True):
        if not source.upstream.offline:
            account = accounts.of(source.upstream.name)
            calls[account] = calls.get(account, 0) + need.calls
    return calls
