"""DataLab's words, on recorded responses of both platforms, and what is made of its ratios."""

import json
from datetime import date, datetime, timedelta
from math import isclose
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
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
from app.sources.naver_datalab import NaverDatalab
from tests.recorded import names, recorded
from tests.simulators.datalab import expected_series
from tests.simulators.datalab.simulator import asked_in, said
from workers.budget.values import Rate

SECRET = "a-secret-nobody-may-see"
SERIES = [["2026-08-01", 106.46], ["2026-09-01", 200.0], ["2026-10-01", 24.6913]]
ABOUT = {"anchor": "쇼핑", "unit": "month"}
OK = Reading("ok", 24.6913, data={"series": SERIES, **ABOUT, "peak": "2026-09-01", "period": "2026-10-01"})
WITHOUT_THE_LAST = Reading(
    "missing", data={"series": [["2026-08-01", 200.0], ["2026-09-01", 50.0]], **ABOUT, "peak": "2026-08-01"}
)
OUTCOMES = {
    "legacy_ok": OK,
    "hub_ok": OK,
    "last_period_absent": WITHOUT_THE_LAST,
    "unknown_keyword": Reading("missing"),
    "left_out": Reading("missing", left_out=True),
    "anchor_empty": BadCredentials,
    "documented": Unreadable,
    "legacy_400": Unreadable,
    "legacy_500": Unreachable,
    "legacy_010": QuotaSpent,
    "legacy_012": Throttled,
    "legacy_024_no_id": BadCredentials,
    "legacy_024_no_secret": BadCredentials,
    "legacy_024_wrong": BadCredentials,
    "legacy_024_scope": BadCredentials,
    "legacy_024_scope_403": BadCredentials,
    "hub_100": Unreadable,
    "hub_200_missing": BadCredentials,
    "hub_200_invalid": BadCredentials,
    "hub_401": BadCredentials,
    "hub_210": BadCredentials,
    "hub_300": Unreadable,
    "hub_400_quota": QuotaSpent,
    "hub_400_quota_number": QuotaSpent,
    "hub_410": Throttled,
    "hub_420": Throttled,
    "hub_430": Rejected,
    "hub_500": Unreachable,
    "hub_510": Unreachable,
    "hub_900": Unreachable,
    "hub_flat_400": Unreadable,
}
ERRORS = [name for name, expected in OUTCOMES.items() if not isinstance(expected, Reading)]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
#: What else is asked for in a call; 네이버 is searched for twenty times as often as the anchor.
COMPANY = st.lists(WORDS | st.just("네이버"), max_size=3)


def account(**values):
    given = {"base_url": "", "client_id": "an-id", "client_secret": SECRET, **values}
    settings = NaverDatalab.settings_class(_env_file=None, **given)
    return Account("naver_datalab", "test", NaverDatalab().budget_from(settings), settings)


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Seoul")).timestamp() * 1000)


def asked(keywords, now="2026-11-21T12:00", **values):
    with clock.frozen(at(now)):
        return json.loads(NaverDatalab().ask("trend", keywords, account(**values)).body)


def read(response, keywords=("맥북",)):
    return NaverDatalab().read("trend", keywords, response)


def answer(*groups, unit="month", start="2026-09-01", end="2026-10-31"):
    told = [
        {"title": title, "keywords": [word], "data": [{"period": day, "ratio": ratio} for day, ratio in points]}
        for title, word, points in groups
    ]
    body = {"startDate": start, "endDate": end, "timeUnit": unit, "results": told}
    return Response(200, json.dumps(body).encode())


def points(*ratios):
    return list(zip(("2026-09-01", "2026-10-01"), ratios, strict=False))


def simulated(keywords, **values):
    body = asked(keywords, **values)
    return read(Response(200, json.dumps(said(body)).encode()), keywords)


def test_every_recorded_response_has_an_outcome_here():
    assert names("naver_datalab") == sorted(f"naver_datalab/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    if isinstance(expected, Reading):
        assert read(recorded(f"naver_datalab/{name}")) == [expected]
    else:
        with pytest.raises(UpstreamError) as caught:
            read(recorded(f"naver_datalab/{name}"))
        assert type(caught.value) is expected


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_that_error_with_status_200_too(name):
    with pytest.raises(UpstreamError) as caught:
        read(Response(200, recorded(f"naver_datalab/{name}").body))
    assert type(caught.value) is OUTCOMES[name]


def test_an_anchor_without_searches_stops_the_account_and_is_named_with_its_setting():
    with pytest.raises(BadCredentials) as caught:
        read(recorded("naver_datalab/anchor_empty"))
    assert "KEYBATCH_NAVER_DATALAB_ANCHOR" in caught.value.detail
    assert "쇼핑" in caught.value.detail


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unreadable),
        (200, b"[]", Unreadable),
        (200, b"{}", Unreadable),
        (200, b'{"results":[]}', Unreadable),
        (200, b'{"error":"x"}', Unreadable),
        (400, b'{"error":{"errorCode":400,"message":"Bad Request"}}', Unreadable),
        (403, b"<html>Forbidden</html>", Unreadable),
        (403, b'{"errorCode":"403","errorMessage":"x"}', BadCredentials),
        (429, b'{"errorCode":10}', QuotaSpent),
        (429, b"<html>slow</html>", Throttled),
        (503, b"", Unreachable),
    ],
)
def test_anything_less_than_an_answer_is_an_error(status, body, error):
    with pytest.raises(UpstreamError) as caught:
        read(Response(status, body))
    assert type(caught.value) is error


