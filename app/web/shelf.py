"""Files given to the form for a new batch, where any web process of the house finds them: who is sent a file and who
holds the tab that it is for need not be the same one. They lie in Redis for an hour; with a database of one machine
nothing does, for the folder of uploads is the same for all.

A file that Redis has no room for stays where it came: half of what Redis may hold is for the work.
"""

import zlib
from pathlib import Path
from typing import Any, cast

from redis.exceptions import RedisError

from app.log import get
from app.services.aside import aside
from app.services.house import House

log = get(__name__)
#: Bytes of a piece before it is packed; how long a file is there, in seconds.
_PIECE, _KEPT_S = 1 << 20, 3_600
#: The part of Redis' memory that may be taken up when a file comes.
_ROOM = 0.5


def put(at: House, path: Path) -> None:
    """Let others have the file, if there may be others and there is room. Settings: redis_url, database_url."""
    if at.db.sqlite or not at.settings.redis_url:
        return
    try:
        about = cast(dict[str, Any], at.redis.info("memory"))
        most = about.get("maxmemory", 0)
        if most and about["used_memory"] + path.stat().st_size > _ROOM * most:
            log.warning("upload_not_shared", bytes=path.stat().st_size)
            return
        with path.open("rb") as file:
            at.redis.delete(_key(path.name))
            while piece := file.read(_PIECE):
                at.redis.rpush(_key(path.name), zlib.compress(piece, 1))
                at.redis.expire(_key(path.name), _KEPT_S)
            at.redis.rpush(_key(path.name), b"")  # that was all
    except RedisError as exc:
        log.warning("upload_not_shared", error=str(exc))


def fetch(at: House, name: str, into: Path) -> bool:
    """Write the file kept under ``name``, if all of it is there."""
    if at.db.sqlite or not at.settings.redis_url:
        return False
    try:
        count = cast(int, at.redis.llen(_key(name)))
        with into.open("wb") as file:
            for number in range(count):
                piece = cast(bytes | None, at.redis.lindex(_key(name), number))
                if piece == b"":
                    return True
                file.write(zlib.decompress(piece or b""))
    except (RedisError, zlib.error) as exc:
        log.warning("upload_not_fetched", error=str(exc))
    return False


def drop(at: House, name: str) -> None:
    """It is of no use any more."""
    if not at.db.sqlite and at.settings.redis_url:
        aside(f"upload {name}", lambda: at.redis.delete(_key(name)))


def _key(name: str) -> str:
    return f"keybatch:upload:{name}"
