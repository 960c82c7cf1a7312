"""The columns of a batch's table: which there are, which of them a view shows, and where a click on a head leads.
Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.errors import BadValue, Language
from app.services import derived
from app.services.formulas import Derived
from app.services.holdings import SourceInfo
from app.services.results import withheld
from app.services.shapes import BatchView
from app.sources.base import Column as Further
from app.web import shown
from app.web.views import View, address

_DIRECTIONS = {"asc": "ascending", "desc": "descending"}
#: Columns of the items themselves, by what they are sorted as.
ITEMS = ("position", "keyword")


@dataclass
class Column:
    """A column's head. ``kind``: source, part (a further column of the one before it) or derived. ``index``: its place
    among a row's cells. ``href``: where a click leads, "" where nothing can be sorted; ``direction`` as ARIA has it.
    ``text``: it holds words, by which nothing is sorted or filtered."""

    name: str
    title: str
    kind: str = "source"
    index: int = 0
    href: str = ""
    direction: str = "none"
    text: bool = False


@dataclass
class Choice:
    """A column as it is chosen: ``first`` and ``last`` among those shown, ``fixed`` while it is the only one; ``text``
    as in `Column`."""

    name: str
    title: str
    kind: str
    shown: bool
    first: bool
    last: bool
    fixed: bool
    text: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a batch's table is made of, in the order of its columns."""

    sources: tuple[tuple[str, SourceInfo | None, tuple[Further, ...]], ...]
    derived: tuple[Derived, ...]


def layout(batch: BatchView, infos: Mapping[str, SourceInfo]) -> Layout:
    """The columns of ``batch``; one that makes no sense any more (its source is gone) is left out."""
    sources = []
    for view in batch.sources:
        info = infos.get(view.name)
        sources.append((view.name, info, tuple(one for one in info.columns if not one.detail) if info else ()))
    try:
        worked_out = derived.columns(batch.derived, tuple(view.name for view in batch.sources))
    except BadValue:
        worked_out = ()
    return Layout(tuple(sources), worked_out)


def every(batch: BatchView, infos: Mapping[str, SourceInfo], language: Language) -> list[Column]:
    """The table's columns after the keyword; titles that two sources share are told apart by their upstream."""
    made = layout(batch, infos)
    short = [shown.title(info, language) if info else name for name, info, _ in made.sources]
    found = []
    for (name, info, further), own in zip(made.sources, short, strict=True):
        full = own if info is None or short.count(own) == 1 else shown.full_title(info, language)
        found.append(Column(name, full))
        found += [
            Column(f"{name}.{one.key}", one.ko if language == "ko" else one.en, "part", text=one.text)
            for one in further
        ]
    found += [Column(one.key, one.ko if language == "ko" else one.en, "derived") for one in made.derived]
    return [replace(one, index=n) for n, one in enumerate(found)]


def order(found: Sequence[Column], wanted: Sequence[str]) -> list[Column]:
    """Those of ``wanted``, in their order; all of them where none is wanted or none of these is there."""
    by_name = {one.name: one for one in found}
    return [by_name[name] for name in wanted if name in by_name] or list(found)


def heads(
    batch: BatchView, infos: Mapping[str, SourceInfo], view: View, language: Language
) -> tuple[list[Column], list[Column]]:
    """The heads of the item's own columns, and of those after them that ``view`` shows."""
    hidden = withheld(batch)
    items = [_headed(Column(name, "", "item"), batch.id, view) for name in ITEMS]
    rest = order(every(batch, infos, language), view.columns)
    return items, [one if one.name in hidden or one.text else _headed(one, batch.id, view) for one in rest]


def _headed(one: Column, batch: int, view: View) -> Column:
    direction = _DIRECTIONS[view.order] if view.sort == one.name else "none"
    return replace(one, href=address(batch, view.sorted_next(one.name)), direction=direction)


def choices(batch: BatchView, infos: Mapping[str, SourceInfo], view: View, language: Language) -> list[Choice]:
    """All columns to choose from: those shown, in their order, then the others."""
    found = every(batch, infos, language)
    on = order(found, view.columns)
    off = [one for one in found if one not in on]
    return [
        Choice(one.name, one.title, one.kind, one in on, n == 0, n == len(on) - 1, len(on) == 1 and one in on, one.text)
        for n, one in enumerate((*on, *off))
    ]


def toggled(found: Sequence[Choice], name: str) -> tuple[str, ...]:
    """The columns of a view once ``name`` is shown, or is not any more."""
    on = [one.name for one in found if one.shown]
    if name in on:
        return tuple(one for one in on if one != name) or tuple(on)
    return (*on, *(one.name for one in found if one.name == name))


def moved(found: Sequence[Choice], name: str, by: int) -> tuple[str, ...]:
    """The columns of a view once ``name`` stands ``by`` places further on."""
    on = [one.name for one in found if one.shown]
    if name in on:
        at = on.index(name)
        to = min(max(0, at + by), len(on) - 1)
        on.insert(to, on.pop(at))
    return tuple(on)
