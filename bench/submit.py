"""A million keywords in one streamed POST: how long until the answer, and what it costs the web process."""

import time
from collections.abc import Iterator

import httpx

from bench.report import Figure
from bench.serving import served

MILLION = 1_000_000
#: Keywords a piece of the body.
PIECE = 5_000


def figures() -> Iterator[Figure]:
    """Time to 202, growth of the web process at its peak, and of what it keeps."""
    with served() as web:
        before = web.memory_mb()
        headers = {"authorization": f"Bearer {web.token}", "content-type": "text/plain"}
        _post(web.url, headers, 1_000)  # what is loaded with the first one is not what a keyword costs
        warm = web.peak_mb()
        began = time.monotonic()
        items = _post(web.url, headers, MILLION)
        took = time.monotonic() - began
        peak, after = web.peak_mb() - warm, web.memory_mb() - before
        assert items == MILLION
    yield Figure("submit 1,000,000 keywords over HTTP → 202", took, 10, "<=", "s")
    yield Figure("submit: growth of the web process at its peak", peak, 200, "<=", "MB", f"{after:.0f} MB kept after")


def _post(url: str, headers: dict[str, str], count: int) -> int:
    pieces = (
        "".join(f"키워드 {n:07d}번\n" for n in range(start, min(start + PIECE, count))).encode()
        for start in range(0, count, PIECE)
    )
    sources = {"sources": "wordfreq.ko"}
    answer = httpx.post(f"{url}/api/v1/batches", params=sources, headers=headers, content=pieces, timeout=300)
    answer.raise_for_status()
    return int(answer.json()["items"])
