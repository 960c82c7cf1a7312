"""End to end at unlimited rate: 50 ms answers, two worker processes, stored and counted."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from app.sources import registry
from bench import bare
from bench.report import Figure
from tests.simulators.naver import NaverSimulator
from tests.stage import Stage, until

LATENCY_MS = 50
ITEMS = 40_000
ROUNDS = 3
#: (what, forking, workers, jobs, goal)
JOB_A_KEYWORD = (
    ("16 SimpleWorkers", False, 16, 2_000, 15),
    ("one forking worker", True, 1, 60, 200),
)


def figures() -> Iterator[Figure]:
    """The product against a bare loop making the same calls (interleaved rounds, median of the ratios), and
    against one RQ job a keyword."""
    in_flight = registry.get(bare.SOURCE).upstream.in_flight
    with (
        NaverSimulator(process=True, rate=None, daily_quota=None, latency_ms=LATENCY_MS) as sim,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": "none", "KEYBATCH_NAVER_DAILY_QUOTA": "1000000000"}
        with Stage(Path(folder), workers=2, env=env) as stage:
            _product(stage, 2_000)  # warms files, connections and page cache
            ratios, ours = [], []
            for n in range(ROUNDS):
                ours.append(ITEMS / _product(stage, ITEMS, f"round {n}"))
                bare_s = bare.loop(_keywords(ITEMS, f"bare {n}"), in_flight)
                ratios.append(ours[-1] * bare_s / ITEMS)
            speed = median(ours)
            note = f"{speed:,.0f} items/s against {speed / median(ratios):,.0f}"
            yield Figure("unlimited rate, against a bare aiohttp loop", median(ratios), 0.95, ">=", "×", note)
            for what, forking, workers, count, goal in JOB_A_KEYWORD:
                took = bare.jobs(stage.settings.redis, _keywords(count, "job"), forking=forking, workers=workers)
                each = f"{count / took:,.1f} items/s"
                yield Figure(f"… against a job a keyword, {what}", speed * took / count, goal, ">=", "×", each)


def _keywords(count: int, salt: str) -> list[str]:
    return [f"{salt} {n}" for n in range(count)]


def _product(stage: Stage, count: int, salt: str = "warm") -> float:
    """Seconds from the first slice's start until everything is stored and counted."""
    batch = stage.submit(_keywords(count, salt), [bare.SOURCE])
    began = time.monotonic()
    until(lambda: stage.view(batch).ended, within=300, every=0.1)  # looking costs what is measured
    view = stage.view(batch)
    if view.counts.ok != count:
        raise AssertionError(f"{count - view.counts.ok} lookups without a value: {view}")
    return time.monotonic() - began
