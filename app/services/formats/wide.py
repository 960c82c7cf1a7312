"""The wide layout: one row an item; of each source its value, its status and its further columns, then the derived
columns, then the columns given."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import repeat
from math import inf
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from app.repositories import exports
from app.services import derived, formulas
from app.services.formats.columns import Column, Kind
from app.services.formulas import Derived
from app.services.intervals import plain
from app.services.results import beside, withheld
from app.services.shapes import BatchView
from app.sources import registry

#: Where things stand in a cell: what `app.repositories.exports.cells` gives.
_STATE, _VALUE, _UPPER, _DATA, _ERROR = range(1, 6)
#: States that are a status by themselves.
_WORDS = frozenset({"ok", "missing", "withheld", "cancelled"})
#: States that say something of the value.
_SAYING = frozenset({"ok", "below"})
_Cells = list[tuple[Any, ...]]


class _Seen(NamedTuple):
    """As much of an `app.services.shapes.Cell` as formulas look at; made in a fraction of its time."""

    state: str
    value: float | None
    upper: float | None
    data: Any


class Page:
    """Some rows. What several columns need is worked out once."""

    def __init__(self, batch: BatchView, items: list[tuple[Any, ...]], cells: dict[str, _Cells]) -> None:
        self.items, self.cells = items, cells
        self._columns = len(batch.columns)
        self._kept: dict[object, list[Any]] = {}

    def once(self, key: object, make: Callable[[], list[Any]]) -> list[Any]:
        """What ``make`` gives, made once."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def data(self, source: str) -> list[Any]:
        """The further things that a source said, of each row."""
        cells = self.cells[source]
        return self.once(source, lambda: [orjson.loads(cell[_DATA]) if cell[_DATA] else {} for cell in cells])

    def seen(self, source: str, row: int) -> Any:
        """The cell of a source in one row, as formulas want it."""
        cell = self.cells[source][row]
        return _Seen(cell[_STATE], cell[_VALUE], cell[_UPPER], self.data(source)[row])

    def others(self) -> list[Any]:
        """What stood beside each keyword."""
        nothing = ("",) * self._columns
        return self.once("others", lambda: [beside(item[2]) if item[2] else nothing for item in self.items])


def read(connection: Connection, batch: BatchView, at: range | list[int], sources: Sequence[str]) -> Page:
    """The items at these positions, with the readings of these sources."""
    items, hidden = exports.items(connection, batch.id, at), withheld(batch)
    unread = (0, "cancelled" if batch.state == "cancelled" else "", None, None, None, None)
    found = {}
    for name in sources:
        cells = exports.cells(connection, batch.id, name, at)
        if name in hidden:
            cells = [(cell[0], "withheld", None, None, None, None) for cell in cells]
        if len(cells) < len(items):
            by_position = {cell[0]: cell for cell in cells}
            cells = [by_position.get(item[0], unread) for item in items]
        found[name] = cells
    return Page(batch, items, found)


def columns(batch: BatchView) -> list[Column]:
    """Every column of the layout."""
    found = [
        Column("position", "whole", lambda page: [item[0] for item in page.items]),
        Column("keyword", "text", lambda page: [item[1] for item in page.items]),
    ]
    for source in batch.sources:
        found += _of_source(source.name)
    names = tuple(source.name for source in batch.sources)
    for one in derived.columns(batch.derived, names):
        found += _worked_out(one, _needed(one, names))
    found += [Column(name, "text", partial(_beside, n)) for n, name in enumerate(batch.columns)]
    return found


def _of_source(name: str) -> list[Column]:
    known = registry.sources()
    about = known[name].about if name in known else None
    kind: Kind = "number" if about is None or about.decimals else "count"
    further = about.columns if about else ()
    return [
        Column(name, kind, partial(_values, name), (name,)),
        Column(f"{name}.status", "word", partial(_statuses, name), (name,)),
        *(Column(f"{name}.{one.key}", "mixed", partial(_parts, name, one.key), (name,)) for one in further),
    ]


def _values(source: str, page: Page) -> list[Any]:
    return numbers([cell[_VALUE] if cell[_STATE] == "ok" else None for cell in page.cells[source]])


