"""Keeps defined sources away from addresses that are not public: checked at the moment of connecting, when a name has
become an address, so that no name can say one thing first and another later."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from app.errors import BadSetting

Network = IPv4Network | IPv6Network
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]


class PrivateAddress(OSError):
    """The address is not public and was not allowed."""


def allowed(text: str, name: str) -> tuple[Network, ...]:
    """Networks from ``10.0.0.0/8,127.0.0.1``, the value of a setting ``name``. Raises BadSetting."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as exc:
        raise BadSetting(name=name, why=f"{exc}. Write networks, as 10.0.0.0/8,127.0.0.1.") from None


def public(address: str, but: tuple[Network, ...] = ()) -> bool:
    """Whether ``address`` may be asked: it belongs to the public internet, or to one of the networks ``but``."""
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    plain = mapped or found
    if any(plain in network for network in but if network.version == plain.version):
        return True
    return plain.is_global and not plain.is_multicast


def sockets(but: tuple[Network, ...]) -> Callable[[AddressInfo], socket.socket]:
    """Makes sockets for public addresses only; raises PrivateAddress for another one."""

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if not public(str(address[0]), but):
            raise PrivateAddress(f"{address[0]} is not a public address")
        return socket.socket(family, kind, protocol)

    return make
