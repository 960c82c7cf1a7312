"""The Kakao simulator on the wire, and the round trip: what the source asks, it answers, the source reads."""

import http.client
from contextlib import closing
from urllib.parse import quote, urlsplit

import pytest

from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable
from app.sources.base import Account, Reading, Response
from app.sources.kakao import Kakao
from tests.simulators.kakao import KakaoSimulator, expected_total
from tests.simulators.kakao.simulator import KEY

NOON = 1_795_226_400_000  # 2026-11-21T02:00:00Z, 11:00 in Seoul
KEYWORDS = ["맥북", '맥북 프로 & "정품" 100%', "a/b?c#d+e", "😀", "맛집", "가" * 300]
ZERO = next(word for word in map(str, range(1000)) if expected_total("web", word) == 0)


@pytest.fixture(scope="module")
def shared():
    with KakaoSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator with its own limits, without faults or memory."""
    shared.configure(rate=None, daily_quota=50_000, type_quota=30_000, disabled=False, faults={}, down=False, now=NOON)
    shared.reset()
    return shared


def account(sim, **values):
    given = {"base_url": sim.base_url, "rest_api_key": KEY, **values}
    settings = Kakao.settings_class(_env_file=None, **given)
    return Account("kakao", "test", Kakao().budget_from(settings), settings)


def call(url, headers):
    where = urlsplit(url)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=5)) as connection:
        connection.request("GET", f"{where.path}?{where.query}", headers=dict(headers))
        answer = connection.getresponse()
        return Response(answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})


def lookup(sim, channel, keyword, **values):
    request = Kakao().ask(channel, [keyword], account(sim, **values))
    return Kakao().read(channel, [keyword], call(request.url, request.headers))


def raw(sim, rest):
    return call(f"{sim.base_url}{rest}", {"Authorization": f"KakaoAK {KEY}"})


@pytest.mark.parametrize("channel", Kakao.channels)
def test_round_trip_of_every_channel(sim, channel):
    for keyword in [*KEYWORDS, ZERO]:
        assert lookup(sim, channel, keyword) == [Reading("ok", float(expected_total(channel, keyword)))]
    assert sim.stats()["calls"] == len(KEYWORDS) + 1


def test_zero_is_said_as_documented(sim):
    said = raw(sim, f"/v2/search/web?query={ZERO}").json()
    assert said == {"documents": [], "meta": {"is_end": True, "pageable_count": 0, "total_count": 0}}


def test_what_may_be_paged_through_is_less_than_there_is(sim):
    word = next(word for word in map(str, range(1000)) if expected_total("image", word) > 10_000)
    said = raw(sim, f"/v2/search/image?query={word}").json()
    assert said["meta"]["total_count"] == expected_total("image", word)
    assert said["meta"]["pageable_count"] == 800
    assert not said["meta"]["is_end"]
    assert len(said["documents"]) == 80


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"rate": 0}, Throttled),
        ({"daily_quota": 0}, Throttled),
        ({"type_quota": 0}, Throttled),
        ({"disabled": True}, BadCredentials),
        ({"faults": {"throttled": 1.0}}, Throttled),
        ({"faults": {"500": 1.0}}, Unreachable),
        ({"faults": {"garbage": 1.0}}, Unreadable),
        ({"faults": {"truncated": 1.0}}, Unreadable),
        ({"down": True}, Unreachable),
    ],
)
def test_round_trip_of_every_refusal(sim, settings, error):
    sim.configure(**settings)
    with pytest.raises(error):
        lookup(sim, "blog", "맥북")


@pytest.mark.parametrize("key", ["another-key", ""])
def test_round_trip_with_a_wrong_key(sim, key):
    with pytest.raises(BadCredentials):
        lookup(sim, "blog", "맥북", rest_api_key=key)


def test_each_type_has_its_day_within_that_of_all(sim):
    sim.configure(type_quota=2, daily_quota=3)
    assert lookup(sim, "blog", "맥북")
    assert lookup(sim, "blog", "맥북")
    with pytest.raises(Throttled):
        lookup(sim, "blog", "맥북")
    assert lookup(sim, "cafe", "맥북")
    with pytest.raises(Throttled):
        lookup(sim, "web", "맥북")
    sim.configure(now=NOON + 13 * 3_600_000)
    assert lookup(sim, "blog", "맥북")


@pytest.mark.parametrize(
    ("rest", "status", "kind", "message"),
    [
        ("/v2/search/web", 400, "MissingParameter", "query parameter required"),
        ("/v2/search/web?query=%20", 400, "MissingParameter", "query parameter required"),
        ("/v2/search/web?query=a&page=51", 400, "InvalidArgument", "page is more than max"),
        ("/v2/search/vclip?query=a&page=16", 400, "InvalidArgument", "page is more than max"),
        ("/v2/search/vclip?query=a&size=31", 400, "InvalidArgument", "size is more than max"),
        ("/v2/search/web?query=a&size=0", 400, "InvalidArgument", "size is less than min"),
        ("/v3/search/book?query=a&sort=recency", 400, "InvalidArgument", "sort is not supported"),
    ],
)
def test_what_is_wrong_with_a_call_is_told(sim, rest, status, kind, message):
    answer = raw(sim, rest)
    assert answer.status == status
    assert answer.json() == {"errorType": kind, "message": message}


def test_a_blank_query_is_the_keyword_and_not_the_upstream(sim):
    with pytest.raises(Rejected):
        Kakao().read("web", [" "], raw(sim, "/v2/search/web?query=%20"))


def test_books_are_of_the_third_version_only(sim):
    assert raw(sim, f"/v2/search/book?query={quote('맥북')}").status == 404
    assert raw(sim, f"/v3/search/book?query={quote('맥북')}").status == 200


def test_the_environment_points_the_product_here(sim, monkeypatch):
    for name, value in sim.env().items():
        monkeypatch.setenv(name, value)
    request = Kakao().ask("video", ["맥북"], Kakao().account())
    answer = call(request.url, request.headers)
    assert answer.headers["x-keybatch-simulator"] == "1"
    assert Kakao().read("video", ["맥북"], answer) == [Reading("ok", float(expected_total("video", "맥북")))]
