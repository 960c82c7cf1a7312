"""The door: signing in and out, and making the owner of a new house. Plain pages without a script, outside of what they
let in to."""

from collections.abc import Mapping
from html import escape
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.errors import AlreadyOwned, BadName, KeybatchError, Language, NotHere, NotSignedIn, WeakPassword, WrongPassword
from app.services import cookies, people, sessions, vouched
from app.services.house import House
from app.services.peers import at_the_machine
from app.services.sessions import Opened
from app.web.door_page import Form, page
from app.web.state import COOKIE, language_of

router = APIRouter(include_in_schema=False)
#: Bytes of a form that are read.
_MOST = 16_384
_LANGUAGES: tuple[Language, ...] = ("ko", "en")
_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",  # a stricter one would take the Origin off the form
    "X-Content-Type-Options": "nosniff",
}
#: The field that an error is shown at; any other is shown above all fields.
_FIELDS: dict[type[KeybatchError], str] = {BadName: "name", WeakPassword: "password", WrongPassword: "password"}
#: The door's own pages lead nowhere.
_HERE = ("/sign-in", "/sign-out", "/welcome", "/sign-in/issuer", "/sign-in/callback", "/sign-in/link")


def local(wanted: str) -> str:
    """Where to go on: a path of this house, "/" for anything that a browser might take for another address."""
    plain = all("!" <= letter <= "~" for letter in wanted) and "\\" not in wanted and len(wanted) <= 2_000
    path = wanted.partition("?")[0].partition("#")[0].rstrip("/")
    return wanted if plain and wanted.startswith("/") and not wanted.startswith("//") and path not in _HERE else "/"


async def _filled(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, each once; none of one that is too large or no text."""
    sent = bytearray()
    async for piece in request.stream():
        sent += piece
        if len(sent) > _MOST:
            return {}
    try:
        found = parse_qs(sent.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


Filled = Annotated[dict[str, str], Depends(_filled)]


@router.get("/sign-in")
def sign_in(request: Request) -> Response:
    """The form, for who is not signed in."""
    form, house = form_of(request, request.query_params), house_of(request)
    if people.nobody(house):
        return gone_on("/welcome" if form.wanted == "/" else f"/welcome?{urlencode({'next': form.wanted})}")
    try:
        sessions.caller(house, request.cookies.get(cookies.SESSION, ""))
    except NotSignedIn:
        return shown(request, form)
    return gone_on(form.wanted)


@router.post("/sign-in")
def signed_in(request: Request, filled: Filled) -> Response:
    """Sign in, and go on to the page that was wanted."""
    form, password = form_of(request, filled), filled.get("password", "")
    if not people.normal(form.name):
        form.wrong["name"] = form.word("enter_name")
    elif not password:
        form.wrong["password"] = form.word("enter_password")
    if form.wrong:
        return shown(request, form, 400)
    try:
        return let_in(request, form, sessions.sign_in(house_of(request), form.name, password, peer_of(request)))
    except KeybatchError as exc:
        return refused(request, form, exc)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    house = house_of(request)
    sessions.end(house, request.cookies.get(cookies.SESSION, ""), peer_of(request))
    return gone_on("/sign-in", cookies.signed_out(house.settings))


@router.get("/welcome")
def welcome(request: Request) -> Response:
    """The form for the owner, while there is nobody."""
    form = form_of(request, request.query_params)
    if not people.nobody(house_of(request)):
        return gone_on("/sign-in")
    return shown(request, form) if _is_here(request) else refused(request, form, NotHere())


@router.post("/welcome")
def welcomed(request: Request, filled: Filled) -> Response:
    """Make the owner, and sign him in."""
    form, password, house = form_of(request, filled), filled.get("password", ""), house_of(request)
    try:
        if not _is_here(request):
            raise NotHere
        if not people.normal(form.name):
            form.wrong["name"] = form.word("enter_name")
            return shown(request, form, 400)
        people.plain_name(form.name)
        if password != filled.get("again", ""):
            form.wrong["again"] = form.word("passwords_differ")
            return shown(request, form, 400)
        made = people.make_owner(house, form.name, password, peer_of(request))
    except AlreadyOwned:
        return gone_on("/sign-in")
    except KeybatchError as exc:
        return refused(request, form, exc)
    return let_in(request, form, sessions.opened(house, made.id, peer_of(request)))


def house_of(request: Request) -> House:
    """The house that the door is of."""
    house: House = request.app.state.house
    return house


def peer_of(request: Request) -> str:
    """The address that a request comes from."""
    return request.client.host if request.client else ""


def _is_here(request: Request) -> bool:
    return at_the_machine(peer_of(request), request.headers)


def form_of(request: Request, given: Mapping[str, str]) -> Form:
    """The form of this address, filled with what was given."""
    asked = request.query_params.get("language", "")
    language = language_of(asked or request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))
    name, issuer = given.get("name", "")[: people.MAX_NAME], vouched.title(house_of(request).settings)
    return Form(request.url.path, language, local(given.get("next", "/")), name, issuer=issuer)


def let_in(request: Request, form: Form, opened: Opened) -> Response:
    """Sign the browser in, and go on to the page that was wanted."""
    house = house_of(request)
    # the one before, if the browser still had one
    sessions.end(house, request.cookies.get(cookies.SESSION, ""), peer_of(request))
    return gone_on(form.wanted, cookies.signed_in(house.settings, opened.secret))


def gone_on(where: str, lines: list[str] | None = None) -> Response:
    """Lead elsewhere, with these cookies set."""
    answer = RedirectResponse(where, 303, headers=_HEADERS)
    for line in lines or []:
        answer.headers.append("set-cookie", line)
    return answer


def refused(request: Request, form: Form, exc: KeybatchError) -> Response:
    """The form again, with what is wrong."""
    place = "nowhere" if isinstance(exc, NotHere) else _FIELDS.get(type(exc), "")
    form.wrong[place] = escape(exc.sentence(form.language))
    return shown(request, form, exc.http_status, exc.http_headers())


def shown(request: Request, form: Form, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The page."""
    answer = HTMLResponse(page(form), status, headers={**_HEADERS, **(headers or {})})
    if request.query_params.get("language") in _LANGUAGES:
        answer.set_cookie(COOKIE, form.language, max_age=31_536_000, samesite="lax")
    return answer
