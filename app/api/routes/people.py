"""Who asks, and the first person of a house."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response

from app.api.deps import Reader, TheHouse, peer
from app.api.schemas import people as schemas
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.session import SIGNED_IN
from app.errors import NotHere
from app.services import cookies, people, sessions
from app.services.peers import at_the_machine

router = APIRouter(prefix="/api/v1", tags=["people"])


@router.get("/me", response_model=schemas.Who, summary="Who asks")
def me(house: TheHouse, who: Reader) -> dict[str, Any]:
    """The person or the token that this call comes with, its workspace and what it may."""
    return asdict(people.who(house, who))


@router.post(
    "/owner",
    status_code=201,
    response_model=schemas.Who,
    responses={201: {"headers": SIGNED_IN}, **PROBLEMS(400, 403, 409, 422)},
    summary="Make the owner of a new house",
)
def owner(house: TheHouse, request: Request, response: Response, new: schemas.NewOwner) -> dict[str, Any]:
    """Once, while there is nobody, and only from the machine that it runs on. Takes no scope: nobody has one yet. The
    answer signs in."""
    if not at_the_machine(peer(request), request.headers):
        raise NotHere
    made = people.make_owner(house, new.name, new.password, peer(request))
    opened = sessions.opened(house, made.id, peer(request))
    for line in cookies.signed_in(house.settings, opened.secret):
        response.headers.append("set-cookie", line)
    return asdict(people.who(house, opened.person))
