"""Sources that people define: the way to the number, rules for errors, what is refused at the form."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, BadValue, QuotaSpent, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.sources.base import Reading, Response
from app.sources.http import Spec, check, defined
from workers.engine.guard import allowed, public

SPEC = Spec("shop", "상품수", "https://shop.example/api?q={keyword}&n=0", "meta.total")
HEADERS = {"X-Key": "secret-0042"}


def read(body, spec=SPEC, status=200):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    [reading] = defined(spec, {}).read(spec.name, ["맥북"], Response(status, content))
    return reading


def test_the_keyword_goes_into_the_address_and_the_headers_along():
    source = defined(SPEC, HEADERS)
    request = source.ask("shop", ["맥북 & 프로"], source.account())
    assert request.url == "https://shop.example/api?q=%EB%A7%A5%EB%B6%81%20%26%20%ED%94%84%EB%A1%9C&n=0"
    assert (request.method, dict(request.headers), request.body) == ("GET", HEADERS, None)
    assert "secret" not in repr(request)


def test_in_a_body_the_keyword_is_json():
    spec = replace(SPEC, method="POST", url="https://shop.example/api", body='{"query": "{keyword}", "size": 0}')
    source = defined(spec, {})
    request = source.ask("shop", ['"맥북"\n'], source.account())
    assert json.loads(request.body or b"") == {"query": '"맥북"\n', "size": 0}


@pytest.mark.parametrize(
    ("path", "body", "value"),
    [
        ("meta.total", {"meta": {"total": 12}}, 12),
        ("meta.total", {"meta": {"total": 0}}, 0),
        ("meta.total", {"meta": {"total": "12,543"}}, 12_543),
        ("meta.total", {"meta": {"total": -1.5}}, -1.5),
        ("items[0].count", {"items": [{"count": 7}]}, 7),
        ("length(items)", {"items": [1, 2, 3]}, 3),
        ("[0]", [4], 4),
    ],
)
def test_the_path_leads_to_the_number(path, body, value):
    assert read(body, replace(SPEC, path=path)) == Reading("ok", value)


@pytest.mark.parametrize(
    "body",
    [
        {}, {"meta": None}, {"meta": {"total": None}}, {"meta": {"total": True}}, {"meta": {"total": "many"}},
        {"meta": {"total": ""}}, {"meta": {"total": "1,2"}}, {"meta": {"total": []}}, {"meta": {"total": 1e300}},
        [], b"<html>12</html>", b'{"meta": {"total": NaN}}', b"",
    ],
)  # fmt: skip
def test_what_is_no_number_is_unreadable_and_never_0(body):
    with pytest.raises(Unreadable):
        read(body)


def test_an_answer_without_a_number_may_be_said_to_mean_missing():
    spec = replace(SPEC, absent="missing")
    assert read({"meta": {}}, spec) == Reading("missing")
    with pytest.raises(Unreadable):
        read({"meta": {"total": "many"}}, spec)


RULES = (
    ("429", "throttled"), ("403", "bad_credentials"), ("404", "missing"), ("error.code == 'LIMIT'", "quota_spent"),
    ("error", "rejected"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, b"slow", Throttled),
        (403, {}, BadCredentials),
        (200, {"error": {"code": "LIMIT"}, "meta": {"total": 0}}, QuotaSpent),
        (200, {"error": {"code": "other"}}, Rejected),
        (500, {}, Unreachable),
        (302, {}, Unreadable),
    ],
)
def test_rules_come_before_the_status_and_before_the_number(status, body, error):
    with pytest.raises(error):
        read(body, replace(SPEC, rules=RULES), status)


def test_a_rule_may_mean_missing():
    assert read({}, replace(SPEC, rules=RULES), 404) == Reading("missing")


@given(
    st.integers(100, 599),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["meta", "total", "error", "code"]), inner),
    ),
    st.sampled_from(["meta.total", "length(meta)", "sum(meta)", "to_number(meta.total)", "*.total | [0]"]),
)  # fmt: skip
def test_whatever_comes_back_is_a_reading_or_an_error_of_ours(status, body, path):
    try:
        reading = read(body, replace(SPEC, path=path, rules=RULES), status)
    except UpstreamError:
        return
    assert reading.state == "missing" or (reading.value is not None and 200 <= status < 300)


@given(st.text())
def test_any_keyword_is_asked_or_rejected(keyword):
    source = defined(SPEC, {})
    try:
        request = source.ask("shop", [keyword], source.account())
    except Rejected:
        return
    assert request.url.isascii()
    assert request.url.startswith("https://shop.example/api?q=")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": "Shop"}, "name"), ({"name": "default"}, "name"), ({"name": ""}, "name"), ({"title": " "}, "title"),
        ({"url": "ftp://x/{keyword}"}, "url"), ({"url": "https:///{keyword}"}, "url"),
        ({"url": "https://{keyword}.example/"}, "url"), ({"url": "https://a@b/{keyword}"}, "url"),
        ({"url": "https://shop.example/"}, "url"), ({"url": "https://shop.example/ 한글?{keyword}"}, "url"),
        ({"body": "{keyword}"}, "body"), ({"zone": "Mars"}, "zone"), ({"daily_quota": 0}, "daily_quota"),
        ({"rate": "fast"}, "rate"), ({"rate": "0/s"}, "rate"), ({"path": "a..b"}, "path"), ({"path": ""}, "path"),
        ({"rules": (("429", "sleep"),)}, "rules"), ({"rules": (("a..b", "throttled"),)}, "rules"),
        ({"decimals": 9}, "decimals"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_field(changes, wrong):
    with pytest.raises(BadValue) as refused:
        check(replace(SPEC, **changes), {})
    assert refused.value.facts["name"] == wrong


@pytest.mark.parametrize("headers", [{"X Key": "a"}, {"X-Key": "a\r\nX-Other: b"}, {"X-Key": "키"}, {"": "a"}])
def test_a_header_that_no_wire_carries_is_refused(headers):
    with pytest.raises(BadValue):
        check(SPEC, headers)


def test_a_sound_definition_is_taken():
    check(replace(SPEC, rules=RULES, daily_quota=10, rate="none"), HEADERS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(address):
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_asked(address):
    assert public(address)


def test_a_private_address_can_be_allowed():
    networks = allowed("127.0.0.1, 10.0.0.0/8", "KEYBATCH_HTTP_ALLOW")
    assert public("127.0.0.1", networks)
    assert public("10.9.9.9", networks)
    assert public("::ffff:127.0.0.1", networks)
    assert not public("192.168.0.1", networks)
