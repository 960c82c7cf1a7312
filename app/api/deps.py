"""What routes are given: the house, who asks, and the batches that he may see."""

from typing import Annotated

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer, SecurityScopes

from app.services import batches, tokens
from app.services.callers import Caller
from app.services.house import House

#: Only documents the two ways in; `caller` reads the headers itself.
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="an API token, `kb_…`")
_cookie = APIKeyCookie(
    name="keybatch_session", auto_error=False, scheme_name="session", description="the cookie of a signed-in browser"
)


def get_house(request: Request) -> House:
    """The house the API was built over."""
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(get_house)]


def caller(
    scopes: SecurityScopes,
    request: Request,
    house: TheHouse,
    _token: Annotated[object, Depends(_bearer)],
    _session: Annotated[object, Depends(_cookie)],
) -> Caller:
    """Who asks. Raises NotSignedIn, Forged, TooFast; Forbidden without the route's scopes."""
    found = tokens.caller(house, (request.headers.get("authorization") or "").removeprefix("Bearer "))
    for scope in scopes.scopes:
        found.require(scope)
    return found


Reader = Annotated[Caller, Security(caller, scopes=["read"])]
Submitter = Annotated[Caller, Security(caller, scopes=["submit"])]
Admin = Annotated[Caller, Security(caller, scopes=["admin"])]
_Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="the batch's id", examples=[1])]


def _seen(house: TheHouse, who: Reader, batch_id: _Id) -> int:
    return batches.require_in(house, who.workspace, batch_id)


def _controlled(house: TheHouse, who: Submitter, batch_id: _Id) -> int:
    return batches.require_in(house, who.workspace, batch_id)


#: The id of a batch in the caller's own workspace, in a route that takes `read` or `submit`.
SeenBatch = Annotated[int, Depends(_seen)]
ControlledBatch = Annotated[int, Depends(_controlled)]
