"""A proxy that breaks connections: after so many bytes, or all at once."""

import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self


class Cutting:
    """Passes connections on to a port of this machine. Each is cut after a number of bytes of answer that ``after``
    tells; None lets it be. ``cuts`` counts them."""

    def __init__(self, port: int, after: Callable[[], int | None]) -> None:
        self._to, self._after = port, after
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.cuts = 0
        self._ended = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._server.close()

    def _serve(self) -> None:
        while not self._ended:
            with suppress(OSError):
                threading.Thread(target=self._pass_on, args=(self._server.accept()[0],), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self._to)) as far:
            threading.Thread(target=_copy, args=(near, far, None), daemon=True).start()
            self.cuts += _copy(far, near, self._after())
            for one in (near, far):
                one.shutdown(socket.SHUT_RDWR)


def _copy(source: socket.socket, sink: socket.socket, most: int | None) -> bool:
    """Copy until the source ends, or until ``most`` bytes have passed: whether it was that."""
    with suppress(OSError):
        while most is None or most > 0:
            piece = source.recv(65_536 if most is None else min(most, 65_536))
            if not piece:
                return False
            sink.sendall(piece)
            if most is not None:
                most -= len(piece)
        return True
    return False


def at_random(rng: random.Random, low: int, high: int) -> Callable[[], int]:
    """So many bytes, each time others."""
    return lambda: rng.randint(low, high)
