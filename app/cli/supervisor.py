"""Keeps the processes of one machine alive: starts them in order, starts again what dies, stops them in order.

``python -m app.cli.supervisor PLAN`` is what ``python -m app up`` turns into once its checks are done: only the
standard library is loaded here (some 12 MB), because this process stays for as long as the house is open. It sleeps
until a child ends or a signal comes; nothing is polled once the page has answered.

Every child leads a process group of its own, so that a Ctrl-C reaches the supervisor alone. On Linux a child is told
to stop when the supervisor dies, however it dies, and what a dead child leaves behind is adopted and stopped here.
Elsewhere only the order of a normal stop is kept: after a kill -9 of the supervisor, stop the children by hand.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.cli import processes, words
from app.cli.plan import Plan, Program

#: Seconds before a dead child is started again: the first time, and at most.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
#: A child that lived this many seconds starts over with the first pause.
HEALTHY_AFTER = 30.0
#: Seconds until the person at the terminal is told that the first build of the pages takes its time.
SLOW_START = 8.0


@dataclass(slots=True)
class Child:
    """A program and its process, if it runs. ``due`` is when to start it, on the monotonic clock."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = FIRST_PAUSE

    def start(self) -> None:
        """Start the process; its output goes to our standard error. Raises OSError."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.program.argv,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            process_group=0,
            preexec_fn=processes.die_with_parent(),  # noqa: PLW1509 -- this process has a single thread
        )

    @property
    def up(self) -> bool:
        """Whether it runs and answers on its socket, if it has one."""
        if self.process is None:
            return False
        return not self.program.socket or processes.answers_unix(self.program.socket)

    def ended(self) -> int | None:
        """The exit code, once, when the process has just ended; plans the next start."""
        code = self.process.poll() if self.process else None
        if code is None:
            return None
        self.process = None
        now = time.monotonic()
        if now - self.started > HEALTHY_AFTER:
            self.pause = FIRST_PAUSE
        self.due = now + self.pause
        return code

    def back_off(self) -> None:
        """Wait twice as long before the next start."""
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def kill(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process, or to all of its group."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number) if group else self.process.send_signal(number)


@dataclass(slots=True)
class Supervisor:
    """Runs a plan until it is told to stop."""

    plan: Plan
    children: list[Child] = field(init=False)
    _signals: int = 0
    _woken: socket.socket | None = None
    _strays: dict[int, float] = field(default_factory=dict)
    _announced: bool = False
    _warned: bool = False

    def __post_init__(self) -> None:
        self.children = [Child(program) for program in sorted(self.plan.programs, key=lambda program: program.stage)]
        self._announced = self.plan.port == 0

    def run(self) -> int:
        """Keep everything alive until SIGINT, SIGTERM or SIGHUP; leaves no process behind."""
        begun = time.monotonic()
        with self._listening():
            try:
                while not self._signals:
                    self._reap()
                    self._start_due()
                    self._announce(begun)
                    self._sleep(self._until_next())
            finally:
                self._stop()
        return 0

    def _reap(self) -> None:
        for child in self.children:
            code = child.ended()
            if code is not None:
                facts = {"name": child.program.name, "how": processes.how_ended(code), "pause": child.pause}
                self._log("warning", "child_ended", words.CHILD_ENDED, **facts)
                if child.program.log:
                    self._log("warning", "child_log", words.CHILD_LOG, log=child.program.log)
                child.back_off()
        self._end_strays(self.plan.grace)

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process or child.due > now:
                continue
            if not all(other.up for other in self.children if other.program.stage < child.program.stage):
                return
            try:
                child.start()
            except OSError as exc:
                child.due = now + child.pause
                child.back_off()
                self._log("error", "child_not_started", words.CHILD_NOT_STARTED, name=child.program.name, why=exc)
            else:
                pid = child.process.pid if child.process else 0
                self._log("info", "child_started", words.CHILD_STARTED, name=child.program.name, pid=pid)

    def _announce(self, begun: float) -> None:
        """Say once where the page is, when it answers; the only lines on standard output."""
        if self._announced:
            return
        if processes.answers_http(self.plan.host, self.plan.port):
            self._announced = True
            sys.stdout.write(words.READY.say(url=self.plan.url) + "\n")
            sys.stdout.flush()
        elif not self._warned and time.monotonic() - begun > SLOW_START:
            self._warned = True
            self._log("info", "still_starting", words.SLOW_START)

    def _until_next(self) -> float | None:
        """Seconds until there is something to do without being woken; None = nothing to do."""
        now = time.monotonic()
        waits = [max(child.due - now, 0.05) for child in self.children if not child.process]
        if not self._announced or self._strays:
            waits.append(0.3)
        return min(waits, default=None)

    def _stop(self) -> None:
        self._log("info", "stopping", words.STOPPING)
        for stage in sorted({child.program.stage for child in self.children}, reverse=True):
            self._stop_stage([child for child in self.children if child.program.stage == stage])
        deadline = time.monotonic() + 2.0  # a stray that is killed leaves its own children to us in turn
        while processes.children() and time.monotonic() < deadline:
            self._end_strays(0.0)
            self._sleep(0.05)
        self._log("info", "stopped", words.STOPPED)

    def _stop_stage(self, stage: list[Child]) -> None:
        """SIGTERM to each leader, so that it can stop its own children; what remains after the grace, or at a
        second signal, is killed."""
        asked = self._signals
        deadline = time.monotonic() + self.plan.grace
        for child in stage:
            child.kill(signal.SIGTERM)
        while any(child.process and child.process.poll() is None for child in stage):
            left = deadline - time.monotonic()
            if left <= 0 or self._signals > max(asked, 1):
                for child in stage:
                    child.kill(signal.SIGKILL, group=True)
                left = 1.0
            self._sleep(min(left, 1.0))
        for child in stage:
            child.kill(signal.SIGKILL, group=True)

    def _end_strays(self, grace: float) -> None:
        """Stop what dead children left behind and the kernel gave to us: SIGTERM, SIGKILL after ``grace``."""
        known = {child.process.pid for child in self.children if child.process}
        now = time.monotonic()
        for pid in processes.children() - known:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    self._strays.pop(pid, None)
                elif grace <= 0 or now - self._strays.get(pid, now) > grace:
                    os.kill(pid, signal.SIGKILL)
                elif pid not in self._strays:
                    self._strays[pid] = now
                    os.kill(pid, signal.SIGTERM)

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """Let signals wake `_sleep`. A hang-up that was ignored from outside (nohup) stays ignored."""
        self._woken, waker = socket.socketpair()
        self._woken.setblocking(False)
        waker.setblocking(False)
        stop = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            stop.append(signal.SIGHUP)
        for number in stop:
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        before = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        processes.adopt_orphans()
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            self._woken.close()
            waker.close()

    def _asked_to_stop(self, *_: object) -> None:
        self._signals += 1

    def _sleep(self, seconds: float | None) -> None:
        if self._woken and select.select([self._woken], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                self._woken.recv(4096)

    def _log(self, level: str, event: str, sentence: words.Sentence, **facts: object) -> None:
        if self.plan.json_logs:
            stamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            plain = {name: fact if isinstance(fact, int | float) else str(fact) for name, fact in facts.items()}
            shape = {"time": stamp, "level": level, "event": event, "process": "up"}
            line = json.dumps({**shape, "host": socket.gethostname(), "pid": os.getpid(), **plain}, ensure_ascii=False)
        else:
            line = sentence.say(**facts)
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def main() -> int:
    """Run the plan given as the only argument."""
    return Supervisor(Plan.load(sys.argv[1])).run()


if __name__ == "__main__":
    sys.exit(main())
