"""What has been spent, over HTTP."""

from typing import Any

from fastapi import APIRouter

from app.api.deps import Reader, TheHouse
from app.api.schemas import usage as schemas
from app.services import accounts, wire
from app.services.holdings import AccountView, KeptView
from app.sources import registry

router = APIRouter(prefix="/api/v1/usage", tags=["usage"])


@router.get("", response_model=schemas.Usage, summary="What is spent and what is left")
def usage(house: TheHouse, who: Reader) -> dict[str, Any]:
    """Every account that calls can be made with: its limits, the calls made today and this month, what stops it. No
    secrets; how they end is told to those who may `admin`."""
    found = [account for account in accounts.listing(house) if not account.missing]
    return {"accounts": [_account(account, told="admin" in who.scopes) for account in found]}


def _account(view: AccountView, *, told: bool) -> dict[str, Any]:
    upstream = registry.upstreams()[view.upstream]
    return {
        "key": view.key,
        "upstream": {"name": upstream.name, "title": {"ko": upstream.ko, "en": upstream.en}},
        "rate": view.rate or None,
        "rate_part": view.rate_part,
        "spent_today": view.spent_today,
        "reserved": view.reserved,
        "quota": view.quota,
        "left_today": view.left_today,
        "reserve": view.reserve,
        "spent_month": view.spent_month,
        "monthly": view.monthly,
        "left_month": view.left_month,
        "renewed_at": wire.instant(view.renewed_at),
        "stopped": _stopped(view),
        "notice": {"ko": view.notice[0], "en": view.notice[1]} if view.notice else None,
        "credentials": _credentials(view.kept, view.detail) if told and view.kept else None,
    }


def _stopped(view: AccountView) -> dict[str, Any] | None:
    if not view.reason:
        return None
    return {"reason": view.reason, "until": wire.instant(view.until), "trouble": view.trouble or None}


def _credentials(kept: KeptView, detail: str) -> dict[str, Any]:
    checked, at = kept.checked or "ok", wire.instant(kept.checked_at)
    return {"hint": kept.hint, "checked": checked, "checked_at": at, "detail": detail}
