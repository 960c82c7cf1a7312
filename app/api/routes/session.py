"""The session of a browser: sign in and out."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response

from app.api.deps import Reader, TheHouse, peer
from app.api.schemas import people as schemas
from app.api.schemas.problems import PROBLEMS
from app.api.schemas.session import SIGNED_IN
from app.errors import NotSignedIn
from app.services import cookies, people, sessions

router = APIRouter(prefix="/api/v1/session", tags=["people"])


@router.post(
    "",
    response_model=schemas.Who,
    responses={200: {"headers": SIGNED_IN}, **PROBLEMS(401, 422, 429)},
    summary="Sign in",
)
def sign_in(house: TheHouse, request: Request, response: Response, given: schemas.Credentials) -> dict[str, Any]:
    """A session of 30 days from its last use. Takes no scope. Ten attempts a minute for a name, thirty for an
    address."""
    opened = sessions.sign_in(house, given.name, given.password, peer(request))
    for line in cookies.signed_in(house.settings, opened.secret):
        response.headers.append("set-cookie", line)
    return asdict(people.who(house, opened.person))


@router.delete("", status_code=204, response_class=Response, summary="Sign out")
def sign_out(house: TheHouse, request: Request, who: Reader) -> Response:
    """End the session that this call comes with."""
    if who.person is None:
        raise NotSignedIn
    sessions.end(house, request.cookies.get(cookies.SESSION, ""), who.peer)
    response = Response(status_code=204)
    for line in cookies.signed_out(house.settings):
        response.headers.append("set-cookie", line)
    return response
