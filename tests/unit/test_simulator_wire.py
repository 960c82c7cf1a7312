"""The simulator on the wire, and the round trip: what a source asks, the simulator answers, the source reads."""

import http.client
import json
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from app.errors import (
    BadCredentials,
    QuotaSpent,
    Throttled,
    Unreachable,
    Unreadable,
)
from app.sources.base import Account, Reading, Response
from app.sources.naver import Naver
from tests.simulators.naver import NaverSimulator, expected_total

ASK = b"GET /v1/search/blog.json?query=%d&display=1 HTTP/1.1\r\nHost: x\r\n" + (
    b"X-Naver-Client-Id: sim-client\r\nX-Naver-Client-Secret: sim-secret\r\n\r\n"
)
KEYWORDS = ["맥북", '맥북 프로 & "정품" 100%', "a/b?c#d+e", "<b>", "😀", "it's", "맛집", "\t탭", "가" * 300]


@pytest.fixture(scope="module")
def shared():
    with NaverSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator without limits, faults or memory."""
    shared.configure(
        platform="both", rate=None, daily_quota=None, faults=[], disabled=[], latency_ms=0, now=None, seed=0
    )
    shared.reset()
    return shared


def account(sim, platform="legacy", **values):
    settings = Naver.settings_class(
        _env_file=None,
        base_url=sim.base_url,
        platform=platform,
        **{"client_id": sim.client_id, "client_secret": sim.client_secret, **values},
    )
    return Account("naver", "test", Naver().budget_from(settings), settings)


def call(request):
    """Make ``request``, as the engine would."""
    where = urlsplit(request.url)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=5)) as connection:
        connection.request(request.method, f"{where.path}?{where.query}", headers=dict(request.headers))
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, answer.read(), headers)


def lookup(sim, channel, keyword, platform="legacy", **values):
    source = Naver()
    response = call(source.ask(channel, [keyword], account(sim, platform, **values)))
    return source.read(channel, [keyword], response)


def socket_to(sim):
    return closing(socket.create_connection(("127.0.0.1", sim.port), timeout=5))


def received(connection, ends):
    """All bytes until ``ends`` answers have come."""
    data = b""
    while data.count(b"0\r\n\r\n") < ends:
        more = connection.recv(65536)
        assert more, data
        data += more
    return data


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize("channel", [name for name, about in Naver.channels.items() if about.kind == "number"])
def test_round_trip_of_every_channel(sim, channel, platform):
    for keyword in KEYWORDS:
        assert lookup(sim, channel, keyword, platform) == [Reading("ok", float(expected_total(channel, keyword)))]
    stats = sim.stats()
    assert (stats["calls"], stats["distinct"], stats["repeated_calls"]) == (len(KEYWORDS), len(KEYWORDS), 0)


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize("channel", ["adult", "errata"])
def test_round_trip_of_every_check(sim, channel, platform):
    assert lookup(sim, channel, "맥북", platform) == [Reading("ok", 0.0)]


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"rate": 0}, Throttled),
        ({"daily_quota": 0}, QuotaSpent),
        ({"disabled": ["blog"]}, BadCredentials),
        ({"faults": ["se99=1"]}, Unreachable),
        ({"faults": ["error200=1"]}, Unreachable),
        ({"faults": ["throttled=1"]}, Throttled),
        ({"faults": ["garbage=1"]}, Unreadable),
        ({"faults": ["empty=1"]}, Unreadable),
        ({"faults": ["truncated=1"]}, Unreadable),
        ({"faults": ["wrong_total=1"]}, Unreadable),
    ],
)
def test_round_trip_of_every_refusal(sim, settings, error, platform):
    sim.configure(**settings)
    with pytest.raises(error):
        lookup(sim, "blog", "맥북", platform)


@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_round_trip_with_wrong_credentials(sim, platform):
    with pytest.raises(BadCredentials) as caught:
        lookup(sim, "blog", "맥북", platform, client_secret="another-secret")
    assert "another-secret" not in f"{caught.value!r} {caught.value.detail}"


def test_headers_of_the_platforms(sim):
    source = Naver()
    legacy = call(source.ask("blog", ["맥북"], account(sim))).headers
    hub = call(source.ask("blog", ["맥북"], account(sim, "hub"))).headers
    assert legacy["x-keybatch-simulator"] == hub["x-keybatch-simulator"] == "1"
    assert legacy["content-type"] == "application/json;charset=UTF-8"
    assert legacy["transfer-encoding"] == "chunked"
    assert (legacy["server"], legacy["x-powered-by"]) == ("nginx", "Naver")
    assert hub["content-type"] == "text/plain;charset=UTF-8"
    assert hub["x-ncp-trace-id"]


def test_pipelined_calls_are_answered_in_order(sim):
    sim.configure(faults=["slow=1:30"])
    with socket_to(sim) as connection:
        connection.sendall(b"".join(ASK % n for n in range(20)))
        data = received(connection, 20).decode()
    totals = [int(part.split(",")[0]) for part in data.split('"total":')[1:]]
    assert totals == [expected_total("blog", str(n)) for n in range(20)]
    assert sim.stats()["most_in_flight"] >= 19


def test_a_call_may_come_in_pieces(sim):
    with socket_to(sim) as connection:
        for byte in ASK % 1:
            connection.sendall(bytes([byte]))
        assert b"200 OK" in received(connection, 1)
    assert sim.stats()["calls"] == 1


def test_latency_is_waited(sim):
    sim.configure(latency_ms=40)
    with socket_to(sim) as connection:
        began = time.monotonic()
        connection.sendall(ASK % 1)
        received(connection, 1)
        # The loop's clock counts whole milliseconds.
        assert time.monotonic() - began >= 0.039


def test_a_hang_never_answers_and_is_in_flight(sim):
    sim.configure(faults=["hang=1"])
    with socket_to(sim) as connection:
        connection.sendall(ASK % 1)
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert sim.stats()["in_flight"] == 1
    assert sim.stats()["by_status"] == {"0": 1}


def test_a_reset_resets(sim):
    sim.configure(faults=["reset=1"])
    with socket_to(sim) as connection:
        connection.sendall(ASK % 1)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_cut_stops_in_the_middle(sim):
    sim.configure(faults=["cut=1"])
    with pytest.raises(http.client.HTTPException):
        lookup(sim, "blog", "맥북")


def test_idle_connections_close(sim):
    sim.configure(keep_alive_s=0.05)
    try:
        with socket_to(sim) as connection:
            assert connection.recv(1) == b""
    finally:
        sim.configure(keep_alive_s=5.0)


def test_controls_are_not_calls(sim):
    with closing(http.client.HTTPConnection("127.0.0.1", sim.port, timeout=5)) as connection:
        connection.request("GET", "/_sim/config")
        config = json.loads(connection.getresponse().read())
        connection.request("GET", "/_sim/else")
        assert connection.getresponse().status == 404
    assert config["rate"] is None
    assert "sim-secret" not in json.dumps(config)
    assert sim.stats()["calls"] == 0
    assert sim.stats()["first_call_ms"] is None


def test_a_wrong_setting_is_refused_over_the_wire(sim):
    with pytest.raises(ValueError, match="no such setting: speed"):
        sim.configure(speed=1)
    with pytest.raises(ValueError, match="no fault 'fire'"):
        sim.configure(faults=["fire=1"])


def test_the_environment_points_the_product_here(sim, monkeypatch):
    for name, value in sim.env("hub").items():
        monkeypatch.setenv(name, value)
    here = Naver().account()
    assert here.budget.rate.per_second == 50
    response = call(Naver().ask("kin", ["맥북"], here))
    assert Naver().read("kin", ["맥북"], response) == [Reading("ok", float(expected_total("kin", "맥북")))]


def test_a_process_of_its_own():
    with NaverSimulator(process=True, rate=1) as own:
        assert lookup(own, "blog", "맥북") == [Reading("ok", float(expected_total("blog", "맥북")))]
        with pytest.raises(Throttled):
            lookup(own, "blog", "맥북")
        assert own.stats()["most_in_a_second"] == 2
    with pytest.raises(ConnectionRefusedError):
        own.stats()
