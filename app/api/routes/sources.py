"""Sources over HTTP."""

from typing import Any

from fastapi import APIRouter

from app.api.deps import Reader, TheHouse
from app.api.schemas import sources as schemas
from app.services.catalogue import catalogue
from app.services.holdings import SourceInfo

router = APIRouter(prefix="/api/v1/sources", tags=["sources"])


@router.get("", response_model=schemas.Sources, summary="What can be asked")
def sources(house: TheHouse, _who: Reader) -> dict[str, Any]:
    """Every source: what it counts, what it still needs, its limits and what is left of them today."""
    return {"sources": [_source(one) for one in catalogue(house)]}


def _source(info: SourceInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "title": _words(info.ko, info.en),
        "note": _words(info.note_ko, info.note_en),
        "upstream": {
            "name": info.upstream,
            "title": _words(info.upstream_ko, info.upstream_en),
            "terms": _words(info.terms_ko, info.terms_en),
        },
        "kind": info.kind,
        "decimals": info.decimals,
        "columns": [{"key": column.key, "title": _words(column.ko, column.en)} for column in info.columns],
        "offline": info.offline,
        "ready": info.ready,
        "missing": info.missing,
        "rate": info.rate or None,
        "quota": info.quota,
        "left_today": info.left_today,
        "accounts": info.accounts,
    }


def _words(ko: str, en: str) -> dict[str, str]:
    return {"ko": ko, "en": en}
