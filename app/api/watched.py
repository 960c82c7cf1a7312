"""A socket that stays open no longer than whoever opened it may have it open."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Send

_CLOSE = {"type": "websocket.close", "code": 1008, "reason": "signed out"}
_GONE = {"type": "websocket.disconnect", "code": 1008, "reason": "signed out"}


class Watched:
    """Both ends of a socket as its application gets them. Every ``every_s`` seconds ``still`` is asked whether it may
    stay; once it may not, it is closed and the application hears that it is gone."""

    def __init__(self, receive: Receive, send: Send, still: Callable[[], Awaitable[bool]], every_s: float) -> None:
        self._receive, self._send, self._still, self._every_s = receive, send, still, every_s
        self._due = time.monotonic() + every_s
        self._next: asyncio.Future[Message] | None = None
        self._over = False

    async def receive(self) -> Message:
        """The next message. May be given up while waiting; no message is lost then."""
        while not self._over:
            if self._next is None:
                self._next = asyncio.ensure_future(self._receive())
            await asyncio.wait({self._next}, timeout=max(0.0, self._due - time.monotonic()))
            if time.monotonic() >= self._due:
                await self._look()
            elif self._next.done():
                message, self._next = self._next.result(), None
                return message
        return dict(_GONE)

    async def send(self, message: Message) -> None:
        """Send, unless it was closed meanwhile."""
        if not self._over:
            await self._send(message)

    async def leave(self) -> None:
        """Wait for no more messages."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.wait({self._next})

    async def _look(self) -> None:
        if not await self._still():
            self._over = True
            await self.leave()  # Granian does not close a socket that somebody still reads from
            await self._send(dict(_CLOSE))
        self._due = time.monotonic() + self._every_s
