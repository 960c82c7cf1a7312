"""Every page of /rq, and what the pages load, with 10,000 finished and 10,000 failed slices kept."""

import pickle
import statistics
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator

import httpx
from rq.job import Job

from app.queue import BROKEN_KEPT_S, KEPT_S, queue_names
from app.services import batches, cookies, people, records, sessions
from app.services.house import House
from bench.report import Figure
from bench.serving import served

SOURCE = "wordfreq.ko"
QUEUE = "default-wordfreq"
UPSTREAMS = ["naver", "naver_datalab", "naver_searchad", "kakao", "wikipedia", "wordfreq", "hackernews", "http"]
#: Times each address is asked for, one after the other.
TIMES = 30
GOAL_MS = 300
_TRACE = "Traceback (most recent call last):\n" + '  File "workers/engine/run.py", line 1, in go\n' * 30 + "KeyError: 1"
#: What a slice raised or returned, as RQ stores it.
BROKE = b64encode(zlib.compress(_TRACE.encode())).decode()
DONE = b64encode(pickle.dumps("500 readings between positions 0 and 499, 500 calls, 12.3 s: done")).decode()
LISTS = [f"{registry}/{size}/{order}/{page}" for registry in ("finished", "failed") for size, order, page in (
    (8, "asc", 1), (8, "dsc", 1), (8, "asc", 1250), (200, "asc", 1), (200, "dsc", 50),
)]  # fmt: skip
PAGES = {"queues": "", "jobs": f"0/view/jobs/{QUEUE}/failed/8/dsc/1", "workers": "0/view/workers"}
LOADED = {"queues.json": "0/data/queues.json", "workers.json": "0/data/workers.json"}


def figures() -> Iterator[Figure]:
    """The 95th percentile of each."""
    with served() as web:
        batch = batches.submit(web.house, [f"k{n}" for n in range(500)], [SOURCE], name="가을").batch
        before = web.house.redis.info("memory")["used_memory"]
        for registry in ("finished", "failed"):
            job = _kept(web.house, registry, batch)
        memory = (web.house.redis.info("memory")["used_memory"] - before) / 2**20
        paths = PAGES | {"job": f"0/view/job/{job}", "job.json": f"0/data/job/{job}.json"} | LOADED
        paths |= {f"jobs {one}": f"0/data/jobs/{QUEUE}/{one}.json" for one in LISTS}
        with httpx.Client(base_url=f"{web.url}/rq/", headers={"cookie": _signed_in(web.house)}) as client:
            for name, path in paths.items():
                took = [_timed(client, path) for _ in range(TIMES)]
                p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
                yield Figure(f"/rq: {name}: p95", p95, GOAL_MS, "<=", "ms", f"p50 {statistics.median(took):.0f} ms")
        yield Figure("/rq: what is kept, in Redis", memory, 100, "<=", "MB", "10,000 finished, 10,000 failed")


def _kept(house: House, registry: str, batch: int) -> str:
    """Records as workers leave them, over several queues; the id of one."""
    redis, failed = house.redis, registry == "failed"
    ttl = BROKEN_KEPT_S if failed else KEPT_S
    redis.sadd("rq:queues", *(f"rq:queue:{name}" for name in queue_names(UPSTREAMS)))
    with redis.pipeline(transaction=False) as many:
        for n in range(records.KEPT):
            one = f"b{batch}-wordfreq_ko-l{n}-g{n}-{registry}"
            job = Job.create("workers.jobs.run_slice", (batch, SOURCE, 0, n), id=one, connection=redis, origin=QUEUE)
            job.meta = {"batch": batch, "source": SOURCE, "lane": 0, "run": n}
            many.hset(job.key, mapping={**job.to_dict(), "status": registry, "ended_at": "2026-11-21T00:00:00.0Z"})
            what = (
                {"type": 2, "exc_string": BROKE}
                if failed
                else {"type": 1, "return_value": "gASVCAAAAAAAAACMBGRvbmWULg=="}
            )
            many.xadd(f"rq:results:{one}", what)
            many.zadd(f"rq:{registry}:{QUEUE}", {one: time.time() + ttl + n})
        many.execute()
    return one


def _signed_in(house: House) -> str:
    people.add(house, "bench", "a sentence of the bench's own", "", "main")
    person = people.as_caller(house, "bench").person
    assert person is not None
    return f"{cookies.SESSION}={sessions.opened(house, person).secret}"


def _timed(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    client.get(path, follow_redirects=True).raise_for_status()
    return 1000 * (time.perf_counter() - began)
