"""What a view leaves out, in words, and a filter as somebody fills it in. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Language
from app.services.intervals import plain
from app.web import cells
from app.web.columns import Column
from app.web.views import View, address
from app.web.words import word

#: How a number can be compared, as the services write it and as people do.
SIGNS: dict[str, str] = {"<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">"}
#: What can be in a cell, with its word: of a source, and of a column worked out or coming beside a source's value. Of
#: many of these nobody knows which have a range and which have nothing, so both are asked for together.
STATES = {state: state for state in ("ok", "below", "missing", "failed", "pending")}
PARTS = {"ok": "ok", "range,none": "value_not_one"}
#: What the names of their fields begin with.
SOURCE, PART = "state:", "part:"
_WORDS = {**STATES, "range": "value_range", "none": "value_none"}
_WRITTEN = re.compile(r"([^\s:<>=]+)(:|<=|>=|=|<|>)(.*)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass
class Chip:
    """A filter in force, and the address of the table without it."""

    text: str
    href: str


def chips(batch: int, view: View, columns: Sequence[Column], language: Language) -> list[Chip]:
    """The filters of ``view``; one that makes no sense is shown as it was written."""
    titles = {one.name: one.title for one in columns}
    return [Chip(_told(text, titles, language), address(batch, view.without(text))) for text in view.filters]


def _told(text: str, titles: Mapping[str, str], language: Language) -> str:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return text
    name, sign, rest = match.groups()
    title = titles.get(name, name)
    if sign == ":":
        return f"{title}: {', '.join(word(_WORDS.get(one, one), language) for one in rest.split(','))}"
    return f"{title} {SIGNS[sign]} {_grouped(rest)}"


def _grouped(number: str) -> str:
    if not _NUMBER.fullmatch(number):
        return number
    _, _, fraction = number.partition(".")
    return cells.number(float(number), len(fraction))


def written(form: Mapping[str, Any], kind: str) -> str:
    """The filter that a form describes, of a column of this kind. Raises ValueError with the key of the word that says
    what is wrong with it."""
    column, sign = str(form.get("column", "")), str(form.get("is", ""))
    if not column:
        raise ValueError("filter_no_column")
    if sign not in SIGNS:
        group = SOURCE if kind == "source" else PART
        states = [state for state in (STATES if kind == "source" else PARTS) if form.get(f"{group}{state}")]
        if not states:
            raise ValueError("filter_no_state")
        return f"{column}:{','.join(states)}"
    number = re.sub(r"[,\s]", "", str(form.get("number", "")))
    if not _NUMBER.fullmatch(number):
        raise ValueError("filter_no_number")
    return f"{column}{sign}{plain(float(number))}"
