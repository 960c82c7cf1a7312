"""Where a request comes from, as far as that can be known."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.settings import is_loopback

#: What a proxy adds: behind one, the peer is the proxy and not the person.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def at_the_machine(address: str, headers: Mapping[str, str]) -> bool:
    """Whether it comes from this machine itself: from a loopback ``address``, asking for one, through no proxy.
    ``headers`` by their names in lower case."""
    return is_loopback(address) and is_own(headers.get("host", "")) and not any(name in headers for name in _FORWARDED)


def is_own(host: str) -> bool:
    """Whether a Host header names this machine and nothing else."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return is_loopback(name.removesuffix("."))
