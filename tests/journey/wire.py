"""A wire between browser and house that can be cut, or go silent, and be mended."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Wire:
    """Passes connections on to a port of this machine, as long as it is whole.

    ``cut``: all connections end and none is made. ``silence``: connections stay, and nothing comes through any of them,
    as when a cable is pulled. ``mend``: new connections come through; what was silent is gone."""

    def __init__(self, port: int) -> None:
        self.to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._passes = threading.Event()
        self._refuses = self._ended = False

    def __enter__(self) -> Self:
        self._passes.set()
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._server.close()
        self.cut()
        self._passes.set()

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        self._refuses = True
        self._drop()

    def silence(self) -> None:
        """Let nothing through any more, without a word."""
        self._passes.clear()

    def mend(self) -> None:
        """Be whole again."""
        self._drop()
        self._refuses = False
        self._passes.set()

    def _drop(self) -> None:
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def _serve(self) -> None:
        while not self._ended:
            with suppress(OSError):
                near = self._server.accept()[0]
                threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        with near, suppress(OSError):
            if self._refuses:
                return
            with socket.create_connection(("127.0.0.1", self.to)) as far:
                with self._lock:
                    self._open |= {near, far}
                threading.Thread(target=self._copy, args=(near, far), daemon=True).start()
                self._copy(far, near)
                with self._lock:
                    self._open -= {near, far}

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                self._passes.wait()
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
