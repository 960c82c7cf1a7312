"""Cancel and kill."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import clock
from app.services import control
from bench.report import Figure
from tests.simulators.naver import NaverSimulator
from tests.stage import Stage, children, until

RATE = 200


def figures() -> Iterator[Figure]:
    """Cancel → last call; kill -9 of a worker and of everything it forked → its work goes on elsewhere."""
    with _stage() as (stage, sim):
        yield _cancel(stage, sim)
    with _stage() as (stage, sim):
        yield from _kill(stage, sim)


@contextmanager
def _stage() -> Iterator[tuple[Stage, NaverSimulator]]:
    with (
        NaverSimulator(process=True, rate=RATE, latency_ms=50, daily_quota=None) as sim,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": f"{RATE}/s"}
        with Stage(Path(folder), workers=2, env=env) as stage:
            yield stage, sim


def _cancel(stage: Stage, sim: NaverSimulator) -> Figure:
    batch = stage.submit([f"키워드 {n}" for n in range(10_000)], ["naver.blog"])
    until(lambda: stage.view(batch).seq > 400)
    control.cancel(stage.house, batch)
    answered = clock.now_ms()
    view = stage.wait(batch)
    after = max(0, sim.stats()["last_call_ms"] - answered) / 1000
    note = f"10,000 items at {RATE}/s, {view.seq} read and kept"
    return Figure("cancel → last upstream call", after, 1.0, "<=", "s", note)


def _kill(stage: Stage, sim: NaverSimulator) -> Iterator[Figure]:
    batch = stage.submit([f"키워드 {n}" for n in range(4_000)], ["naver.blog"])
    until(lambda: stage.view(batch).seq > 400)
    [horse] = stage.horses()
    worker = next(pid for pid in children(stage.processes["workers"].pid) if horse in children(pid))
    for pid in (worker, horse):
        os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    calls = sim.stats()["calls"]
    until(lambda: sim.stats()["calls"] > calls + 5)
    pause = time.monotonic() - killed
    view = stage.wait(batch)
    stats = sim.stats()
    note = f"{stats['repeated_calls']} calls made twice"
    yield Figure("kill -9 of a worker → its work goes on", pause, 15.0, "<=", "s", note)
    yield Figure(
        "… readings lost or doubled", abs(view.lookups - view.counts.ok) + abs(view.seq - view.lookups), 0, "<="
    )
