"""Health checks: what an exit code says of a process of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import redis

from app.cli import alive
from tests.stage import ROOT

HERE = socket.gethostname()


class Answers(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where something answers as the web process does."""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("KEYBATCH_PORT", str(server.server_port))
    monkeypatch.setattr(Answers, "status", 200)
    yield server.server_port
    server.shutdown()
    server.server_close()


def there(valkey: redis.Redis, kind: str, host: str = HERE, pid: int = os.getpid()) -> None:
    key = f"rq:worker:{kind}-{host}-0123abcd"
    valkey.sadd("rq:workers", key)
    valkey.hset(key, "pid", pid)


def test_the_web_is_well_when_it_is_ready(
    port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for host in ("127.0.0.1", "0.0.0.0"):
        monkeypatch.setenv("KEYBATCH_HOST", host)
        assert alive.main(["web"]) == 0
    monkeypatch.setattr(Answers, "status", 503)
    assert alive.main(["web"]) == 1
    assert "503" in capsys.readouterr().err
    monkeypatch.setenv("KEYBATCH_PORT", "9")
    assert alive.main(["web"]) == 1


def test_workers_are_well_when_those_of_this_machine_run(valkey: redis.Redis, settings_of: dict[str, str]):
    assert alive.main(["worker"]) == 1
    there(valkey, "chores")
    there(valkey, "slices", host="elsewhere")
    assert alive.main(["worker"]) == 1, "none for slices here"
    there(valkey, "slices")
    assert alive.main(["worker"]) == 0
    there(valkey, "slices", pid=2**22 + 1)
    assert alive.main(["worker"]) == 1, "registered, and gone"


def test_a_scheduler_is_well_while_it_says_so(valkey: redis.Redis, settings_of: dict[str, str]):
    valkey.zadd("rq:cron_schedulers", {f"{HERE}:1:abcdef": time.time() - 60, "elsewhere:1:abcdef": time.time()})
    assert alive.main(["scheduler"]) == 1
    valkey.zadd("rq:cron_schedulers", {f"{HERE}:1:abcdef": time.time()})
    assert alive.main(["scheduler"]) == 0


def test_without_redis_nothing_is_well_and_it_says_why(settings_of, monkeypatch, capsys):
    monkeypatch.setenv("KEYBATCH_REDIS_URL", "redis://:secret@127.0.0.1:9/0")
    for part in ("worker", "scheduler"):
        assert alive.main([part]) == 1
        said = capsys.readouterr().err
        assert part in said
        assert "secret" not in said


def test_it_is_asked_as_a_command():
    command = [sys.executable, "-m", "app", "alive"]
    assert subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*command, "nobody"], cwd=ROOT, capture_output=True, check=False).returncode == 2
