"""What is wanted of a batch's table, in the words of whoever asks: ``sort``, ``filter`` and ``q``."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from app.errors import BadValue
from app.repositories.finding import Letter
from app.repositories.table import Comparison, Filter, Key, Sort
from app.services import initials
from app.services.results import withheld
from app.services.shapes import BatchView

Order = Literal["asc", "desc"]
#: Filters of one request.
MAX_FILTERS = 20
#: Readings by their state; the last two stand for "none".
STATES = ("ok", "below", "missing", "failed", "pending", "cancelled")
_UNREAD = frozenset({"pending", "cancelled"})
_FILTER = re.compile(r"([^\s:<>=]+)(:|<=|>=|=|<|>)(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_KEYS: dict[str, Key] = {"": "value", "status": "state", "observed_at": "observed_at"}
_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows, and in which order."""

    sort: Sort
    filters: tuple[Filter, ...] = ()
    spellings: tuple[str, ...] = ()
    initials: tuple[Letter, ...] = ()


def parse(
    batch: BatchView, sort: str = "position", order: Order = "asc", filters: Sequence[str] = (), q: str = ""
) -> Selection:
    """What these words mean for ``batch``. Raises BadValue for what is not understood, and for a source that the batch
    does not have or whose readings are shown to nobody."""
    if len(filters) > MAX_FILTERS:
        raise BadValue(name="filter", value=len(filters), why=f"Give at most {MAX_FILTERS} filters.")
    found = tuple(_filter(batch, text) for text in filters)
    return Selection(_sort(batch, sort, descending=order == "desc"), found, spellings(q), initials.letters(q))


def spellings(q: str) -> tuple[str, ...]:
    """The ways in which ``q`` may stand in a keyword as it was typed, a to z small. Letters beyond A to Z are found as
    they are given, all small or all capital; composed and decomposed (as macOS writes Korean) alike."""
    if "\0" in q:
        raise BadValue(name="q", value=q, why="A keyword has no NUL in it.")
    cased = (q, q.lower(), q.upper())
    forms = (unicodedata.normalize(form, text) for text in cased for form in ("NFC", "NFD"))
    return tuple(dict.fromkeys(text.translate(_SMALL) for text in forms)) if q else ()


def _sort(batch: BatchView, text: str, *, descending: bool) -> Sort:
    if text == "position":
        return Sort("position", descending=descending)
    if text == "keyword":
        return Sort("typed", descending=descending)
    names = {source.name for source in batch.sources}
    source, suffix = (text, "") if text in names else (text.rpartition(".")[0], text.rpartition(".")[2])
    if source not in names or suffix not in _KEYS:
        known = ", ".join(sorted(names))
        why = f"Sort by position, keyword, or a source of the batch ({known}), its .status or its .observed_at."
        raise BadValue(name="sort", value=text, why=why)
    return Sort(_KEYS[suffix], _shown(batch, "sort", source), descending)


def _filter(batch: BatchView, text: str) -> Filter:
    match = _FILTER.fullmatch(text)
    if match is None:
        why = "Write source:state, as naver.blog:failed,pending, or source<number, with <, <=, =, >= or >."
        raise BadValue(name="filter", value=text, why=why)
    source, sign, rest = match.groups()
    if source not in {one.name for one in batch.sources}:
        known = ", ".join(one.name for one in batch.sources)
        raise BadValue(name="filter", value=text, why=f"The batch's sources are {known}.")
    _shown(batch, "filter", source)
    return _of_states(source, rest, text) if sign == ":" else _of_values(source, sign, rest, text)


def _of_states(source: str, words: str, text: str) -> Filter:
    states = frozenset(words.split(","))
    if not states <= set(STATES):
        raise BadValue(name="filter", value=text, why=f"The states are {', '.join(STATES)}.")
    return Filter(source, tuple(sorted(states - _UNREAD)), unread=not states.isdisjoint(_UNREAD))


def _of_values(source: str, sign: str, number: str, text: str) -> Filter:
    if not _NUMBER.fullmatch(number) or not math.isfinite(float(number)):
        raise BadValue(name="filter", value=text, why=f"Give a number after {sign}, as 1000 or 0.5.")
    return Filter(source, comparison=cast(Comparison, sign), number=float(number))


def _shown(batch: BatchView, name: str, source: str) -> str:
    if source in withheld(batch):
        raise BadValue(name=name, value=source, why="What this source says is shown to nobody.")
    return source
