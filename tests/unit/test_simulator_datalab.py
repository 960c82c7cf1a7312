"""The DataLab simulator on the wire, and the round trip: what the source asks, it answers, the source reads."""

import http.client
import json
from contextlib import closing
from datetime import date
from math import isclose
from urllib.parse import urlsplit

import pytest

from app import clock
from app.errors import BadCredentials, QuotaSpent, Throttled, Unreachable, Unreadable
from app.sources.base import Account, Request, Response
from app.sources.naver_datalab import NaverDatalab
from tests.simulators.datalab import DatalabSimulator, expected_series
from tests.simulators.datalab.simulator import CLIENT_ID, CLIENT_SECRET, asked_in
from tests.simulators.datalab.trends import results, searches

NOON = 1_795_226_400_000  # 2026-11-21T02:00:00Z, 11:00 in Seoul
START, END = date(2025, 11, 1), date(2026, 10, 31)
WORDS = [f"낱말{n}" for n in range(200)]
UNKNOWN = next(word for word in WORDS if not expected_series(word, START, END, "month"))
SELDOM = next(word for word in WORDS if 0 < len(expected_series(word, START, END, "month")) < 12)
QUESTION = {
    "startDate": "2026-01-01",
    "endDate": "2026-03-31",
    "timeUnit": "month",
    "keywordGroups": [{"groupName": "가", "keywords": ["쇼핑"]}, {"groupName": "나", "keywords": ["맥북", "맛집"]}],
}


@pytest.fixture(scope="module")
def shared():
    with DatalabSimulator() as running:
        yield running


@pytest.fixture
def sim(shared):
    """The simulator with its own limits, without faults or memory."""
    shared.configure(rate=None, daily_quota=1_000, disabled=False, faults={}, down=False, now=NOON)
    shared.reset()
    with clock.frozen(NOON):
        yield shared


def account(sim, platform="legacy", **values):
    given = {"base_url": sim.base_url, "platform": platform, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    settings = NaverDatalab.settings_class(_env_file=None, **{**given, **values})
    return Account("naver_datalab", "test", NaverDatalab().budget_from(settings), settings)


def call(request):
    where = urlsplit(request.url)
    with closing(http.client.HTTPConnection(where.hostname, where.port, timeout=5)) as connection:
        connection.request(request.method, where.path, body=request.body, headers=dict(request.headers))
        answer = connection.getresponse()
        return Response(answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})


def lookup(sim, keywords, platform="legacy", **values):
    response = call(NaverDatalab().ask("trend", keywords, account(sim, platform, **values)))
    return NaverDatalab().read("trend", keywords, response)


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize("who", [{}, {"device": "mo", "gender": "f"}])
def test_round_trip(sim, platform, who):
    keywords = ["맥북", '맛집 & "정품" 100%', UNKNOWN, SELDOM]
    for keyword, reading in zip(keywords, lookup(sim, keywords, platform, **who), strict=True):
        expected = expected_series(keyword, START, END, "month", who="".join(who.values()))
        assert reading.state == ("ok" if "2026-10-01" in expected else "missing")
        assert not reading.left_out
        series = dict(reading.data["series"]) if reading.data else {}
        assert series.keys() == expected.keys()
        assert all(isclose(series[day], expected[day], rel_tol=1e-3, abs_tol=1e-3) for day in expected)
    assert sim.stats()["calls"] == 1


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"rate": 0}, Throttled),
        ({"daily_quota": 0}, QuotaSpent),
        ({"disabled": True}, BadCredentials),
        ({"faults": {"throttled": 1.0}}, Throttled),
        ({"faults": {"500": 1.0}}, Unreachable),
        ({"faults": {"garbage": 1.0}}, Unreadable),
        ({"faults": {"truncated": 1.0}}, Unreadable),
        ({"down": True}, Unreachable),
    ],
)
def test_round_trip_of_every_refusal(sim, settings, error, platform):
    sim.configure(**settings)
    with pytest.raises(error):
        lookup(sim, ["맥북"], platform)


@pytest.mark.parametrize("platform", ["legacy", "hub"])
@pytest.mark.parametrize("wrong", [{"client_secret": "another"}, {"client_secret": ""}, {"client_id": ""}])
def test_round_trip_with_wrong_credentials(sim, platform, wrong):
    with pytest.raises(BadCredentials):
        lookup(sim, ["맥북"], platform, **wrong)


