"""Where a request comes from, as far as that can be known."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from app.settings import is_loopback

#: What a proxy adds: behind one, the peer is the proxy and not the person.
_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def of(host: str, forwarded: str, proxies: str) -> str:
    """The address that somebody came from. ``host`` is at the other end of the connection; ``forwarded`` the lines of
    X-Forwarded-For, joined with commas; ``proxies`` the networks that are believed (`settings.proxies`).

    Every proxy writes at the right whom it heard, and what stands left of that came with it: anybody may have written
    it. So it is read from the right, and as far as the one who says it is a proxy of ours.
    """
    networks = [ip_network(part.strip()) for part in proxies.split(",") if part.strip()]
    peer = _address(host)
    if peer is None:
        return host
    hops = forwarded.split(",") if forwarded else []
    while hops and any(peer in network for network in networks):
        before = _address(hops.pop())
        if before is None:
            break
        peer = before
    return str(peer)


def is_proxy(host: str, proxies: str) -> bool:
    """Whether the other end of the connection is one of our own proxies."""
    peer = _address(host)
    return peer is not None and any(peer in ip_network(part.strip()) for part in proxies.split(",") if part.strip())


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address of a hop, as proxies write it: with or without a port, in brackets or not; an IPv4 address that came
    over an IPv6 socket is that address. None for anything else, as "unknown"."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


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
