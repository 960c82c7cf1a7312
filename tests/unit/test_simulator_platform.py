"""The simulator's two platforms: checks, words and limits, with time given by hand."""

import json
from datetime import datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recorded import recorded
from tests.simulators.naver import Fault, expected_total
from tests.simulators.naver.config import Config
from tests.simulators.naver.platform import Call, Naver
from tests.simulators.naver.services import SERVICES

SECOND = 1_000_000_000
LEGACY = {"x-naver-client-id": "sim-client", "x-naver-client-secret": "sim-secret"}
HUB = {"x-ncp-apigw-api-key-id": "sim-client", "x-ncp-apigw-api-key": "sim-secret"}
KEYS = {"legacy": LEGACY, "hub": HUB}
PATHS = {"legacy": "/v1/search/{}.json", "hub": "/search/v1/{}"}


def naver(**settings):
    return Naver(Config().changed(settings))


def ask(sim, platform="legacy", service="blog", query="query=a", at=0, **headers):
    keys = {**KEYS[platform], **{name.replace("_", "-"): value for name, value in headers.items()}}
    return sim.answer(Call("GET", f"{PATHS[platform].format(service)}?{query}", keys), at)


def code(answer):
    body = json.loads(answer.body)
    return body.get("error", body).get("errorCode")


def words(answer):
    return {name: value for name, value in json.loads(answer.body).items() if name.startswith("error")}


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"x_naver_client_id": ""}, "legacy_024_no_id"),
        ({"x_naver_client_secret": ""}, "legacy_024_no_secret"),
        ({"x_naver_client_secret": "other"}, "legacy_024_wrong"),
        ({"x_naver_client_id": "other"}, "legacy_024_wrong"),
    ],
)
def test_legacy_keys_come_first(headers, name):
    answer = ask(naver(), service="nothing", query="", **headers)
    there = recorded(f"naver/{name}")
    assert (answer.status, words(answer)) == (there.status, json.loads(there.body))


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"x_ncp_apigw_api_key_id": ""}, "hub_200_missing"),
        ({"x_ncp_apigw_api_key": ""}, "hub_200_missing"),
        ({"x_ncp_apigw_api_key": "other"}, "hub_200_invalid"),
    ],
)
def test_hub_keys_come_first(headers, name):
    answer = ask(naver(), "hub", "nothing", "", **headers)
    there = recorded(f"naver/{name}")
    assert (answer.status, words(answer)) == (there.status, json.loads(there.body))


@pytest.mark.parametrize(
    ("platform", "service", "query", "name"),
    [
        ("legacy", "news", "", "legacy_024_scope"),
        ("legacy", "shop", "", "legacy_se05"),
        ("legacy", "blog", "", "legacy_se01"),
        ("legacy", "blog", "query=%20", "legacy_se01"),
        ("legacy", "blog", "query=a&display=101", "legacy_se02"),
        ("legacy", "blog", "query=a&display=x", "legacy_se02"),
        ("legacy", "local", "query=a&display=6", "legacy_se02"),
        ("legacy", "blog", "query=a&start=1001", "legacy_se03"),
        ("legacy", "local", "query=a&start=2", "legacy_se03"),
        ("legacy", "blog", "query=a&sort=best", "legacy_se04"),
        ("legacy", "blog", "query=%C0%CC", "legacy_se06"),
        ("legacy", "blog", "query=\u00ec\u00a0", "legacy_se06"),
        ("hub", "news", "", "hub_401"),
        ("hub", "shop", "", "hub_300"),
        ("hub", "blog", "", "hub_se01"),
    ],
)
def test_words_are_those_that_were_recorded(platform, service, query, name):
    answer = ask(naver(disabled=["news"]), platform, service, query)
    there = recorded(f"naver/{name}")
    assert (answer.status, words(answer)) == (there.status, json.loads(there.body))


