"""The door's other way in: by an issuer that vouches for people. It leads to the issuer and takes back who comes from
it; what it has to remember on the way is in a cookie of this browser, so that any process may take him back."""

from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.errors import KeybatchError, NotSignedIn, NotVouched
from app.services import cookies, people, sessions, vouched
from app.services.callers import Caller, hashed
from app.services.vouched import Way
from app.web import door

router = APIRouter(include_in_schema=False)
#: What remembers the way; only the pages under it are sent it.
COOKIE, _PATH = "keybatch_way", "/sign-in"
_BACK = "/sign-in/callback"


@dataclass(frozen=True)
class Kept:
    """What the cookie holds: the way, where to go on, and the mark of the session whose person is to be linked."""

    way: Way
    wanted: str = "/"
    links: str = ""

    def written(self) -> str:
        return f"{self.way.secret}.{self.links}.{quote(self.wanted, safe='')}"

    @classmethod
    def read(cls, text: str) -> "Kept":
        secret, _, rest = text.partition(".")
        links, _, wanted = rest.partition(".")
        return cls(Way(secret), door.local(unquote(wanted)), links)


@router.get("/sign-in/issuer")
def to_the_issuer(request: Request) -> Response:
    """Lead to the issuer; with ``link``, which only our page knows, to link who is signed in."""
    form, house = door.form_of(request, request.query_params), door.house_of(request)
    form.at = "/sign-in"
    try:
        if people.nobody(house):
            return door.gone_on("/welcome")
        links = _linking(request) if "link" in request.query_params else ""
        kept = Kept(Way.new(), form.wanted, links)
        where = vouched.begun(house, kept.way, _back(request), door.peer_of(request))
    except KeybatchError as exc:
        return door.refused(request, form, exc)
    return door.gone_on(where, [_line(request, kept.written(), vouched.LIVES_S)])


@router.get(_BACK)
def back(request: Request) -> Response:
    """Take back who comes from the issuer: let him in, or link him to who is signed in."""
    form, house = door.form_of(request, {}), door.house_of(request)
    form.at = "/sign-in"
    kept, peer = Kept.read(request.cookies.get(COOKIE, "")), door.peer_of(request)
    gone = [_line(request, "", 0)]
    try:
        claims = vouched.came_back(house, kept.way, _back(request), request.query_params, peer)
        if kept.links:
            who = _signed_in(request)
            if who.session != kept.links:
                raise NotSignedIn
            vouched.link(house, who.name, claims, by=who.at(peer))
            return door.gone_on("/settings?section=me", gone)
        form.wanted = kept.wanted
        answer = door.let_in(request, form, vouched.let_in(house, claims, peer))
    except KeybatchError as exc:
        answer = door.refused(request, form, exc)
    for line in gone:
        answer.headers.append("set-cookie", line)
    return answer


@router.get("/sign-in/link")
def link(request: Request) -> Response:
    """Ask who is signed in whether he is to be linked: nobody is by opening a link from elsewhere."""
    try:
        who = _signed_in(request)
    except NotSignedIn:
        return door.gone_on(f"/sign-in?next={quote('/settings?section=me', safe='')}")
    form = door.form_of(request, {})
    form.at, form.name = "/sign-in/link", who.name
    form.link = f"/sign-in/issuer?link={_token(request)}"
    return door.shown(request, form)


def _linking(request: Request) -> str:
    """The mark of the session whose person asks for it on our page. Raises NotSignedIn, NotVouched."""
    who = _signed_in(request)
    if request.query_params["link"] != _token(request):
        raise NotVouched(en="it was not asked for here", ko="이 화면에서 요청한 것이 아닙니다")
    return who.session


def _signed_in(request: Request) -> Caller:
    return sessions.caller(door.house_of(request), request.cookies.get(cookies.SESSION, ""))


def _token(request: Request) -> str:
    return hashed(f"link {request.cookies.get(cookies.SESSION, '')}")[:32]


def _back(request: Request) -> str:
    """Our own address, as the issuer has to know it. Settings: public_url."""
    house = door.house_of(request)
    return (house.settings.public_url or f"http://{request.headers.get('host', '')}") + _BACK


def _line(request: Request, value: str, seconds: int) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: value})
    cookie[COOKIE].update({"path": _PATH, "max-age": str(seconds), "samesite": "Lax"})
    cookie[COOKIE]["httponly"] = True
    cookie[COOKIE]["secure"] = door.house_of(request).settings.public_url.startswith("https://")
    return cookie.output(header="").strip()