@pytest.mark.parametrize("ratio", [None, True, "", "x", "NaN", "inf", -1, 100.1, 10**400, [], {}])
def test_what_is_no_ratio_is_unreadable(ratio):
    with pytest.raises(Unreadable):
        read(answer(("anchor", "쇼핑", points(100, 50)), ("0", "맥북", points(10, ratio))))


@pytest.mark.parametrize(
    "groups",
    [
        [("0", "맥북", points(100, 50))],
        [("anchor", "쇼핑", points(100, 50)), ("0", "아이폰", points(100, 50))],
        [("anchor", "쇼핑", points(100, 50)), ("anchor", "쇼핑", points(100, 50))],
        [("anchor", "쇼핑", points(0, 0)), ("0", "맥북", points(100, 50))],
        [("anchor", "쇼핑", points(100, 50)), ("0", "맥북", [("2026-10-01", 1), ("2026-10-01", 2)])],
        [("anchor", "쇼핑", points(100, 50)), ("0", "맥북", [("2026-11-01", 1)])],
        [("anchor", "쇼핑", points(100, 50)), ("0", "맥북", [("October", 1)])],
    ],
    ids=["no anchor", "another keyword", "told twice", "zeros to compare with", "period twice", "too late", "no date"],
)
def test_an_answer_that_cannot_be_relied_on_is_unreadable(groups):
    with pytest.raises(Unreadable):
        read(answer(*groups))


@pytest.mark.parametrize("name", ["legacy_ok", "unknown_keyword"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"naver_datalab/{name}").body
    for size in range(len(body.rstrip())):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


def test_a_ratio_may_be_text_as_it_is_documented():
    [reading] = read(answer(("anchor", "쇼핑", points("50.0", "40")), ("0", "맥북", points("100", "25.5"))))
    assert (reading.state, reading.value) == ("ok", 51.0)


def test_a_gap_is_never_zero():
    told = [("2026-08-01", 10), ("2026-10-01", 20)]
    [reading] = read(answer(("anchor", "쇼핑", points(100, 50)), ("0", "맥북", told)))
    assert reading.data["series"] == [["2026-08-01", 10.0], ["2026-10-01", 20.0]]


def test_a_zero_that_was_said_is_a_zero_and_no_peak():
    [reading] = read(answer(("anchor", "쇼핑", points(100, 50)), ("0", "맥북", points(0, 0.0))))
    assert (reading.state, reading.value) == ("ok", 0.0)
    assert "peak" not in reading.data


def test_a_small_share_does_not_become_zero():
    [reading] = read(answer(("anchor", "쇼핑", points(100, 50)), ("0", "맥북", points(1, 0.00001))))
    assert reading.value == 0.00001


@pytest.mark.parametrize(
    ("unit", "end", "last", "before"),
    [
        ("date", "2026-11-20", "2026-11-20", "2026-11-19"),
        ("week", "2026-11-15", "2026-11-09", "2026-11-08"),
        ("month", "2026-10-31", "2026-10-01", "2026-09-30"),
    ],
)
def test_the_value_is_that_of_the_last_period(unit, end, last, before):
    scale = ("anchor", "쇼핑", [(last, 50)])
    [there] = read(answer(scale, ("0", "맥북", [(before, 100), (last, 10)]), unit=unit, end=end))
    assert (there.state, there.value, there.data["period"]) == ("ok", 20.0, last)
    [absent] = read(answer(scale, ("0", "맥북", [(before, 100)]), unit=unit, end=end))
    assert (absent.state, absent.value, absent.left_out) == ("missing", None, False)
    assert absent.data["series"] == [[before, 200.0]]


def test_readings_come_in_the_order_of_the_keywords():
    scale = ("anchor", "쇼핑", points(50, 50))
    readings = read(answer(("1", "나", points(2, 2)), scale, ("0", "가", points(1, 1))), ["가", "나", "다"])
    assert [(reading.state, reading.value) for reading in readings] == [("ok", 2.0), ("ok", 4.0), ("missing", None)]
    assert [reading.left_out for reading in readings] == [False, False, True]


@pytest.mark.parametrize("echo", ["mac book", "MACBOOK", " macbook "])
def test_a_keyword_may_be_echoed_with_other_blanks_and_case(echo):
    [reading] = read(answer(("anchor", "쇼핑", points(50, 50)), ("0", echo, points(1, 1))), ["Mac Book"])
    assert reading.value == 2.0


def test_equal_keywords_are_asked_for_once_and_read_alike():
    keywords = ["맥북", "맛집", "맥북", "맥북"]
    groups = asked(keywords)["keywordGroups"]
    assert [group["keywords"] for group in groups] == [["쇼핑"], ["맥북"], ["맛집"]]
    readings = simulated(keywords)
    assert readings[0] == readings[2] == readings[3]
    assert readings[0] != readings[1]


def test_the_anchor_as_a_keyword_is_asked_for_once_and_is_100_at_most():
    keywords = ["맥북", "쇼핑"]
    assert len(asked(keywords)["keywordGroups"]) == 2
    reading = simulated(keywords)[1]
    assert reading.state == "ok"
    assert max(value for _, value in reading.data["series"]) == 100.0
    assert simulated(["쇼핑"]) == [reading]


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["date", "week", "month"]))
def test_any_keywords_arrive_as_they_are_in_a_call_that_is_taken(keywords, unit):
    body = asked(keywords, unit=unit)
    assert asked_in(json.dumps(body).encode()) == body
    told = [word for group in body["keywordGroups"] for word in group["keywords"]]
    assert told[0] == "쇼핑"
    assert set(told) == {"쇼핑", *keywords}
    assert len(told) == len(set(told))