def test_a_legacy_xml_path_refuses_in_xml():
    sim = naver()
    answer = sim.answer(Call("GET", "/v1/search/blog.xml", LEGACY), 0)
    assert answer.content_type == "text/xml;charset=utf-8"
    assert b"<errorCode><![CDATA[SE01]]></errorCode>" in answer.body
    assert b"<total>" in sim.answer(Call("GET", "/v1/search/blog.xml?query=a", LEGACY), 0).body


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_a_page_is_written_as_naver_writes_it(platform, service):
    query = next(word for word in "가나다라마바사아자차" if expected_total(service, word) > 5)
    answer = ask(naver(rate=None), platform, service, f"query={quote(query)}&display=3")
    page = json.loads(answer.body)
    assert answer.status == 200
    assert answer.content_type == (
        "text/plain;charset=UTF-8" if platform == "hub" else "application/json;charset=UTF-8"
    )
    assert page["total"] == expected_total(service, query)
    assert page["display"] == len(page["items"]) == 3
    assert list(page["items"][0]) == list(SERVICES[service].fields)
    assert page["lastBuildDate"].endswith(" +0900")
    text = answer.body.decode()
    assert text.startswith('{\n\t"lastBuildDate":"')
    assert "https:\\/\\/" in text
    assert "http://" not in text
    assert "&quot;" in text
    assert all(".invalid" in item["link"] for item in page["items"])


def test_nothing_found_is_a_page_too():
    word = next(str(n) for n in range(1000) if expected_total("blog", str(n)) == 0)
    sim = naver()
    assert json.loads(ask(sim, "legacy", "blog", f"query={word}").body)["display"] == 0
    empty = ask(sim, "hub", "blog", f"query={word}")
    assert empty.body.endswith(b'"total":0,"start":1,"display":0,"items":[]}')


def test_display_is_what_was_returned():
    word = next(str(n) for n in range(1000) if expected_total("local", str(n)) == 2)
    page = json.loads(ask(naver(), "legacy", "local", f"query={word}&display=5").body)
    assert (page["total"], page["display"], len(page["items"])) == (2, 2, 2)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(sorted(SERVICES)))
def test_totals_are_always_the_same_and_of_a_size(query, service):
    assert expected_total(service, query) == expected_total(service, query)
    assert 0 <= expected_total(service, query) < 100_000_000


def test_totals_are_spread_and_some_are_zero():
    totals = [expected_total("blog", f"낱말{n}") for n in range(2000)]
    assert 10 < totals.count(0) < 100
    assert sum(total > 1_000_000 for total in totals) > 100
    assert sum(0 < total < 1000 for total in totals) > 100
    assert expected_total("cafe", "주식") == expected_total("cafearticle", "주식") == 1_777_224


@pytest.mark.parametrize(("platform", "rate", "refusal"), [("legacy", 10, "012"), ("hub", 50, "420")])
def test_each_platform_has_its_rate_in_any_sliding_second(platform, rate, refusal):
    sim = naver()
    half = SECOND // 2
    assert all(ask(sim, platform, at=half).status == 200 for _ in range(rate))
    for at in (half, SECOND, half + SECOND - 1):
        refused = ask(sim, platform, at=at)
        assert (refused.status, code(refused)) == (429, refusal)
    assert ask(sim, platform, at=half + SECOND).status == 200
    assert sim.ledger.stats()["throttled"] == 3
    assert sim.ledger.stats()["most_in_a_second"] == rate + 3


