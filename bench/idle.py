"""What the house costs while nobody uses it: every process that ``up`` starts."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure
from tests.stage import ROOT, descendants, until

#: Watched for so long, in seconds, after having been left alone for as long as SETTLE_S.
WATCH_S = 60
SETTLE_S = 15
PORT = 8765


def figures() -> Iterator[Figure]:
    """CPU as a part of one core, memory as proportional set size (shared pages counted once)."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "KEYBATCH_DATA_DIR": folder, "KEYBATCH_PORT": str(PORT)}
        up = subprocess.Popen(
            [sys.executable, "-m", "app", "up"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until(_ready, within=300, every=0.5)
            time.sleep(SETTLE_S)
            pids = [up.pid, *descendants(up.pid)]
            before, began = _cpu_s(up.pid), time.monotonic()
            time.sleep(WATCH_S)
            busy = (_cpu_s(up.pid) - before) / (time.monotonic() - began)
            memory = sum(_pss_mb(pid) for pid in pids)
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(timeout=60)
    note = f"{len(pids)} processes"
    yield Figure("idle: part of a core", 100 * busy, 2.0, "<=", "%", note)
    yield Figure("idle: memory in all processes (PSS)", memory, 400, "<=", "MB", note)


def _ready() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _cpu_s(root: int) -> float:
    """CPU seconds of a process and its descendants, with those of children that have ended."""
    ticks = 0
    for pid in (root, *descendants(root)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += sum(int(value) for value in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _pss_mb(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0
