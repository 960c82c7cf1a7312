"""The last warnings and errors of all processes, in Redis: for whoever looks for help, and counted for the metrics.

Whoever logs never waits: a thread sends what has come in, and lets go what Redis does not take. Forked processes begin
with an empty hand and a thread of their own.
"""

import logging
import os
import threading
from collections import deque
from typing import Any, Final

import orjson
from redis import Redis
from redis.exceptions import RedisError

from app import log
from app.services.metrics import counted

#: A list, the newest first.
KEY: Final = "keybatch:warnings"
#: Lines that are kept, characters of each, and lines that wait to be sent.
MOST: Final = 500
LONGEST: Final = 4_000
_WAITING: Final = 200


class _Kept(logging.Handler):
    """Takes lines from `logging.WARNING` on."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(log.as_json())
        self._redis = redis
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lines: deque[tuple[str, str]] = deque(maxlen=_WAITING)
        self._come, self._sent = threading.Event(), threading.Event()
        self._sent.set()
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 -- the line was written to the log, or failed there too
            return
        self._lines.append((record.levelname.lower(), line[:LONGEST]))
        self._sent.clear()
        self._come.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_on, name="warned", daemon=True)
            self._thread.start()

    def settled(self, within_s: float) -> None:
        self._sent.wait(within_s)

    def _send_on(self) -> None:
        while self._come.wait():
            self._come.clear()
            taken = [self._lines.popleft() for _ in range(len(self._lines))]
            if taken:
                self._send(taken)
            if not self._lines:
                self._sent.set()

    def _send(self, taken: list[tuple[str, str]]) -> None:
        levels: dict[tuple[str, ...], float] = {}
        for level, _ in taken:
            levels[log.process(), level] = levels.get((log.process(), level), 0) + 1
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.lpush(KEY, *(line for _, line in taken))
                pipe.ltrim(KEY, 0, MOST - 1)
                pipe.execute()
        except RedisError:
            return
        counted.send(self._redis, {"log_lines_total": levels})


def keep(redis: Redis) -> None:
    """From now on this process's warnings, and those of processes it forks, are kept."""
    root = logging.getLogger()
    if not any(isinstance(handler, _Kept) for handler in root.handlers):
        root.addHandler(_Kept(redis))


def settled(within_s: float = 1.0) -> None:
    """Return when what was warned of is sent, or has not been in this time."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Kept):
            handler.settled(within_s)


def lately(redis: Redis, most: int = MOST) -> list[dict[str, Any]]:
    """The last lines, the newest first; one that was cut is told as it is. Raises RedisError."""
    told: Any = redis.lrange(KEY, 0, most - 1)
    return [_read(line) for line in told]


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        found = None
    return found if isinstance(found, dict) else {"event": line.decode("utf-8", "replace")}
