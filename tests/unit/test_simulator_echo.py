"""The simulator that is asked for several keywords a call: its counts, its wire, its faults."""

import http.client
import json
from collections import Counter
from contextlib import closing
from urllib.parse import quote

import pytest

from tests.simulators.echo import EchoSimulator, expected

WORDS = [f"키워드 {n}" for n in range(4_000)]
KNOWN = [word for word in WORDS if expected(word).state == "ok"]
UNKNOWN = [word for word in WORDS if expected(word).state == "missing"]
FEW = [word for word in WORDS if expected(word).state == "below"]


@pytest.fixture
def sim():
    with EchoSimulator(latency_ms=0) as running:
        yield running


def call(sim, *keywords, key="echo-key", timeout=5.0):
    """Status, headers and body of one call."""
    where = sim.env()["KEYBATCH_ECHO_BASE_URL"].removeprefix("http://")
    with closing(http.client.HTTPConnection(where, timeout=timeout)) as connection:
        asked = "&".join(f"k={quote(keyword, safe='')}" for keyword in keywords)
        connection.request("GET", f"/v1/counts?{asked}", headers={"X-Key": key})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def counts(sim, *keywords):
    status, _, body = call(sim, *keywords)
    assert status == 200
    return {count["keyword"]: count["total"] for count in json.loads(body)["counts"]}


def test_counts_are_of_every_kind_and_always_the_same():
    kinds = Counter("0" if expected(word).value == 0 else expected(word).state for word in WORDS)
    assert {"0", "ok", "below", "missing"} == set(kinds)
    assert kinds["0"] / len(WORDS) == pytest.approx(0.05, abs=0.02)
    assert kinds["missing"] / len(WORDS) == pytest.approx(0.01, abs=0.005)
    assert [expected(word) for word in WORDS] == [expected(word) for word in WORDS]


def test_the_control_keyword_has_a_count():
    assert expected("control").state == "ok"


def test_each_count_names_its_keyword(sim):
    assert counts(sim, *KNOWN[:5]) == {word: expected(word).value for word in KNOWN[:5]}


def test_few_are_told_in_words_and_the_unknown_not_at_all(sim):
    assert counts(sim, FEW[0], UNKNOWN[0], KNOWN[0]) == {FEW[0]: "< 10", KNOWN[0]: expected(KNOWN[0]).value}


@pytest.mark.parametrize("keyword", ['"a" & b', "a+b", "100%", "a/b?c#d=e", "😀", "k=1&k=2", "<b>", " "])
def test_any_keyword_comes_through(sim, keyword):
    call(sim, keyword)
    assert list(sim.asked) == [keyword]


def test_a_wrong_key_is_refused(sim):
    status, _, body = call(sim, KNOWN[0], key="another")
    assert (status, json.loads(body)) == (401, {"error": "bad_key"})


@pytest.mark.parametrize("number", [0, 6])
def test_none_or_too_many_are_refused(sim, number):
    status, _, body = call(sim, *KNOWN[:number])
    assert (status, json.loads(body)) == (400, {"error": "bad_request"})


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({"faults": {"500": 1.0}}, 500),
        ({"faults": {"429": 1.0}}, 429),
        ({"poison": [KNOWN[1]]}, 500),
        ({"down": True}, 503),
    ],
)
def test_a_refusal_has_its_status_and_no_count(settings, status):
    with EchoSimulator(latency_ms=0, **settings) as sim:
        got, _, body = call(sim, *KNOWN[:3])
        assert got == status
        assert b"counts" not in body
        assert not sim.told


def test_poison_spoils_only_calls_that_hold_it():
    with EchoSimulator(latency_ms=0, poison=[KNOWN[0]]) as sim:
        assert [call(sim, *words)[0] for words in (KNOWN[:2], KNOWN[:1], KNOWN[1:2])] == [500, 500, 200]


def test_a_retry_after_is_told():
    with EchoSimulator(latency_ms=0, faults={"429": 1.0}, retry_after=1) as sim:
        assert call(sim, KNOWN[0])[1]["Retry-After"] == "1"


@pytest.mark.parametrize("fault", ["garbage", "truncated"])
def test_damage_comes_with_200_and_is_no_json(fault):
    with EchoSimulator(latency_ms=0, faults={fault: 1.0}) as sim:
        status, _, body = call(sim, *KNOWN[:3])
    assert status == 200
    with pytest.raises(ValueError):  # noqa: PT011 -- bytes that are no text and text that is no JSON say it in their own ways
        json.loads(body)


def test_a_hang_never_answers():
    with EchoSimulator(latency_ms=0, faults={"hang": 1.0}) as sim, pytest.raises(TimeoutError):
        call(sim, KNOWN[0], timeout=0.1)


def test_a_wrong_name_stands_in_the_place_of_one_that_was_asked():
    with EchoSimulator(latency_ms=0, faults={"wrong": 1.0}) as sim:
        for at in range(0, 50, 5):
            told = counts(sim, *KNOWN[at : at + 5])
            assert len(told.keys() & set(KNOWN[at : at + 5])) == 4
            for name, total in told.items():
                count = expected(name)
                assert total == ("< 10" if count.state == "below" else count.value)


