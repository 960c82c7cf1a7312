"""Where somebody comes from: never what somebody said who is no proxy of ours."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.services import peers

OURS = "10.0.0.0/8, fd00::/8,192.168.1.7"
_PROXY = st.one_of(
    st.ip_addresses(network="10.0.0.0/8"), st.ip_addresses(network="fd00::/8"), st.just(ip_address("192.168.1.7"))
).map(str)
_ANY = st.ip_addresses().map(str)


def is_ours(address: str) -> bool:
    return any(ip_address(address) in ip_network(part.strip()) for part in OURS.split(","))


def mapped(address: str) -> str:
    """An IPv4 address written as one of IPv6 is that address."""
    found = ip_address(address)
    return str(getattr(found, "ipv4_mapped", None) or found)


_STRANGER = _ANY.map(mapped).filter(lambda address: not is_ours(address))


@given(_STRANGER, st.text())
def test_whoever_is_no_proxy_is_himself_whatever_he_says(stranger: str, said: str):
    assert peers.of(stranger, said, OURS) == stranger


@given(_PROXY, _ANY, st.text())
def test_nobody_is_believed_while_there_are_no_proxies(proxy: str, other: str, said: str):
    assert peers.of(proxy, f"{said},{other}", "") == mapped(proxy)


@given(st.text(), _STRANGER, st.lists(_PROXY, min_size=1, max_size=4))
def test_what_a_stranger_brings_along_is_left_of_what_proxies_say_of_him(said: str, stranger: str, proxies: list[str]):
    *between, last = proxies
    assert peers.of(last, ", ".join([said, stranger, *between]), OURS) == stranger


@given(st.text(), _PROXY, st.text(alphabet="abcxyz-_.?/ ", max_size=20))
def test_behind_what_is_no_address_there_is_nobody(left: str, proxy: str, garbage: str):
    assert peers.of(proxy, f"{left},{garbage}", OURS) == mapped(proxy)


@given(st.text(), st.text(), st.sampled_from(["", OURS]))
@example("testclient", "1.2.3.4", OURS)
@example("", "1.2.3.4", OURS)
def test_nothing_that_is_said_fails(host: str, said: str, proxies: str):
    assert isinstance(peers.of(host, said, proxies), str)


@pytest.mark.parametrize(
    ("host", "said", "peer"),
    [
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9:49152", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", "[2001:DB8:0::1]", "2001:db8::1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1%eth0", " 2001:db8::1 ", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "6.6.6.6, unknown", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6,", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, 127.0.0.1", "127.0.0.1"),
        ("198.51.100.4", "127.0.0.1", "198.51.100.4"),
        ("192.168.1.8", "203.0.113.9", "192.168.1.8"),
    ],
)
def test_hops_as_proxies_write_them(host: str, said: str, peer: str):
    assert peers.of(host, said, OURS) == peer
