"""A house of many machines, and one of each pulled out while a batch runs: its wire, and in another go its life.

Needs root, iproute2, and Debian's postgresql, redis-server and nginx-light. Takes ten minutes. ``TOWN=web,redis`` in
the environment runs only pulls that are called so.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.models.tables import claim, item, keyword, reading
from app.services import batches, duty
from bench.hosts import Host, lacking
from bench.lookers import Lookers
from bench.report import Figure
from bench.standing import RATE, SCHEDULERS, WEBS, WORKERS, Town, postgres_program, town
from tests.simulators.naver.totals import expected_total
from tests.stage import descendants

SOURCE, SERVICE = "naver.blog", "blog"
#: Lookups of each go, about half a minute; when something is pulled out; how long it is away.
LOOKUPS, AFTER_S, AWAY_S = 2_400, 8.0, 10.0


@dataclass(frozen=True, slots=True)
class Pull:
    """One thing that is pulled out. ``which`` finds its host when the time has come, ``out`` and ``back`` do it; it is
    away for ``away_s``. ``goal_s``: how long work and stream may stand still beyond that."""

    what: str
    which: Callable[[Town, Lookers, int], Host]
    out: Callable[[Host], None]
    back: Callable[[Host], None]
    away_s: float = AWAY_S
    goal_s: float = 15.0


def figures() -> Iterator[Figure]:
    """Per thing: how long work, stream and pages stood still, and what was lost, doubled or wrong."""
    wanting = lacking("nginx", "redis-server", "setpriv") + ([] if postgres_program() else ["postgresql"])
    if wanting:
        sys.stderr.write(f"town needs {', '.join(wanting)}; see bench/town.py\n")
        return
    chosen = [one for one in os.environ.get("TOWN", "").split(",") if one]
    with tempfile.TemporaryDirectory(prefix="kbt-") as folder, town(Path(folder)) as there:
        for pull in PULLS:
            if not chosen or any(one in pull.what for one in chosen):
                yield from _go(there, pull)


def _go(there: Town, pull: Pull) -> Iterator[Figure]:
    before = there.upstream()
    batch = _submit(there, f"{pull.what} {time.time_ns()}")
    looking = Lookers(there, batch)
    out, back = asyncio.run(_course(there, pull, batch, looking))
    end, grace = looking.calls.at[-1], back - out
    after = there.upstream()
    spent = {name: after[name] - before[name] for name in after}
    wrong = _wrong(there, batch)
    work = looking.calls.pause(out, end)
    seen = looking.seen
    holes = sum(b != a + 1 for a, b in zip([0, *seen.seqs], seen.seqs, strict=False)) + (len(seen.seqs) != LOOKUPS)
    stream, page, heal = (one.pause(out, end) for one in (looking.stream, looking.page, looking.healing))
    note = f"stream {stream:.1f} s over {seen.connections} connections, page {page:.1f} s, healing {heal:.1f} s; "
    note += f"calls {spent['calls']}, twice {spent['twice']}; answers {looking.answers}"
    yield Figure(f"{pull.what}: work stood still", work, grace + pull.goal_s, "<=", "s", note)
    yield Figure(f"{pull.what}: stream stood still", stream, grace + 20 + pull.goal_s, "<=", "s")
    yield Figure("… lost, doubled, in the stream, false", wrong + holes, 0, "<=", "", f"{wrong=} {holes=}")
    yield Figure("… refused by the upstream (429)", spent["429"], 0, "<=")


def _submit(there: Town, name: str) -> int:
    keywords = [f"{name} 키워드 {n}" for n in range(LOOKUPS)]
    given = {"keywords": keywords, "sources": [SOURCE], "name": name}
    answer = httpx.post(
        f"{there.url}/api/v1/batches",
        json=given,
        headers={"authorization": f"Bearer {there.token}"},
        verify=there.trusted,
        timeout=30,
    )
    answer.raise_for_status()
    return int(answer.json()["id"])


async def _course(there: Town, pull: Pull, batch: int, looking: Lookers) -> tuple[float, float]:
    """Let the batch run and pull something out of it: when that was, and when it was back."""
    looks = asyncio.create_task(looking.look())
    await asyncio.sleep(AFTER_S)
    host = await asyncio.to_thread(pull.which, there, looking, batch)
    out = time.monotonic()
    await asyncio.to_thread(pull.out, host)
    await asyncio.sleep(pull.away_s)
    back = time.monotonic()
    await asyncio.to_thread(pull.back, host)
    async with asyncio.timeout(LOOKUPS / RATE + 180):
        while not (looking.seen.done and await asyncio.to_thread(_ended, there, batch)):  # noqa: ASYNC110 -- of others
            await asyncio.sleep(0.2)
    looks.cancel()
    with suppress(asyncio.CancelledError):
        await looks
    return out, back


def _ended(there: Town, batch: int) -> bool:
    return batches.get(there.house, batch).ended


def _wrong(there: Town, batch: int) -> int:
    """Lookups without exactly one reading, seqs that were given for nothing, and numbers that the upstream did not
    say."""
    with there.house.db.read() as connection:
        found = connection.execute(
            reading.select()
            .with_only_columns(reading.c.position, reading.c.state, reading.c.value, reading.c.seq, keyword.c.text)
            .join(item, (item.c.batch_id == reading.c.batch_id) & (item.c.position == reading.c.position))
            .join(keyword, keyword.c.id == item.c.keyword_id)
            .where(reading.c.batch_id == batch)
        ).all()
    view = batches.get(there.house, batch)
    false = sum(row.state != "ok" or row.value != expected_total(SERVICE, row.text) for row in found)
    lost = LOOKUPS - len({row.position for row in found})
    return false + lost + abs(view.seq - len(found)) + (len({row.seq for row in found}) != len(found))


def _web(there: Town, looking: Lookers, _: int) -> Host:
    """The one whose stream is followed."""
    return next(there.hosts[name] for name in WEBS if looking.seen.served_by.startswith(there.hosts[name].address))


def _worker(there: Town, _: Lookers, batch: int) -> Host:
    """One that works on the batch now."""
    with there.house.db.read() as connection:
        by = connection.execute(claim.select().where(claim.c.batch_id == batch)).first()
    said = there.house.redis.hget(f"rq:worker:{by.worker}", "pid") if by else None
    pid = int(said or 0)  # type: ignore[arg-type] -- the client is no async one
    return next(there.hosts[name] for name in WORKERS if pid in descendants(there.hosts[name].running["worker"].pid))


def _scheduler(there: Town, _: Lookers, __: int) -> Host:
    """The active one; its name has its process in it."""
    pid = int(duty.on(there.house.redis).split(":")[1])
    told = {name: there.hosts[name].running["scheduler"].pid for name in SCHEDULERS}
    return next(there.hosts[name] for name, first in told.items() if pid in (first, *descendants(first)))


def _named(name: str) -> Callable[[Town, Lookers, int], Host]:
    return lambda there, looking, batch: there.hosts[name]


def _kill(what: str) -> Callable[[Host], None]:
    return lambda host: host.end(what, signal.SIGKILL)


def _again(what: str) -> Callable[[Host], None]:
    return lambda host: host.again(what)


def _restart(host: Host) -> None:
    """As an operator does: everybody is sent away at once."""
    host.end("postgres", signal.SIGINT)
    host.again("postgres")


PULLS = [
    Pull("web, wire cut", _web, Host.cut, Host.mend, 30.0),
    Pull("web, kill -9", _web, _kill("web"), _again("web")),
    Pull("worker, wire cut", _worker, Host.cut, Host.mend, 20.0),
    Pull("worker, kill -9", _worker, _kill("worker"), _again("worker"), 20.0),
    Pull("scheduler, wire cut", _scheduler, Host.cut, Host.mend),
    Pull("scheduler, kill -9", _scheduler, _kill("scheduler"), _again("scheduler")),
    Pull("redis, wire cut 10 s", _named("redis"), Host.cut, Host.mend),
    Pull("redis, kill -9, back empty after 10 s", _named("redis"), _kill("redis"), _again("redis")),
    Pull("postgres, restart", _named("db"), _restart, lambda _: None, 0.0),
    Pull("postgres, wire cut 10 s", _named("db"), Host.cut, Host.mend),
]
