"""The simulator as tests hold it: in a thread for unit tests, in a process of its own for benchmarks."""

import asyncio
import http.client
import json
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvloop

from tests.simulators.naver.config import CLIENT_ID, CLIENT_SECRET, Config
from tests.simulators.naver.platform import Naver
from tests.simulators.naver.wire import Connection

_ROOT = Path(__file__).resolve().parents[3]
_HOST = "127.0.0.1"


async def listen(naver: Naver, port: int = 0, host: str = _HOST) -> asyncio.Server:
    """Listen, on this machine only unless told otherwise; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(naver), host, port, backlog=1024)


def port_of(server: asyncio.Server) -> int:
    """The port a server listens on."""
    return int(server.sockets[0].getsockname()[1])


class NaverSimulator:
    """``with NaverSimulator(rate=10, faults=["se99=0.05"]) as sim:`` takes the settings of `Config`; with
    ``process=True`` it has a core to itself. ``env()`` points the product at it."""

    client_id = CLIENT_ID
    client_secret = CLIENT_SECRET

    def __init__(self, *, process: bool = False, **settings: Any) -> None:
        self._config = Config().changed(settings)
        self._changes = settings
        self._in_process = process
        self.port = 0

    def __enter__(self) -> Self:
        if self._in_process:
            self._start_process()
            try:
                self.configure(**self._changes)
            except BaseException:
                self.__exit__(None, None, None)
                raise
        else:
            self._start_thread()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        if self._in_process:
            self._process.communicate(timeout=10)  # closes its standard input, which ends it
        else:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=10)

    @property
    def base_url(self) -> str:
        return f"http://{_HOST}:{self.port}"

    def env(self, platform: str = "legacy") -> dict[str, str]:
        """The settings that point the product here."""
        return {
            "KEYBATCH_NAVER_BASE_URL": self.base_url,
            "KEYBATCH_NAVER_CLIENT_ID": self.client_id,
            "KEYBATCH_NAVER_CLIENT_SECRET": self.client_secret,
            "KEYBATCH_NAVER_PLATFORM": platform,
        }

    def stats(self) -> dict[str, Any]:
        """What happened so far; the keys are told in ../README.md."""
        return self._control("GET", "stats")

    def reset(self) -> None:
        """Forget what happened so far, limits and days included."""
        self._control("POST", "reset")

    def configure(self, **settings: Any) -> None:
        """Change settings of `Config` from now on. Raises ValueError."""
        self._control("POST", "config", settings)

    def _control(self, method: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=30)
        try:
            connection.request(method, f"/_sim/{what}", json.dumps(body).encode() if body is not None else None)
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise ValueError(answer["error"])
        return answer

    def _start_thread(self) -> None:
        listening = threading.Event()

        async def serve() -> None:
            self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
            server = await listen(Naver(self._config))
            self.port = port_of(server)
            listening.set()
            await self._stop.wait()
            server.close()

        self._thread = threading.Thread(target=lambda: uvloop.run(serve()), name="naver-simulator", daemon=True)
        self._thread.start()
        if not listening.wait(timeout=10):
            raise RuntimeError("the simulator did not start")

    def _start_process(self) -> None:
        command = [sys.executable, "-m", "tests.simulators.naver", "--port", "0", "--until-eof"]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the simulator did not start")
        self.port = int(line.rpartition(":")[2])
