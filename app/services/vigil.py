"""What a process looks after for as long as it lives: its clock, the version of the tables, its key, room on its disk.
It tells of itself in Redis, for the ops page of whichever host."""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from redis.exceptions import RedisError

from app import clock
from app.db.migrate import require_current
from app.errors import BadSetting, DatabaseDown, ForeignDatabase, NewerDatabase, Unmigrated, WrongKey
from app.log import get
from app.services import accounts, bearings, equipped, hosts, inforce
from app.services.hosts import ProcessView
from app.services.house import House

log = get(__name__)
#: Seconds between two looks.
LOOK_S: Final = 20.0


class Vigil:
    """Either call `look` now and then, which is quick while it is not time, or `start` a thread that does. ``kind`` and
    ``serves`` as in `ProcessView`; "" tells nothing of itself."""

    def __init__(self, house: House, kind: str = "", serves: Sequence[str] = ()) -> None:
        self._house = house
        self._told = hosts.myself(kind, inforce.version(), serves)
        self._due = float("-inf")
        self._ended = threading.Event()
        self._said: frozenset[str] = frozenset()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look from now on, in a thread, until `close`."""
        self._thread = threading.Thread(target=self._run, name="vigil", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """This process ends."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(1.0)
        if self._told.kind:
            try:
                hosts.leave(self._house.redis, self._told)
            except RedisError:
                pass  # it is forgotten within a minute

    def look(self) -> None:
        """Look at everything, if it is time. Raises nothing: what is away now is looked at the next time."""
        if time.monotonic() < self._due:
            return
        first = self._due == float("-inf")
        self._due = time.monotonic() + LOOK_S
        ahead = bearings.take(self._house.redis)
        newer = self._version()
        if not self._told.kind:
            return
        free, size = hosts.room(self._house.settings.data_dir)
        folder = str(self._house.settings.data_dir.absolute())
        keyed = equipped.here(self._told.serves)
        known = {
            "keyed": keyed,
            "ahead_ms": ahead,
            "newer": newer,
            "locked": self._locked(),
            "free": free,
            "size": size,
        }
        self._told = replace(self._told, seen_at=clock.now_ms(), folder=folder, **known)  # type: ignore[arg-type]
        self._say(self._told)
        try:
            hosts.tell(self._house.redis, self._told)
            if first:
                hosts.tidy(self._house.redis)
        except RedisError:
            return  # the health says so
        if self._told.kind == "web":
            equipped.look(self._house)

    def _version(self) -> str:
        """The revision of tables that are newer than this program, which then writes nothing; "" else."""
        try:
            require_current(self._house.db)
        except NewerDatabase as newer:
            self._house.db.closed = newer
            return str(newer.facts["revision"])
        except (DatabaseDown, Unmigrated, ForeignDatabase):
            return ""
        self._house.db.closed = None
        return ""

    def _locked(self) -> tuple[str, ...]:
        try:
            broken = accounts.broken(self._house)
        except (DatabaseDown, BadSetting):
            return ()
        return tuple(key for key, why in broken.items() if isinstance(why, WrongKey))

    def _say(self, now: ProcessView) -> None:
        """Log what is wrong, once for as long as it is."""
        wrong = {
            f"wrong_key {','.join(now.locked)}": bool(now.locked),
            f"newer_database {now.newer}": bool(now.newer),
            "disk_full": hosts.full(now.free),
            "disk_low": hosts.little(now.free, now.size) and not hosts.full(now.free),
        }
        found = frozenset(code for code, so in wrong.items() if so)
        for one in sorted(found - self._said):
            code, _, about = one.partition(" ")
            log.error(code, about=about or now.folder, free_mb=None if now.free is None else now.free // 1_000_000)
        self._said = found

    def _run(self) -> None:
        while not self._ended.is_set():
            self.look()
            self._ended.wait(LOOK_S)
