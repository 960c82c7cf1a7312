"""The form for an account: its fields, what was filled in, and how a refusal is said beside it. Pure. Secrets pass
through `given` on their way to the service and are part of nothing else here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from app.errors import BadValue, KeybatchError, Language
from app.services import keeping
from app.sources.base import Upstream
from app.web import cells
from app.web.words import known, word

_SET = "set:"


@dataclass
class Option:
    """One of the values that a field takes."""

    value: str
    label: str


@dataclass
class FieldShown:
    """A field. ``kind`` is text, secret or pick; ``value`` is what stands in it at first, never of a secret."""

    name: str
    label: str
    kind: str
    needed: bool
    value: str = ""
    example: str = ""
    hint: str = ""
    options: list[Option] = field(default_factory=list)


@dataclass
class AccountForm:
    """The form of one account. ``upstream`` is "" when none is open; ``name`` that of the account that is changed, ""
    for a new one; ``serial`` tells one opening from the next."""

    upstream: str = ""
    name: str = ""
    serial: int = 0
    title: str = ""
    main: list[FieldShown] = field(default_factory=list)
    limits: list[FieldShown] = field(default_factory=list)


def form(upstream: Upstream, name: str, before: Mapping[str, Any], serial: int, language: Language) -> AccountForm:
    """The form for a new account of ``upstream``, or for the one called ``name`` with its settings of ``before``."""
    names = keeping.fields(upstream)
    made = {one: _field(upstream, one, secret, before, bool(name), language) for one, secret in names.items()}
    return AccountForm(
        upstream=upstream.name,
        name=name,
        serial=serial,
        title=word(
            "change_account" if name else "add_account_of",
            language,
            name=name,
            upstream=upstream.ko if language == "ko" else upstream.en,
        ),
        main=[one for key, one in made.items() if key not in keeping.COMMON],
        limits=[one for key, one in made.items() if key in keeping.COMMON],
    )


def _field(
    upstream: Upstream, name: str, secret: bool, before: Mapping[str, Any], changing: bool, language: Language
) -> FieldShown:
    described = upstream.settings_class.model_fields[name]
    options = _options(upstream, name, language)
    usual = "" if secret or described.default in (None, 0) else str(described.default)
    return FieldShown(
        name=f"{_SET}{name}",
        label=word(f"field_{name}", language) if known(f"field_{name}") else name,
        kind="secret" if secret else "pick" if options else "text",
        needed=name in upstream.needs,
        value="" if secret else str(before.get(name, usual if options else "")),
        example=word("stays", language) if secret and changing else _example(upstream, name) or usual,
        hint=_hint(name, described.description or "", language),
        options=options,
    )


def _hint(name: str, description: str, language: Language) -> str:
    if known(f"hint_{name}"):
        return word(f"hint_{name}", language)
    return "" if known(f"field_{name}") else description


def _example(upstream: Upstream, name: str) -> str:
    """What holds while nothing is given: the upstream's own."""
    own = upstream.budget
    quotas = {"daily_quota": own.quota, "monthly_quota": own.monthly, "reserve": 0}
    if name == "rate":
        return str(own.rate) if own.rate else ""
    found = quotas.get(name)
    return "" if found is None else cells.number(found)


def _options(upstream: Upstream, name: str, language: Language) -> list[Option]:
    kind = upstream.settings_class.model_fields[name].annotation
    if get_origin(kind) is not Literal:
        return []
    return [Option(str(value), _option(name, str(value), language)) for value in get_args(kind)]


def _option(name: str, value: str, language: Language) -> str:
    key = f"pick_{name}_{value or 'all'}"
    return word(key, language) if known(key) else value


def given(filled: Mapping[str, Any]) -> dict[str, str]:
    """The settings in a submitted form, by name."""
    return {key.removeprefix(_SET): str(value) for key, value in filled.items() if key.startswith(_SET)}


def refusal(exc: KeybatchError, about: str, language: Language) -> str:
    """Why a form was not taken, naming its field as the form does; ``about`` is account or source."""
    if not isinstance(exc, BadValue):
        return exc.sentence(language)
    name = str(exc.facts["name"])
    label = next((word(key, language) for key in (f"{about}_{name}", f"field_{name}") if known(key)), name)
    takes = next((key for key in (f"takes_{about}_{name}", f"takes_{name}", f"takes_{about}") if known(key)), "")
    if language == "en" or not takes:
        return f"{label}: {exc.facts['why']}"
    return f"{label}: {word(takes, language)}"


#: A sentence in both languages.
Both = dict[Language, str]


def both(key: str, **facts: object) -> Both:
    """The word for ``key`` in both languages, with ``facts`` in it."""
    return {"ko": word(key, "ko", **facts), "en": word(key, "en", **facts)}


def refused(exc: KeybatchError, about: str) -> Both:
    """`refusal` in both languages."""
    return {"ko": refusal(exc, about, "ko"), "en": refusal(exc, about, "en")}
