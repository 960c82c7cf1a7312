"""Naver's words, on recorded responses of both platforms."""

from datetime import date
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
from app.sources.naver import Naver
from tests.recorded import names, recorded
from workers.budget.values import Rate

SECRET = "a-secret-nobody-may-see"
OUTCOMES = {
    "legacy_ok": 1_583_568.0,
    "legacy_zero": 0.0,
    "legacy_se01": Rejected,
    "legacy_se02": Unreadable,
    "legacy_se03": Unreadable,
    "legacy_se04": Unreadable,
    "legacy_se05": Unreadable,
    "legacy_se06": Rejected,
    "legacy_se99": Unreachable,
    "legacy_024_no_id": BadCredentials,
    "legacy_024_no_secret": BadCredentials,
    "legacy_024_wrong": BadCredentials,
    "legacy_024_scope": BadCredentials,
    "legacy_024_scope_403": BadCredentials,
    "legacy_028": BadCredentials,
    "legacy_010": QuotaSpent,
    "legacy_010_short": QuotaSpent,
    "legacy_012": Throttled,
    "legacy_xml_024": BadCredentials,
    "hub_ok": 1_583_568.0,
    "hub_zero": 0.0,
    "hub_se01": Rejected,
    "hub_200_missing": BadCredentials,
    "hub_200_invalid": BadCredentials,
    "hub_401": BadCredentials,
    "hub_210": BadCredentials,
    "hub_300": Unreadable,
    "hub_100": Unreadable,
    "hub_400_quota": QuotaSpent,
    "hub_400_quota_number": QuotaSpent,
    "hub_410": Throttled,
    "hub_420": Throttled,
    "hub_420_number": Throttled,
    "hub_430": Rejected,
    "hub_500": Unreachable,
    "hub_510": Unreachable,
    "hub_900": Unreachable,
}
#: Those of the two services that answer yes or no.
FLAGS = {
    "legacy_adult_yes": Reading("ok", 1.0),
    "legacy_adult_no": Reading("ok", 0.0),
    "legacy_adult_item": Reading("ok", 1.0),
    "hub_adult_number": Reading("ok", 0.0),
    "legacy_errata_some": Reading("ok", 1.0, data={"suggestion": "네이버"}),
    "legacy_errata_none": Reading("ok", 0.0),
    "hub_errata_item": Reading("ok", 1.0, data={"suggestion": "네이버"}),
}


def settings(**values):
    given = {"base_url": "", "client_id": "an-id", "client_secret": SECRET, **values}
    return Naver.settings_class(_env_file=None, **given)


def account(**values):
    return Account("naver", "test", Naver().budget_from(settings(**values)), settings(**values))


def read(response, channel="blog"):
    return Naver().read(channel, ["맥북"], response)


def test_every_recorded_response_has_an_outcome_here():
    assert names("naver") == sorted(f"naver/{name}" for name in OUTCOMES | FLAGS)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, float):
        assert read(recorded(f"naver/{name}")) == [Reading("ok", expected)]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"naver/{name}"))
        assert type(caught.value) is expected


@pytest.mark.parametrize("name", FLAGS)
def test_recorded_flags(name):
    there = recorded(f"naver/{name}")
    assert read(there, name.split("_")[1]) == [FLAGS[name]]
    with pytest.raises(Unreadable):
        read(there)


@pytest.mark.parametrize("channel", ["adult", "errata"])
@pytest.mark.parametrize("name", [name for name, expected in OUTCOMES.items() if not isinstance(expected, float)])
def test_a_flag_has_the_same_errors(name, channel):
    with pytest.raises(UpstreamError) as caught:
        read(recorded(f"naver/{name}"), channel)
    assert type(caught.value) is OUTCOMES[name]


@pytest.mark.parametrize(
    ("body", "value"),
    [(b'{"adult":"1"}', 1.0), (b'{"adult":1}', 1.0), (b'{"adult":0}', 0.0), (b'{"item":{"adult":"0"}}', 0.0)],
)
def test_a_flag_is_known_however_it_is_written(body, value):
    assert read(Response(200, body), "adult") == [Reading("ok", value)]


@pytest.mark.parametrize(
    ("channel", "body"),
    [
        ("adult", b"{}"),
        ("adult", b'{"adult":null}'),
        ("adult", b'{"adult":""}'),
        ("adult", b'{"adult":"2"}'),
        ("adult", b'{"adult":true}'),
        ("adult", b'{"adult":"no"}'),
        ("adult", b'{"items":[]}'),
        ("adult", b'{"errata":""}'),
        ("adult", b'{"total":0,"items":[]}'),
        ("errata", b"{}"),
        ("errata", b'{"errata":null}'),
        ("errata", b'{"errata":0}'),
        ("errata", b'{"items":[7]}'),
        ("errata", b'{"adult":"0"}'),
    ],
)
def test_anything_less_than_a_flag_is_an_error(channel, body):
    with pytest.raises(Unreadable):
        read(Response(200, body), channel)


