"""The source of the simulator that answers several keywords a call: each number is of its own keyword, or is none."""

import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import (
    BadCredentials,
    QuotaSpent,
    Rejected,
    Throttled,
    UnknownSource,
    Unreachable,
    Unreadable,
    UpstreamError,
)
from app.services import accounts
from app.sources import registry
from app.sources.base import Account, Reading, Response, whole
from tests.simulators.echo import SOURCE, EchoSimulator, echo_source, expected
from tests.simulators.echo.source import Echo
from tests.stage import environment

CHANNEL = "count"
WORDS = [f"키워드 {n}" for n in range(1_000)]
KNOWN = [word for word in WORDS if expected(word).state == "ok"]
ASKED = ["맥북", "에어팟", "a b"]


def answered(body, status=200, headers=None):
    return Response(status, json.dumps(body).encode(), headers or {})


def read(body, keywords=ASKED, status=200, headers=None):
    return Echo().read(CHANNEL, keywords, answered(body, status, headers))


def named(**totals):
    return {"counts": [{"keyword": keyword, "total": total} for keyword, total in totals.items()]}


def lookup(sim, keywords):
    """One round trip: asked by the source, answered by the simulator, read by the source."""
    with environment(sim.env()):
        request = Echo().ask(CHANNEL, keywords, Echo().account())
    where = urlsplit(request.url)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=5)) as connection:
        connection.request(request.method, f"{where.path}?{where.query}", headers=dict(request.headers))
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Echo().read(CHANNEL, keywords, Response(answer.status, answer.read(), headers))


def test_round_trip_of_every_kind_of_count():
    with EchoSimulator(latency_ms=0) as sim:
        for at in range(0, 500, 5):
            readings = lookup(sim, WORDS[at : at + 5])
            assert [(one.state, one.value, one.upper) for one in readings] == [
                tuple(expected(word)) for word in WORDS[at : at + 5]
            ]


def test_round_trip_of_keywords_that_need_quoting():
    keywords = ['"a" & b=c', "a+b 100%", "😀", "k=1&k=2", "a/b?c#d"]
    with EchoSimulator(latency_ms=0) as sim:
        readings = lookup(sim, keywords)
    assert [(one.state, one.value, one.upper) for one in readings] == [tuple(expected(word)) for word in keywords]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"faults": {"500": 1.0}}, Unreachable),
        ({"faults": {"garbage": 1.0}}, Unreadable),
        ({"faults": {"429": 1.0}}, Throttled),
        ({"faults": {"truncated": 1.0}}, Unreadable),
        ({"faults": {"error200": 1.0}}, Unreadable),
        ({"poison": [KNOWN[0]]}, Unreachable),
        ({"down": True}, Unreachable),
    ],
)
def test_round_trip_of_every_refusal(settings, error):
    with EchoSimulator(latency_ms=0, **settings) as sim, pytest.raises(error):
        lookup(sim, KNOWN[:3])


@pytest.mark.parametrize("fault", ["wrong", "short"])
def test_round_trip_with_a_keyword_left_out(fault):
    with EchoSimulator(latency_ms=0, faults={fault: 1.0}) as sim:
        readings = lookup(sim, KNOWN[:5])
    assert sorted(one.state for one in readings) == ["missing", "ok", "ok", "ok", "ok"]
    right = [(word, one) for word, one in zip(KNOWN, readings, strict=False) if one.state == "ok"]
    assert all(one.value == expected(word).value for word, one in right)


def test_readings_come_in_the_order_asked_whatever_the_order_told():
    body = named(**{"a b": 3, "에어팟": "< 10", "맥북": 0})
    assert read(body) == [Reading("ok", 0.0), Reading("below", upper=10.0), Reading("ok", 3.0)]


def test_a_keyword_that_is_not_named_is_missing_and_another_name_is_passed_over():
    assert read(named(**{"맥북": 1, "a  b": 9})) == [Reading("ok", 1.0), *[Reading("missing", left_out=True)] * 2]


@pytest.mark.parametrize("total", ["", "about 10", "< 11", -1, 1.5, True, None, [], {}, "1e3", 2**60])
def test_an_odd_total_spoils_the_answer(total):
    with pytest.raises(Unreadable):
        read(named(맥북=1, 에어팟=total))


def test_a_backoff_is_told_with_the_readings():
    readings = read({**named(맥북=1), "backoff": 7})
    assert {one.backoff_s for one in readings} == {7.0}
    assert {one.backoff_s for one in read(named(맥북=1))} == {0.0}


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "bad_key", BadCredentials),
        (429, "too_fast", Throttled),
        (429, "quota_spent", QuotaSpent),
        (400, "bad_request", Unreadable),
        (200, "internal", Unreadable),
        (500, "down", Unreachable),
        (503, "down", Unreachable),
    ],
)
def test_each_error_is_told_by_its_code(status, code, error):
    with pytest.raises(error) as caught:
        read({"error": code}, status=status, headers={"retry-after": "3"})
    assert type(caught.value) is error


def test_a_retry_after_is_kept():
    with pytest.raises(Throttled) as caught:
        read({"error": "too_fast"}, status=429, headers={"retry-after": "3"})
    assert caught.value.retry_after == 3.0


