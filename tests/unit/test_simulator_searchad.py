"""The keyword tool's simulator on the wire, and the round trip: what the source asks, it answers, the source reads."""

import http.client
import json
import time
from contextlib import closing
from urllib.parse import quote, urlsplit

import pytest

from app import clock
from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable
from app.sources.base import Account, Response
from app.sources.naver_searchad import NaverSearchAd, hint, signature
from tests.recorded import recorded
from tests.simulators.searchad import SearchAdSimulator, expected_related, expected_volume

KEYWORDS = [f"키워드{at}" for at in range(200)]
RARE = next(one for one in KEYWORDS if expected_volume(one).mobile is None)
HALF = next(one for one in KEYWORDS if expected_volume(one).mobile and expected_volume(one).pc is None)
UNNAMED = next(one for one in (f"단어{at}" for at in range(2000)) if not expected_volume(one).named)
KNOWN = [one for one in KEYWORDS if expected_volume(one).pc and expected_volume(one).named]


@pytest.fixture(scope="module")
def shared():
    with SearchAdSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator without limits, faults or memory."""
    shared.configure(rate=None, faults={}, latency_ms=0, seed=0, down=False, now=None, window_s=300.0)
    shared.customers = SearchAdSimulator.customers
    shared.reset()
    return shared


@pytest.fixture
def one_second(monkeypatch):
    """All calls of a test come within a second."""
    monkeypatch.setattr(time, "monotonic_ns", lambda: 1_000_000_000_000)


def account(sim, **values):
    env = {name.removeprefix("KEYBATCH_NAVER_SEARCHAD_").lower(): value for name, value in sim.env().items()}
    settings = NaverSearchAd.settings_class(_env_file=None, **{**env, **values})
    return Account("naver_searchad", "test", NaverSearchAd().budget_from(settings), settings)


def call(sim, target, headers, method="GET"):
    with closing(http.client.HTTPConnection("127.0.0.1", sim.port, timeout=5)) as connection:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return Response(answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})


def lookup(sim, *keywords, channel="volume", **values):
    """Make the call that the source asks for, as the engine would, and read it."""
    source = NaverSearchAd()
    request = source.ask(channel, keywords, account(sim, **values))
    where = urlsplit(request.url)
    return source.read(channel, keywords, call(sim, f"{where.path}?{where.query}", dict(request.headers)))


def signed(sim, query, path="/keywordstool", method="GET", **headers):
    """A call of no source: ``query`` as it stands."""
    timestamp = str(clock.now_ms())
    keys = {
        "X-Timestamp": timestamp,
        "X-API-KEY": "sim-licence",
        "X-Customer": "1000001",
        "X-Signature": signature("sim-secret", timestamp, method, path),
    }
    return call(sim, f"{path}?{query}" if query else path, {**keys, **headers}, method)


def rows(response):
    assert response.status == 200
    return json.loads(response.body)["keywordList"]


def shape(response):
    """What an error says, without what differs from call to call."""
    body = json.loads(response.body)
    return response.status, {
        name: body[name] for name in ("code", "message", "type", "title", "status") if name in body
    }


@pytest.mark.parametrize("keyword", [*KNOWN[:20], "맥북 프로", "h&m", "a/s", "100%", "c++", "c#", "漢字", "ひらがな"])
def test_the_round_trip(sim, keyword):
    expected = expected_volume(keyword)
    [reading] = lookup(sim, keyword)
    if expected.pc is None or expected.mobile is None:
        assert reading.state == "below"
        assert reading.data.get("at_least", 0) == (expected.pc or 0) + (expected.mobile or 0)
    else:
        assert (reading.state, reading.value) == ("ok", expected.pc + expected.mobile)
    assert reading.data["competition"] == expected.competition


@pytest.mark.parametrize("start", range(0, 50, 5))
def test_five_at_once(sim, start):
    keywords = KNOWN[start : start + 5]
    readings = lookup(sim, *keywords)
    expected = [expected_volume(keyword) for keyword in keywords]
    assert [reading.value for reading in readings] == [one.pc + one.mobile for one in expected]


def test_hardly_known_keywords_are_ranges(sim):
    both, half = lookup(sim, RARE, HALF)
    assert (both.state, both.upper) == ("below", 19.0)
    known = expected_volume(HALF).mobile
    assert (half.state, half.upper, half.data["at_least"]) == ("below", known + 10, known)


def test_the_hint_is_not_always_the_first_row(sim):
    firsts = [rows(signed(sim, f"hintKeywords={quote(one)}"))[0]["relKeyword"] == one for one in KNOWN[:60]]
    assert 0 < firsts.count(False) < firsts.count(True)


def test_a_keyword_that_an_answer_leaves_out(sim):
    named, unnamed = lookup(sim, KNOWN[0], UNNAMED)
    assert named.state == "ok"
    assert (unnamed.state, unnamed.left_out) == ("missing", True)


def test_related_keywords(sim):
    for keyword in KNOWN[:10]:
        [reading] = lookup(sim, keyword, channel="related")
        others = expected_related(keyword)
        assert reading.value == len(others)
        assert {one["keyword"] for one in reading.data["related"]} <= set(others)
    [reading] = lookup(sim, RARE, channel="related")
    assert (reading.state, reading.value) == ("ok", 0.0)


def test_some_answers_have_a_thousand_rows(sim):
    most = max(KNOWN, key=lambda keyword: len(expected_related(keyword)))
    assert 700 < len(rows(signed(sim, f"hintKeywords={quote(most)}"))) <= 1000


def test_a_row_without_and_with_details(sim):
    brief = recorded("naver_searchad/brief")
    [first, *_] = rows(signed(sim, "hintKeywords=%E3%85%8B"))
    assert first == {**rows(brief)[0], "relKeyword": "ㅋ"}
    [first, *_] = rows(signed(sim, "hintKeywords=%E3%85%8B&showDetail=1"))
    assert first.keys() == rows(recorded("naver_searchad/alone"))[0].keys()


def test_keywords_are_named_in_capitals(sim):
    assert "IPHONE" in [row["relKeyword"] for row in rows(signed(sim, "hintKeywords=iphone&showDetail=1"))]


def test_a_hint_encoded_twice_is_echoed(sim):
    [row] = rows(signed(sim, f"hintKeywords={quote(quote('맥북'))}&showDetail=1"))
    assert (row["relKeyword"], row["monthlyPcQcCnt"]) == (quote("맥북"), "< 10")


@pytest.mark.parametrize("comma", [",", "%2C"])
def test_commas_may_be_encoded(sim, comma):
    named = {row["relKeyword"] for row in rows(signed(sim, f"hintKeywords={quote(RARE)}{comma}%E3%85%8B"))}
    assert named == {RARE, "ㅋ"}


@pytest.mark.parametrize("query", ["", "hintKeywords=", "showDetail=1"])
def test_without_a_hint_the_list_is_empty(sim, query):
    assert rows(signed(sim, query)) == []


def test_a_call_by_post_has_no_hint(sim):
    assert rows(signed(sim, "", method="POST")) == []


@pytest.mark.parametrize(
    "hints", ["a%20b", "a+b", "a,%20b", "a,,b", ",", "%0A", "%EB%A7", "%00", "a-b", "%F0%9F%98%80", "a,b,c,d,e,f"]
)
def test_one_bad_hint_spoils_the_call(sim, hints):
    answer = signed(sim, f"hintKeywords={hints}")
    there = recorded("naver_searchad/invalid_parameter")
    assert (answer.status, json.loads(answer.body)) == (there.status, json.loads(there.body))


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"X-API-KEY": "other"}, "invalid_apikey"),
        ({"X-API-KEY": ""}, "invalid_apikey"),
        ({"X-Timestamp": "1655391600000"}, "invalid_timestamp"),
        ({"X-Timestamp": "now"}, "invalid_timestamp"),
        ({"X-Signature": "c2ltdWxhdGVk"}, "invalid_signature"),
        ({"X-Signature": ""}, "invalid_signature"),
        ({"X-Customer": "2000002"}, "1018"),
    ],
)
def test_strangers_are_refused(sim, headers, name):
    assert shape(signed(sim, "hintKeywords=a", **headers)) == shape(recorded(f"naver_searchad/{name}"))


def test_the_signature_is_of_the_path_without_its_query(sim):
    timestamp = str(clock.now_ms())
    whole = signature("sim-secret", timestamp, "GET", "/keywordstool?hintKeywords=a")
    assert signed(sim, "hintKeywords=a", **{"X-Timestamp": timestamp, "X-Signature": whole}).status == 403
    assert signed(sim, "", path="/ncc/campaigns").status == 404


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"secret_key": "other"}, BadCredentials),
        ({"api_key": "other"}, BadCredentials),
        ({"customer_id": "2000002"}, BadCredentials),
    ],
)
def test_the_source_knows_wrong_credentials(sim, values, error):
    with pytest.raises(error):
        lookup(sim, "맥북", **values)


def test_a_call_signed_too_long_ago_works_when_it_is_made_again(sim):
    with clock.frozen(clock.now_ms() - 301_000), pytest.raises(Unreachable):
        lookup(sim, KNOWN[0])
    assert lookup(sim, KNOWN[0])[0].state == "ok"


def test_too_many_calls_a_second_are_refused_as_naver_does(sim, one_second):
    sim.configure(rate=3)
    assert [signed(sim, "").status for _ in range(5)] == [200, 200, 200, 429, 429]
    there, refused = recorded("naver_searchad/429"), signed(sim, "")
    assert (refused.status, json.loads(refused.body)) == (there.status, json.loads(there.body))
    for name in ("connection", "cache-control"):
        assert refused.headers[name] == there.headers[name]
    with pytest.raises(Throttled):
        lookup(sim, "맥북")


def test_customers_of_one_address_share_its_rate(sim, one_second):
    sim.configure(rate=1, customers={**sim.customers, "2000002": ("other-licence", "sim-secret")})
    other = {"X-Customer": "2000002", "X-API-KEY": "other-licence"}
    assert [signed(sim, "").status, signed(sim, "", **other).status] == [200, 429]


def test_hammering_is_answered_with_five_minutes_of_refusals(sim, monkeypatch):
    start = clock.now_ms()
    sim.configure(rate=0, now=start)
    assert {signed(sim, "").status for _ in range(20)} == {429}
    sim.configure(rate=None, window_s=1000.0)
    assert signed(sim, "").status == 429
    sim.configure(now=start + 240_000)
    assert signed(sim, "").status == 429
    sim.configure(now=start + 310_000)
    assert signed(sim, "").status == 200


def test_few_refusals_are_forgiven_at_once(sim):
    sim.configure(rate=0)
    assert {signed(sim, "").status for _ in range(19)} == {429}
    sim.configure(rate=None)
    assert signed(sim, "").status == 200


@pytest.mark.parametrize(
    ("fault", "error"),
    [("500", Unreachable), ("garbage", Unreadable), ("truncated", Unreadable), ("throttled", Throttled)],
)
def test_faults_are_errors(sim, fault, error):
    sim.configure(faults={fault: 1.0})
    with pytest.raises(error):
        lookup(sim, KNOWN[0])


def test_what_the_source_lets_through_the_simulator_takes(sim):
    for keyword in ["\"#&.=+%?!;_@()~'\\/", "ㄱ ㅏ", "佐々木", "カタカナー"]:
        assert lookup(sim, keyword)[0].state in {"ok", "below"}
        assert hint(keyword) in [row["relKeyword"] for row in rows(signed(sim, f"hintKeywords={quote(hint(keyword))}"))]
    with pytest.raises(Rejected):
        lookup(sim, "Ⅲ")  # allowed by its list, as one may read it; Naver may say no
