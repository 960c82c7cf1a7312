"""Every request has an id, which its answer, its errors and all log lines about it name; and is counted and logged."""

import re
import secrets
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import traces
from app.log import Asked, asked, get
from app.services import peers
from app.services.metrics import counted

log = get(__name__)
#: An id that a proxy of ours may give: nothing that could be anything else.
_SANE: Final = re.compile(r"[\w.:-]{8,128}", re.ASCII)
_HEADER: Final = b"x-request-id"
#: Where a trace begins elsewhere (W3C Trace Context).
_TRACE: Final = frozenset({b"traceparent", b"tracestate"})
#: What takes longer is worth a line, in seconds.
_SLOW_S: Final = 1.0
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS: Final = _SAFE | {"POST", "PUT", "PATCH", "DELETE"}


class Requests:
    """ASGI middleware around everything, the guard too. ``proxies``: as `settings.proxies`; an id that comes with a
    request is taken from them alone.

    A line is written at ``info`` for what changes something, is refused, breaks or is slow, and at ``debug`` for the
    rest: pages are made of hundreds of small files. What is counted is the time to the head of the answer, for streams
    go on for hours.
    """

    def __init__(self, app: ASGIApp, proxies: str = "") -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        under_way = _UnderWay(self._id(scope), scope)
        mark = asked.set(under_way.asked)
        try:
            with under_way.span():
                await self._app(scope, receive, under_way.sending(send))
                under_way.noted()
        finally:
            under_way.ended()
            asked.reset(mark)

    def _id(self, scope: Scope) -> str:
        if peers.is_proxy((scope.get("client") or ("",))[0], self._proxies):
            for name, value in scope["headers"]:
                given = value.decode("latin-1")
                if name.lower() == _HEADER and _SANE.fullmatch(given):
                    return given
        return secrets.token_hex(8)


class _UnderWay:
    """One request, from its beginning to its end."""

    def __init__(self, name: str, scope: Scope) -> None:
        self.asked = Asked(name)
        self._scope, self._began = scope, time.monotonic()
        self._status, self._bytes, self._head_s = 0, 0, 0.0

    def sending(self, send: Send) -> Send:
        async def sends(message: Message) -> None:
            kind = message["type"]
            if kind == "http.response.start":
                self._heads(message["status"])
                message = {**message, "headers": [*message.get("headers", ()), (_HEADER, self.asked.request.encode())]}
            elif kind == "http.response.body":
                self._bytes += len(message.get("body", b""))
            elif kind == "websocket.accept":
                self._heads(101)
            elif kind == "websocket.close" and not self._status:
                self._heads(403)
            await send(message)

        return sends

    def span(self) -> AbstractContextManager[object]:
        """Only of the API: pages are made of hundreds of small files."""
        scope = self._scope
        if not self._is_traced():
            return nullcontext()
        came = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
            if name.lower() in _TRACE
        }
        return traces.span("request", kind="server", parent=came, request=self.asked.request)

    def noted(self) -> None:
        """Name its span by the route, which is known now."""
        if self._is_traced():
            traces.note(f"{self._scope['method']} {self.asked.route}", status=self._status)

    def _is_traced(self) -> bool:
        return self._scope["type"] == "http" and self._scope["path"].startswith("/api/")

    def _heads(self, status: int) -> None:
        self._status, self._head_s = status, time.monotonic() - self._began

    def ended(self) -> None:
        """Count it, and write its line."""
        scope, status = self._scope, self._status or 499  # nothing was answered: the client has gone
        method = "WEBSOCKET" if scope["type"] == "websocket" else scope["method"]
        label, route = (
            method if method in {*_METHODS, "WEBSOCKET"} else "OTHER",
            self.asked.route or _kind(scope["path"]),
        )
        counted.HERE.add("http_requests_total", route, label, str(status))
        if self._status:
            counted.HERE.observe("http_request_seconds", self._head_s, route, label)
        loud = (method not in _SAFE and method != "WEBSOCKET") or status >= 400 or self._head_s > _SLOW_S
        write = log.info if loud else log.debug
        ms = round(1000 * (time.monotonic() - self._began))
        write("request", method=method, route=route, status=status, ms=ms, bytes=self._bytes)


def _kind(path: str) -> str:
    """What stands for the route of what is none of the API's."""
    for first in ("/rq", "/_event", "/api"):
        if path == first or path.startswith(f"{first}/"):
            return f"{first}/…"
    return "pages"


class Routed:
    """ASGI middleware inside of the API: tells which route was taken, which only the router knows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            under_way, route = asked.get(), scope.get("route")
            if under_way is not None and route is not None and not under_way.route:
                under_way.route = getattr(route, "path", "")
