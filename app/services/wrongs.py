"""What is wrong, by what hosts tell of themselves and Redis of itself: code → where. Pure."""

from collections.abc import Sequence

from app.services import hosts
from app.services.bearings import LEAVE_MS
from app.services.hosts import ProcessView
from app.services.memory import Memory
from app.services.troubles import Met

_GB, _MB = 1_000_000_000, 1_000_000


def told(processes: Sequence[ProcessView], met: Sequence[Met], memory: Memory | None) -> dict[str, str]:
    """Every trouble there is of these kinds, with where; see `app.services.ops.TROUBLES`."""
    full = [f"{one.host}: {one.where}" for one in met if one.code == "disk_full"]
    full += [_disk(one) for one in processes if hosts.full(one.free)]
    little = [_disk(one) for one in processes if hosts.little(one.free, one.size) and not hosts.full(one.free)]
    newer = [f"{one.host}: {one.kind} ({one.newer})" for one in processes if one.newer]
    locked = [f"{account} ({one.host})" for one in processes for account in one.locked]
    found = {
        "newer_database": newer,
        "disk_full": full,
        "redis_full": [_size(memory)] if memory and memory.full and not memory.evicts else [],
        "wrong_key": locked,
        "clock_off": [f"{one.host}: {ahead(one.ahead_ms)}" for one in processes if off(one.ahead_ms)],
        "redis_evicts": [memory.policy] if memory and memory.evicts else [],
        "disk_low": little,
    }
    return {code: ", ".join(dict.fromkeys(where)) for code, where in found.items() if where}


def off(ahead_ms: int | None) -> bool:
    """Whether a clock is so far off that its host does not go by it."""
    return ahead_ms is not None and abs(ahead_ms) > LEAVE_MS


def ahead(ahead_ms: int | None) -> str:
    """``+120.0 s``; tenths alone, so that it stays calm; "" for what is not known."""
    return "" if ahead_ms is None else f"{round(ahead_ms / 1000, 1) + 0.0:+.1f} s"  # no -0.0


def size(count: int) -> str:
    """``4.2 GB``, ``37 MB``."""
    return f"{count / _GB:,.1f} GB" if count >= _GB else f"{count // _MB:,} MB"


def _disk(one: ProcessView) -> str:
    return f"{one.host}: {one.folder} ({size(one.free or 0)})"


def _size(memory: Memory) -> str:
    return f"{size(memory.used)} / {size(memory.most or 0)}"