def test_an_error_keeps_its_code_and_words():
    with pytest.raises(BadCredentials) as caught:
        read(recorded("naver/hub_200_invalid"))
    assert caught.value.detail == "200: Authentication Failed Invalid authentication information."


@pytest.mark.parametrize("name", [name for name, expected in OUTCOMES.items() if not isinstance(expected, float)])
def test_an_error_is_that_error_with_status_200_too(name):
    there = recorded(f"naver/{name}")
    with pytest.raises(UpstreamError) as caught:
        read(Response(200, there.body))
    expected = Unreadable if name == "legacy_xml_024" else OUTCOMES[name]
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unreadable),
        (200, b"<html>busy</html>", Unreadable),
        (200, b"[]", Unreadable),
        (200, b"null", Unreadable),
        (200, b"0", Unreadable),
        (200, b"{}", Unreadable),
        (200, b'{"total":null}', Unreadable),
        (200, b'{"total":true}', Unreadable),
        (200, b'{"total":false}', Unreadable),
        (200, b'{"total":-1}', Unreadable),
        (200, b'{"total":1.5}', Unreadable),
        (200, b'{"total":0.0}', Unreadable),
        (200, b'{"total":NaN}', Unreadable),
        (200, b'{"total":"many"}', Unreadable),
        (200, b'{"total":""}', Unreadable),
        (200, b'{"items":[],"display":0}', Unreadable),
        (200, b'{"total":0,"errorCode":"SE99","errorMessage":"x"}', Unreachable),
        (200, b'{"total":0,"errorCode":"SE77"}', Unreadable),
        (200, b'{"total":0,"error":"x"}', Unreadable),
        (200, b'{"total":0,"error":{"message":"x"}}', Unreadable),
        (204, b"", Unreadable),
        (301, b"", Unreadable),
        (400, b'{"error":{"errorCode":400,"message":"Bad Request"}}', Unreadable),
        (403, b"<html>Forbidden</html>", Unreadable),
        (403, b'{"error":{"errorCode":403,"message":"Forbidden"}}', BadCredentials),
        (405, b"<html>Not Allowed</html>", Unreadable),
        (401, b"", BadCredentials),
        (414, b"<html>URI Too Large</html>", Rejected),
        (429, b"<html>slow</html>", Throttled),
        (429, b'{"errorCode":"099","errorMessage":"new"}', Throttled),
        (502, b"<html>Bad Gateway</html>", Unreachable),
        (503, b'{"total":0}', Unreachable),
        (429, b'{"total":0}', Throttled),
    ],
)
def test_anything_less_than_a_total_is_an_error(status, body, error):
    with pytest.raises(UpstreamError) as caught:
        read(Response(status, body))
    assert type(caught.value) is error


@pytest.mark.parametrize("code", ["10", 10, "010", " 010"])
def test_a_spent_quota_is_known_however_it_is_written(code):
    body = f'{{"errorCode":{code if isinstance(code, int) else repr(code).replace(chr(39), chr(34))}}}'.encode()
    if code == " 010":
        with pytest.raises(Throttled):
            read(Response(429, body))
    else:
        with pytest.raises(QuotaSpent):
            read(Response(429, body))


def test_a_count_in_quotes_is_a_count():
    assert read(Response(200, b'{"total":"12543"}')) == [Reading("ok", 12543.0)]


def test_a_spent_quota_ends_with_the_day_whatever_retry_after_says():
    there = recorded("naver/legacy_010")
    with pytest.raises(QuotaSpent) as caught:
        read(Response(429, there.body, {"retry-after": "1"}))
    assert caught.value.retry_after is None


def test_being_told_to_slow_down_keeps_the_wait():
    there = recorded("naver/legacy_012")
    with pytest.raises(Throttled) as caught:
        read(Response(429, there.body, {"retry-after": "3"}))
    assert caught.value.retry_after == 3.0