def numbers(values: list[Any]) -> list[Any]:
    """Floats as they are written: without a fraction as int."""
    return [value if value is None or value % 1 else int(value) for value in values]


def _number(value: float) -> int | float:
    return value if value % 1 else int(value)


def _statuses(source: str, page: Page) -> list[Any]:
    cells = page.cells[source]
    bounded = any(cell[_STATE] == "below" for cell in cells)
    data = page.data(source) if bounded else repeat({})  # it may be long, and only a bound's beginning is wanted of it
    return [
        cell[_STATE] if cell[_STATE] in _WORDS else _status(cell, said) for cell, said in zip(cells, data, strict=False)
    ]


def _status(cell: tuple[Any, ...], said: Mapping[str, Any]) -> str | None:
    """The status of a reading in one word, with what it is below (and not under) or why it failed."""
    state, upper = cell[_STATE], cell[_UPPER]
    if state == "failed":
        return f"failed {cell[_ERROR] or ''}"
    if state != "below" or upper is None:
        return state or None
    least = said.get("at_least")
    return f"below {plain(upper)}" + (f" from {plain(float(least))}" if least else "")


def _parts(source: str, key: str, page: Page) -> list[Any]:
    said = [data.get(key) for data in page.data(source)]
    return [
        one
        if one is None or (kind := type(one)) is int or (kind is float and one % 1) or (kind is str and one)
        else _part(one)  # most need no call
        for one in said
    ]


def _part(said: Any) -> int | float | str | None:
    """A further column's cell: a number, a text, "below 10", or nothing."""
    if isinstance(said, str):
        return said or None
    if type(said) is float or type(said) is int:  # a truth value is no number
        return _number(said)
    return f"below {plain(float(said['below']))}" if isinstance(said, dict) and "below" in said else None


def _needed(one: Derived, sources: Sequence[str]) -> tuple[str, ...]:
    """The sources that a formula names, by themselves or by a further column."""
    return tuple(name for name in sources if any(f"{part}.".startswith(f"{name}.") for part in one.formula.names))


def _worked_out(one: Derived, sources: tuple[str, ...]) -> list[Column]:
    def cells(page: Page) -> list[Any]:
        return page.once(one.key, lambda: _computed(one, sources, page))

    return [
        Column(one.key, "number", lambda page: [value for value, _ in cells(page)], sources),
        Column(f"{one.key}.status", "word", lambda page: [word for _, word in cells(page)], sources),
    ]


def _computed(one: Derived, sources: tuple[str, ...], page: Page) -> list[tuple[Any, Any]]:
    """(value, status) of each row."""
    bare = replace(one, bands=None)  # an export does not say the band

    def told(row: int) -> tuple[Any, Any]:
        value, status = formulas.csv(bare.cell({name: page.seen(name, row) for name in sources}))
        return None if value == "" else _number(value), status or None

    parts = derived.quotient(one.formula) or ()
    if not parts or not set(parts) <= set(sources):
        return [told(row) for row in range(len(page.items))]
    found = quotients(*(page.cells[name] for name in parts))
    return [told(row) if quotient is None else quotient for row, quotient in enumerate(found)]


def quotients(over: _Cells, under: _Cells) -> Iterator[tuple[Any, Any] | None]:
    """(value, status) of one reading divided by another in each row, where the intervals of `app.services.formulas`
    certainly come to the same: both are numbers and so is what they give, or one of them says nothing. None for every
    other row. It is what most batches have, and takes a tenth of the time."""
    for one, other in zip(over, under, strict=True):
        x, y = one[_VALUE], other[_VALUE]
        if one[_STATE] not in _SAYING or other[_STATE] not in _SAYING:
            yield None, None
        elif one[_STATE] != "ok" or other[_STATE] != "ok" or not type(x) is type(y) is float:
            yield None
        elif 0 < abs(y) < inf and abs(x / y) < inf:
            yield _number(x / y), "ok"
        else:
            yield None


def _beside(n: int, page: Page) -> list[Any]:
    return [cells[n] or None if n < len(cells) else None for cells in page.others()]
