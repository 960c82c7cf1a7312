"""The ways a slice is told to stop: the batch is cancelled, the process shall end, its time is up, or its account
can do nothing for now."""

import asyncio
import signal
from dataclasses import dataclass
from typing import Literal

Why = Literal["cancelled", "shutdown", "time", "halt", "lost"]


@dataclass(frozen=True, slots=True)
class Halted:
    """Why the source has to wait: ``reason`` as a batch states it, ``seconds`` None = until the day turns."""

    reason: str
    seconds: float | None
    trouble: str
    detail: str


class Stop:
    """Set once; the first word counts. Calls are not started after it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.why: Why | None = None
        self.halted: Halted | None = None

    def __bool__(self) -> bool:
        return self.why is not None

    def say(self, why: Why, halted: Halted | None = None) -> None:
        """Stop, if nobody said so before."""
        if self.why is None:
            self.why, self.halted = why, halted
            self._event.set()

    async def wait(self, seconds: float) -> None:
        """Sleep, but no longer than until the stop."""
        if seconds > 0 and not self._event.is_set():
            try:
                await asyncio.wait_for(self._event.wait(), seconds)
            except TimeoutError:
                return

    def on_sigterm(self) -> None:
        """Let SIGTERM drain the slice instead of killing it."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.say, "shutdown")
