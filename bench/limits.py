"""At a limit: how near to it, and never over it in any sliding second at the upstream."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.report import Figure
from tests.simulators.naver import NaverSimulator
from tests.stage import Stage

#: How long each run lasts at its limit, in seconds.
RUN_S = 30


def figures(seconds: int = RUN_S) -> Iterator[Figure]:
    """R = 10, 50, 500 calls a second with 1, 2 and 4 worker processes; two sources share the account where there are
    processes for both."""
    for rate in (10, 50, 500):
        for workers in (1, 2, 4):
            yield from _run(rate, workers, seconds)


def _run(rate: int, workers: int, seconds: int) -> Iterator[Figure]:
    sources = ["naver.blog"] if workers == 1 else ["naver.blog", "naver.cafe"]
    count = rate * seconds // len(sources)
    with (
        NaverSimulator(process=True, rate=rate, daily_quota=None, latency_ms=50) as sim,
        tempfile.TemporaryDirectory() as folder,
    ):
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": f"{rate}/s", "KEYBATCH_NAVER_DAILY_QUOTA": "1000000000"}
        with Stage(Path(folder), workers=workers, env=env) as stage:
            stage.wait(stage.submit([f"키워드 {n}" for n in range(count)], sources), within=10 * seconds)
            stats = sim.stats()
    label = f"R = {rate}/s, {workers} worker{'s' if workers > 1 else ''}"
    reached = (stats["calls"] - 1) / stats["seconds"] / rate
    note = f"{stats['calls']} calls in {stats['seconds']:.1f} s, {stats['throttled']} × 429"
    yield Figure(f"{label}: part of the limit", reached, 0.98, ">=", "", note)
    yield Figure(f"{label}: most calls in a second", stats["most_in_a_second"], rate, "<=")
