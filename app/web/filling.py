"""What fills the form for a new batch: presets as they are kept, earlier batches, links. Pure; what comes out of a body
or a link is checked as what comes out of a browser."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.queue import PRIORITIES
from app.services import normal
from app.services.intake import KINDS
from app.services.shapes import BatchView
from app.web.filled import AGES, FIX, PAY, PICKED, STEP, max_age_s, tags, ticked

_DAY_S = 86_400
_STEPS = frozenset(step.key for step in normal.STEPS)
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form is filled with. Of the ticks whose names begin with one of ``kinds`` those in ``fields`` are set and
    all others are not; ``gone``: sources that cannot be picked here."""

    fields: Fields
    kinds: tuple[str, ...]
    gone: tuple[str, ...] = ()

    def written(self, link: str = "") -> str:
        """As the page's script reads it; ``link``: the query that asked for it. Never twice the same."""
        whole = {"id": secrets.token_hex(4), "link": link, "fields": self.fields, "kinds": self.kinds}
        return orjson.dumps(whole).decode()


def body(form: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a submitted form: sources, options, treatment and tags; nothing of its keywords."""
    return {
        "sources": ticked(form, PICKED),
        "accounts": {key: str(form[f"{PAY}{key}"]) for key in ticked(form, PAY)},
        "steps": ticked(form, STEP),
        "fix": ticked(form, FIX),
        "merge_spacing": bool(form.get("merge_spacing")),
        "tags": tags(form),
        "priority": str(form.get("priority", "default")),
        "max_age": max_age_s(form) // _DAY_S,
    }


def of_body(kept: Mapping[str, Any], usable: Collection[str]) -> Filling:
    """The form as a preset wants it; ``usable`` are the sources that can be picked."""
    found, gone = _sources(sources_of(kept), usable)
    fields = found | {f"{STEP}{key}": "on" for key in _texts(kept.get("steps")) if key in _STEPS}
    fields |= {f"{FIX}{key}": "on" for key in _texts(kept.get("fix")) if key in KINDS}
    accounts = kept.get("accounts")
    if isinstance(accounts, dict):
        fields |= {f"{PAY}{key}": str(value) for key, value in accounts.items()}
    if kept.get("merge_spacing") is True:
        fields["merge_spacing"] = "on"
    fields["tags"] = "\n".join(_texts(kept.get("tags")))
    fields |= _options(kept.get("priority"), kept.get("max_age"))
    return Filling(fields, (PICKED, STEP, FIX, "merge_spacing"), gone)


def of_batch(batch: BatchView, usable: Collection[str]) -> Filling:
    """The sources and options of an earlier batch. Readings are never reused that it would have found too old."""
    fields, gone = _sources([source.name for source in batch.sources], usable)
    fields |= {f"{PAY}{key.partition('/')[0]}": key for key in (source.account for source in batch.sources) if key}
    days = max(age for age in AGES if age * _DAY_S <= batch.max_age_s)
    fields |= {"tags": "\n".join(batch.tags), "name": batch.name, **_options(batch.priority, days)}
    return Filling(fields, (PICKED,), gone)


def of_link(query: Mapping[str, Sequence[str]], usable: Collection[str]) -> Filling:
    """What a link says by itself: sources, name, tags (each with commas between them), priority, days of max_age."""
    fields: Fields = {}
    kinds: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    if wanted := _listed(query, "sources"):
        fields, gone = _sources(wanted, usable)
        kinds = (PICKED,)
    if "name" in query:
        fields["name"] = query["name"][0]
    if found := _listed(query, "tags"):
        fields["tags"] = "\n".join(found)
    days = query.get("max_age", [""])[0]
    fields |= _options(query.get("priority", [""])[0], int(days) if days.isdecimal() and len(days) < 4 else None)
    return Filling(fields, kinds, gone)


def joined(first: Filling | None, then: Filling) -> Filling:
    """Both, the second over the first."""
    if first is None:
        return then
    before = {key: value for key, value in first.fields.items() if not key.startswith(then.kinds or ("\0",))}
    kinds = tuple(dict.fromkeys(first.kinds + then.kinds))
    return Filling(before | then.fields, kinds, then.gone if PICKED in then.kinds else first.gone)


def _sources(wanted: Sequence[str], usable: Collection[str]) -> tuple[Fields, tuple[str, ...]]:
    gone = tuple(name for name in wanted if name not in usable)
    return {f"{PICKED}{name}": "on" for name in wanted if name in usable}, gone


def _options(priority: object, days: object) -> Fields:
    fields = {"priority": str(priority)} if priority in PRIORITIES else {}
    return fields | ({"max_age": str(days)} if days in AGES and type(days) is int else {})


def sources_of(body: Mapping[str, Any]) -> list[str]:
    """The sources of a preset as it is kept."""
    return _texts(body.get("sources"))


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)][:500] if isinstance(value, list) else []


def _listed(query: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [part.strip() for value in query.get(name, ()) for part in value.split(",") if part.strip()][:500]
