"""Hosts of their own on this machine: a network namespace each, on a bridge they share. Needs root and iproute2."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.stage import ROOT, descendants

#: The network; the bridge, where this process is, has the first address.
NETWORK = "10.77.0"
_BRIDGE = "kbtown"


def lacking(*programs: str) -> list[str]:
    """What must be there and is not, in words."""
    found = [] if os.geteuid() == 0 else ["root"]
    return found + [name for name in ("ip", *programs) if not shutil.which(name)]


class Host:
    """One host: its address, a folder of its own, and what runs there, by name."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name, self.address = name, f"{NETWORK}.{number}"
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.log = folder / f"{name}.log"
        self._space, self._wire = f"kbt-{name}", f"kbt{number}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._begun: dict[str, tuple[Sequence[str], Mapping[str, str]]] = {}

    def join(self) -> None:
        """Be on the bridge."""
        _ip("netns", "add", self._space)
        _ip("link", "add", self._wire, "type", "veth", "peer", "name", "eth0", "netns", self._space)
        _ip("link", "set", self._wire, "master", _BRIDGE, "up")
        self._inside("addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            self._inside("link", "set", device, "up")

    def leave(self) -> None:
        """End what runs here, and be gone."""
        for what in list(self.running):
            self.end(what)
        _ip("netns", "del", self._space, check=False)
        _ip("link", "del", self._wire, check=False)

    def cut(self) -> None:
        """Pull the wire: nothing comes or goes, and nobody is told."""
        _ip("link", "set", self._wire, "down")

    def mend(self) -> None:
        _ip("link", "set", self._wire, "up")

    def start(self, what: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Run a program here, with no settings of a house but these."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KEYBATCH_")}
        with self.log.open("ab") as log:
            self.running[what] = subprocess.Popen(
                ["ip", "netns", "exec", self._space, *command],
                cwd=ROOT,
                env={**plain, **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._begun[what] = command, env

    def again(self, what: str) -> None:
        """Start what ended here once more."""
        self.start(what, *self._begun[what])

    def end(self, what: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a program; with SIGKILL, everything it forked too."""
        process = self.running.pop(what)
        for pid in descendants(process.pid) if how is signal.SIGKILL else []:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        if process.poll() is None:
            self.running[what] = process
            self.end(what, signal.SIGKILL)

    def _inside(self, *arguments: str) -> None:
        _ip("-n", self._space, *arguments)


class Hosts:
    """``with Hosts(folder) as hosts: hosts.add("db")``; they are gone at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: dict[str, Host] = {}

    def __enter__(self) -> Self:
        _ip("link", "add", _BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{NETWORK}.1/24", "dev", _BRIDGE)
        _ip("link", "set", _BRIDGE, "up")
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        for host in reversed(self._all.values()):
            host.leave()
        _ip("link", "del", _BRIDGE, check=False)

    def __getitem__(self, name: str) -> Host:
        return self._all[name]

    def add(self, name: str) -> Host:
        """Another host on the network."""
        host = self._all[name] = Host(name, 10 + len(self._all), self._folder)
        host.join()
        return host


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, stderr=None if check else subprocess.DEVNULL)
