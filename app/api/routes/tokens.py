"""Tokens: list, make, revoke."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from app import clock
from app.api.deps import Admin, TheHouse
from app.api.schemas import tokens as schemas
from app.api.schemas.problems import PROBLEMS
from app.services import tokens
from app.services.wire import instant

router = APIRouter(prefix="/api/v1/tokens", tags=["tokens"])
_Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="the token's id", examples=[1])]


@router.get("", response_model=schemas.Tokens, summary="Tokens, newest first")
def listing(house: TheHouse, who: Admin) -> dict[str, Any]:
    """All of the workspace, revoked and expired ones too."""
    return {"tokens": [_wire(one) for one in tokens.listing(house, who.workspace)]}


@router.post(
    "", status_code=201, response_model=schemas.MadeToken, responses=PROBLEMS(400, 403, 422), summary="Make a token"
)
def create(house: TheHouse, who: Admin, new: schemas.NewToken) -> dict[str, Any]:
    """The answer holds the token itself, this once. It may not more than who makes it; made with a token, it ends with
    that one at the latest."""
    ends = None if new.expires_at is None else round(new.expires_at.timestamp() * 1000)
    made, secret = tokens.create(house, who, new.name, new.scopes, expires_at=ends)
    return _wire(tokens.one(house, made)) | {"token": secret}


@router.delete("/{token_id}", response_model=schemas.Token, responses=PROBLEMS(404, 422), summary="Revoke a token")
def revoke(house: TheHouse, who: Admin, token_id: _Id) -> dict[str, Any]:
    """From now on it opens nothing; it stays in the list. Again changes nothing."""
    return _wire(tokens.revoke(house, who, token_id))


def _wire(view: tokens.TokenView) -> dict[str, Any]:
    return {
        "id": view.id,
        "name": view.name,
        "hint": view.hint,
        "scopes": list(view.scopes),
        "person": view.person or None,
        "created_at": clock.iso(view.created_at),
        "expires_at": instant(view.expires_at),
        "used_at": instant(view.used_at),
        "revoked_at": instant(view.revoked_at),
    }
