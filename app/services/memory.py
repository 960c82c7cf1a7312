"""What Redis holds, and how much it may."""

from dataclasses import dataclass
from typing import Any, Final

from redis import Redis
from redis.exceptions import ResponseError

#: The one policy that throws nothing away.
KEEPS: Final = "noeviction"


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes ``used``, and ``most`` (None: as many as its machine has); ``policy``: what becomes of them then."""

    used: int
    most: int | None
    policy: str

    @property
    def full(self) -> bool:
        """Whether nothing more is taken."""
        return self.most is not None and self.used >= self.most

    @property
    def little(self) -> bool:
        """Whether a tenth at most is left."""
        return self.most is not None and self.used >= 0.9 * self.most

    @property
    def evicts(self) -> bool:
        """Whether it would throw away what it holds rather than take nothing more."""
        return self.most is not None and self.policy != KEEPS


def of(redis: Redis) -> Memory | None:
    """What Redis says of itself; None where it does not tell us. Raises RedisError when it is away."""
    try:
        told: Any = redis.info("memory")
    except ResponseError:
        return None
    if "used_memory" not in told:
        return None
    used = told["used_memory"] - told.get("mem_not_counted_for_evict", 0)
    return Memory(used, told.get("maxmemory") or None, str(told.get("maxmemory_policy", KEEPS)))