def test_the_day_holds_its_calls_and_turns_at_midnight_in_seoul(sim):
    sim.configure(daily_quota=2)
    assert lookup(sim, ["맥북"])
    assert lookup(sim, ["맥북"], "hub")
    for platform in ("legacy", "hub"):
        with pytest.raises(QuotaSpent):
            lookup(sim, ["맥북"], platform)
    sim.configure(now=NOON + 13 * 3_600_000)
    assert lookup(sim, ["맥북"])


def changed(**changes):
    return json.dumps({**QUESTION, **changes}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"startDate=2026-01-01",
        changed(startDate="2015-12-31"),
        changed(startDate="2026-04-01"),
        changed(startDate="20260101"),
        changed(endDate="2026-02-30"),
        changed(endDate=None),
        changed(timeUnit="year"),
        changed(device="tv"),
        changed(gender="x"),
        changed(ages=["12"]),
        changed(keywordGroups=[]),
        changed(keywordGroups=[{"groupName": str(n), "keywords": ["a"]} for n in range(6)]),
        changed(keywordGroups=[{"groupName": "a", "keywords": []}]),
        changed(keywordGroups=[{"groupName": "a", "keywords": [str(n) for n in range(21)]}]),
        changed(keywordGroups=[{"groupName": "a", "keywords": "a"}]),
        changed(keywordGroups=[{"groupName": "a", "keywords": ["a"]}] * 2),
        changed(keywordGroups=[{"groupName": "", "keywords": ["a"]}]),
        changed(keywordGroups=[{"keywords": ["a"]}]),
    ],
)
def test_a_wrong_question_is_refused(body):
    assert asked_in(body) is None


def test_a_right_question_is_taken():
    most = [{"groupName": str(n), "keywords": [str(word) for word in range(20)]} for n in range(5)]
    for changes in ({}, {"keywordGroups": most}, {"device": "", "gender": "m", "ages": ["1", "11"]}):
        assert asked_in(changed(**changes)) == {**QUESTION, **changes}


@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_a_wrong_question_is_refused_on_the_wire(sim, platform):
    request = NaverDatalab().ask("trend", ["맥북"], account(sim, platform))
    answer = call(Request(request.url, "POST", request.headers, b"{}"))
    assert answer.status == 400
    assert answer.json() == {"errorMessage": "잘못된 요청", "errorCode": "400"}


def test_the_most_of_the_whole_answer_is_100_and_groups_are_summed():
    told = results(QUESTION["keywordGroups"], date(2026, 1, 1), date(2026, 3, 31), "month")
    assert max(point["ratio"] for group in told for point in group["data"]) == 100.0
    assert [group["title"] for group in told] == ["가", "나"]
    shop, both = (group["data"][0]["ratio"] for group in told)
    day = date(2026, 1, 1)
    sums = searches("맥북", day, "month") + searches("맛집", day, "month")
    assert isclose(both / shop, sums / searches("쇼핑", day, "month"), rel_tol=1e-3)


def test_periods_without_searches_are_left_out():
    groups = [{"groupName": word, "keywords": [word]} for word in ("쇼핑", UNKNOWN, SELDOM)]
    told = [group["data"] for group in results(groups, START, END, "month")]
    assert len(told[0]) == 12
    assert told[1] == []
    assert 0 < len(told[2]) < 12


def test_each_platform_labels_its_answers_as_it_does(sim):
    types = {
        platform: call(NaverDatalab().ask("trend", ["맥북"], account(sim, platform))).headers["content-type"]
        for platform in ("legacy", "hub")
    }
    assert types == {"legacy": "application/json;charset=UTF-8", "hub": "text/plain;charset=UTF-8"}


@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_the_environment_points_the_product_here(sim, monkeypatch, platform):
    for name, value in sim.env(platform).items():
        monkeypatch.setenv(name, value)
    response = call(NaverDatalab().ask("trend", ["쇼핑"], NaverDatalab().account()))
    assert response.headers["x-keybatch-simulator"] == "1"
    assert NaverDatalab().read("trend", ["쇼핑"], response)[0].state == "ok"
