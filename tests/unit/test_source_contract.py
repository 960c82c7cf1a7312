"""What every source keeps, found by the registry: a new file in app/sources is tested here without another line."""

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Rejected, UnknownSource, UpstreamError
from app.sources import http, registry
from app.sources.base import Account, Reading, Response, Upstream
from tests.recorded import names, recorded

#: A source that a person has defined keeps the same contract.
DEFINED = http.defined(http.Spec("shop", "상품수", "https://shop.example/?q={keyword}", "total"), {"X-Key": "a"})
UPSTREAMS = [DEFINED if one.name == "http" else one for one in registry.upstreams().values()]
ASKED = [upstream for upstream in UPSTREAMS if not upstream.offline]
SOURCES = [registry.Source(upstream, channel) for upstream in ASKED for channel in upstream.channels]
OFFLINE = [upstream for upstream in UPSTREAMS if upstream.offline]
SECRET = "value-nobody-may-see"
#: Names that upstreams' answers use.
WORDS = ["keywordList", "relKeyword", "monthlyPcQcCnt", "monthlyMobileQcCnt", "meta", "total_count", "nbHits", "items"]
WORDS += ["total", "error", "errorCode", "message", "query", "searchinfo", "totalhits", "warnings", "errors", "code"]


def named(value):
    return value.name


def account(upstream: Upstream) -> Account:
    needed = {field: f"{SECRET}-{field}" for field in upstream.needs}
    settings = upstream.settings_class(_env_file=None, **needed)
    return Account(upstream.name, "test", upstream.budget_from(settings), settings)


def _said(reading: Reading, body: bytes) -> bool:
    """Whether the value, or the parts that it is the sum of, stand in the body."""
    parts = [n for n in (reading.data or {}).values() if isinstance(n, int)]
    sums = [(a, b) for n, a in enumerate(parts) for b in parts[n + 1 :] if a + b == reading.value]
    ways = [(reading.value,), *sums]
    return any(all(f"{part:.0f}".encode() in body for part in way) for way in ways)


def check(upstream: Upstream, readings: list[Reading], response: Response) -> None:
    """A reading that came out is one that the body can have said. What is scaled is compared in its source's own
    tests."""
    channel = next(iter(upstream.channels))
    [reading] = readings
    if reading.state == "ok":
        assert reading.value is not None
        assert reading.value >= 0
        assert upstream.channels[channel].decimals or _said(reading, response.body)
        assert 200 <= response.status < 300
    json.dumps(reading.data)


def _read(upstream: Upstream, channel: str) -> list[Reading]:
    [answer] = [recorded(name) for name in names(upstream.name) if name.endswith("/ok")]
    return upstream.read(channel, ["임플란트"], answer)


def test_the_sources_are_those_of_this_folder():
    assert {"naver", "wikipedia", "wordfreq"} <= set(registry.upstreams())
    assert registry.get("naver.blog").about.ko == "블로그 문서수"
    with pytest.raises(UnknownSource):
        registry.get("naver.shop")


