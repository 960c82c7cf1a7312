"""Stands before everything: keeps other web sites out, and whoever is not signed in from what is no route of the API.

Routes under /api decide by their own dependencies (`app.api.deps`). What else lies behind the guard, the pages with
their socket and the queue's own pages, never sees the session's secret: it is told who is there
(`app.services.announced`).
"""

import asyncio
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import FastAPI
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Message, Receive, Scope, Send

from app import log
from app.api.problems import Problem
from app.api.watched import Watched
from app.errors import Forged, KeybatchError, NotSignedIn
from app.services import announced, cookies, peers, people, sessions
from app.services.callers import Caller
from app.settings import is_loopback

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = _SAFE | {"POST", "PUT", "PATCH", "DELETE"}
_WRONG_HOST = "This address is not answered to. Open Keybatch at {public}, or set KEYBATCH_PUBLIC_URL to this one.\n"
_HERE = "http://localhost or http://127.0.0.1"
_FOREIGN = "This came from another web site and was refused.\n"
#: Answered whatever the address is called: a balancer asks each process by its number. It tells nobody anything.
_BY_NUMBER = frozenset({"/healthz", "/readyz"})
#: Open to everybody: whether the house is well, and the pages that sign in with what they are drawn with.
_OPEN = frozenset(
    {
        *("/healthz", "/readyz", "/keybatch.css", "/door.css", "/favicon.svg", "/welcome"),
        *("/sign-in", "/sign-in/issuer", "/sign-in/callback", "/sign-in/link", "/sign-out"),
    }
)
_TYPEFACE = re.compile(r"/assets/[\w.-]+\.woff2", re.ASCII)
_PERSON, _TAB, _FORWARDED = announced.HEADER.encode(), b"reflex-client-token", b"x-forwarded-for"


class Guard:
    """ASGI middleware around everything; ``api`` is what `app.api.main.build_api` has built, with all that was mounted.

    A page elsewhere may point a name at 127.0.0.1 (DNS rebinding): its requests carry that name as Host. Or it may
    post here from a browser: then the Origin is its own. Clients that are no browsers send no Origin. This machine's
    own names are for those who come from it, anybody else asks for the public one. ``every_s``: how
    often an open socket's session is looked up again, in seconds. Settings: public_url, proxies.
    """

    def __init__(self, api: FastAPI, every_s: float = 5.0) -> None:
        self._app, self._house, self._every_s = api, api.state.house, every_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scope = self._of_true_peer(scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, receive, send, PlainTextResponse(refusal, 403))
        elif _decides_itself(scope):
            await self._app({**scope, "headers": _unannounced(scope["headers"])}, receive, send)
        else:
            await self._let_in(scope, headers, receive, send)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> str | None:
        if scope["type"] == "http" and scope["path"] in _BY_NUMBER:
            return None
        host, public = headers.get("host", ""), self._house.settings.public_url
        here = peers.is_own(host) and is_loopback((scope.get("client") or ("",))[0])
        if not here and not (public and same(public, host)):
            return _WRONG_HOST.format(public=public or _HERE)
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        origin = headers.get("origin")
        return _FOREIGN if changes and origin is not None and not same(origin, host) else None

    def _of_true_peer(self, scope: Scope) -> Scope:
        """The request as from whoever a proxy of ours says it is from, and not from the proxy."""
        if not scope.get("client"):
            return scope
        said = ", ".join(value.decode("latin-1") for name, value in scope["headers"] if name.lower() == _FORWARDED)
        host, port = scope["client"]
        peer = peers.of(host, said, self._house.settings.proxies)
        return scope if peer == host else {**scope, "client": (peer, port)}

    async def _let_in(self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send) -> None:
        """Let a signed-in person through, and nobody else."""
        given = b"; ".join(value for name, value in scope["headers"] if name.lower() == b"cookie")
        secret = cookie_parser(given.decode("latin-1")).get(cookies.SESSION, "")
        try:
            who = (await asyncio.to_thread(sessions.caller, self._house, secret)).at(_peer(scope))
            log.asks(who.person, who.token)
            if scope["path"] == "/rq" or scope["path"].startswith("/rq/"):
                who.require("admin")
                changes = scope["type"] != "http" or scope["method"] not in ("GET", "HEAD")
                if changes and not sessions.is_proof(secret, headers.get("x-csrf-token", "")):
                    raise Forged
        except KeybatchError as exc:
            await _refuse(scope, receive, send, await self._answer(scope, headers, exc))
            return
        inner = self._announced(scope, who)
        if scope["type"] == "websocket":
            await self._watched(inner, receive, send, secret, who)
        elif _is_page(scope, headers):
            await self._app(inner, receive, self._renewing(send, secret))
        else:
            await self._app(inner, receive, send)

    async def _answer(self, scope: Scope, headers: dict[str, str], exc: KeybatchError) -> Response:
        if not isinstance(exc, NotSignedIn) or not _is_page(scope, headers):
            return Problem(exc.http_status, exc.code, exc.sentence("en"), exc.http_headers())
        door = "/welcome" if await asyncio.to_thread(people.nobody, self._house) else "/sign-in"
        query = scope["query_string"].decode("latin-1")
        wanted = quote(scope["path"]) + (f"?{query}" if query else "")
        where = door if wanted == "/" else f"{door}?{urlencode({'next': wanted})}"
        return RedirectResponse(where, 303, headers={"Cache-Control": "no-store"})

    def _announced(self, scope: Scope, who: Caller) -> Scope:
        """The request without its secrets, and with who asks."""
        headers = [(name, _tab(value, who)) if name == _TAB else (name, value) for name, value in scope["headers"]]
        told = [*_unannounced(headers, secrets=True), (_PERSON, announced.written(who).encode())]
        query = scope["query_string"]
        if scope["path"].startswith("/_event") and b"token=" in query:
            pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
            tab = [(name, _tab(value.encode(), who).decode() if name == "token" else value) for name, value in pairs]
            query = urlencode(tab).encode()
        return {**scope, "headers": told, "query_string": query}

    async def _watched(self, scope: Scope, receive: Receive, send: Send, secret: str, who: Caller) -> None:
        async def still() -> bool:
            try:
                return await asyncio.to_thread(sessions.caller, self._house, secret, use=False) == who
            except NotSignedIn:
                return False
            except KeybatchError:
                return True  # nobody can know now; the pages say that the database is away

        socket = Watched(receive, send, still, self._every_s)
        try:
            await self._app(scope, socket.receive, socket.send)
        finally:
            await socket.leave()

    def _renewing(self, send: Send, secret: str) -> Send:
        """The session lives on with each page, and so do its cookies."""
        lines = [(b"set-cookie", line.encode()) for line in cookies.signed_in(self._house.settings, secret)]

        async def renewing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *lines]}
            await send(message)

        return renewing


