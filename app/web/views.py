"""What an address asks of a batch's table: its order, its rows, its columns, where to begin, and which row is open.

Everything stands in the address' query, so a reload, the way back and a shared link show the same. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from app.services.selection import Order

#: Rows on one page.
PAGE = 100
#: What is read of an address: more than anybody writes, and no more than a page can do something with.
MAX_QUERY, MAX_COLUMNS = 12_000, 200
_LONGEST = 9  # digits of a row's number


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at a table. ``columns``: those shown, in their order; none = all of them, as they come."""

    sort: str = "position"
    order: Order = "asc"
    filters: tuple[str, ...] = ()
    q: str = ""
    columns: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it leaves rows out."""
        return bool(self.filters or self.q)

    @property
    def is_steady(self) -> bool:
        """Whether readings change neither which rows there are nor their order: then cells fill in where they are."""
        return not self.filters and self.sort in ("position", "keyword")

    @property
    def is_plain(self) -> bool:
        """Whether rows are simply numbered: a page can begin at any of them."""
        return not self.narrows and self.sort == "position" and self.order == "asc"

    def pairs(self) -> list[tuple[str, str]]:
        """Its part of a query; nothing for what is so anyway."""
        sorted_by = [("sort", self.sort), ("order", self.order)]
        found = [] if (self.sort, self.order) == ("position", "asc") else sorted_by
        found += self.matching()
        return found + ([("columns", ",".join(self.columns))] if self.columns else [])

    def matching(self) -> list[tuple[str, str]]:
        """Which rows, as every route has it that takes ``filter`` and ``q``."""
        return [("filter", one) for one in self.filters] + ([("q", self.q)] if self.q else [])

    def sorted_next(self, key: str) -> "View":
        """After a click on the head of the column ``key``: descending, ascending, then as the rows were given."""
        if key == "position":
            return replace(self, sort=key, order="asc" if (self.sort, self.order) == (key, "desc") else "desc")
        if self.sort != key:
            return replace(self, sort=key, order="desc")
        return replace(self, order="asc") if self.order == "desc" else replace(self, sort="position", order="asc")

    def filtered(self, text: str) -> "View":
        """With one filter more."""
        return replace(self, filters=tuple(dict.fromkeys((*self.filters, text))))

    def without(self, text: str) -> "View":
        """With one filter less."""
        return replace(self, filters=tuple(one for one in self.filters if one != text))


#: The table as it comes.
PLAIN = View()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the table a page begins: at row ``start`` (from 0; -1 = nobody knows), and, where rows are not simply
    numbered, after ``cursor``. ``row``: the position of the row that is open."""

    start: int = 0
    cursor: str = ""
    row: int | None = None


#: The first page.
FIRST = Place()


def parse(query: str) -> tuple[View, Place]:
    """What the query of an address asks for. Sort and filters are judged by who reads the rows."""
    given = parse_qs(query[:MAX_QUERY], max_num_fields=None)
    one: Mapping[str, str] = {name: values[-1] for name, values in given.items()}
    columns = [name for name in one.get("columns", "").split(",") if name][:MAX_COLUMNS]
    view = View(
        sort=one.get("sort", "position"),
        order="desc" if one.get("order") == "desc" else "asc",
        filters=tuple(dict.fromkeys(given.get("filter", []))),
        q=one.get("q", "").strip(),
        columns=tuple(dict.fromkeys(columns)),
    )
    start = number(one.get("from", ""))
    cursor = "" if view.is_plain else one.get("cursor", "")
    first = -1 if cursor else 0
    if start is not None and (view.is_plain or cursor):  # else it is the first page, whatever the address says
        first = max(0, start - 1)
    return view, Place(first, cursor, number(one.get("row", "")))


def address(batch: int, view: View, place: Place = FIRST) -> str:
    """The address of that part of a batch's results."""
    pairs = view.pairs()
    if place.cursor:
        pairs.append(("cursor", place.cursor))
    if place.start > 0:
        pairs.append(("from", str(place.start + 1)))
    if place.row is not None:
        pairs.append(("row", str(place.row)))
    return f"/batches/{batch}{_query(pairs)}"


def row_address(batch: int, view: View, place: Place) -> str:
    """The address of a row of the page at ``place``, but for the row's position at its end."""
    plain = address(batch, view, replace(place, row=None))
    return f"{plain}{'&' if '?' in plain else '?'}row="


def export_address(batch: int, view: View) -> str:
    """Where the rows that ``view`` leaves can be taken away, in any format."""
    return f"/api/v1/batches/{batch}/export{_query([('layout', 'wide'), *view.matching()])}"


def kept(view: View) -> dict[str, Any]:
    """A view as it is kept under a name."""
    return {"query": urlencode(view.pairs())}


def opened(body: Mapping[str, Any]) -> View:
    """A view that was kept."""
    return parse(str(body.get("query", "")))[0]


def _query(pairs: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs, quote_via=quote, safe=':,<>=')}" if pairs else ""


def number(text: str) -> int | None:
    """A number as it is written in an address; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else None
