"""What routes are given: the house, who asks, and the batches that he may see."""

from typing import Annotated

from fastapi import Depends, Path, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer, SecurityScopes

from app import log
from app.errors import Forged
from app.services import batches, sessions, throttle, tokens, vouched
from app.services.callers import Caller, hashed
from app.services.cookies import SESSION
from app.services.house import House

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Only documents the two ways in; `caller` reads the headers itself.
_bearer = HTTPBearer(auto_error=False, scheme_name="token", description="an API token, `kb_…`; also as `Basic`")
_cookie = APIKeyCookie(
    name=SESSION, auto_error=False, scheme_name="session", description="the cookie of a signed-in browser"
)


def get_house(request: Request) -> House:
    """The house the API was built over."""
    house: House = request.app.state.house
    return house


def peer(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


TheHouse = Annotated[House, Depends(get_house)]


def caller(
    scopes: SecurityScopes,
    request: Request,
    house: TheHouse,
    _token: Annotated[object, Depends(_bearer)],
    _session: Annotated[object, Depends(_cookie)],
) -> Caller:
    """Who asks. Raises NotSignedIn, Forged, TooFast; Forbidden without the route's scopes."""
    token = tokens.offered(request.headers.get("authorization", ""))
    found = (_by_token(house, token) if token else _by_session(house, request)).at(peer(request))
    log.asks(found.person, found.token)
    for scope in scopes.scopes:
        found.require(scope)  # type: ignore[arg-type] -- the words of `callers.SCOPES`
    return found


def _by_token(house: House, token: str) -> Caller:
    if tokens.is_foreign(token) and house.settings.oidc_issuer:
        found = vouched.caller(house, token)
        throttle.request(house, "person", str(found.person))
        return found
    found = tokens.caller(house, token)
    throttle.request(house, "token", str(found.token))
    return found


def _by_session(house: House, request: Request) -> Caller:
    """A browser sends its cookie with whatever any site makes it ask; a change also takes what only our pages know."""
    secret = request.cookies.get(SESSION, "")
    found = sessions.caller(house, secret)
    if request.method not in _SAFE and not sessions.is_proof(secret, request.headers.get("x-csrf-token", "")):
        raise Forged
    throttle.request(house, "session", hashed(secret))
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
