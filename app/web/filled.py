"""What a submitted form for a new batch says, and where on it a refusal belongs. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from app import clock
from app.errors import BadValue, EmptyInput, KeybatchError, KeyReused, Language, NoSources, NotText, TooLarge
from app.services import batches
from app.services.intake import Treatment
from app.web import cells
from app.web.words import known, word

PICKED, STEP, FIX, PAY = "source:", "step:", "fix:", "pay:"
#: The choices of "reuse earlier readings", in days; 0 asks always.
AGES = (0, 1, 7, 30)
_DAY_S = 86_400
#: Fields of the form that say nothing about the batch.
_OWN = ("intent", "key", "turn", "keywords", "pasted", "preset_name")


@dataclass(frozen=True, slots=True)
class Filled:
    """The options of a form, checked; times are UTC milliseconds."""

    sources: list[str]
    pay_with: dict[str, str]
    treatment: Treatment
    priority: str
    max_age_s: int
    name: str
    tags: list[str]
    deadline_at: int | None


def filled(form: Mapping[str, Any]) -> Filled:
    """All of it. Raises BadValue for what makes no sense."""
    return Filled(
        sources=picked(form),
        pay_with=pay_with(form),
        treatment=treatment(form),
        priority=str(form.get("priority", "default")),
        max_age_s=max_age_s(form),
        name=name(form),
        tags=batches.checked_tags(tags(form)),
        deadline_at=deadline_at(form),
    )


def picked(form: Mapping[str, Any]) -> list[str]:
    """The sources ticked in a submitted form."""
    return ticked(form, PICKED)


def ticked(form: Mapping[str, Any], kind: str) -> list[str]:
    """What is ticked or chosen of a kind."""
    return [key.removeprefix(kind) for key, value in form.items() if key.startswith(kind) and value]


def treatment(form: Mapping[str, Any]) -> Treatment:
    """What a submitted form wants done to the keywords. Raises BadValue."""
    merge = bool(form.get("merge_spacing"))
    return Treatment.of(ticked(form, STEP), ticked(form, FIX), merge_spacing=merge)


def pay_with(form: Mapping[str, Any]) -> dict[str, str]:
    """Upstream → the account chosen in a submitted form, where there was a choice."""
    return {key: str(form[f"{PAY}{key}"]) for key in ticked(form, PAY)}


def tags(form: Mapping[str, Any]) -> list[str]:
    """The tags, one a line in the form's field."""
    return [tag for tag in str(form.get("tags", "")).split("\n") if tag.strip()]


def name(form: Mapping[str, Any]) -> str:
    """The name. Raises BadValue for one that would have to be cut."""
    given = batches.one_line(str(form.get("name", "")), 1_000_000)
    if len(given) > batches.MAX_NAME:
        raise BadValue(name="name", value=given[:60], why=f"Give at most {batches.MAX_NAME} characters.")
    return given


def deadline_at(form: Mapping[str, Any]) -> int | None:
    """The deadline of a submitted form, which is in KST, in UTC milliseconds; None without one. Raises BadValue for one
    that is no moment, or gone by."""
    given = str(form.get("deadline", ""))
    if not given:
        return None
    try:
        moment = int(datetime.fromisoformat(given).replace(tzinfo=ZoneInfo(cells.ZONE)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadValue(name="deadline", value=given, why="Give a date and a time.") from None
    if moment <= clock.now_ms():
        raise BadValue(name="deadline", value=given, why="Give a moment to come.")
    return moment


def max_age_s(form: Mapping[str, Any]) -> int:
    """The age up to which earlier readings may answer, in seconds."""
    given = str(form.get("max_age", "0"))
    return int(given) * _DAY_S if given.isdecimal() and int(given) in AGES else 0


def fingerprint(form: Mapping[str, Any], keywords: str) -> str:
    """The SHA-256 of all that a form says; ``keywords`` stands for the keywords and how they are read."""
    said = {key: str(value) for key, value in form.items() if key not in _OWN and value}
    return hashlib.sha256(orjson.dumps([said, keywords], option=orjson.OPT_SORT_KEYS)).hexdigest()


def place(exc: KeybatchError) -> str:
    """The part of the form that a refusal is about; "" for none."""
    match exc:
        case NoSources():
            return "sources"
        case EmptyInput() | NotText() | TooLarge():
            return "keywords"
        case BadValue() if exc.facts.get("name") in ("name", "tags", "deadline"):
            return str(exc.facts["name"])
    return ""


def sentence(exc: KeybatchError, language: Language) -> str:
    """A refusal in a person's words."""
    if isinstance(exc, KeyReused):
        return word("wrong_key", language)
    key = f"wrong_{exc.facts['name']}" if isinstance(exc, BadValue) else ""
    if key and known(key):
        return word(key, language, value=str(exc.facts["value"])[:80])
    return exc.sentence(language)