@pytest.mark.parametrize("name", ["legacy_ok", "legacy_zero", "hub_ok", "hub_zero"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"naver/{name}").body
    for size in range(len(body.rstrip())):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


@given(st.text(st.characters(exclude_categories=["Cs"])).filter(str.strip), st.sampled_from(["legacy", "hub"]))
def test_any_keyword_arrives_as_it_is(keyword, platform):
    request = Naver().ask("blog", [keyword], account(platform=platform))
    assert request.url.isascii()
    assert parse_qs(urlsplit(request.url).query, strict_parsing=True)["query"] == [keyword]
    assert "#" not in request.url


@pytest.mark.parametrize("keyword", ["", " ", "\n", "맥\ud800북"])
def test_what_cannot_be_asked_is_rejected(keyword):
    with pytest.raises(Rejected):
        Naver().ask("blog", [keyword], account())


def test_legacy_calls():
    request = Naver().ask("cafe", ["맥북 프로"], account())
    assert request.url == (
        "https://openapi.naver.com/v1/search/cafearticle.json?query=%EB%A7%A5%EB%B6%81%20%ED%94%84%EB%A1%9C&display=1"
    )
    assert request.headers == {"X-Naver-Client-Id": "an-id", "X-Naver-Client-Secret": SECRET}


def test_hub_calls():
    request = Naver().ask("web", ["a&b"], account(platform="hub", base_url="http://127.0.0.1:9/"))
    assert request.url == "http://127.0.0.1:9/search/v1/webkr?query=a%26b&display=1&format=json"
    assert request.headers == {"X-NCP-APIGW-API-KEY-ID": "an-id", "X-NCP-APIGW-API-KEY": SECRET}


@pytest.mark.parametrize("channel", ["adult", "errata"])
def test_a_flag_is_asked_with_the_keyword_only(channel):
    legacy = Naver().ask(channel, ["spdlqj"], account())
    hub = Naver().ask(channel, ["spdlqj"], account(platform="hub"))
    assert legacy.url == f"https://openapi.naver.com/v1/search/{channel}.json?query=spdlqj"
    assert hub.url == f"https://naverapihub.apigw.ntruss.com/search/v1/{channel}?query=spdlqj"


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({}, Rate(10, 1)),
        ({"platform": "hub"}, Rate(50, 1)),
        ({"platform": "hub", "rate": "3/s"}, Rate(3, 1)),
        ({"platform": "hub", "rate": "none"}, None),
    ],
)
def test_each_platform_has_its_rate_and_settings_go_before(values, rate):
    budget = account(**values).budget
    assert budget.rate == rate
    assert (budget.quota, budget.zone) == (25_000, "Asia/Seoul")


def test_the_secret_is_nowhere_to_be_read():
    here = account()
    request = Naver().ask("blog", ["맥북"], here)
    for shown in (here, here.settings, request, here.settings.model_dump(), here.settings.model_dump_json()):
        assert SECRET not in repr(shown)
        assert SECRET not in str(shown)


def test_a_secret_that_fits_no_header_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("KEYBATCH_NAVER_CLIENT_ID", "id")
    monkeypatch.setenv("KEYBATCH_NAVER_CLIENT_SECRET", f"{SECRET}\r\nX-Other: 1")
    with pytest.raises(BadSetting) as caught:
        Naver().account()
    assert "KEYBATCH_NAVER_CLIENT_SECRET" in str(caught.value)
    assert SECRET not in f"{caught.value!r} {caught.value.__context__}"


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    monkeypatch.delenv("KEYBATCH_NAVER_CLIENT_SECRET", raising=False)
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    monkeypatch.setenv("KEYBATCH_NAVER_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("KEYBATCH_NAVER_CLIENT_ID", "  an-id ")
    request = Naver().ask("blog", ["맥북"], Naver().account())
    assert request.headers == {"X-Naver-Client-Id": "an-id", "X-Naver-Client-Secret": SECRET}


def test_it_says_which_settings_are_missing():
    assert Naver().missing_settings(settings(client_secret="")) == ["KEYBATCH_NAVER_CLIENT_SECRET"]
    assert Naver().missing_settings(settings()) == []


def test_what_naver_ended_is_not_offered():
    assert not {"shop", "book", "doc"} & set(Naver.channels)


@pytest.mark.parametrize(
    ("today", "ko", "en"),
    [
        (date(2027, 4, 1), "2027-06-30에 종료됩니다", "ends on 2027-06-30"),
        (date(2027, 6, 30), "2027-06-30에 종료됩니다", "ends on 2027-06-30"),
        (date(2027, 7, 1), "2027-06-30에 종료되었습니다", "ended on 2027-06-30"),
        (date(2031, 1, 1), "2027-06-30에 종료되었습니다", "ended on 2027-06-30"),
    ],
)
def test_users_of_the_legacy_platform_are_told_that_it_ends(today, ko, en):
    notice = Naver().notice(settings(), today)
    assert ko in notice.ko
    assert en in notice.en
    for words in (notice.ko, notice.en):
        assert "NAVER API HUB" in words
        assert "KEYBATCH_NAVER_PLATFORM=hub" in words


def test_nobody_is_told_before_or_on_the_other_platform():
    assert Naver().notice(settings(), date(2027, 3, 31)) is None
    assert Naver().notice(settings(platform="hub"), date(2027, 6, 1)) is None