@pytest.mark.parametrize("keyword", ["", " ", "\n", "맥\ud800북"])
def test_what_cannot_be_asked_is_rejected(keyword):
    for keywords in ([keyword], ["맥북", keyword]):
        with pytest.raises(Rejected):
            NaverDatalab().ask("trend", keywords, account())


@pytest.mark.parametrize(
    ("values", "now", "start", "end"),
    [
        ({}, "2026-11-21T12:00", "2025-11-01", "2026-10-31"),
        ({}, "2026-12-01T00:00", "2025-12-01", "2026-11-30"),
        ({}, "2026-11-30T23:59", "2025-11-01", "2026-10-31"),
        ({"months": 1}, "2026-01-05T12:00", "2025-12-01", "2025-12-31"),
        ({"months": 120}, "2024-06-05T12:00", "2016-01-01", "2024-05-31"),
        ({"unit": "date", "months": 1}, "2026-11-21T00:01", "2026-10-21", "2026-11-20"),
        ({"unit": "date", "months": 1}, "2026-03-31T12:00", "2026-02-28", "2026-03-30"),
        ({"unit": "week", "months": 1}, "2026-11-21T12:00", "2026-10-19", "2026-11-15"),
        ({"unit": "week", "months": 1}, "2026-11-23T00:00", "2026-10-26", "2026-11-22"),
        ({"unit": "week", "months": 120}, "2024-06-05T12:00", "2016-01-04", "2024-06-02"),
    ],
)
def test_the_window_holds_whole_periods_up_to_yesterday_in_seoul(values, now, start, end):
    body = asked(["맥북"], now, **values)
    assert (body["startDate"], body["endDate"]) == (start, end)


@given(st.dates(date(2016, 6, 1), date(2040, 1, 1)), st.sampled_from(["date", "week", "month"]), st.integers(1, 120))
def test_every_window_is_taken_and_of_whole_periods(today, unit, months):
    body = asked(["맥북"], f"{today}T12:00", unit=unit, months=months)
    assert asked_in(json.dumps(body).encode()) == body
    start, end = date.fromisoformat(body["startDate"]), date.fromisoformat(body["endDate"])
    assert start <= end < today
    if unit == "week":
        assert (start.weekday(), end.weekday()) == (0, 6)
    if unit == "month":
        assert (start.day, (end + timedelta(days=1)).day) == (1, 1)


def test_legacy_calls():
    request = NaverDatalab().ask("trend", ["맥북"], account(device="mo", gender="f"))
    assert (request.method, request.url) == ("POST", "https://openapi.naver.com/v1/datalab/search")
    assert request.headers == {
        "X-Naver-Client-Id": "an-id",
        "X-Naver-Client-Secret": SECRET,
        "Content-Type": "application/json",
    }
    body = json.loads(request.body)
    assert (body["timeUnit"], body["device"], body["gender"]) == ("month", "mo", "f")
    assert body["keywordGroups"] == [
        {"groupName": "anchor", "keywords": ["쇼핑"]},
        {"groupName": "0", "keywords": ["맥북"]},
    ]


