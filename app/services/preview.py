"""What a submit would do and when it would end, before anything is stored or a call is spent."""

import tempfile
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Self

from sqlalchemy import Connection

from app import clock
from app.errors import EmptyInput
from app.repositories import readings
from app.services import accounts, pace, wire
from app.services.batches import NOTHING, Picked, check_options, pick
from app.services.estimate import End
from app.services.house import House
from app.services.intake import PLAIN, Intake, Told, Treatment
from app.services.shapes import Preview, SourceNeeds
from app.services.sheets import Line
from app.sources.base import Account
from app.sources.registry import Source

#: Keywords looked up among earlier readings at a time.
LOOK = 5_000
#: Groups of spacing variants told one by one.
MOST_GROUPS = 50


class Remembered:
    """Texts by position, in a file: a million of them take 8 MB of memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="keybatch-")  # noqa: SIM115 -- closed by __exit__
        self._starts = array("Q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, text: str) -> None:
        """Keep the next one."""
        self._starts.append(self._starts[-1] + self._file.write(text.encode()))

    def at(self, position: int) -> str:
        """The one at ``position``."""
        self._file.seek(self._starts[position])
        return self._file.read(self._starts[position + 1] - self._starts[position]).decode()


def preview(
    house: House,
    lines: Iterable[str | Line],
    sources: Sequence[str],
    *,
    priority: str = "default",
    max_age_s: int = 0,
    pay_with: Mapping[str, str] = NOTHING,
    treatment: Treatment = PLAIN,
    tell: Callable[[Told], None] | None = None,
) -> Preview:
    """What `app.services.batches.submit` would take of ``lines``, what of it earlier readings would answer, the calls
    it would need and its end as it looks now. ``tell`` hears what would become of every line that is not simply taken.
    Raises what submit raises."""
    accounts.refresh(house)
    picked = pick(sources, pay_with)
    check_options(priority, max_age_s)
    taken = Intake(treatment, curious=True, tell=tell)
    with Remembered() as texts:
        ids = []
        for one in taken.take(lines):
            ids.append(one.keyword_id)
            texts.add(one.asked)
        spacings = tuple(tuple(texts.at(n) for n in group) for group in taken.spacings.groups(MOST_GROUPS))
    if not ids:
        raise EmptyInput(rejections=[wire.rejection(one) for one in taken.rejections])
    with house.db.read() as connection:
        needs = [_needs(connection, one.source, ids, max_age_s) for one in picked]
        calls = _calls(picked, needs)
        views = {account: accounts.view(house, connection, account) for account in calls}
        ends = pace.ends_of(connection, calls, views, priority)
        needed = ((one.source, one.account, need.calls) for one, need in zip(picked, needs, strict=True))
        ends += pace.ends_of_parts(connection, needed)
    last = max(ends, default=End(None, "speed"), key=lambda end: (end.at is None, end.at or 0))
    return Preview(
        items=len(ids),
        merged=taken.merged,
        rejected=taken.rejected,
        repaired=taken.repaired,
        rejections=tuple(taken.rejections),
        changed=dict(taken.changed),
        doubted=dict(taken.doubted),
        doubtful=tuple(taken.doubtful),
        spacings=spacings,
        spaced=len(taken.spacings),
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


def _calls(picked: Sequence[Picked], needs: Sequence[SourceNeeds]) -> dict[Account, int]:
    """Calls by the account that pays for them; offline sources have none to pay."""
    calls: dict[Account, int] = {}
    for one, need in zip(picked, needs, strict=True):
        if not one.source.upstream.offline:
            calls[one.account] = calls.get(one.account, 0) + need.calls
    return calls
