"""The ways a slice is told to stop: its batch is not to be worked on, its account not to be asked, the process shall
end, its time is up, the quota is spent, or the batch's deadline has come."""

import asyncio
import signal
from typing import Literal

from app.services.waits import Waiting

Why = Literal["told", "halted", "shutdown", "time", "spent", "deadline"]


class Stop:
    """Set once; the first word counts. Calls that are not paid for yet are not started after it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.why: Why | None = None
        #: What the source has to wait for, where this slice alone knows.
        self.waiting: Waiting | None = None

    def __bool__(self) -> bool:
        return self.why is not None

    def say(self, why: Why, waiting: Waiting | None = None) -> None:
        """Stop, if nobody said so before."""
        if self.why is None:
            self.why, self.waiting = why, waiting
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
