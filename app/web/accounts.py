"""The upstreams as the page of sources shows them: what each offers, its accounts and how they stand. Pure; nothing in
it is secret."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.errors import KeybatchError, Language
from app.services.holdings import AccountView, KeptView, SourceInfo
from app.sources.base import Upstream
from app.web import cells, shown
from app.web.trials import TrialShown
from app.web.words import known, word
from workers.budget.values import Rate

#: Upstreams in the order in which people look for them; others follow, one's own come last.
#: Upstreams that Korean researchers ask first, and the family of their own sources, which comes last.
FIRST, OWN = ("naver", "naver_searchad", "kakao", "naver_datalab"), "http"
#: More sources than this are folded at first.
_OPEN_UP_TO = 4
#: How a trial may end without anything being wrong with the account; waits whose end is known.
_PASSING, _TIMED = ("quota_spent", "throttled"), ("quota", "throttled")


@dataclass
class SourceLine:
    """A source of an upstream. ``more``: what else its readings hold."""

    name: str
    title: str
    note: str
    more: str


@dataclass
class AccountLine:
    """An account. ``health`` is ok, wait, fail or idle; ``label`` its word, ``why`` the sentence that goes with it.
    ``own`` is the address of the defined source that it belongs to, ``kept`` says that it can be changed here."""

    key: str
    name: str
    hint: str
    health: str
    label: str
    why: str = ""
    rate: str = ""
    cut: str = ""
    spent: str = ""
    quota: str = ""
    month: str = ""
    width: str = ""
    full: str = "ok"
    back: str = ""
    notice: str = ""
    kept: bool = False
    testable: bool = True
    address: str = ""
    tried: TrialShown = field(default_factory=TrialShown)


@dataclass
class UpstreamPanel:
    """An upstream with its sources and accounts. ``keeps``: it takes further accounts; ``own``: its sources are those
    that people define; ``needs``: the settings without which there is no account of the settings."""

    name: str
    title: str
    terms: str
    count: str
    opened: bool
    keeps: bool
    own: bool
    needs: str = ""
    sources: list[SourceLine] = field(default_factory=list)
    accounts: list[AccountLine] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What the page is made of: the upstreams there are, their sources, every account, those that cannot be used with
    the reason, and the addresses of defined sources by account."""

    upstreams: Mapping[str, Upstream]
    infos: Sequence[SourceInfo]
    accounts: Sequence[AccountView]
    broken: Mapping[str, KeybatchError]
    addresses: Mapping[str, str]


def panels(found: Found, tried: Mapping[str, TrialShown], now: int, language: Language) -> list[UpstreamPanel]:
    """Every upstream, those of Korean services first. ``tried`` holds the trials of this tab by account."""
    places = {name: place for place, name in enumerate(FIRST)}
    names = sorted(found.upstreams, key=lambda name: (name == OWN, places.get(name, len(places)), name))
    return [_panel(found, name, tried, now, language) for name in names]


def _panel(found: Found, name: str, tried: Mapping[str, TrialShown], now: int, language: Language) -> UpstreamPanel:
    upstream, own = found.upstreams[name], name == OWN
    sources = [] if own else [_source(info, language) for info in found.infos if info.upstream == name]
    views = [view for view in found.accounts if view.upstream == name]
    lines = [line(view, bool(upstream.needs), now, language) for view in views if not view.missing]
    lines += [_unusable(key, exc, language) for key, exc in found.broken.items() if key.startswith(f"{name}/")]
    if own:
        lines = [_defined(one, found, language) for one in lines]
    return UpstreamPanel(
        name=name,
        title=upstream.ko if language == "ko" else upstream.en,
        terms=upstream.terms_ko if language == "ko" else upstream.terms_en,
        count=word("sources_count", language, count=len(sources)),
        opened=len(sources) <= _OPEN_UP_TO,
        keeps=bool(upstream.needs),
        own=own,
        needs=", ".join(setting for view in views for setting in view.missing),
        sources=sources,
        accounts=[replace(one, tried=tried.get(one.key, TrialShown())) for one in lines],
    )


