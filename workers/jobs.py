"""The functions RQ calls, a few lines each. They run in a process of their own, forked from the worker."""

import asyncio
import sys

import uvloop
from rq import get_current_job

from app import log
from app.queue import Slice
from app.services import healing
from app.services.house import House, open_house
from app.settings import get_settings
from workers.engine import probe as prober
from workers.engine.run import run_slice as run


def _house() -> House:
    return open_house(get_settings())


def run_slice(batch: int, source: str, lane: int, generation: int) -> str:
    """Work on one lane of a batch's source for a while; what was done, in a line that stays with the job."""
    # Threads that store readings must not hold up, by the interpreter's default 5 ms, the loop that keeps time.
    sys.setswitchinterval(0.0005)
    house = _house()
    job = get_current_job()
    worker = (job.worker_name if job else None) or "by hand"
    piece = Slice(batch, source, lane, generation)
    name = job.id if job else piece.job_id
    try:
        with (
            log.bind(batch=batch, source=source, slice=name, lane=lane, generation=generation),
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            return runner.run(run(house, piece, worker))
    finally:
        house.close()


def probe(account: str) -> None:
    """Find out whether an account that is not asked for now may be asked again; if so, its batches go on."""
    house = _house()
    try:
        if asyncio.run(prober.probe(house, account)):
            healing.heal(house)
    finally:
        house.close()


def heal() -> None:
    """Enqueue what should be queued and is not; wake what has waited long enough."""
    house = _house()
    try:
        healing.heal(house)
    finally:
        house.close()
