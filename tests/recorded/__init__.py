"""Responses of upstreams as documented or measured, one file each: status line, headers, blank line, body."""

from functools import cache
from pathlib import Path

from app.sources.base import Response

_HERE = Path(__file__).parent


@cache
def recorded(name: str) -> Response:
    """The response in ``<name>.http``, as ``recorded("naver/legacy_ok")``."""
    head, _, body = (_HERE / f"{name}.http").read_bytes().partition(b"\n\n")
    status, *lines = head.decode("latin-1").split("\n")
    fields = (line.partition(": ") for line in lines)
    return Response(int(status.split()[1]), body, {name.lower(): value for name, _, value in fields})


def names(upstream: str) -> list[str]:
    """All responses of ``upstream``."""
    return sorted(f"{upstream}/{path.stem}" for path in (_HERE / upstream).glob("*.http"))
