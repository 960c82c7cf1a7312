"""What stands before several web processes and takes turns among those that are there."""

import itertools
import socket
import threading
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self


class Balancer:
    """Each new connection goes to the next of ``ports``, or, where nobody listens, to the one after; but a page's live
    socket to the first of them that is there, so that it is known which to kill. ``live`` counts these by port."""

    def __init__(self, *ports: int) -> None:
        self.ports, self._turns = ports, itertools.count()
        self.live: Counter[int] = Counter()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                threading.Thread(target=self._take, args=(near,), daemon=True).start()

    def _take(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            first = near.recv(65_536)
            far = self._live() if b" /_event" in first.partition(b"\r\n")[0] else self._next()
            with far:
                far.sendall(first)
                back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
                back.start()
                _pass_on(near, far)
                back.join()

    def _next(self) -> socket.socket:
        turn = next(self._turns)  # one step: connections come side by side, and each has to try every port
        for at in range(len(self.ports)):
            with suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", self.ports[(turn + at) % len(self.ports)]))
        raise ConnectionRefusedError

    def _live(self) -> socket.socket:
        for port in self.ports:
            with suppress(ConnectionRefusedError):
                there = socket.create_connection(("127.0.0.1", port))
                self.live[port] += 1
                return there
        raise ConnectionRefusedError


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