def _decides_itself(scope: Scope) -> bool:
    """Whether it is open, or one of the API's routes; any other method would be passed on by these."""
    if scope["type"] != "http" or scope["method"] not in _METHODS:
        return False
    path = scope["path"]
    if path == "/metrics":
        return bool(scope["method"] == "GET")
    return path in _OPEN or path == "/api" or path.startswith("/api/") or _TYPEFACE.fullmatch(path) is not None


def _peer(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _tab(name: bytes, who: Caller) -> bytes:
    """A tab's name for its state, the same in every web process. Somebody who signs in where another one did gets a
    state of his own."""
    return name + f"-{who.person or 0}".encode()


def _is_page(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether a person waits for it in his browser."""
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")


def _unannounced(headers: list[tuple[bytes, bytes]], *, secrets: bool = False) -> list[tuple[bytes, bytes]]:
    """Headers without what only the guard may say; with ``secrets``, also without what lets somebody in."""
    kept = [(name, value) for name, value in headers if name.lower() != _PERSON]
    if not secrets:
        return kept
    bare = [(name, _without_session(value) if name.lower() == b"cookie" else value) for name, value in kept]
    return [(name, value) for name, value in bare if name.lower() != b"authorization" and value]


def _without_session(cookie: bytes) -> bytes:
    parts = cookie.decode("latin-1").split(";")
    kept = [part for part in parts if part.partition("=")[0].strip() not in (cookies.SESSION, cookies.CSRF)]
    return ";".join(kept).strip().encode("latin-1")


def same(origin: str, host: str) -> bool:
    """Whether an Origin is the page that this Host serves."""
    try:
        parts = urlsplit(origin)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return False
    name = parts.hostname or ""
    shown = f"[{name}]" if ":" in name else name
    return parts.scheme in ("http", "https") and f"{shown}{port}" == host.lower()


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    if scope["type"] == "websocket":
        await receive()  # the connect message; closing before accepting answers it with 403
        await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
    else:
        await answer(scope, receive, send)