def test_hub_calls():
    request = NaverDatalab().ask("trend", ["맥북"], account(platform="hub", base_url="http://127.0.0.1:9/"))
    assert request.url == "http://127.0.0.1:9/search-trend/v1/search"
    assert request.headers["X-NCP-APIGW-API-KEY-ID"] == "an-id"
    assert request.headers["X-NCP-APIGW-API-KEY"] == SECRET
    assert not {"device", "gender"} & json.loads(request.body).keys()


@given(COMPANY, COMPANY, WORDS, st.sampled_from(["date", "week", "month"]))
def test_a_keyword_is_the_same_whatever_else_was_in_the_call(some, others, keyword, unit):
    one = simulated([keyword, *some], unit=unit, months=2)[0]
    other = simulated([*others, keyword], unit=unit, months=2)[-1]
    window = asked([keyword], unit=unit, months=2)
    start, end = date.fromisoformat(window["startDate"]), date.fromisoformat(window["endDate"])
    expected = expected_series(keyword, start, end, unit)
    assert one.state == other.state
    for reading in (one, other):
        series = dict(reading.data["series"]) if reading.data else {}
        assert series.keys() == expected.keys()
        # Five decimals beside the most searched of the call: the anchor itself is one of at least 2 in 100.
        assert all(isclose(series[day], expected[day], rel_tol=1e-3, abs_tol=1e-3) for day in expected)
    if one.state == "ok":
        assert one.value == dict(one.data["series"])[one.data["period"]]


@given(
    st.lists(st.floats(0.001, 100), min_size=2, max_size=2),
    st.lists(st.floats(0, 100), min_size=2, max_size=2),
    st.floats(0.01, 1),
)
def test_the_scale_of_an_answer_does_not_matter(scale, ratios, shrunk):
    def value(times):
        groups = (
            ("anchor", "쇼핑", points(*(r * times for r in scale))),
            ("0", "맥북", points(*(r * times for r in ratios))),
        )
        return read(answer(*groups))[0].value

    assert isclose(value(1), value(shrunk), rel_tol=1e-3, abs_tol=2e-4)


@pytest.mark.parametrize(
    ("platform", "day", "verb"),
    [
        ("legacy", date(2027, 3, 31), None),
        ("legacy", date(2027, 4, 1), "ends"),
        ("legacy", date(2027, 6, 30), "ends"),
        ("legacy", date(2027, 7, 1), "ended"),
        ("hub", date(2027, 7, 1), None),
    ],
)
def test_the_end_of_the_old_platform_is_told_in_time(platform, day, verb):
    notice = NaverDatalab().notice(account(platform=platform).settings, day)
    if verb is None:
        assert notice is None
    else:
        assert f"{verb} on 2027-06-30" in notice.en
        assert "2027-06-30" in notice.ko
        assert "KEYBATCH_NAVER_DATALAB_PLATFORM=hub" in notice.en
        assert "KEYBATCH_NAVER_DATALAB_PLATFORM=hub" in notice.ko


def test_its_limits_and_terms_are_known():
    budget = account().budget
    assert (budget.rate, budget.quota, budget.zone) == (Rate(5, 1), 1_000, "Asia/Seoul")
    assert NaverDatalab.terms_ko
    assert NaverDatalab.terms_en


@pytest.mark.parametrize(
    ("name", "value"),
    [("ANCHOR", " "), ("UNIT", "year"), ("MONTHS", "0"), ("MONTHS", "121"), ("DEVICE", "tv"), ("GENDER", "x")],
)
def test_a_setting_that_makes_no_sense_names_itself(monkeypatch, name, value):
    monkeypatch.setenv(f"KEYBATCH_NAVER_DATALAB_{name}", value)
    with pytest.raises(BadSetting) as caught:
        NaverDatalab().account()
    assert f"KEYBATCH_NAVER_DATALAB_{name}" in str(caught.value)


def test_a_secret_that_fits_no_header_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("KEYBATCH_NAVER_DATALAB_CLIENT_SECRET", f"{SECRET}\r\nX-Other: 1")
    with pytest.raises(BadSetting) as caught:
        NaverDatalab().account()
    assert "KEYBATCH_NAVER_DATALAB_CLIENT_SECRET" in str(caught.value)
    assert SECRET not in f"{caught.value!r} {caught.value.__context__}"


def test_a_reading_on_another_scale_is_none_of_this_column():
    settings = account().settings
    assert NaverDatalab().comparable(settings, {"anchor": "쇼핑", "unit": "month"})
    assert NaverDatalab().comparable(settings, {})
    assert not NaverDatalab().comparable(settings, {"anchor": "네이버", "unit": "month"})
    assert not NaverDatalab().comparable(settings, {"anchor": "쇼핑", "unit": "week"})
