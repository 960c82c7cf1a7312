"""Kakao's words, on recorded responses."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import (
    BadCredentials,
    BadSetting,
    QuotaSpent,
    Rejected,
    Throttled,
    Unreachable,
    Unreadable,
    UpstreamError,
)
from app.sources.base import Account, Reading, Response
from app.sources.kakao import Kakao
from tests.recorded import names, recorded
from workers.budget.values import Rate

KEY = "a-key-nobody-may-see"
OUTCOMES = {
    "ok": 897_323.0,
    "zero": 0.0,
    "missing_parameter": Rejected,
    "invalid_argument": Unreadable,
    "wrong_key": BadCredentials,
    "ip_mismatched": BadCredentials,
    "domain_mismatched": BadCredentials,
    "cannot_access": BadCredentials,
    "throttled": Throttled,
    "code_1": Unreachable,
    "code_3": BadCredentials,
    "code_7": Unreachable,
    "code_10": QuotaSpent,
    "code_11": QuotaSpent,
    "code_12": BadCredentials,
    "code_401": BadCredentials,
    "code_603": Unreachable,
    "code_9798": Unreachable,
}
ERRORS = [name for name, expected in OUTCOMES.items() if not isinstance(expected, float)]


def account(**values):
    settings = Kakao.settings_class(_env_file=None, **{"base_url": "", "rest_api_key": KEY, **values})
    return Account("kakao", "test", Kakao().budget_from(settings), settings)


def read(response):
    return Kakao().read("web", ["이효리"], response)


def test_every_recorded_response_has_an_outcome_here():
    assert names("kakao") == sorted(f"kakao/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, float):
        assert read(recorded(f"kakao/{name}")) == [Reading("ok", expected)]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"kakao/{name}"))
        assert type(caught.value) is expected


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_that_error_with_status_200_too(name):
    with pytest.raises(UpstreamError) as caught:
        read(Response(200, recorded(f"kakao/{name}").body))
    assert type(caught.value) is OUTCOMES[name]


def test_an_error_keeps_its_type_and_words():
    with pytest.raises(BadCredentials) as caught:
        read(recorded("kakao/ip_mismatched"))
    assert caught.value.detail == "AccessDeniedError: ip mismatched! callerIp=192.0.2.1"


def test_the_words_of_an_error_decide_nothing():
    with pytest.raises(Throttled):
        read(Response(429, b'{"errorType":"RequestThrottled","message":"daily quota of this app"}'))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unreadable),
        (200, b"[]", Unreadable),
        (200, b"{}", Unreadable),
        (200, b'{"meta":null}', Unreadable),
        (200, b'{"meta":[]}', Unreadable),
        (200, b'{"meta":{}}', Unreadable),
        (200, b'{"meta":{"total_count":null}}', Unreadable),
        (200, b'{"meta":{"total_count":true}}', Unreadable),
        (200, b'{"meta":{"total_count":-1}}', Unreadable),
        (200, b'{"meta":{"total_count":1.5}}', Unreadable),
        (200, b'{"meta":{"pageable_count":10}}', Unreadable),
        (200, b'{"total_count":10}', Unreadable),
        (200, b'{"meta":{"total_count":0},"errorType":"New"}', Unreadable),
        (200, b'{"meta":{"total_count":0},"code":-99}', Unreadable),
        (400, b'{"errorType":"New","message":"x"}', Unreadable),
        (401, b"", BadCredentials),
        (403, b"<html>Forbidden</html>", Unreadable),
        (414, b"<html>URI Too Large</html>", Rejected),
        (429, b"<html>slow</html>", Throttled),
        (429, b'{"errorType":["RequestThrottled"]}', Throttled),
        (500, b'{"errorType":"New"}', Unreachable),
        (503, b'{"meta":{"total_count":0}}', Unreachable),
    ],
)
def test_anything_less_than_a_total_is_an_error(status, body, error):
    with pytest.raises(UpstreamError) as caught:
        read(Response(status, body))
    assert type(caught.value) is error


@pytest.mark.parametrize("name", ["ok", "zero"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"kakao/{name}").body
    for size in range(len(body.rstrip())):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


def test_being_told_to_slow_down_keeps_the_wait():
    with pytest.raises(Throttled) as caught:
        read(Response(429, recorded("kakao/throttled").body, {"retry-after": "3"}))
    assert caught.value.retry_after == 3.0


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), st.sampled_from(sorted(Kakao.channels)))
def test_any_keyword_arrives_as_it_is_and_one_document_is_asked_for(keyword, channel):
    request = Kakao().ask(channel, [keyword], account())
    asked = parse_qs(urlsplit(request.url).query, strict_parsing=True)
    assert asked == {"query": [keyword], "size": ["1"]}


@pytest.mark.parametrize("keyword", ["", " ", "\n", "맥\ud800북"])
def test_what_cannot_be_asked_is_rejected(keyword):
    with pytest.raises(Rejected):
        Kakao().ask("web", [keyword], account())


@pytest.mark.parametrize(
    ("channel", "path"),
    [
        ("web", "/v2/search/web"),
        ("blog", "/v2/search/blog"),
        ("cafe", "/v2/search/cafe"),
        ("video", "/v2/search/vclip"),
        ("image", "/v2/search/image"),
        ("book", "/v3/search/book"),
    ],
)
def test_calls(channel, path):
    request = Kakao().ask(channel, ["맥북 프로"], account())
    assert request.url == f"https://dapi.kakao.com{path}?query=%EB%A7%A5%EB%B6%81%20%ED%94%84%EB%A1%9C&size=1"
    assert request.headers == {"Authorization": f"KakaoAK {KEY}"}


def test_each_channel_has_a_day_of_its_own_within_that_of_all():
    budget = account().budget
    assert (budget.rate, budget.quota, budget.monthly) == (Rate(10, 1), 50_000, 3_000_000)
    assert budget.zone == "Asia/Seoul"
    assert {channel.quota for channel in Kakao.channels.values()} == {30_000}


def test_a_key_that_fits_no_header_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("KEYBATCH_KAKAO_REST_API_KEY", f"{KEY}\r\nX-Other: 1")
    with pytest.raises(BadSetting) as caught:
        Kakao().account()
    assert "KEYBATCH_KAKAO_REST_API_KEY" in str(caught.value)
    assert KEY not in f"{caught.value!r} {caught.value.__context__}"


def test_a_key_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.delenv("KEYBATCH_KAKAO_REST_API_KEY", raising=False)
    (tmp_path / "key").write_text(f" {KEY}\n")
    monkeypatch.setenv("KEYBATCH_KAKAO_REST_API_KEY_FILE", str(tmp_path / "key"))
    assert Kakao().ask("web", ["맥북"], Kakao().account()).headers == {"Authorization": f"KakaoAK {KEY}"}


def test_it_says_which_settings_are_missing():
    assert Kakao().missing_settings(account(rest_api_key=" ").settings) == ["KEYBATCH_KAKAO_REST_API_KEY"]
    assert Kakao().missing_settings(account().settings) == []
