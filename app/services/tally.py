"""How many calls a slice has made, written down where a killed process cannot take it along.

A file of eight bytes mapped into memory: adding to it costs what adding to a number costs, and what is in it stays
when the process is killed. Whoever goes on with the lane on this machine reads it; elsewhere it is not there, and every
call that was reserved counts as made.
"""

import mmap
import struct
from contextlib import suppress
from pathlib import Path

from app.log import get
from app.queue import Slice
from app.settings import Settings

log = get(__name__)
_NUMBER = struct.Struct("<q")


class Tally:
    """The count of one slice. On a disk that cannot be written it counts in memory only."""

    def __init__(self, settings: Settings, piece: Slice) -> None:
        self._path = _path(settings, piece)
        self.made = 0
        self._map = _mapped(self._path)

    def add(self, calls: int = 1) -> None:
        """So many calls are being made now."""
        self.made += calls
        if self._map is not None:
            _NUMBER.pack_into(self._map, 0, self.made)

    def close(self) -> None:
        """The ledger knows everything: the file goes."""
        if self._map is not None:
            self._map.close()
            self._map = None
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def left_by(settings: Settings, piece: Slice) -> int | None:
    """What a slice that did not close its tally had made; None when that is not known here. The file goes."""
    path = _path(settings, piece)
    try:
        made: int = _NUMBER.unpack(path.read_bytes())[0]
        path.unlink(missing_ok=True)
    except (OSError, struct.error):
        return None
    return made


def _path(settings: Settings, piece: Slice) -> Path:
    """Settings: data_dir."""
    return settings.data_dir / "tallies" / f"b{piece.batch}-{piece.source}-l{piece.lane}-g{piece.generation}"


def _mapped(path: Path) -> mmap.mmap | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w+b") as file:
            file.write(_NUMBER.pack(0))
            file.flush()
            return mmap.mmap(file.fileno(), _NUMBER.size)
    except OSError as exc:
        log.warning("tally_in_memory_only", error=str(exc))
        return None
