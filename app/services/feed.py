"""What changes in watched batches, for all viewers of a process at once."""

import threading
from collections.abc import Callable

from redis import Redis

from app.db.database import Database
from app.errors import DatabaseDown
from app.events import READ, Listener
from app.log import get
from app.repositories import batches

log = get(__name__)


class Feed:
    """What changes in watched batches, for all viewers of this process.

    ``watch`` registers a callback that runs, in the feed's thread, whenever the batch may have changed: on a nudge,
    or when the look once a second finds another seq or state. Batch id 0 stands for "any batch".
    """

    def __init__(self, redis: Redis, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._watchers: dict[int, set[Callable[[], None]]] = {}
        self._seen: dict[int, object] = {}
        self._listener = Listener(redis, READ, self._heard, self._look)

    def start(self) -> None:
        self._listener.start()

    def stop(self) -> None:
        self._listener.end()

    def watch(self, batch_id: int, callback: Callable[[], None]) -> Callable[[], None]:
        """Register ``callback``; gives the function that takes it back."""
        with self._lock:
            self._watchers.setdefault(batch_id, set()).add(callback)

        def unwatch() -> None:
            with self._lock:
                left = self._watchers.get(batch_id, set())
                left.discard(callback)
                if not left:
                    self._watchers.pop(batch_id, None)
                    self._seen.pop(batch_id, None)

        return unwatch

    def _heard(self, message: str) -> None:
        self._changed(int(message))

    def _changed(self, batch_id: int) -> None:
        with self._lock:
            called = [*self._watchers.get(batch_id, ()), *self._watchers.get(0, ())]
        for callback in called:
            callback()

    def _look(self) -> None:
        with self._lock:
            watched = [batch_id for batch_id in self._watchers if batch_id]
        if not watched:
            return
        try:
            with self._database.read() as connection:
                now = batches.positions_of_seq(connection, watched)
        except DatabaseDown as exc:
            log.warning("feed_cannot_look", error=str(exc))
            return
        for batch_id, position in now.items():
            if self._seen.get(batch_id) != position:
                self._seen[batch_id] = position
                self._changed(batch_id)
