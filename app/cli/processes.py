"""What the supervisor asks of the operating system. Only the standard library is loaded here."""

import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_PDEATHSIG, _CHILD_SUBREAPER = 1, 36  # of <linux/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> Callable[[], None]:
    """What a child runs before its program: Linux sends it SIGTERM when this process dies, however it dies."""
    parent = os.getpid()

    def tie() -> None:
        if _LIBC:
            _LIBC.prctl(_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:  # it died in the meantime, so no signal will come
                os._exit(1)

    return tie


def adopt_orphans() -> bool:
    """Make this process the parent of what its dead children leave behind; False where that is not possible."""
    return _LIBC is not None and int(_LIBC.prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)) == 0


def children() -> set[int]:
    """The processes whose parent is this one, ended ones that nobody waited for included; empty without /proc."""
    mine = str(os.getpid())
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # "pid (name) state parent …": the name may hold spaces and brackets, so look behind the last one.
            if stat.read_text(errors="replace").rpartition(")")[2].split()[1] == mine:
                found.add(int(stat.parent.name))
    return found


def how_ended(code: int) -> str:
    """An exit code for a person: ``exit 1``, ``SIGKILL``."""
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def answers_unix(path: str) -> bool:
    """Whether someone accepts connections on the Unix socket ``path``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def answers_http(host: str, port: int) -> bool:
    """Whether the page at ``/`` is there (2xx or 3xx). Waits at most a second for each part of the answer."""
    try:
        with socket.create_connection((host, port), timeout=1.0) as probe:
            probe.sendall(f"GET / HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: text/html\r\n\r\n".encode())
            status = probe.recv(64).split(b" ")
    except OSError:
        return False
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1][:1] in (b"2", b"3")