def _defined(one: AccountLine, found: Found, language: Language) -> AccountLine:
    """The account of a defined source, which stands for the source itself."""
    name = one.key.replace("/", ".", 1)
    title = next((shown.title(info, language) for info in found.infos if info.name == name), name)
    return replace(one, name=title, hint=name, kept=True, address=found.addresses.get(one.key, ""))


def _source(info: SourceInfo, language: Language) -> SourceLine:
    columns = [column.ko if language == "ko" else column.en for column in info.columns]
    return SourceLine(
        name=info.name,
        title=shown.title(info, language),
        note=info.note_ko if language == "ko" else info.note_en,
        more=", ".join(columns),
    )


def line(view: AccountView, keyed: bool, now: int, language: Language) -> AccountLine:
    """An account as its upstream's panel shows it; ``keyed``: the upstream wants credentials."""
    health, label, why = _health(view, now, language)
    rate, cut = _rate(view, language)
    of_quota = view.spent_today / view.quota if view.quota else 0.0
    return AccountLine(
        key=view.key,
        name=_name(view.key, keyed, language),
        hint=view.kept.hint if view.kept else "",
        health=health,
        label=label,
        why=why,
        rate=rate,
        cut=cut,
        spent=cells.number(view.spent_today),
        quota=cells.number(view.quota) if view.quota is not None else "",
        month=_month(view, language),
        width=cells.share(min(view.spent_today, view.quota), view.quota) if view.quota else "",
        full="failed" if of_quota >= 1 else "below" if of_quota >= 0.8 else "ok",
        back=_back(view, now, language),
        notice=view.notice[0 if language == "ko" else 1] if view.notice else "",
        kept=view.kept is not None,
    )


def _name(key: str, keyed: bool, language: Language) -> str:
    name = key.partition("/")[2]
    return name if name != "default" else word("of_settings" if keyed else "keyless", language)


def _unusable(key: str, exc: KeybatchError, language: Language) -> AccountLine:
    """An account that is kept and cannot be used."""
    return AccountLine(
        key=key,
        name=key.partition("/")[2],
        hint="",
        health="fail",
        label=word("unusable", language),
        why=exc.sentence(language),
        kept=True,
        testable=False,
    )


def _rate(view: AccountView, language: Language) -> tuple[str, str]:
    """The rate in force, and what it is cut from."""
    limit = Rate.parse_or_none(view.rate) if view.rate else None
    if limit is None:
        return word("unlimited", language), ""
    whole = f"{limit.calls:,g}/{view.rate.partition('/')[2]}"
    if view.rate_part >= 0.995:
        return whole, ""
    return cells.rate(limit.per_second * view.rate_part), word("cut_from", language, rate=whole)


def _back(view: AccountView, now: int, language: Language) -> str:
    """When today's calls come back."""
    if view.quota is None or view.renewed_at is None:
        return ""
    return word("renewed", language, at=cells.when(view.renewed_at, now, language))


def _month(view: AccountView, language: Language) -> str:
    if view.monthly is None:
        return ""
    spent, whole = cells.number(view.spent_month), cells.number(view.monthly)
    return f"{word('left_month', language)} {spent} / {whole}"


def _health(view: AccountView, now: int, language: Language) -> tuple[str, str, str]:
    """How it stands: kind, word, sentence."""
    if view.reason:
        kind = "fail" if view.reason == "credentials" else "wait"
        label = shown.state_label("waiting", view.reason, language)
        if view.until and view.until > now and view.reason in _TIMED:
            label += f" · {cells.when(view.until, now, language)}"
        return kind, label, cells.trouble_sentence(view.trouble, view.detail, language)
    if 0 in (view.left_today, view.left_month):
        return "wait", shown.state_label("waiting", "quota", language), ""
    return _last_trial(view.kept, now, language)


def _last_trial(kept: KeptView | None, now: int, language: Language) -> tuple[str, str, str]:
    if kept is None:
        return "ok", word("usable", language), ""
    if kept.checked_at is None:
        return "idle", word("untried", language), ""
    at = cells.when(kept.checked_at, now, language)
    if not kept.checked:
        return "ok", word("usable", language), word("tried_at", language, at=at)
    kind = "wait" if kept.checked in _PASSING else "fail"
    told = f"tried_{kept.checked}"
    return kind, word(told if known(told) else kept.checked, language), word("tried_at", language, at=at)
