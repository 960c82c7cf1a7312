"""What is wanted of a batch's table, in the words of whoever asks: ``sort``, ``filter`` and ``q``."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from app.errors import BadValue
from app.repositories import terms
from app.repositories.finding import Letter
from app.repositories.rows import Comparison, Filter, Key, Sort
from app.repositories.terms import Said, Term, Worked
from app.services import derived, initials
from app.services.expressions import Expression, Name, Operation
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
#: What there is of a further or a worked-out column.
_THERE = ("ok", "range", "none")
#: Stands for the batch's competition ratio, whichever documents it counts.
RATIO = "ratio"
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
    names = _names(batch)
    source, suffix = (text, "") if text in names else (text.rpartition(".")[0], text.rpartition(".")[2])
    if source in names and suffix in _KEYS:
        return Sort(_KEYS[suffix], _shown(batch, "sort", source), descending)
    return Sort("term", descending=descending, term=_term(batch, "sort", text))


def _filter(batch: BatchView, text: str) -> Filter:
    match = _FILTER.fullmatch(text)
    if match is None:
        why = "Write source:state, as naver.blog:failed,pending, or source<number, with <, <=, =, >= or >."
        raise BadValue(name="filter", value=text, why=why)
    name, sign, rest = match.groups()
    if name in _names(batch):
        source = _shown(batch, "filter", name)
        return _of_states(source, rest, text) if sign == ":" else _of_values(Filter(source), sign, rest, text)
    term = _term(batch, "filter", name)
    return _of_term(term, rest, text) if sign == ":" else _of_values(Filter(term=term), sign, rest, text)


def _of_term(term: Term, words: str, text: str) -> Filter:
    states = tuple(sorted({*words.split(",")}))
    if not {*states} <= {*_THERE}:
        raise BadValue(name="filter", value=text, why=f"Of this column there is {', '.join(_THERE)}.")
    if ("range" in states) is not ("none" in states) and terms.quotient(term) is None:
        why = (
            "Only of one column ÷ another is it known which rows have a range. Ask for ok, or for range,none together."
        )
        raise BadValue(name="filter", value=text, why=why)
    return Filter(states=states, term=term)


def _of_states(source: str, words: str, text: str) -> Filter:
    states = frozenset(words.split(","))
    if not states <= set(STATES):
        raise BadValue(name="filter", value=text, why=f"The states are {', '.join(STATES)}.")
    return Filter(source, tuple(sorted(states - _UNREAD)), unread=not states.isdisjoint(_UNREAD))


def _of_values(of: Filter, sign: str, number: str, text: str) -> Filter:
    if not _NUMBER.fullmatch(number) or not math.isfinite(float(number)):
        raise BadValue(name="filter", value=text, why=f"Give a number after {sign}, as 1000 or 0.5.")
    return replace(of, comparison=cast(Comparison, sign), number=float(number))


def _names(batch: BatchView) -> tuple[str, ...]:
    return tuple(source.name for source in batch.sources)


def _term(batch: BatchView, name: str, text: str) -> Term:
    """The number of the further or worked-out column called ``text``."""
    names = _names(batch)
    further = derived.names(names)[len(names) :]
    worked_out = derived.columns(batch.derived, names)
    ratios = [one for one in worked_out if one.is_ratio]
    found = [one.formula.tree for one in (ratios if text == RATIO else worked_out) if text in (RATIO, one.key)]
    found = found or [Name(one) for one in further if one == text]
    if not found:
        known = [*names, *further, *(one.key for one in worked_out), *([RATIO] if ratios else [])]
        besides = "position, keyword, " if name == "sort" else ""
        ends = ", and a source's .status and .observed_at" if name == "sort" else ""
        raise BadValue(name=name, value=text, why=f"There is {besides}{', '.join(known)[:2000]}{ends}.")
    term = _over(found[0], names)
    for source in terms.sources(term):
        _shown(batch, name, source)
    return term


def _over(tree: Expression, sources: Sequence[str]) -> Term:
    """A formula as the database knows it: its columns are those of sources."""
    if isinstance(tree, Operation):
        return Worked(tree.sign, tuple(_over(part, sources) for part in tree.parts))
    if isinstance(tree, Name):
        source = next(one for one in sources if f"{tree.name}.".startswith(f"{one}."))
        return Said(source, tree.name[len(source) + 1 :])
    return tree


def _shown(batch: BatchView, name: str, source: str) -> str:
    if source in withheld(batch):
        raise BadValue(name=name, value=source, why="What this source says is shown to nobody.")
    return source
