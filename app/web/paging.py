"""The way through a table: the addresses of its other pages, and which rows are on screen. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import Language
from app.web import cells
from app.web.views import PAGE, Place, View, address
from app.web.words import word


@dataclass
class Steps:
    """Addresses of the first, previous, next and last page; "" where there is none, or none that can be named."""

    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def numbered(batch: int, view: View, start: int, items: int) -> Steps:
    """The steps where rows are simply numbered."""
    last, before, after = max(0, (items - 1) // PAGE * PAGE), max(0, start - PAGE), start + PAGE
    return Steps(
        first=address(batch, view) if start > 0 else "",
        previous=address(batch, view, Place(before)) if start > 0 else "",
        next=address(batch, view, Place(after)) if after < items else "",
        last=address(batch, view, Place(last)) if after < items else "",
    )


def chained(batch: int, view: View, place: Place, following: str, trail: Mapping[str, Place]) -> Steps:
    """The steps where each page leads to the one after it: ``following`` is its cursor. The page before is known of
    those that were come from: ``trail``."""
    before = trail.get(place.cursor)
    after = place.start + PAGE if place.start >= 0 else -1
    return Steps(
        first=address(batch, view) if place.cursor else "",
        previous=address(batch, view, before) if before is not None else "",
        next=address(batch, view, Place(after, following)) if following else "",
    )


def span(start: int, count: int, total: int | None, language: Language) -> str:
    """Which rows are on screen, of how many; -1 for a page of which nobody knows how many are before it, None for a
    total that is not counted yet."""
    if not count:
        return ""
    rows = cells.number(count) if start < 0 else f"{cells.number(start + 1)}–{cells.number(start + count)}"
    if total is None:
        return word("rows_some", language, rows=rows)
    return word("rows_some_of" if start < 0 else "rows_span", language, rows=rows, of=cells.number(total))
