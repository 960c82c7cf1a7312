"""The functions RQ calls, a few lines each. They run in a process of their own, forked from the worker."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop
from redis.exceptions import RedisError
from rq import get_current_job

from app import log, traces
from app.errors import DatabaseDown, NewerDatabase
from app.queue import Slice, enqueue_tidy
from app.services import healing, retention
from app.services.house import House, open_house
from app.services.vigil import Vigil
from app.settings import get_settings
from workers.engine import probe as prober
from workers.engine.run import run_slice as run

#: What is said of a job that could not be done.
NOT_NOW = "Not now: what it stands on was away."


@contextmanager
def _open() -> Iterator[House]:
    """The house of a job. What it stands on may be away: then the job ends, and healing has it done another time."""
    house = open_house(get_settings())
    try:
        Vigil(house).look()
        yield house
    except (DatabaseDown, NewerDatabase, RedisError) as error:
        log.get(__name__).warning("job_not_done", error=str(error))
    finally:
        house.close()


def run_slice(batch: int, source: str, lane: int, generation: int) -> str:
    """Work on one lane of a batch's source for a while; what was done, in a line that stays with the job."""
    # Threads that store readings must not hold up, by the interpreter's default 5 ms, the loop that keeps time.
    sys.setswitchinterval(0.0005)
    job = get_current_job()
    worker = (job.worker_name if job else None) or "by hand"
    piece, done = Slice(batch, source, lane, generation), NOT_NOW
    name = job.id if job else piece.job_id
    with (
        log.bind(batch=batch, source=source, slice=name, lane=lane, generation=generation),
        traces.span("slice", link=job.meta if job else None, batch=batch, source=source, slice=name),
        _open() as house,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        done = runner.run(run(house, piece, worker))
    return done  # noqa: RET504 -- what `_open` takes for "not now" leaves it as it was


def probe(account: str) -> None:
    """Find out whether an account that is not asked for now may be asked again; if so, its batches go on."""
    with _open() as house:
        if asyncio.run(prober.probe(house, account)):
            healing.heal(house)


def tidy() -> None:
    """Remove some of what is not kept any more; what is left is another job's, behind those that wait."""
    job = get_current_job()
    with _open() as house:
        if retention.tidy(house):
            enqueue_tidy(house.redis, job.id if job else "")


def heal() -> None:
    """Enqueue what should be queued and is not; wake what has waited long enough."""
    with _open() as house:
        healing.heal(house)
