"""The sources that can be picked, and what each still needs."""

from collections.abc import Sequence

from app.errors import DatabaseDown
from app.services import accounts
from app.services.holdings import AccountView, SourceInfo
from app.services.house import House
from app.sources import registry


def catalogue(house: House | None) -> list[SourceInfo]:
    """Every source, in the order of their names; without a house, only those of the code, and what is left today is
    not known."""
    views = _views(house) if house else []
    return [_info(source, views) for source in registry.sources().values()]


def _views(house: House) -> list[AccountView]:
    try:
        return [view for view in accounts.listing(house) if not view.missing]
    except DatabaseDown:
        return []


def _info(source: registry.Source, views: Sequence[AccountView]) -> SourceInfo:
    upstream, about = source.upstream, source.about
    own = f"{upstream.name}/{source.channel}" if upstream.guarded else ""
    found = [view for view in views if view.upstream == upstream.name and own in ("", view.key)]
    missing = () if found or upstream.offline else tuple(accounts.lacking(upstream))
    budget = accounts.spending(own or (found[0].key if found else f"{upstream.name}/default"), source.name)
    left = [view.left_today for view in found if view.left_today is not None]
    return SourceInfo(
        name=source.name,
        upstream=upstream.name,
        upstream_ko=upstream.ko,
        upstream_en=upstream.en,
        ko=about.ko,
        en=about.en,
        note_ko=about.note_ko,
        note_en=about.note_en,
        decimals=about.decimals,
        offline=upstream.offline,
        ready=not missing,
        missing=missing,
        rate=str(budget.rate) if budget.rate else "",
        quota=budget.quota,
        left_today=max(left, default=None),
        kind=about.kind,
        columns=about.columns,
        terms_ko=upstream.terms_ko,
        terms_en=upstream.terms_en,
        accounts=tuple(view.key for view in found),
    )
