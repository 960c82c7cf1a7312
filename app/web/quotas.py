"""What is left of the accounts' quotas, and which accounts are not asked now, as the overview shows it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.errors import KeybatchError, Language
from app.services.holdings import AccountView
from app.sources import registry
from app.web import cells
from app.web.accounts import AccountLine, line
from app.web.words import word


@dataclass
class Quota:
    """An account with its bar: ``width`` and ``full`` (its colour) are "" without a quota. ``month``: the same of the
    month. ``stopped``: why it is not asked, in the colour of ``health``."""

    key: str
    title: str
    spent: str = ""
    quota: str = ""
    width: str = ""
    full: str = "ok"
    left: str = ""
    month: str = ""
    month_width: str = ""
    month_full: str = "ok"
    health: str = "ok"
    stopped: str = ""
    why: str = ""


def quotas(
    views: Iterable[AccountView], broken: Mapping[str, KeybatchError], now: int, language: Language
) -> list[Quota]:
    """Accounts that have a quota or are not asked; those that need somebody first, then those with the least left."""
    told = [view for view in views if view.quota is not None or view.monthly is not None or view.reason]
    told.sort(key=lambda view: (view.reason != "credentials", not view.reason, _left(view), view.key))
    unusable = [
        Quota(key, _title(key, key.partition("/")[2], language), health="fail", stopped=word("unusable", language),
              why=exc.sentence(language))
        for key, exc in broken.items()
    ]  # fmt: skip
    return [*unusable, *(_quota(view, now, language) for view in told)]


def _left(view: AccountView) -> float:
    """The part of a quota that is left, of the one that ends first."""
    left = [(view.left_today, view.quota), (view.left_month, view.monthly)]
    return min((part / whole for part, whole in left if part is not None and whole), default=1.0)


def _quota(view: AccountView, now: int, language: Language) -> Quota:
    keyed = bool(registry.upstreams()[view.upstream].needs)
    one = line(view, keyed, now, language)
    stopped = one.label if one.health in ("wait", "fail") and (view.reason or view.left_today == 0) else ""
    month = view.spent_month / view.monthly if view.monthly else 0.0
    return Quota(
        key=view.key,
        title=_title(view.key, one.name, language),
        spent=one.spent,
        quota=one.quota,
        width=one.width,
        full=one.full,
        left=_back(view, one, language),
        month=one.month,
        month_width=cells.share(min(view.spent_month, view.monthly), view.monthly) if view.monthly else "",
        month_full="failed" if month >= 1 else "below" if month >= 0.8 else "ok",
        health=one.health if stopped else "ok",
        stopped=stopped,
        why=one.why if stopped else "",
    )


def _back(view: AccountView, one: AccountLine, language: Language) -> str:
    """How many calls are left today, and when they come back."""
    if view.left_today is None:
        return ""
    left = word("calls_left", language, shown=cells.number(view.left_today), count=view.left_today)
    return f"{left} · {one.back}" if one.back else left


def _title(key: str, name: str, language: Language) -> str:
    """An account beside its upstream; the one of the settings goes by the upstream's name alone."""
    upstream = registry.upstreams().get(key.partition("/")[0])
    title = (upstream.ko if language == "ko" else upstream.en) if upstream else key.partition("/")[0]
    return title if key.endswith("/default") else f"{title} · {name}"