@given(st.lists(st.integers(0, SECOND // 3), max_size=60), st.integers(1, 5))
def test_no_second_anywhere_holds_more_than_the_rate(pauses, rate):
    sim, at, taken = naver(rate=rate, daily_quota=None), 0, []
    arrivals = []
    for pause in pauses:
        at += pause
        arrivals.append(at)
        if ask(sim, at=at).status == 200:
            taken.append(at)
        else:
            assert sum(at - SECOND < before <= at for before in taken) == rate
    assert all(sum(start <= each < start + SECOND for each in taken) <= rate for start in taken)
    most = max((sum(start <= each < start + SECOND for each in arrivals) for start in arrivals), default=0)
    assert sim.ledger.stats()["most_in_a_second"] == most


def test_rates_are_per_client():
    sim = Naver(Config(rate=1, clients={"one": "1", "two": "2"}))
    assert ask(sim, x_naver_client_id="one", x_naver_client_secret="1").status == 200
    assert ask(sim, x_naver_client_id="two", x_naver_client_secret="2").status == 200
    assert ask(sim, x_naver_client_id="two", x_naver_client_secret="2").status == 429
    assert sim.ledger.stats()["most_in_a_second_by_client"] == {"one": 1, "two": 2}


def test_the_day_counts_all_services_and_turns_at_midnight_in_seoul():
    before = int(datetime.fromisoformat("2026-11-21T23:59:00+09:00").timestamp() * 1000)
    sim = naver(rate=None, daily_quota=2, now=before)
    assert [ask(sim, service=name).status for name in ("blog", "news")] == [200, 200]
    refused = ask(sim)
    assert (refused.status, code(refused)) == (429, "010")
    assert json.loads(refused.body)["errorMessage"] == (
        "{count/quota=3/2} : Query limit exceeded. (쿼리 한도를 초과했습니다.)"
    )
    refused = ask(sim, "hub")
    assert (refused.status, code(refused)) == (429, "400")
    sim.configure(sim.config.changed({"now": "2026-11-22T00:00:00+09:00"}))
    assert ask(sim).status == 200
    assert "Sun, 22 Nov 2026 00:00:0" in ask(sim).body.decode()


def test_what_the_services_refuse_costs_on_hub_and_not_on_legacy():
    for platform, after in (("legacy", 200), ("hub", 429)):
        sim = naver(rate=1)
        assert ask(sim, platform, query="").status == 400
        assert ask(sim, platform).status == after


def test_repeated_questions_are_told():
    sim = naver(rate=2, daily_quota=None)
    for _ in range(3):
        ask(sim, query="query=a")
    ask(sim, query="query=b", at=2 * SECOND)
    ask(sim, query="query=a", at=2 * SECOND)
    stats = sim.ledger.stats()
    assert (stats["calls"], stats["distinct"]) == (5, 2)
    assert (stats["repeated_calls"], stats["repeated_answers"]) == (2, 2)
    assert stats["repeated"] == [["blog", "a", 3, 3]]
    assert stats["seconds"] == 2.0
    assert stats["by_status"] == {"200": 4, "429": 1}


def test_faults_strike_the_same_questions_in_any_order():
    fault = Fault.parse("se99=0.3")
    words = [f"w{n}" for n in range(60)]
    hit = {word for word in words if fault.strikes(7, "blog", word, 1)}
    assert 5 < len(hit) < 35
    for order in (words, words[::-1]):
        sim = naver(rate=None, faults=["se99=0.3"], seed=7)
        assert {word for word in order if ask(sim, query=f"query={word}").status == 500} == hit


def test_a_counted_fault_strikes_the_next_calls_only():
    sim = naver(rate=None, faults=["throttled=2", "se99=1"])
    assert [ask(sim).status for _ in range(4)] == [429, 429, 500, 200]
    assert sim.ledger.stats()["faults"] == {"throttled": 2, "se99": 1}


@pytest.mark.parametrize("kind", ["garbage", "empty", "truncated", "wrong_total", "error200"])
@pytest.mark.parametrize("platform", ["legacy", "hub"])
def test_broken_answers_come_with_status_200(kind, platform):
    answer = ask(naver(faults=[f"{kind}=1"]), platform)
    assert answer.status == 200
    try:
        total = json.loads(answer.body).get("total")
    except ValueError:
        total = None
    assert not isinstance(total, int)


@pytest.mark.parametrize("text", ["fire=1", "se99=2.5", "se99", "se99=-1", "slow=0.1:x"])
def test_a_fault_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"fault|share|float"):
        Config(faults=(text,))


@pytest.mark.parametrize("change", [{"speed": 1}, {"platform": "x"}, {"rate": "fast"}, {"disabled": ["shop"]}])
def test_a_setting_that_is_none_is_refused(change):
    with pytest.raises(ValueError, match=r"no such|rate"):
        Config().changed(change)


def test_one_platform_alone_knows_nothing_of_the_other():
    assert code(ask(naver(platform="legacy"), "hub")) == "024"
    assert code(ask(naver(platform="hub"), "legacy")) == "200"


def test_only_get_is_answered():
    sim = naver()
    assert sim.answer(Call("POST", "/v1/search/blog.json?query=a", LEGACY), 0).status == 405
    assert sim.ledger.calls == 1


def test_words_instead_of_pages():
    assert ask(naver(faults=["se99=1.0"]), service="adult").body == b'{"adult":"0"}'
    assert ask(naver(), "hub", "errata").body == b'{"errata":""}'
