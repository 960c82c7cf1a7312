"""The sources that can be picked, and what each still needs."""

from app.errors import DatabaseDown
from app.services import accounts
from app.services.house import House
from app.services.shapes import SourceInfo
from app.sources import registry


def catalogue(house: House | None) -> list[SourceInfo]:
    """Every source, in the order of their names; without a house, what is left today is not known."""
    left = _left(house) if house else {}
    return [_info(source, left.get(source.upstream.name)) for source in registry.sources().values()]


def _left(house: House) -> dict[str, int | None]:
    try:
        return {view.upstream: view.left_today for view in accounts.listing(house)}
    except DatabaseDown:
        return {}


def _info(source: registry.Source, left: int | None) -> SourceInfo:
    upstream, about = source.upstream, source.about
    account = accounts.of(upstream.name)
    missing = tuple(upstream.missing_settings(account.settings))
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
        rate=str(account.budget.rate) if account.budget.rate else "",
        quota=account.budget.quota,
        left_today=left,
    )
