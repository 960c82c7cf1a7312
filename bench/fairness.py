"""Twenty keywords beside a running hundred thousand: when their first reading comes."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure
from tests.simulators.naver import NaverSimulator
from tests.stage import Stage, until
from workers.engine.run import BOX_S

BIG, SMALL, RATE = 100_000, 20, 10


def figures() -> Iterator[Figure]:
    """One worker process, so that the small batch has to wait for a turn; then the same with high priority."""
    with (
        NaverSimulator(process=True, rate=RATE, latency_ms=50, daily_quota=None) as sim,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": f"{RATE}/s", "KEYBATCH_NAVER_DAILY_QUOTA": "1000000000"}
        with Stage(Path(folder), workers=1, env=env) as stage:
            stage.submit([f"큰 {n}" for n in range(BIG)], ["naver.blog"])
            until(stage.horses)
            for priority, slices in (("default", 2), ("high", 1)):
                first = _first_reading(stage, priority)
                note = f"{SMALL} beside {BIG:,} at {RATE}/s, one worker, {priority} priority"
                yield Figure("submit → first reading beside a huge batch", first, slices * BOX_S, "<=", "s", note)


def _first_reading(stage: Stage, priority: str) -> float:
    began = time.monotonic()
    batch = stage.submit([f"작은 {n}" for n in range(SMALL)], ["naver.blog"], priority=priority)
    until(lambda: stage.view(batch).seq, within=120)
    first = time.monotonic() - began
    stage.wait(batch)
    return first
