"""The simulator of Wikimedia, and the round trip: what the sources ask, it answers, the sources read."""

import json
import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request as Call
from urllib.request import urlopen

import pytest

from app import clock
from app.errors import BadCredentials, Throttled, Unreachable, Unreadable
from app.sources.base import Reading, Response
from app.sources.wikipedia import Wikipedia
from app.sources.wikipedia_views import WikipediaViews
from tests.recorded import recorded
from tests.simulators.wikimedia import WikimediaSimulator, expected_pages, expected_views
from tests.stage import environment, until

WHO = {"User-Agent": "Keybatch/0.1 (me@example.org)"}
KEYWORDS = ["맥북", "AC/DC", 'mac "book" & 100% +1', "a?c#d", "😀", *(f"낱말{n}" for n in range(40))]
QUERY = "action=query&list=search&format=json&formatversion=2&srsearch"


def ms(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW = ms("2026-11-21T12:00")


@pytest.fixture(scope="module")
def shared():
    with WikimediaSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator with its own limits, without faults or memory, in November 2026."""
    shared.configure(rate=200, at_once=3, lag=0.0, complaint="", faults={}, latency_ms=0.0, down=False, now=NOW)
    shared.reset()
    return shared


def call(url, headers=WHO):
    try:
        with urlopen(Call(url, headers=dict(headers)), timeout=5) as answer:
            return Response(answer.status, answer.read(), {k.lower(): v for k, v in answer.headers.items()})
    except HTTPError as error:
        with error:
            return Response(error.code, error.read(), {k.lower(): v for k, v in error.headers.items()})


def lookup(sim, source, keyword="맥북", channel="ko", now=NOW):
    with environment(sim.env()), clock.frozen(now):
        request = source.ask(channel, [keyword], source.account())
        return source.read(channel, [keyword], call(request.url, request.headers))


def pageviews(sim, article="Macbook", dates="20260901/20261031", granularity="monthly"):
    path = f"en.wikipedia/all-access/user/{quote(article, safe='')}/{granularity}/{dates}"
    return call(f"{sim.base_url}/api/rest_v1/metrics/pageviews/per-article/{path}")


def test_round_trip_of_the_search(sim):
    for keyword in KEYWORDS:
        assert lookup(sim, Wikipedia(), keyword) == [Reading("ok", float(expected_pages("ko", keyword)))]
    assert lookup(sim, Wikipedia(), "맥북", "en") == [Reading("ok", float(expected_pages("en", "맥북")))]


def test_round_trip_of_the_views(sim):
    states = set()
    for keyword in KEYWORDS:
        title = keyword.replace(" ", "_")
        title = title[0].title() + title[1:]
        [reading] = lookup(sim, WikipediaViews(), keyword)
        views = expected_views("ko", title, "2026-10")
        assert (reading.state, reading.value) == (("ok", float(views)) if views else ("missing", None))
        for month, value in (reading.data or {}).get("series", []):
            assert value == expected_views("ko", title, month)
        states.add(reading.state)
    assert states == {"ok", "missing"}


@pytest.mark.parametrize("day", ["2026-12-01T00:00", "2026-12-02T12:00", "2026-12-03T00:00", "2026-12-15T00:00"])
def test_a_value_is_that_of_a_whole_month_on_any_day(sim, day):
    sim.configure(now=ms(day))
    word = next(
        f"Word{n}" for n in range(99) if all(expected_views("ko", f"Word{n}", m) for m in ("2026-10", "2026-11"))
    )
    [reading] = lookup(sim, WikipediaViews(), word, now=ms(day) + 120_000)
    assert reading.value == expected_views("ko", word, reading.data["month"])


def test_a_month_whose_days_are_not_all_there_is_too_small(sim):
    word = next(f"Word{n}" for n in range(99) if (expected_views("en", f"Word{n}", "2026-10") or 0) > 1000)
    sim.configure(now=ms("2026-11-01T12:00"))
    [item] = json.loads(pageviews(sim, word, "20261001/20261031").body)["items"]
    assert 0 < item["views"] < expected_views("en", word, "2026-10")


@pytest.mark.parametrize("source", [Wikipedia(), WikipediaViews()], ids=lambda source: source.name)
@pytest.mark.parametrize(
    ("fault", "error"),
    [("500", Unreachable), ("garbage", Unreadable), ("truncated", Unreadable), ("throttled", Throttled)],
)
def test_round_trip_of_every_fault(sim, source, fault, error):
    word = next(f"Word{n}" for n in range(99) if expected_views("ko", f"Word{n}", "2026-10"))
    sim.configure(faults={fault: 1.0})
    with pytest.raises(error):
        lookup(sim, source, word)


@pytest.mark.parametrize("source", [Wikipedia(), WikipediaViews()], ids=lambda source: source.name)
def test_two_hundred_calls_a_minute_and_no_more(sim, source):
    sim.configure(rate=2)
    lookup(sim, source, "a")
    lookup(sim, source, "b")
    with pytest.raises(Throttled) as caught:
        lookup(sim, source, "c")
    assert caught.value.retry_after == 5.0


@pytest.mark.parametrize(
    "agent", ["", "python-requests/2.32.3", "Python-urllib/3.11", "Python/3.11 aiohttp/3.14.0", "curl/8.1"]
)
def test_a_client_that_does_not_say_who_it_is_is_refused(sim, agent):
    answer = call(f"{sim.base_url}/ko/w/api.php?{QUERY}=a", {"User-Agent": agent})
    assert answer.status == 403
    with pytest.raises(BadCredentials):
        WikipediaViews().read("ko", ["a"], answer)


def test_a_client_without_an_address_may_ask_ten_times_a_minute(sim):
    statuses = [call(f"{sim.base_url}/ko/w/api.php?{QUERY}={n}", {"User-Agent": "Mine/1.0"}).status for n in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    assert call(f"{sim.base_url}/ko/w/api.php?{QUERY}=a").status == 200


def test_a_fourth_call_at_once_is_refused():
    with WikimediaSimulator(faults={"hang": 1.0}) as own, ExitStack() as open_calls:
        for _ in range(3):
            hanging = open_calls.enter_context(socket.create_connection(("127.0.0.1", own.port), timeout=5))
            hanging.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: own.in_flight == 3)
        own.configure(faults={})
        answer = call(f"{own.base_url}/ko/w/api.php?{QUERY}=a")
    assert (answer.status, answer.headers["retry-after"]) == (429, "5")


def test_lag_is_said_with_status_200_and_only_to_whoever_minds(sim):
    sim.configure(lag=7.5)
    with pytest.raises(Throttled) as caught:
        lookup(sim, Wikipedia())
    assert caught.value.retry_after == 5.0
    single = call(f"{sim.base_url}/ko/w/api.php?{QUERY}=a&maxlag=5")
    assert (single.status, single.headers["mediawiki-api-error"]) == (200, "maxlag")
    assert json.loads(single.body)["error"]["code"] == "maxlag"
    assert b"totalhits" in call(f"{sim.base_url}/ko/w/api.php?{QUERY}=a").body


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (f"{QUERY}=&errorformat=plaintext", "missingparam"),
        (f"{QUERY}=", "missingparam_single"),
        (f"{QUERY}={'a' * 301}&errorformat=plaintext", "too_long"),
    ],
)
def test_words_are_those_that_were_recorded(sim, query, name):
    answer, there = call(f"{sim.base_url}/ko/w/api.php?{query}"), recorded(f"wikipedia/{name}")
    assert (answer.status, json.loads(answer.body)) == (there.status, json.loads(there.body))
    assert answer.headers["mediawiki-api-error"] == there.headers["mediawiki-api-error"]


@pytest.mark.parametrize(
    ("code", "error"), [("ratelimited", Throttled), ("cirrussearch-backend-error", Unreachable), ("new", Unreadable)]
)
def test_every_search_may_meet_an_error(sim, code, error):
    sim.configure(complaint=code)
    with pytest.raises(error):
        lookup(sim, Wikipedia())


def test_no_data_is_said_as_recorded(sim):
    answer, there = pageviews(sim, "small letter"), recorded("wikipedia_views/no_data")
    assert (answer.status, json.loads(answer.body)) == (404, json.loads(there.body))
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("dates", ["20261002/20261030", "20261015/20261115", "20261101/20261031"])
def test_less_than_a_month_is_refused(sim, dates):
    answer, there = pageviews(sim, dates=dates), recorded("wikipedia_views/no_full_months")
    assert (answer.status, json.loads(answer.body)) == (400, json.loads(there.body))


@pytest.mark.parametrize(
    ("dates", "granularity", "status"),
    [("20261301/20261331", "monthly", 400), ("2026/2027", "monthly", 404), ("20260901/20261031", "hourly", 404)],
)
def test_refusals(sim, dates, granularity, status):
    assert pageviews(sim, dates=dates, granularity=granularity).status == status


def test_only_full_months_are_answered(sim):
    word = next(f"Word{n}" for n in range(999) if all(expected_views("en", f"Word{n}", f"2026-0{m}") for m in (7, 8)))
    items = json.loads(pageviews(sim, word, "2026061500/2026090700").body)["items"]
    assert [item["timestamp"] for item in items] == ["2026070100", "2026080100"]
