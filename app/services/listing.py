"""The list of batches: filtered, a page after the other, and what there is to filter by."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.repositories import listing
from app.repositories.listing import Fits
from app.services import selection, views
from app.services.house import House
from app.services.shapes import BatchView


@dataclass(frozen=True, slots=True)
class ListPage:
    """Batches, newest first; ``next`` given as ``before`` leads to those after them, None when there are none.
    ``newer``: whether some come before them."""

    batches: list[BatchView]
    next: int | None
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace's batches have: sources, owners and tags, each by name."""

    sources: tuple[str, ...]
    owners: tuple[str, ...]
    tags: tuple[str, ...]


def page(
    house: House,
    workspace: int,
    *,
    states: Sequence[str] = (),
    source: str = "",
    owner: str = "",
    tag: str = "",
    q: str = "",
    since: int | None = None,
    until: int | None = None,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> ListPage:
    """Batches of ``workspace`` with ids under ``before``: in one of ``states``, with this source, owner and tag, with
    ``q`` in their name (in any spelling that a search for keywords finds), made from ``since`` on and before ``until``
    (UTC ms). What is empty does not filter. ``after`` leads the other way: to the page of those with higher ids that
    stands right before; it is the first page where there are not enough of them for another one. Raises BadValue for a
    ``q`` that nothing can hold."""
    fits = fitting(states=states, source=source, owner=owner, tag=tag, q=q, since=since, until=until)
    return fitted(house, workspace, fits, before=before, after=after, limit=limit)


def fitted(
    house: House, workspace: int, fits: Fits, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> ListPage:
    """`page` of what fits."""
    with house.db.read() as connection:
        if after is not None:
            above = listing.above(connection, workspace, fits, after, limit + 1)
            before = above[-2].id + 1 if len(above) > limit else None
        rows = listing.page(connection, workspace, fits, before, limit + 1)
        newer = before is not None and bool(rows) and bool(listing.above(connection, workspace, fits, rows[0].id, 1))
        found = views.views(connection, rows[:limit])
    return ListPage(found, found[-1].id if len(rows) > limit else None, newer)


def under_way(house: House, workspace: int) -> int:
    """How many batches of ``workspace`` have not ended. Raises DatabaseDown."""
    with house.db.read() as connection:
        return listing.under_way(connection, workspace)


def some(house: House, workspace: int, ids: Sequence[int]) -> list[BatchView]:
    """Those of the batches ``ids`` that are the workspace's, newest first."""
    with house.db.read() as connection:
        return views.views(connection, listing.some(connection, workspace, ids))


def matching(house: House, workspace: int, fits: Fits, most: int) -> list[int]:
    """The ids of the newest ``most`` batches that fit."""
    with house.db.read() as connection:
        return listing.ids(connection, workspace, fits, most)


def known(house: House, workspace: int) -> Known:
    """What the workspace's batches can be filtered by."""
    with house.db.read() as connection:
        return Known(*listing.known(connection, workspace))


def fitting(
    *,
    states: Sequence[str] = (),
    source: str = "",
    owner: str = "",
    tag: str = "",
    q: str = "",
    since: int | None = None,
    until: int | None = None,
) -> Fits:
    """The words of `page` as the database is asked. Raises BadValue."""
    return Fits(tuple(states), source, owner, tag, selection.spellings(q), since, until)
