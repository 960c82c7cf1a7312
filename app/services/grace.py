"""Grace for a lane whose slice lives and cannot write: the database is away, or its disk is full.

The slice has readings in its hands that are not stored, and once it can store them nobody has to ask for them again. So
for a while nobody else takes its lane, although its lease has run out. It asks for that in Redis, again and again.
"""

from collections.abc import Sequence
from typing import Final

from redis import Redis
from redis.exceptions import RedisError

from app.errors import DatabaseDown, DiskFull
from app.queue import Slice
from app.repositories import claims, readings
from app.repositories.claims import Key
from app.services.house import House
from app.services.lanes import Lane, LaneLost, Outcome

#: What was asked for once stands for so long, in milliseconds: longer than the slice pauses between two tries.
STANDS_MS: Final = 15_000
#: Where only the slice's own host may be cut off, it asks for so long, in seconds. A full disk is full for all.
MOST_S: Final = 30.0


def ask(redis: Redis, piece: Slice, error: DatabaseDown, passed_s: float) -> None:
    """Let the lane of ``piece`` be left to its slice, which has met ``error`` for ``passed_s`` seconds."""
    if isinstance(error, DiskFull) or passed_s < MOST_S:
        try:
            redis.set(_name((piece.batch, piece.source, piece.lane)), piece.generation, px=STANDS_MS)
        except RedisError:
            pass  # others may take it; what it asked is asked again


def over(redis: Redis, piece: Slice) -> None:
    """The slice can write again."""
    try:
        redis.delete(_name((piece.batch, piece.source, piece.lane)))
    except RedisError:
        pass  # it is over soon by itself


def given(redis: Redis, key: Key) -> bool:
    """Whether a lane is to be left alone."""
    try:
        return bool(redis.exists(_name(key)))
    except RedisError:
        return False


def recover(house: House, lane: Lane, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """After a flush whose end nobody heard: those of ``outcomes`` that are not stored. What else it may have written
    is read back. Raises LaneLost, DatabaseDown."""
    batch_id, source, _ = lane.key
    with house.db.read() as connection:
        row = claims.of(connection, lane.key)
        there = readings.there(connection, batch_id, source, [outcome.position for outcome in outcomes])
    if row is None or row.generation != lane.piece.generation:
        raise LaneLost
    lane.held = lane.held.without(sorted(there))
    lane.reserved, lane.settled, lane.day = row.reserved, row.settled, row.day
    return [outcome for outcome in outcomes if outcome.position not in there]


def _name(key: Key) -> str:
    return "keybatch:grace:{}:{}:{}".format(*key)
