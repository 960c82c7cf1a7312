"""The simulator of Hacker News' search, and the round trip: what the source asks, it answers, the source reads."""

import json
from urllib.error import HTTPError
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest

from app.errors import Throttled, Unreachable, Unreadable
from app.sources.base import Account, Reading, Response
from app.sources.hackernews import HackerNews
from tests.simulators.hackernews import APPROXIMATE_FROM, HackerNewsSimulator, expected_stories
from tests.stage import environment

KEYWORDS = ["맥북", 'mac "book" & 100% +1', "a/b?c#d", "😀", *(f"word{n}" for n in range(60))]


@pytest.fixture(scope="module")
def shared():
    with HackerNewsSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator with its own limits, without faults or memory."""
    shared.configure(rate=10_000, period_s=3600, faults={}, down=False, seed=0)
    shared.reset()
    return shared


def call(url):
    try:
        with urlopen(Call(url), timeout=5) as answer:
            return Response(answer.status, answer.read(), {k.lower(): v for k, v in answer.headers.items()})
    except HTTPError as error:
        with error:
            return Response(error.code, error.read(), {k.lower(): v for k, v in error.headers.items()})


def lookup(sim, keyword="맥북"):
    source = HackerNews()
    with environment(sim.env()):
        account = source.account()
    assert isinstance(account, Account)
    return source.read("stories", [keyword], call(source.ask("stories", [keyword], account).url))


def test_round_trip(sim):
    states = set()
    for keyword in KEYWORDS:
        total = expected_stories(keyword)
        about = {"approximate": True} if total >= APPROXIMATE_FROM else None
        assert lookup(sim, keyword) == [Reading("ok", float(total), data=about)]
        states.add((total == 0, about is None))
    assert states == {(True, True), (False, True), (False, False)}
    assert sim.stats()["calls"] == len(KEYWORDS)


def test_ten_thousand_calls_an_hour_and_no_more(sim):
    sim.configure(rate=2)
    lookup(sim, "a")
    lookup(sim, "b")
    with pytest.raises(Throttled) as caught:
        lookup(sim, "c")
    assert caught.value.retry_after is None
    sim.reset()
    lookup(sim, "c")


@pytest.mark.parametrize(
    ("fault", "error"),
    [("500", Unreachable), ("garbage", Unreadable), ("truncated", Unreadable), ("throttled", Throttled)],
)
def test_round_trip_of_every_fault(sim, fault, error):
    sim.configure(faults={fault: 1.0})
    with pytest.raises(error):
        lookup(sim)


def test_a_page_beyond_the_first_thousand_is_explained_and_says_zero(sim):
    url = f"{sim.base_url}/api/v1/search?query=a&tags=story&hitsPerPage=100&page=10"
    answer = call(url)
    body = json.loads(answer.body)
    assert (answer.status, body["nbHits"], body["hits"]) == (200, 0, [])
    assert body["message"]
    with pytest.raises(Unreadable):
        HackerNews().read("stories", ["a"], answer)


def test_hits_are_shown_to_whoever_wants_them(sim):
    word = next(str(n) for n in range(99) if expected_stories(str(n)) > 50)
    body = json.loads(call(f"{sim.base_url}/api/v1/search_by_date?query={word}&tags=story").body)
    assert (len(body["hits"]), body["hitsPerPage"], body["page"]) == (20, 20, 0)


@pytest.mark.parametrize(("path", "status"), [("/api/v2/search", 404), ("/api/v1/search?hitsPerPage=x", 400)])
def test_refusals(sim, path, status):
    assert call(f"{sim.base_url}{path}").status == status
