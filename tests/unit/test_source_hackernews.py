"""Hacker News' words, on recorded responses."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadCredentials, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.sources.base import Account, Reading, Response
from app.sources.hackernews import HackerNews
from tests.recorded import names, recorded
from workers.budget.values import Rate

ABOUT = {"approximate": True}
OUTCOMES = {
    "ok": Reading("ok", 11_482.0),
    "zero": Reading("ok", 0.0),
    "approximate": Reading("ok", 1_203_488.0, data=ABOUT),
    "approximate_nested": Reading("ok", 1_203_488.0, data=ABOUT),
    "approximate_flat": Reading("ok", 1_203_488.0, data=ABOUT),
    "explained": Unreadable,
    "400": Unreadable,
    "403": BadCredentials,
    "429": Throttled,
    "503": Unreachable,
}


def account(**values):
    settings = HackerNews.settings_class(_env_file=None, **{"base_url": "", **values})
    return Account("hackernews", "test", HackerNews().budget_from(settings), settings)


def read(response):
    return HackerNews().read("stories", ["macbook"], response)


def test_every_recorded_response_has_an_outcome_here():
    assert names("hackernews") == sorted(f"hackernews/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, Reading):
        assert read(recorded(f"hackernews/{name}")) == [expected]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"hackernews/{name}"))
        assert type(caught.value) is expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"hits":[]}',
        b'{"nbHits":null}',
        b'{"nbHits":true}',
        b'{"nbHits":-1}',
        b'{"nbHits":1.5}',
        b'{"nbHits":"many"}',
        b'{"nbHits":0,"message":"x"}',
        b'{"message":"x","status":400}',
    ],
)
def test_anything_less_than_a_total_is_an_error(body):
    with pytest.raises(Unreadable):
        read(Response(200, body))


@pytest.mark.parametrize("name", ["ok", "zero", "approximate"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"hackernews/{name}").body
    for size in range(len(body)):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


def test_a_total_is_exact_where_nothing_else_is_said():
    assert read(Response(200, b'{"nbHits":7}')) == [Reading("ok", 7.0)]
    assert read(Response(200, b'{"nbHits":7,"exhaustive":null}')) == [Reading("ok", 7.0)]


def test_the_call():
    request = HackerNews().ask("stories", ['"mac book" & #1'], account())
    assert request.url == (
        "https://hn.algolia.com/api/v1/search?query=%22mac%20book%22%20%26%20%231&tags=story&hitsPerPage=0"
    )
    assert (
        HackerNews()
        .ask("stories", ["x"], account(base_url="http://127.0.0.1:9/"))
        .url.startswith("http://127.0.0.1:9/api/v1/search?")
    )


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip))
def test_any_keyword_arrives_as_it_is(keyword):
    request = HackerNews().ask("stories", [keyword], account())
    assert request.url.isascii()
    assert parse_qs(urlsplit(request.url).query, strict_parsing=True)["query"] == [keyword]


@pytest.mark.parametrize("keyword", ["", " ", "\n", "맥\ud800북"])
def test_what_cannot_be_asked_is_rejected(keyword):
    with pytest.raises(Rejected):
        HackerNews().ask("stories", [keyword], account())


def test_ten_thousand_calls_an_hour():
    budget = account().budget
    assert (budget.rate, str(budget.rate), budget.quota) == (Rate(10_000, 3600), "10000/h", None)
