"""What lies on a slice's desk: lookups to ask, outcomes to store, attempts to remember."""

import asyncio
from collections import deque
from dataclasses import dataclass

from app.services.lanes import Lookup, Outcome

#: Fewer lookups than this on the desk, and the next chunk is claimed.
LOW_WATER = 250
#: So many outcomes are stored at once without waiting for the flush's turn.
FLUSH_AT = 400


@dataclass(slots=True, eq=False)
class Task:
    """A lookup under way. ``attempts`` counts calls that came to nothing, ``failures`` those of them that count against
    it; being told to wait is neither. ``alone``: to be asked without others. ``left_out``: an answer did not name it.
    ``failing_since``: its first failure that this slice saw (`time.monotonic`)."""

    lookup: Lookup
    attempts: int
    failures: int
    alone: bool = False
    left_out: bool = False
    failing_since: float | None = None


class Desk:
    """Not thread-safe; lives on the slice's loop."""

    def __init__(self) -> None:
        self.todo: asyncio.Queue[Task | None] = asyncio.Queue()
        self.outcomes: list[Outcome] = []
        #: Lookups claimed that have no outcome yet.
        self.open = 0
        #: Nothing is left to claim.
        self.exhausted = False
        self.low = asyncio.Event()
        self.full = asyncio.Event()
        self.low.set()
        self._alone: deque[Task] = deque()
        self._trying: dict[int, Task] = {}
        self._tried: set[int] = set()

    @property
    def over(self) -> bool:
        """Everything there was is read."""
        return self.exhausted and not self.open

    def put(self, lookups: list[Lookup]) -> None:
        """Lay lookups, counted in `open` already, on the desk."""
        for lookup in lookups:
            self.todo.put_nowait(Task(lookup, lookup.attempts, lookup.failures))
        if self.todo.qsize() >= LOW_WATER:
            self.low.clear()

    async def take(self, most: int = 1) -> list[Task]:
        """The next lookups to ask together, ``most`` at most; empty when there is none to come."""
        if self._alone:
            return [self._alone.popleft()]
        task = await self.todo.get()
        taken = [task] if task is not None else []
        while taken and not taken[0].alone and len(taken) < most and not self.todo.empty():
            more = self.todo.get_nowait()
            if more is None:
                self.todo.put_nowait(None)  # meant for another caller
                break
            if more.alone:
                self._alone.append(more)
            else:
                taken.append(more)
        if self.todo.qsize() < LOW_WATER:
            self.low.set()
        return taken

    def again(self, task: Task, seconds: float, *, alone: bool = False) -> None:
        """Ask a lookup once more, in a while; ``alone`` without others from now on."""
        task.alone = task.alone or alone
        if task.attempts:
            self._trying[task.lookup.position] = task
            self._tried.add(task.lookup.position)
        asyncio.get_running_loop().call_later(seconds, self.todo.put_nowait, task)

    def finish(self, outcome: Outcome) -> None:
        """A lookup has its reading."""
        self.outcomes.append(outcome)
        self._trying.pop(outcome.position, None)
        self._tried.discard(outcome.position)
        self.open -= 1
        if len(self.outcomes) >= FLUSH_AT or self.over:
            self.full.set()

    def forgive(self) -> None:
        """The upstream was down: nothing that failed meanwhile counts against its lookup."""
        for position, task in self._trying.items():
            task.failures = 0
            self._tried.add(position)

    def collect(self) -> tuple[list[Outcome], dict[int, tuple[int, int]]]:
        """Outcomes, and (attempts, failures) of lookups tried in vain, since the last time."""
        tried = {at: (self._trying[at].attempts, self._trying[at].failures) for at in self._tried}
        outcomes, self.outcomes, self._tried = self.outcomes, [], set()
        self.full.clear()
        return outcomes, tried
