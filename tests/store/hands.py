"""A worker by hand: takes jobs from the queues in their order and runs them in this process, one after the other."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from redis import Redis
from rq import Queue
from rq.job import Job

from app import clock
from app.db.database import Database
from app.queue import PROBE, RUN_SLICE, Slice, queue_names
from app.services import batches, healing
from app.services.house import House, open_house
from app.services.shapes import BatchView
from app.settings import Settings
from app.sources import registry
from tests.stage import environment
from workers.engine import probe
from workers.engine.run import run_slice


@dataclass
class Hands:
    """``done`` are the ids of the jobs that were run."""

    house: House
    done: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Heal, then run jobs until none is queued."""
        healing.heal(self.house)
        while self.step():
            pass

    def step(self) -> bool:
        """Run the next job; whether there was one."""
        for name in queue_names(list(registry.upstreams())):
            queue = Queue(name, connection=self.house.redis)
            if not queue.is_empty():
                self._run(Job.fetch(queue.pop_job_id(), connection=self.house.redis))
                return True
        return False

    def view(self, batch: int) -> BatchView:
        return batches.get(self.house, batch)

    def wait_over(self, batch: int) -> int:
        """The moment (UTC ms) just after the batch has to wait no longer."""
        until = self.view(batch).waiting_until
        assert until is not None
        return until + 50

    def _run(self, job: Job) -> None:
        job.delete()
        self.done.append(job.id)
        if job.func_name == RUN_SLICE:
            asyncio.run(run_slice(self.house, Slice(*job.args), "hands"))
        elif job.func_name == PROBE and asyncio.run(probe.probe(self.house, *job.args)):
            healing.heal(self.house)


@contextmanager
def hands(database: Database, redis: Redis, env: dict[str, str]) -> Iterator[Hands]:
    """Hands in a house of these settings."""
    with environment(env):
        url = database.url.render_as_string(hide_password=False)
        house = open_house(Settings(database_url=url))
        try:
            yield Hands(house)
        finally:
            house.close()


@contextmanager
def at(moment: int, *simulators: object) -> Iterator[None]:
    """Live from ``moment`` (UTC ms) on, and the simulated upstreams too."""
    for simulator in simulators:
        simulator.configure(now=moment)  # type: ignore[attr-defined] -- every simulator has it
    with clock.starting(moment):
        yield
