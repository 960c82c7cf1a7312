"""Many instants as text."""

from functools import lru_cache

from app import clock


def iso(instants: list[int | None]) -> list[str | None]:
    """Each as `app.clock.iso` writes it; readings of one second share the work."""
    return [None if ms is None else f"{_second(ms // 1000)}{ms % 1000:03d}Z" for ms in instants]


@lru_cache(4096)
def _second(seconds: int) -> str:
    return clock.iso(seconds * 1000).removesuffix("000Z")
