"""HTTP/1.1 by hand, as fast as Python goes: keep-alive, pipelining, answers in the order of the questions."""

import asyncio
import socket
import struct
import time
from collections import deque
from http import HTTPStatus
from itertools import count
from typing import cast

from tests.simulators.naver import control
from tests.simulators.naver.platform import Answer, Call, Naver

_MOST_HEAD = 65_536
_LINGER_NOT = struct.pack("ii", 1, 0)
_HEADERS_KEPT = 256
_LEGACY_HEAD = (
    "Server: nginx\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
    "Vary: Accept-Encoding\r\nX-Powered-By: Naver\r\nCache-Control: no-cache, no-store, must-revalidate\r\n"
    "Pragma: no-cache\r\n"
)
_trace = count(1)
_heads: dict[tuple[int, str, bool], bytes] = {}
_headers: dict[bytes, dict[str, str]] = {}


def written(answer: Answer) -> bytes:
    """An answer as bytes: chunked with nginx's headers on the legacy platform, with a trace id on HUB."""
    key = answer.status, answer.content_type, answer.hub
    head = _heads.get(key)
    if head is None:
        head = (
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}\r\nContent-Type: {answer.content_type}\r\n"
            f"X-Keybatch-Simulator: 1\r\n{'' if answer.hub else _LEGACY_HEAD}"
        ).encode()
        _heads[key] = head
    size = len(answer.body)
    if answer.hub:
        return b"%bx-ncp-trace-id: sim%016x\r\nContent-Length: %d\r\n\r\n%b" % (head, next(_trace), size, answer.body)
    chunk = b"%x\r\n%b\r\n" % (size, answer.body) if size else b""
    return b"%b\r\n%b0\r\n\r\n" % (head, chunk)


def _headers_of(block: bytes) -> dict[str, str]:
    """A client sends the same headers again and again: parsed once."""
    found = _headers.get(block)
    if found is None:
        lines = (line.partition(":") for line in block.decode("latin-1").split("\r\n"))
        found = {name.strip().lower(): value.strip() for name, _, value in lines}
        if len(_headers) < _HEADERS_KEPT:
            _headers[block] = found
    return found


class _Slot:
    """An answer that is due; the bytes come when its time has."""

    __slots__ = ("data",)

    def __init__(self) -> None:
        self.data: bytes | None = None


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, naver: Naver) -> None:
        self._naver = naver
        self._rest = b""
        self._due: deque[_Slot] = deque()
        self._out: list[bytes] = []
        self._open = True
        self._used = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's has other ancestors
        self._loop = asyncio.get_running_loop()
        self._used = self._loop.time()
        self._naver.ledger.connections += 1
        self._loop.call_later(self._naver.config.keep_alive_s, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open = False
        self._naver.ledger.in_flight -= len(self._due)
        self._due.clear()

    def data_received(self, data: bytes) -> None:
        arrived = time.monotonic_ns()
        self._used = self._loop.time()
        if self._rest:
            data = self._rest + data
        at = 0
        while self._open and (call_and_end := _next_call(data, at)):
            call, at = call_and_end
            self._take(call, arrived)
        self._rest = data[at:]
        if len(self._rest) > _MOST_HEAD:
            self._transport.abort()
        self._flush()

    def _take(self, call: Call, arrived: int) -> None:
        if call.target.startswith("/_sim/"):
            self._put(written(control.answer(self._naver, call)), 0.0)
        else:
            answer = self._naver.answer(call, arrived)
            late = (self._naver.config.latency_ms + answer.late_ms) / 1000
            if answer.fault in {"hang", "reset", "cut"}:
                self._break(answer)
            else:
                self._put(written(answer), late, counted=True)
        if call.headers.get("connection", "").lower() == "close":
            self._flush()
            self._loop.call_later(0, self._close_when_done)

    def _put(self, data: bytes, late: float, *, counted: bool = False) -> None:
        """Send ``data`` in ``late`` seconds, after what is due before it."""
        if not late and not self._due:
            self._out.append(data)
            self._naver.ledger.in_flight -= counted
            return
        slot = _Slot()
        self._due.append(slot)
        self._naver.ledger.in_flight += not counted
        if late:
            self._loop.call_later(late, self._ready, slot, data)
        else:
            slot.data = data

    def _ready(self, slot: _Slot, data: bytes) -> None:
        slot.data = data
        while self._due and self._due[0].data is not None:
            self._out.append(self._due.popleft().data or b"")
            self._naver.ledger.in_flight -= 1
        self._flush()

    def _break(self, answer: Answer) -> None:
        """Never answer, reset, or stop in the middle."""
        if answer.fault == "hang":
            self._due.append(_Slot())
            return
        self._naver.ledger.in_flight -= 1
        self._open = False
        if answer.fault == "cut":
            data = written(answer)
            self._out.append(data[: len(data) // 2])
            self._flush(even_if_closed=True)
            self._transport.close()
            return
        sock: socket.socket | None = self._transport.get_extra_info("socket")
        if sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._transport.abort()

    def _flush(self, *, even_if_closed: bool = False) -> None:
        if self._out and (self._open or even_if_closed):
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def _close_when_done(self) -> None:
        if self._due and self._open:
            self._loop.call_later(0.01, self._close_when_done)
        else:
            self._transport.close()

    def _close_if_idle(self) -> None:
        """As nginx does after ``Keep-Alive: timeout=5``."""
        if not self._open:
            return
        left = self._used + self._naver.config.keep_alive_s - self._loop.time()
        if left <= 0 and not self._due:
            self._transport.close()
        else:
            self._loop.call_later(max(left, 0.5), self._close_if_idle)


def _next_call(data: bytes, at: int) -> tuple[Call, int] | None:
    """The call that starts at ``at`` and where it ends, if all of it has come."""
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        return None
    line_end = data.index(b"\r\n", at)
    method, _, rest = data[at:line_end].decode("latin-1").partition(" ")
    headers = _headers_of(data[line_end + 2 : end]) if line_end < end else {}
    size = headers.get("content-length", "0")
    stop = end + 4 + (int(size) if size.isdigit() else 0)
    if len(data) < stop:
        return None
    return Call(method, rest.rpartition(" ")[0], headers, data[end + 4 : stop]), stop
