"""Nudges over Redis pub/sub: "batch 7 has changed", "batch 7: stop", "a wait is over at …". A lost one costs nothing,
for whoever listens also looks at the database by himself."""

import threading
import time
from collections.abc import Callable
from typing import Any, Final

from redis import Redis
from redis.exceptions import RedisError

READ: Final = "keybatch:read"
STOP: Final = "keybatch:stop"
WAKE: Final = "keybatch:wake"
#: How often a listener looks for itself, in seconds.
LOOK_S: Final = 1.0


def nudge(redis: Redis, batch_id: int) -> None:
    """Say that a batch has new readings or another state."""
    redis.publish(READ, batch_id)


def stop(redis: Redis, batch_id: int) -> None:
    """Tell running slices of a batch to end: it is not to be worked on now."""
    redis.publish(STOP, f"batch:{batch_id}")


def halt(redis: Redis, account: str) -> None:
    """Tell running slices that ask with an account to end: it is not to be asked now."""
    redis.publish(STOP, f"account:{account}")


def wake(redis: Redis, at_ms: int) -> None:
    """Say that there is something to wake at that moment (UTC ms)."""
    redis.publish(WAKE, at_ms)


class Listener:
    """One thread that hears a channel and calls ``hear(message)``; it outlives Redis' absences.

    ``look()`` is called about once a second, heard something or not. Both run in the thread.
    """

    def __init__(
        self, redis: Redis, channel: str, hear: Callable[[str], None], look: Callable[[], None] = lambda: None
    ) -> None:
        self._redis, self._channel, self._hear, self._look = redis, channel, hear, look
        self._looked = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"listen {channel}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Ask the thread to end; it does within a second."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            pubsub = self._redis.pubsub(ignore_subscribe_messages=True)
            try:
                pubsub.subscribe(self._channel)
                while not self._ended.is_set():
                    self._turn(pubsub)
            except RedisError:
                if not self._ended.is_set():
                    self._look()
                self._ended.wait(LOOK_S)
            except (AttributeError, ValueError):
                if not self._ended.is_set():  # else the connection was closed under it, as it should be
                    raise
            finally:
                pubsub.close()

    def _turn(self, pubsub: Any) -> None:
        message = pubsub.get_message(timeout=LOOK_S)
        if message is not None:
            self._hear(message["data"].decode())
        if time.monotonic() - self._looked >= LOOK_S:
            self._looked = time.monotonic()
            self._look()
