"""The supervisor, with children that do nothing: what dies comes back, a stop leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from app.cli import embedded, processes, serve
from app.cli.plan import Plan, Program
from app.settings import Settings
from tests.stage import ROOT, descendants, until

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: signal.pause()"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}], process_group=0); {SLEEPER}"


def python(name: str, code: str, **options: object) -> Program:
    return Program(name, (sys.executable, "-c", code), **options)


class Running:
    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log = process, log

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def pids(self) -> list[int]:
        return descendants(self.process.pid)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def supervised(folder: Path, plan: Plan) -> Iterator[Running]:
    log = folder / "log"
    argv = [sys.executable, "-m", "app.cli.supervisor", plan.dump()]
    hangs_up = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # whatever these tests were started with
    with (
        log.open("wb") as out,
        subprocess.Popen(argv, cwd=ROOT, stdout=out, stderr=out, preexec_fn=hangs_up) as process,
    ):
        try:
            yield Running(process, log)
        finally:
            left = [process.pid, *descendants(process.pid)] if process.poll() is None else []
            for pid in left:
                os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pids: list[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def test_a_plan_fits_on_a_command_line():
    plan = Plan((python("one", "pass"), Program("two", ("a", "b c"), 0, "/s", "/l")), "http://x", port=3, grace=1.5)
    assert Plan.load(plan.dump()) == plan


def test_what_dies_is_started_again(tmp_path):
    with supervised(tmp_path, Plan((python("one", SLEEPER), python("two", SLEEPER)))) as house:
        until(lambda: "two started" in house.said() and len(house.pids()) == 2)
        first, second = house.pids()
        os.kill(first, signal.SIGKILL)
        until(lambda: "SIGKILL" in house.said() and len(house.pids()) == 2 and first not in house.pids())
        assert second in house.pids()
        pids = house.pids()
        assert house.stop() == 0
        assert gone(pids)


def test_what_keeps_dying_is_started_less_and_less_often(tmp_path):
    with supervised(tmp_path, Plan((python("flaky", "raise SystemExit(3)"),))) as house:
        until(lambda: "0.8 s" in house.said())
        lines = [line for line in house.said().splitlines() if "ended" in line]
        assert [line.rpartition(" in ")[2] for line in lines[:3]] == ["0.2 s.", "0.4 s.", "0.8 s."]
        assert "exit 3" in lines[0]
        assert house.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_leaves_no_process_behind(tmp_path, number):
    with supervised(tmp_path, Plan((python("parent", PARENT), python("other", SLEEPER)))) as house:
        until(lambda: len(house.pids()) == 3)
        pids = house.pids()
        assert house.stop(number) == 0
        assert gone(pids)


def test_what_does_not_stop_in_time_is_killed(tmp_path):
    with supervised(tmp_path, Plan((python("stubborn", STUBBORN),), grace=0.5)) as house:
        until(lambda: house.pids() and ignores_sigterm(house.pids()[0]))
        pids = house.pids()
        assert house.stop() == 0
        assert gone(pids)


def test_a_second_signal_kills(tmp_path):
    with supervised(tmp_path, Plan((python("stubborn", STUBBORN),), grace=600)) as house:
        until(lambda: house.pids() and ignores_sigterm(house.pids()[0]))
        pids = house.pids()
        house.process.send_signal(signal.SIGINT)
        until(lambda: "Stopping" in house.said())
        assert house.stop(signal.SIGINT) == 0
        assert gone(pids)


def ignores_sigterm(pid: int) -> bool:
    ignored = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigIgn"))
    return bool(int(ignored.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_what_a_dead_child_leaves_behind_is_stopped(tmp_path):
    with supervised(tmp_path, Plan((python("parent", PARENT),))) as house:
        until(lambda: len(house.pids()) == 2)
        orphan, parent = house.pids()
        os.kill(parent, signal.SIGKILL)
        until(lambda: gone([orphan]))
        until(lambda: len(house.pids()) == 2)
        assert house.stop() == 0


def test_children_do_not_outlive_a_killed_supervisor(tmp_path):
    with supervised(tmp_path, Plan((python("one", SLEEPER), python("two", SLEEPER)))) as house:
        until(lambda: len(house.pids()) == 2)
        pids = house.pids()
        house.stop(signal.SIGKILL)
        until(lambda: gone(pids))


def test_a_higher_stage_waits_for_the_socket_of_a_lower_one(tmp_path):
    socket = tmp_path / "s"
    serve_later = (
        "import signal, socket, sys; open(sys.argv[1] + '.go').read()\n"  # a pipe: waits until something is written
        "s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); signal.pause()"
    )
    os.mkfifo(f"{socket}.go")
    ground = Program("ground", (sys.executable, "-c", serve_later, str(socket)), 0, str(socket))
    with supervised(tmp_path, Plan((python("above", SLEEPER), ground))) as house:
        until(lambda: "ground started" in house.said())
        assert "above" not in house.said()
        Path(f"{socket}.go").write_text("go")
        until(lambda: "above started" in house.said())
        assert house.stop() == 0


def test_the_page_is_announced_once_it_answers(tmp_path):
    page = (
        "import http.server, pathlib, sys\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
        "pathlib.Path('port').write_text(str(server.server_port)); server.serve_forever()"
    )
    with subprocess.Popen([sys.executable, "-c", page], cwd=tmp_path, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: (tmp_path / "port").exists() and (tmp_path / "port").read_text())
            port = int((tmp_path / "port").read_text())
            plan = Plan((python("web", SLEEPER),), url="http://here", port=port)
            with supervised(tmp_path, plan) as house:
                until(lambda: "Keybatch is ready: http://here" in house.said())
                assert house.stop() == 0
        finally:
            server.kill()


def test_the_embedded_valkey_comes_back(tmp_path, monkeypatch):
    monkeypatch.setenv("KEYBATCH_DATA_DIR", str(tmp_path))
    valkey = embedded.valkey(Settings.read())
    assert valkey.stage == 0
    with supervised(tmp_path, Plan((valkey,))) as house:
        until(lambda: processes.answers_unix(valkey.socket))
        first = house.pids()
        os.kill(first[0], signal.SIGKILL)
        until(lambda: house.pids() != first and processes.answers_unix(valkey.socket))
        assert Path(valkey.socket).stat().st_mode & 0o077 == 0
        assert house.stop() == 0


def test_programs_that_cannot_be_started_are_named(tmp_path):
    with supervised(tmp_path, Plan((Program("missing", (str(tmp_path / "no"),)),), json_logs=True)) as house:
        until(lambda: "child_not_started" in house.said())
        assert house.stop() == 0


def test_exit_codes_are_said_for_people():
    assert [processes.how_ended(code) for code in (0, 3, -9, -250)] == ["exit 0", "exit 3", "SIGKILL", "signal 250"]


def test_one_machine_runs_valkey_only_without_a_redis_of_its_own():
    settings = Settings.read()
    assert [one.name for one in serve.programs(settings)] == ["valkey", "web", "workers", "scheduler"]
    given = settings.model_copy(update={"redis_url": "redis://127.0.0.1:6379/0"})
    assert [one.name for one in serve.programs(given)] == ["web", "workers", "scheduler"]
