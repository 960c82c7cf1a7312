"""What lies on a slice's desk: lookups to ask, outcomes to store, calls to account for."""

import asyncio
from dataclasses import dataclass

from app.services.slices import Lookup, Outcome

#: Fewer lookups than this on the desk, and the next chunk is claimed.
LOW_WATER = 250
#: So many outcomes are stored at once without waiting for the flush's turn.
FLUSH_AT = 400


@dataclass(slots=True)
class Task:
    """A lookup under way. ``attempts`` counts calls that failed; being told to wait is none."""

    lookup: Lookup
    attempts: int = 0


class Desk:
    """Not thread-safe; lives on the slice's loop."""

    def __init__(self) -> None:
        self.todo: asyncio.Queue[Task | None] = asyncio.Queue()
        self.outcomes: list[Outcome] = []
        self.calls = 0
        #: Lookups claimed that have no outcome yet.
        self.open = 0
        #: Nothing is left to claim.
        self.exhausted = False
        self.low = asyncio.Event()
        self.full = asyncio.Event()
        self.low.set()

    @property
    def over(self) -> bool:
        """Everything this lane could claim has an outcome."""
        return self.exhausted and self.open == 0

    def put(self, lookups: list[Lookup]) -> None:
        """Lay newly claimed lookups on the desk."""
        self.open += len(lookups)
        for lookup in lookups:
            self.todo.put_nowait(Task(lookup))
        if self.todo.qsize() >= LOW_WATER:
            self.low.clear()

    async def take(self) -> Task | None:
        """The next lookup to ask; None when there is none to come."""
        task = await self.todo.get()
        if self.todo.qsize() < LOW_WATER:
            self.low.set()
        return task

    def again(self, task: Task, seconds: float) -> None:
        """Ask a lookup once more, in a while."""
        asyncio.get_running_loop().call_later(seconds, self.todo.put_nowait, task)

    def finish(self, outcome: Outcome) -> None:
        """A lookup has its reading."""
        self.outcomes.append(outcome)
        self.open -= 1
        if len(self.outcomes) >= FLUSH_AT or self.over:
            self.full.set()

    def collect(self) -> tuple[list[Outcome], int]:
        """Outcomes and calls since the last time."""
        taken = self.outcomes, self.calls
        self.outcomes, self.calls = [], 0
        self.full.clear()
        return taken
