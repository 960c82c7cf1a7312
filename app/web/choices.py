"""The sources as the form for a new batch offers them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from app.errors import KeybatchError, Language
from app.services import intake, normal
from app.services.holdings import AccountView, SourceInfo
from app.web import accounts, cells, shown
from app.web.accounts import FIRST
from app.web.filled import FIX, PAY, PICKED, STEP
from app.web.words import word

#: Upstreams with more sources than this are folded at first.
_OPEN_UP_TO = 10
#: Of upstreams with more sources than this, those in neither of the page's languages are folded once more.
_ALL_UP_TO = 20


@dataclass
class Choice:
    """A source that can be picked. ``rest``: it is one of many, and folded among these."""

    name: str
    field: str
    title: str
    note: str
    first: bool
    rest: bool = False


@dataclass
class Payer:
    """An account that can be asked with."""

    key: str
    label: str


@dataclass
class Option:
    """Something that is done to keywords, or not."""

    field: str
    title: str
    on: bool


@dataclass
class Group:
    """The sources of one upstream with the limits they share. ``health`` is ok, wait, fail or idle ("" where no account
    is asked), ``label`` its word and ``why`` the sentence that goes with it; ``ready``: they can be picked, otherwise
    ``blocked`` says why not. ``payers`` are given where there is a choice, and chosen in ``pay_field``; ``terms``: what
    holders of its data must know; ``rest``: what its folded choices are called, "" without any."""

    upstream: str
    title: str
    limits: str
    left: str
    ready: bool
    missing: str
    opened: bool
    health: str = ""
    label: str = ""
    why: str = ""
    blocked: str = ""
    spent: bool = False
    terms: str = ""
    rest: str = ""
    pay_field: str = ""
    payers: list[Payer] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the accounts stand at ``now`` (UTC ms); ``broken``: those that cannot be used, with the reason."""

    views: Sequence[AccountView] = ()
    broken: Mapping[str, KeybatchError] = field(default_factory=dict)
    now: int = 0


_UNKNOWN = Standing()


def groups(infos: list[SourceInfo], language: Language, standing: Standing = _UNKNOWN) -> list[Group]:
    """The catalogue by upstream, sources of the person's own language first. One is picked beforehand: one that
    is ready and, if there is such, offline and of that language. Those that cannot be picked come last."""
    own = sorted(infos, key=lambda info: (not info.offline, not _speaks(info, language)))
    first = next((info.name for info in own if info.ready), "")
    places = {name: place for place, name in enumerate(FIRST)} if language == "ko" else {}
    in_order = sorted(infos, key=lambda info: places.get(info.upstream, len(places)))
    made = [
        _group(upstream, sorted(of_it, key=lambda info: not _speaks(info, language)), first, language)
        for upstream, of_it in groupby(in_order, key=lambda info: info.upstream)
    ]
    for group in made:
        _stand(group, standing, language)
    return sorted(made, key=lambda group: not group.ready)


def _speaks(info: SourceInfo, language: Language) -> bool:
    return info.name.endswith(f".{language}")


def _group(upstream: str, infos: list[SourceInfo], first: str, language: Language) -> Group:
    one = infos[0]
    many = len(infos) > _ALL_UP_TO
    choices = [_choice(info, info.name == first, language, foldable=many) for info in infos]
    rest = sum(choice.rest for choice in choices)
    return Group(
        upstream=upstream,
        title=one.upstream_ko if language == "ko" else one.upstream_en,
        limits=_limits(one, language),
        left=_left(one, language),
        ready=one.ready,
        missing=", ".join(one.missing),
        opened=(one.ready and len(choices) <= _OPEN_UP_TO) or any(choice.first for choice in choices),
        blocked="" if one.ready else word("key_missing", language),
        spent=one.left_today == 0,
        terms=one.terms_ko if language == "ko" else one.terms_en,
        rest=word("other_languages", language, count=rest) if rest else "",
        pay_field=f"{PAY}{upstream}",
        payers=_payers(infos, language),
        choices=choices,
    )


def _stand(group: Group, standing: Standing, language: Language) -> None:
    """Say how the accounts of an upstream stand: the first, which is asked unless another one is chosen."""
    if not group.ready:
        mine = [exc for key, exc in standing.broken.items() if key.startswith(f"{group.upstream}/")]
        group.health, group.label = "fail", word("unusable" if mine else "not_set_up", language)
        group.why = mine[0].sentence(language) if mine else ""
        return
    labels = {payer.key: payer for payer in group.payers}
    for view in reversed([one for one in standing.views if one.upstream == group.upstream and not one.missing]):
        found = accounts.line(view, keyed=True, now=standing.now, language=language)
        group.health, group.label, group.why = found.health, found.label, found.why
        if view.key in labels:
            left = word("left_of_today", language, count=cells.number(view.left_today or 0)) if view.quota else ""
            parts = [labels[view.key].label, left, "" if found.health == "ok" else found.label]
            labels[view.key].label = " · ".join(part for part in parts if part)
    if group.spent and group.health == "ok":
        group.health = "wait"


def _payers(infos: list[SourceInfo], language: Language) -> list[Payer]:
    """The accounts of an upstream where there is more than one for all of its sources."""
    keys = infos[0].accounts
    if len(keys) < 2 or any(info.accounts != keys for info in infos):
        return []
    names = [key.partition("/")[2] for key in keys]
    return [
        Payer(key, word("of_settings", language) if name == "default" else name)
        for key, name in zip(keys, names, strict=True)
    ]


def _choice(info: SourceInfo, first: bool, language: Language, *, foldable: bool) -> Choice:
    return Choice(
        name=info.name,
        field=f"{PICKED}{info.name}",
        title=shown.title(info, language),
        note=info.note_ko if language == "ko" else info.note_en,
        first=first,
        rest=foldable and not first and not _speaks(info, "ko") and not _speaks(info, "en"),
    )


def _limits(info: SourceInfo, language: Language) -> str:
    if info.offline:
        return f"{word('offline', language)} · {word('unlimited', language)}"
    if not info.rate and info.quota is None:
        return word("unlimited", language)
    day = "" if info.quota is None else f"{cells.number(info.quota)}/{'일' if language == 'ko' else 'day'}"
    return " · ".join(part for part in (info.rate, day) if part)


def _left(info: SourceInfo, language: Language) -> str:
    if info.left_today is None or info.quota is None:
        return ""
    return word("left_of_today", language, count=cells.number(info.left_today))


def steps(language: Language) -> list[Option]:
    """What makes keywords plain, with what is on unless switched."""
    return [Option(f"{STEP}{one.key}", one.ko if language == "ko" else one.en, one.default) for one in normal.STEPS]


def fixes(language: Language) -> list[Option]:
    """The kinds of doubt whose offered fix may be taken."""
    return [Option(f"{FIX}{kind}", word(kind, language), False) for kind in intake.KINDS]