def test_an_error_that_carries_zeros_is_no_zero():
    with pytest.raises(Unreadable):
        read({"error": "internal", **named(**dict.fromkeys(ASKED, 0))})


@pytest.mark.parametrize(("status", "error"), [(401, BadCredentials), (429, Throttled), (502, Unreachable)])
def test_a_status_tells_enough_whatever_the_body(status, error):
    with pytest.raises(error):
        Echo().read(CHANNEL, ASKED, Response(status, b"<html>"))


@pytest.mark.parametrize("error", ["", None, {}, [], 0, False])
def test_any_error_member_is_an_error(error):
    with pytest.raises(Unreadable):
        read({"error": error, **named(**dict.fromkeys(ASKED, 0))})


@pytest.mark.parametrize("backoff", ["soon", None, -1, True, float("nan"), {}, []])
def test_an_odd_backoff_spoils_the_answer(backoff):
    with pytest.raises(Unreadable):
        read({**named(맥북=1), "backoff": backoff})


def test_a_backoff_is_believed_up_to_a_day():
    assert read({**named(맥북=1), "backoff": 1e300})[0].backoff_s == 86_400.0


def test_a_keyword_with_two_totals_has_none():
    twice = {"counts": [*named(맥북=1)["counts"], *named(맥북=2)["counts"]]}
    with pytest.raises(Unreadable):
        read(twice)


@pytest.mark.parametrize("keyword", ["", " ", "\ud800"])
def test_what_cannot_be_asked_is_rejected(keyword):
    settings = Echo.settings_class(_env_file=None, base_url="http://echo.invalid/", key="k")
    with pytest.raises(Rejected):
        Echo().ask(CHANNEL, ["맥북", keyword], Account("echo", "test", Echo.budget, settings))


def check(keywords, response):
    """One reading a keyword, each number the one that was told for it; or an error of ours."""
    try:
        readings = Echo().read(CHANNEL, keywords, response)
    except UpstreamError:
        return
    assert len(readings) == len(keywords)
    told = json.loads(response.body)["counts"]
    for keyword, reading in zip(keywords, readings, strict=True):
        totals = [one["total"] for one in told if isinstance(one, dict) and one.get("keyword") == keyword]
        if reading.state == "ok":
            assert reading.value in [whole(total) for total in totals]
        elif reading.state == "below":
            assert "< 10" in totals
        else:
            assert (reading.state, reading.value, totals) == ("missing", None, [])


KEYWORDS = st.lists(st.sampled_from(["a", "b", "A", "맥북", "a b"]), min_size=1, max_size=5, unique=True)
TOTALS = (
    st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.text("<0 19a", max_size=4)
    | st.sampled_from(["< 10", 0, 5])
)


@given(keywords=KEYWORDS, status=st.integers(100, 599), body=st.binary(max_size=300))
def test_bytes_are_readings_or_an_error_of_ours(keywords, status, body):
    check(keywords, Response(status, body))


@given(
    keywords=KEYWORDS,
    counts=st.lists(st.fixed_dictionaries({"keyword": st.sampled_from(["a", "b", "A", "맥북", "c"]), "total": TOTALS})),
    cut=st.none() | st.integers(0, 200),
)
def test_a_number_is_only_ever_the_one_named_for_its_keyword(keywords, counts, cut):
    check(keywords, Response(200, json.dumps({"counts": counts}).encode()[:cut]))


ANYTHING = st.recursive(
    TOTALS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["counts", "keyword", "total", "error", "backoff"]), inner | KEYWORDS, max_size=5
        )
    ),
    max_leaves=12,
)


@given(keywords=KEYWORDS, status=st.sampled_from([200, 200, 400, 401, 429, 500]), counts=ANYTHING, rest=ANYTHING)
def test_any_json_is_readings_or_an_error_of_ours(keywords, status, counts, rest):
    more = rest if isinstance(rest, dict) else {}
    check(keywords, Response(status, json.dumps(rest).encode()))
    check(keywords, Response(status, json.dumps({**more, "counts": counts}).encode()))
    check(keywords, Response(status, json.dumps({**more, "counts": [counts, more]}).encode()))


def test_the_key_is_nowhere_to_be_read():
    with EchoSimulator() as sim, environment(sim.env()):
        account = Echo().account()
    request = Echo().ask(CHANNEL, ["맥북"], account)
    assert request.headers["X-Key"] == "echo-key"
    assert "echo-key" not in f"{request!r} {account!r} {account.settings!r}"


def test_the_registry_knows_it_inside_only():
    before = list(registry.sources()), list(registry.upstreams())
    with EchoSimulator() as sim, environment(sim.env()), echo_source() as source:
        assert registry.get(SOURCE) is source
        assert registry.upstreams()["echo"] is source.upstream
        assert accounts.of("echo").key == "echo/default"
        assert set(before[0]) < set(registry.sources())
    assert (list(registry.sources()), list(registry.upstreams())) == before
    assert not [name for name in registry.sources() if name.startswith("echo.")]
    with pytest.raises(UnknownSource):
        registry.get(SOURCE)
    with pytest.raises(KeyError):
        accounts.of("echo")


def test_the_registry_forgets_it_after_a_failure_too():
    with pytest.raises(ZeroDivisionError), echo_source():
        raise ZeroDivisionError
    assert "echo" not in registry.upstreams()
