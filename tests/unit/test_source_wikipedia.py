"""Wikipedia's words, on recorded responses."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, BadSetting, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.sources.base import Account, Reading, Response
from app.sources.wikipedia import Wikipedia
from tests.recorded import names, recorded
from workers.budget.values import Rate

OUTCOMES = {
    "ok": 1234.0,
    "zero": 0.0,
    "warned": 17.0,
    "maxlag": Throttled,
    "maxlag_listed": Throttled,
    "ratelimited": Throttled,
    "too_busy": Throttled,
    "backend_error": Unreachable,
    "internal": Unreachable,
    "timed_out": Unreachable,
    "too_long": Rejected,
    "missingparam": Unreadable,
    "missingparam_single": Unreadable,
    "429": Throttled,
    "403": BadCredentials,
    "503": Unreachable,
}


def account(**values):
    settings = Wikipedia.settings_class(_env_file=None, **{"base_url": "", "contact": "", **values})
    return Account("wikipedia", "test", Wikipedia().budget_from(settings), settings)


def read(response):
    return Wikipedia().read("ko", ["맥북"], response)


def test_every_recorded_response_has_an_outcome_here():
    assert names("wikipedia") == sorted(f"wikipedia/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, float):
        assert read(recorded(f"wikipedia/{name}")) == [Reading("ok", expected)]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"wikipedia/{name}"))
        assert type(caught.value) is expected


@pytest.mark.parametrize(("name", "wait"), [("maxlag", 5.0), ("maxlag_listed", 30.0), ("429", 17.0), ("503", 30.0)])
def test_waits_that_were_asked_for(name, wait):
    with pytest.raises(UpstreamError) as caught:
        read(recorded(f"wikipedia/{name}"))
    assert caught.value.retry_after == wait


def test_lag_without_a_wait_waits_five_seconds():
    with pytest.raises(Throttled) as caught:
        read(Response(200, recorded("wikipedia/maxlag").body))
    assert caught.value.retry_after == 5.0


def test_a_refused_identification_says_which_setting_helps():
    with pytest.raises(BadCredentials, match="KEYBATCH_WIKIPEDIA_CONTACT"):
        read(recorded("wikipedia/403"))


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (b"", {}, Unreadable),
        (b"<html>", {}, Unreadable),
        (b"[]", {}, Unreadable),
        (b"{}", {}, Unreadable),
        (b'{"batchcomplete":true}', {}, Unreadable),
        (b'{"query":[]}', {}, Unreadable),
        (b'{"query":{"search":[]}}', {}, Unreadable),
        (b'{"query":{"searchinfo":[]}}', {}, Unreadable),
        (b'{"query":{"searchinfo":{"totalhits":null}}}', {}, Unreadable),
        (b'{"query":{"searchinfo":{"totalhits":true}}}', {}, Unreadable),
        (b'{"query":{"searchinfo":{"totalhits":-1}}}', {}, Unreadable),
        (b'{"error":"x","query":{"searchinfo":{"totalhits":0}}}', {}, Unreadable),
        (b'{"errors":[],"query":{"searchinfo":{"totalhits":0}}}', {}, Unreadable),
        (b'{"errors":[{"code":["maxlag"]}]}', {}, Unreadable),
        (b'{"query":{"searchinfo":{"totalhits":0}}}', {"mediawiki-api-error": "ratelimited"}, Throttled),
        (b'{"query":{"searchinfo":{"totalhits":0}}}', {"mediawiki-api-error": "new-error"}, Unreadable),
    ],
)
def test_anything_less_than_a_total_is_an_error(body, headers, error):
    with pytest.raises(UpstreamError) as caught:
        read(Response(200, body, headers))
    assert type(caught.value) is error


@pytest.mark.parametrize("name", ["ok", "zero"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"wikipedia/{name}").body
    for size in range(len(body)):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


def test_the_call():
    request = Wikipedia().ask("ko", ["맥북 프로"], account(contact="me@example.org"))
    address = urlsplit(request.url)
    assert (address.scheme, address.netloc, address.path) == ("https", "ko.wikipedia.org", "/w/api.php")
    assert parse_qs(address.query, keep_blank_values=True) == {
        "action": ["query"],
        "list": ["search"],
        "srsearch": ["맥북 프로"],
        "srinfo": ["totalhits"],
        "srprop": [""],
        "srlimit": ["1"],
        "srnamespace": ["0"],
        "format": ["json"],
        "formatversion": ["2"],
        "errorformat": ["plaintext"],
        "maxlag": ["5"],
    }
    assert request.headers == {"User-Agent": "Keybatch/0.1 (me@example.org)"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300).filter(str.strip))
def test_any_keyword_arrives_as_it_is(keyword):
    request = Wikipedia().ask("en", [keyword], account())
    assert request.url.isascii()
    assert parse_qs(urlsplit(request.url).query)["srsearch"] == [keyword]


@pytest.mark.parametrize("keyword", ["", " ", "가" * 301, "맥\ud800북"])
def test_what_cannot_be_asked_is_rejected(keyword):
    with pytest.raises(Rejected):
        Wikipedia().ask("ko", [keyword], account())


def test_300_characters_can_be_asked():
    assert Wikipedia().ask("ko", ["가" * 300], account()).url.endswith("%EA%B0%80")


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({"contact": "https://example.org/about"}, Rate(200, 60)),
        ({}, Rate(10, 60)),
        ({"rate": "60/min"}, Rate(60, 60)),
    ],
)
def test_who_says_who_asks_may_ask_more(values, rate):
    budget = account(**values).budget
    assert (budget.rate, budget.concurrency, budget.quota) == (rate, 3, None)


def test_without_a_contact_the_agent_claims_none():
    assert Wikipedia().ask("ko", ["맥북"], account()).headers == {"User-Agent": "Keybatch/0.1"}


@pytest.mark.parametrize("contact", ["me", "me@example.org\r\nX: 1", "(me@example.org)", "나@example.org"])
def test_a_contact_that_is_no_address_is_refused(contact, monkeypatch):
    monkeypatch.setenv("KEYBATCH_WIKIPEDIA_CONTACT", contact)
    with pytest.raises(BadSetting, match="KEYBATCH_WIKIPEDIA_CONTACT"):
        Wikipedia().account()


def test_another_address_must_tell_the_languages_apart(monkeypatch):
    here = account(base_url="http://127.0.0.1:9/{lang}")
    assert Wikipedia().ask("de", ["x"], here).url.startswith("http://127.0.0.1:9/de/w/api.php?")
    monkeypatch.setenv("KEYBATCH_WIKIPEDIA_BASE_URL", "http://127.0.0.1:9")
    with pytest.raises(BadSetting, match="KEYBATCH_WIKIPEDIA_BASE_URL"):
        Wikipedia().account()