@pytest.mark.parametrize("upstream", UPSTREAMS, ids=named)
def test_people_can_read_what_it_is(upstream):
    assert upstream.ko
    assert upstream.en
    assert upstream.channels
    for name, channel in upstream.channels.items():
        assert name.isascii()
        assert name.islower()
        assert channel.ko
        assert channel.en
        assert bool(channel.note_ko) == bool(channel.note_en)
    titles = [(channel.ko, channel.en) for channel in upstream.channels.values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("upstream", UPSTREAMS, ids=named)
def test_its_settings_are_described(upstream):
    described = upstream.settings_class.described()
    assert all(described.values())
    assert all(name.startswith(f"KEYBATCH_{upstream.name.upper()}_") for name in described)


@pytest.mark.parametrize("upstream", ASKED, ids=named)
def test_it_has_limits_and_settings_go_before_them(upstream):
    needed = {field: f"{SECRET}-{field}" for field in upstream.needs}
    assert upstream.budget.paced
    told = upstream.settings_class(_env_file=None, rate="7/s", daily_quota=9, concurrency=2, **needed)
    budget = upstream.budget_from(told)
    assert (str(budget.rate), budget.quota, budget.concurrency) == ("7/s", 9, 2)


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_it_asks_an_absolute_encoded_address(source):
    request = source.upstream.ask(source.channel, ['맥북 "프로" & #1 +/?%'], account(source.upstream))
    address = urlsplit(request.url)
    assert address.scheme == "https"
    assert address.hostname
    assert request.url.isascii()
    assert " " not in request.url
    assert '"' not in request.url
    assert not address.fragment
    for name, value in request.headers.items():
        assert f"{name}: {value}".isascii()


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_each_channel_asks_something_of_its_own(source):
    here = account(source.upstream)
    asked = [source.upstream.ask(channel, ["맥북"], here) for channel in source.upstream.channels]
    if len({(request.url, request.body) for request in asked}) < len(asked):
        told = [str(_read(source.upstream, channel)) for channel in source.upstream.channels]
        assert len(set(told)) == len(told), "the same question has to be read in different ways"


@pytest.mark.parametrize("upstream", ASKED, ids=named)
def test_its_secrets_are_nowhere_to_be_read(upstream):
    here = account(upstream)
    request = upstream.ask(next(iter(upstream.channels)), ["맥북"], here)
    assert SECRET not in f"{request!r} {request} {here!r} {here}"
    hidden = [name for name in upstream.needs if "secret" in name or "key" in name or "token" in name]
    assert all(f"{SECRET}-{name}" not in f"{here.settings!r} {here.settings}" for name in hidden)


@pytest.mark.parametrize("upstream", ASKED, ids=named)
@given(keyword=st.text(st.characters(), max_size=400))
def test_it_asks_any_keyword_or_rejects_it(upstream, keyword):
    try:
        request = upstream.ask(next(iter(upstream.channels)), [keyword], account(upstream))
    except Rejected:
        return
    assert request.url.isascii()
    assert request.url.isprintable()


@pytest.mark.parametrize("upstream", ASKED, ids=named)
@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 429, 500, 503])
@pytest.mark.parametrize("body", [b"", b"\0", b"<html></html>", b"{", b"[]", b"{}", b"0", b"null", b'"0"', b"\xff"])
def test_what_says_nothing_is_never_a_reading(upstream, status, body):
    with pytest.raises(UpstreamError) as caught:
        upstream.read(next(iter(upstream.channels)), ["맥북"], Response(status, body))
    assert len(caught.value.detail) <= 2048
    assert caught.value.sentence("ko")


@pytest.mark.parametrize("upstream", ASKED, ids=named)
@given(
    status=st.integers(100, 599),
    body=st.binary(max_size=400)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(WORDS),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "date", "content-type", "mediawiki-api-error"]), st.text(max_size=20)
    ),
)
def test_whatever_comes_back_is_a_reading_or_an_error_of_ours(upstream, status, body, headers):
    response = Response(status, body, headers)
    try:
        readings = upstream.read(next(iter(upstream.channels)), ["맥북"], response)
    except UpstreamError as error:
        detail = error.detail
    else:
        detail = ""
        check(upstream, readings, response)
    assert "\0" not in detail
    assert detail.encode().decode() == detail


@pytest.mark.parametrize("name", [name for upstream in ASKED for name in names(upstream.name)])
@given(data=st.data())
def test_a_damaged_answer_is_a_reading_it_can_have_said_or_an_error_of_ours(name, data):
    upstream = registry.upstreams()[name.partition("/")[0]]
    there = recorded(name)
    body = bytearray(there.body)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=3))
    response = Response(there.status, bytes(body), there.headers)
    try:
        readings = upstream.read(next(iter(upstream.channels)), ["맥북"], response)
    except UpstreamError:
        return
    check(upstream, readings, response)


@pytest.mark.parametrize("upstream", OFFLINE, ids=named)
def test_an_offline_source_is_not_asked_over_http(upstream):
    here = account(upstream)
    assert not here.budget.paced
    assert not here.budget.counted
    with pytest.raises(TypeError):
        upstream.ask(next(iter(upstream.channels)), ["맥북"], here)
    with pytest.raises(TypeError):
        upstream.read(next(iter(upstream.channels)), ["맥북"], Response(200, b""))