def test_a_short_answer_leaves_one_out():
    with EchoSimulator(latency_ms=0, faults={"short": 1.0}) as sim:
        assert len(counts(sim, *KNOWN[:5])) == 4


def test_an_error_that_carries_zeros_says_that_it_is_an_error():
    with EchoSimulator(latency_ms=0, faults={"error200": 1.0}) as sim:
        status, _, body = call(sim, *KNOWN[:2])
    assert status == 200
    assert json.loads(body)["error"]
    assert [count["total"] for count in json.loads(body)["counts"]] == [0, 0]


def test_a_backoff_comes_with_a_right_answer():
    with EchoSimulator(latency_ms=0, faults={"backoff": 1.0}, backoff_s=2.5) as sim:
        _, _, body = call(sim, KNOWN[0])
    assert json.loads(body) == {"counts": [{"keyword": KNOWN[0], "total": expected(KNOWN[0]).value}], "backoff": 2.5}


def statuses(seed, questions, times=1):
    with EchoSimulator(latency_ms=0, faults={"500": 0.3, "429": 0.2}, seed=seed) as sim:
        return {word: [call(sim, word)[0] for _ in range(times)] for word in questions}


def test_faults_strike_by_seed_and_question_whatever_the_order():
    there = statuses(7, KNOWN[:40])
    back = statuses(7, KNOWN[39::-1])
    assert there == back
    assert there != statuses(8, KNOWN[:40])
    assert {status for [status] in there.values()} == {200, 429, 500}


def test_asking_again_may_succeed():
    met = [answers for answers in statuses(7, KNOWN[:20], times=6).values() if answers[0] != 200]
    assert met
    assert all(200 in answers for answers in met)


def test_shares_are_kept():
    faults = {"500": 0.10, "garbage": 0.05, "429": 0.05}
    with EchoSimulator(latency_ms=0, faults=faults, seed=7) as sim:
        for word in KNOWN[:600]:
            call(sim, word)
        assert set(sim.struck) == set(faults)
        assert all(sim.struck[fault] / 600 == pytest.approx(share, abs=0.04) for fault, share in faults.items())
        assert sim.calls == 600


def test_the_rate_is_kept():
    with EchoSimulator(latency_ms=0, rate=3) as sim:
        assert [call(sim, KNOWN[0])[0] for _ in range(5)] == [200, 200, 200, 429, 429]
        assert json.loads(call(sim, KNOWN[0])[2]) == {"error": "too_fast"}


def test_the_quota_is_of_a_day_in_seoul():
    evening = 1_795_273_199_000 - 1_795_273_199_000 % 86_400_000 + 14 * 3_600_000 + 3_590_000  # 23:59:50 in Seoul
    with EchoSimulator(latency_ms=0, daily_quota=2, now=evening) as sim:
        assert [call(sim, KNOWN[0])[0] for _ in range(3)] == [200, 200, 429]
        assert json.loads(call(sim, KNOWN[0])[2]) == {"error": "quota_spent"}
        sim.configure(now=evening + 60_000)
        assert call(sim, KNOWN[0])[0] == 200


def test_settings_change_while_it_runs_and_wrong_ones_change_nothing(sim):
    sim.configure(faults={"429 later": 1.0}, poison=[KNOWN[1]])
    status, headers, _ = call(sim, KNOWN[0])
    assert (status, headers["Retry-After"], headers["X-Keybatch-Simulator"]) == (429, "1", "1")
    assert call(sim, KNOWN[1])[0] == 500
    for wrong in (
        {"speed": 1},
        {"faults": {"fire": 0.1}},
        {"faults": {"500": 0.9, "429": 0.2}},
        {"faults": {"500": -1}},
    ):
        with pytest.raises(ValueError, match=r"setting or fault|shares"):
            sim.configure(down=True, **wrong)
    assert call(sim, KNOWN[0])[0] == 429


def test_what_happened_is_told(sim):
    assert sim.stats()["last_call_ms"] is None
    call(sim, *KNOWN[:2])
    call(sim, KNOWN[0])
    call(sim, KNOWN[0], key="another")
    sim.configure(faults={"truncated": 1.0})
    call(sim, KNOWN[1])
    sim.configure(faults={"hang": 1.0})
    with pytest.raises(TimeoutError):
        call(sim, KNOWN[1], timeout=0.1)
    stats = sim.stats()
    assert stats.pop("last_call_ms") > 1_700_000_000_000
    assert stats == {
        "calls": 5,
        "by_status": {"0": 1, "200": 3, "401": 1},
        "faults": {"truncated": 1, "hang": 1},
        "answered": {KNOWN[0]: 2, KNOWN[1]: 1},
        "repeated_answers": 1,
    }
    assert [sim.calls_of(word) for word in KNOWN[:3]] == [2, 3, 0]


def test_down_and_poison_go_before_a_hang():
    with EchoSimulator(latency_ms=0, faults={"hang": 1.0}, poison=[KNOWN[0]]) as sim:
        assert call(sim, KNOWN[0])[0] == 500
        sim.configure(down=True)
        assert call(sim, KNOWN[1])[0] == 503
