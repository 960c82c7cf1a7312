"""Keeps other web sites out while there is no sign-in: only this machine's names are answered to, and only our own
pages may change anything or open the live socket."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import is_loopback

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WRONG_HOST = b"This address is not answered to. Open Keybatch as http://localhost or http://127.0.0.1.\n"
_FOREIGN = b"This came from another web site and was refused.\n"


class Guard:
    """ASGI middleware around everything.

    A page elsewhere may point a name at 127.0.0.1 (DNS rebinding): its requests carry that name as Host. Or it may
    post here from a browser: then the Origin is its own. Clients that are no browsers send no Origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()  # the connect message; closing before accepting answers it with 403
            await send({"type": "websocket.close", "code": 1008, "reason": refusal.decode().strip()})
        else:
            await _refuse(send, refusal)


def _refusal(scope: Scope) -> bytes | None:
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if not is_own(host):
        return _WRONG_HOST
    changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
    origin = headers.get(b"origin")
    if changes and origin is not None and not same(origin, host):
        return _FOREIGN
    return None


def is_own(host: str) -> bool:
    """Whether a Host header names this machine and nothing else."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return is_loopback(name.removesuffix("."))


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


async def _refuse(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
