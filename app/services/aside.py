"""Small writes that nobody waits for: "seen just now" must not hold up an answer while a large submit is written."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

from app.log import get

log = get(__name__)
_hand = ThreadPoolExecutor(1, thread_name_prefix="aside")
_waiting: set[str] = set()
_lock = threading.Lock()


def aside(key: str, do: Callable[[], None]) -> None:
    """Let ``do`` be done soon, unless something of the same ``key`` waits to be done already. Its failure is logged."""
    with _lock:
        if key in _waiting:
            return
        _waiting.add(key)
    _hand.submit(_done, key, do)


def settled(within_s: float = 10.0) -> None:
    """Return when all that waits now is done, or has not been in this time."""
    with _lock:
        idle = not _waiting
    if not idle:
        wait([_hand.submit(lambda: None)], within_s)


def _done(key: str, do: Callable[[], None]) -> None:
    try:
        do()
    except Exception as exc:  # noqa: BLE001 -- it is said again by the next use
        log.warning("aside_failed", what=key.partition(" ")[0], error=str(exc))
    finally:
        with _lock:
            _waiting.discard(key)
