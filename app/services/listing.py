"""The list of batches, filtered and a page after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.repositories import listing
from app.repositories.listing import Fits
from app.services import selection, views
from app.services.house import House
from app.services.shapes import BatchView


@dataclass(frozen=True, slots=True)
class ListPage:
    """Batches, newest first; ``next`` given as ``before`` leads to those after them, None when there are none."""

    batches: list[BatchView]
    next: int | None


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
    limit: int = 50,
) -> ListPage:
    """Batches of ``workspace`` with ids under ``before``: in one of ``states``, with this source, owner and tag, with
    ``q`` in their name (in any spelling that a search for keywords finds), made from ``since`` on and before ``until``
    (UTC ms). What is empty does not filter. Raises BadValue for a ``q`` that nothing can hold."""
    fits = Fits(tuple(states), source, owner, tag, selection.spellings(q), since, until)
    with house.db.read() as connection:
        rows = listing.page(connection, workspace, fits, before, limit + 1)
        found = views.views(connection, rows[:limit])
    return ListPage(found, found[-1].id if len(rows) > limit else None)
