"""The keyword tool's words, on recorded responses."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.errors import BadCredentials, BadSetting, Rejected, Throttled, Unreachable, Unreadable, UpstreamError
from app.sources import registry
from app.sources.base import Account, Reading, Response
from app.sources.naver_searchad import NaverSearchAd, hint, signature
from tests.recorded import names, recorded
from workers.budget.values import Rate

LICENCE, SECRET = "a-licence-nobody-may-see", "a-secret-nobody-may-see"
MISSING = ("missing", None, None)
OUTCOMES = {
    "ok": ("ok", 24_370.0, None),
    "not_first": ("ok", 24_370.0, None),
    "alone": ("ok", 24_370.0, None),
    "below": ("below", None, 19.0),
    "below_one": ("below", None, 4380.0),
    "below_as_specified": ("below", None, 40.0),
    "brief": ("below", None, 19.0),
    "not_named": MISSING,
    "double_encoded": MISSING,
    "empty": MISSING,
    "without_counts": MISSING,
    "page": Unreadable,
    "invalid_parameter": Rejected,
    "11001": Rejected,
    "1014": Unreadable,
    "1015": Rejected,
    "invalid_signature": BadCredentials,
    "invalid_apikey": BadCredentials,
    "invalid_timestamp": Unreachable,
    "1018": BadCredentials,
    "1006": BadCredentials,
    "429": Throttled,
    "429_rps": Throttled,
    "1016": Throttled,
    "422": Unreachable,
    "500": Unreachable,
    "503": Unreachable,
}
ERRORS = [name for name, outcome in OUTCOMES.items() if not isinstance(outcome, tuple)]
COUNTS = st.integers(0, 10**7) | st.integers(1, 10**4).map(lambda most: f"< {most}")


def settings(**values):
    given = {"base_url": "", "customer_id": "1234567", "api_key": LICENCE, "secret_key": SECRET, **values}
    return NaverSearchAd.settings_class(_env_file=None, **given)


def account(**values):
    given = settings(**values)
    return Account("naver_searchad", "test", NaverSearchAd().budget_from(given), given)


def ask(*keywords, channel="volume"):
    return NaverSearchAd().ask(channel, keywords, account())


def asked(*keywords):
    """The hints as they stand in the address."""
    query = dict(part.split("=") for part in urlsplit(ask(*keywords).url).query.split("&"))
    return [unquote(one, errors="strict") for one in query["hintKeywords"].split(",")]


def read(response, *keywords, channel="volume"):
    return NaverSearchAd().read(channel, keywords or ("맥북",), response)


def row(keyword, pc, mobile, **more):
    return {"relKeyword": keyword, "monthlyPcQcCnt": pc, "monthlyMobileQcCnt": mobile, **more}


def answer(*rows, status=200):
    return Response(status, json.dumps({"keywordList": rows}).encode())


def test_every_recorded_response_has_an_outcome_here():
    assert names("naver_searchad") == sorted(f"naver_searchad/{name}" for name in OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_recorded(name):
    expected = OUTCOMES[name]
    there = recorded(f"naver_searchad/{name}")
    if isinstance(expected, tuple):
        [reading] = read(there)
        assert (reading.state, reading.value, reading.upper) == expected
    else:
        with pytest.raises(UpstreamError) as caught:
            read(there)
        assert type(caught.value) is expected


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("channel", ["volume", "related"])
def test_an_error_repeats_no_key_and_no_signature(name, channel):
    with pytest.raises(UpstreamError) as caught:
        read(recorded(f"naver_searchad/{name}"), channel=channel)
    assert "invented" not in caught.value.detail
    assert "c2lt" not in caught.value.detail


def test_half_of_a_refusal_repeats_no_key_either():
    there = recorded("naver_searchad/invalid_apikey")
    for size in range(len(there.body)):
        with pytest.raises(BadCredentials) as caught:
            read(Response(403, there.body[:size]))
        assert "invented" not in caught.value.detail


def test_an_error_keeps_its_code_and_words():
    with pytest.raises(Rejected) as caught:
        read(recorded("naver_searchad/11001"))
    assert caught.value.detail == "HTTP 400 11001 잘못된 파라미터 형식입니다."
    with pytest.raises(BadCredentials, match="Invalid API-KEY"):
        read(recorded("naver_searchad/invalid_apikey"))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unreadable),
        (200, b"[]", Unreadable),
        (200, b"{}", Unreadable),
        (200, b'{"keywordList":null}', Unreadable),
        (200, b'{"keywordList":{}}', Unreadable),
        (200, b'{"keywordList":[[]]}', Unreadable),
        (200, b'{"keywordList":[{}]}', Unreadable),
        (200, b'{"keywordList":[{"relKeyword":" "}]}', Unreadable),
        (200, b'{"keywordList":[],"code":1016}', Throttled),
        (200, b'{"keywordList":[],"code":"1016"}', Throttled),
        (200, b'{"keywordList":[],"code":7}', Unreadable),
        (200, b'{"keywordList":[],"type":"about:blank"}', Unreadable),
        (204, b"", Unreadable),
        (301, b"", Unreadable),
        (400, b'{"keywordList":[]}', Unreadable),
        (400, b"<html>Bad Request</html>", Unreadable),
        (401, b"", BadCredentials),
        (403, b"<html>Forbidden</html>", BadCredentials),
        (404, b'{"code":1001}', Unreadable),
        (414, b"<html>URI Too Large</html>", Rejected),
        (429, b"<html>slow</html>", Throttled),
        (429, b'{"keywordList":[]}', Throttled),
        (502, b"<html>Bad Gateway</html>", Unreachable),
    ],
)
@pytest.mark.parametrize("channel", ["volume", "related"])
def test_anything_less_than_an_answer_is_an_error(status, body, error, channel):
    with pytest.raises(UpstreamError) as caught:
        read(Response(status, body), channel=channel)
    assert type(caught.value) is error


def test_being_told_to_slow_down_keeps_the_wait():
    there = recorded("naver_searchad/429")
    with pytest.raises(Throttled) as caught:
        read(Response(429, there.body, {"retry-after": "7"}))
    assert caught.value.retry_after == 7.0


@pytest.mark.parametrize("name", ["ok", "empty", "below"])
def test_no_beginning_of_an_answer_is_an_answer(name):
    body = recorded(f"naver_searchad/{name}").body
    for size in range(len(body)):
        with pytest.raises(Unreadable):
            read(Response(200, body[:size]))


@pytest.mark.parametrize("name", OUTCOMES)
@given(data=st.data())
def test_a_damaged_answer_is_the_sum_of_what_it_says_or_no_number(name, data):
    there = recorded(f"naver_searchad/{name}")
    body = bytearray(there.body)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=3))
    try:
        [reading] = read(Response(there.status, bytes(body), there.headers))
        [related] = read(Response(there.status, bytes(body), there.headers), channel="related")
    except UpstreamError:
        return
    if reading.state == "ok":
        assert reading.value == reading.data["pc"] + reading.data["mobile"]
        assert all(str(reading.data[device]).encode() in body for device in ("pc", "mobile"))
    assert related.state == "missing" or related.value == len(related.data["related"])
    json.dumps([reading.data, related.data], allow_nan=False)


def test_everything_that_a_row_says_is_kept():
    [reading] = read(recorded("naver_searchad/ok"))
    assert reading.data == {
        "pc": 4370,
        "mobile": 20000,
        "competition": "높음",
        "pc_clicks": 24.1,
        "mobile_clicks": 119.2,
        "pc_ctr": 0.59,
        "mobile_ctr": 0.64,
        "ads": 10,
    }
    shown = {column.key for column in NaverSearchAd.channels["volume"].columns}
    assert shown == set(reading.data)


def test_less_than_ten_is_a_range_and_what_is_known_of_it_is_kept():
    [reading] = read(recorded("naver_searchad/below_one"))
    assert (reading.data["pc"], reading.data["mobile"]) == (4370, {"below": 10})
    assert reading.data["at_least"] == 4370
    [reading] = read(recorded("naver_searchad/below"))
    assert "at_least" not in reading.data


def test_the_specification_is_read_too():
    [reading] = read(recorded("naver_searchad/below_as_specified"))
    assert reading.data["mobile"] == 30
    assert reading.data["competition"] == "낮음"
    assert reading.data["mobile_clicks"] == 0.4


@given(COUNTS, COUNTS)
def test_the_sum_lies_exactly_within_what_is_said(pc, mobile):
    [reading] = read(answer(row("맥북", pc, mobile)))
    low = sum(count for count in (pc, mobile) if isinstance(count, int))
    high = sum(count if isinstance(count, int) else int(count[2:]) - 1 for count in (pc, mobile))
    if isinstance(pc, int) and isinstance(mobile, int):
        assert reading == Reading("ok", float(pc + mobile), data={"pc": pc, "mobile": mobile})
    else:
        assert reading.state == "below"
        assert reading.value is None
        assert (reading.data.get("at_least", 0), reading.upper) == (low, high + 1)


@pytest.mark.parametrize(
    "count", ["", "< ", "<0", "< 0", "<-1", "< 1.5", "> 10", "10 <", "many", -1, 1.5, True, [], {}, 2**60, "1e3"]
)
def test_a_count_that_is_none_is_never_a_number(count):
    for one in (row("맥북", count, 10), row("맥북", "< 10", count), row("맥북", count, count)):
        with pytest.raises(Unreadable):
            read(answer(one))


@pytest.mark.parametrize("half", [{"monthlyPcQcCnt": 10}, {"monthlyMobileQcCnt": "< 10"}])
def test_half_of_the_searches_is_no_sum(half):
    with pytest.raises(Unreadable):
        read(answer({"relKeyword": "맥북", **half}))


def test_what_is_odd_beside_the_counts_is_left_out():
    odd = {"compIdx": "?", "plAvgDepth": None, "monthlyAvePcClkCnt": "many", "monthlyAvePcCtr": True}
    assert read(answer(row("맥북", 1, 2, **odd))) == [Reading("ok", 3.0, data={"pc": 1, "mobile": 2})]
    body = b'{"keywordList":[{"relKeyword":"a","monthlyPcQcCnt":1,"monthlyMobileQcCnt":2,"monthlyAvePcCtr":NaN}]}'
    assert read(Response(200, body), "a") == [Reading("ok", 3.0, data={"pc": 1, "mobile": 2})]


def test_rows_of_one_keyword_that_differ_are_not_understood():
    one = row("맥북", 10, 20)
    assert read(answer(one, one))[0].value == 30.0
    with pytest.raises(Unreadable):
        read(answer(one, row("맥 북", 10, 30)))


@given(st.permutations(["맥북", "MAC BOOK", "h&m", "A/S 센터", "맥북 프로"]), st.randoms())
def test_each_keyword_gets_its_own_row_wherever_it_stands(keywords, random):
    rows = [row(hint(keyword), 10 * len(keyword), 7) for keyword in keywords] + [row("다른것", 1, 1)]
    random.shuffle(rows)
    readings = read(answer(*rows), *keywords)
    assert [reading.value for reading in readings] == [10.0 * len(keyword) + 7 for keyword in keywords]


def test_a_keyword_that_is_not_named_is_asked_again_and_a_named_one_without_a_number_is_not():
    there = answer(row("맥북", 1, 2), {"relKeyword": "아이맥"})
    readings = read(there, "맥북", "아이폰", "아이맥")
    assert [(one.state, one.left_out) for one in readings] == [("ok", False), ("missing", True), ("missing", False)]
    assert read(recorded("naver_searchad/empty"))[0].left_out


def test_keywords_that_are_one_hint_are_asked_once_and_all_answered():
    assert asked("맥 북", "맥북", "mac book", "MACBOOK") == ["맥북", "MACBOOK"]
    there = answer(row("맥북", 1, 2), row("MACBOOK", 30, 40))
    assert [one.value for one in read(there, "맥 북", "맥북", "mac book", "MACBOOK")] == [3.0, 3.0, 70.0, 70.0]


def test_a_decomposed_keyword_is_the_composed_one():
    decomposed = "\u1106\u1162\u11a8\u1107\u116e\u11a8"
    assert asked(decomposed) == ["맥북"]
    assert read(recorded("naver_searchad/ok"), decomposed)[0].value == 24_370.0


@pytest.mark.parametrize(
    "keyword",
    [
        "",
        " ",
        "\u3000",
        "맥북,아이맥",
        "맥\ud800북",
        "맥\0북",
        "😀",
        "맥북\u200b",
        "a-b",
        "5:5",
        "кот",
        "[맥북]",
        "맥북*",
        "<b>",
    ],
)
def test_what_would_spoil_the_call_is_rejected(keyword):
    for channel in ("volume", "related"):
        with pytest.raises(Rejected):
            ask(keyword, channel=channel)
    with pytest.raises(Rejected):
        ask("맥북", keyword)


def test_a_rejection_names_the_character():
    with pytest.raises(Rejected, match="the character '-'"):
        ask("e-mart")
    with pytest.raises(Rejected, match="ud800"):
        ask("\ud800")


@pytest.mark.parametrize(
    "keyword", ["\"#&.=+%?!;_@()~'\\/", "ㅋㅋ", "漢字", "ひらがな", "カタカナー", "佐々木", "Café", "Ⅲ"]
)
def test_what_naver_allows_arrives(keyword):
    assert asked(keyword) == [hint(keyword)]


@given(st.lists(st.text(st.characters()), min_size=1, max_size=5))
def test_any_keywords_arrive_as_hints_or_are_rejected(keywords):
    try:
        address = ask(*keywords).url
    except Rejected:
        return
    assert address.isascii()
    assert asked(*keywords) == list(dict.fromkeys(hint(keyword) for keyword in keywords))
    assert not re.search(r"\s", "".join(asked(*keywords)))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_hint_is_its_own_hint(keyword):
    assert hint(hint(keyword)) == hint(keyword)
    assert hint(f" {keyword}\t") == hint(keyword)


@pytest.mark.parametrize(
    ("timestamp", "path", "expected"),
    [
        ("1000", "/keywordstool", "1RwAMGatDnGPP4I4UprdITR89xQCd+3ypiazQtD/p94="),
        ("1457082455307", "/ncc/campaigns", "ckSI724Q+iulH7vV9wgI+scb53/QgFrYNOOFoGtHX90="),
    ],
)
def test_signatures(timestamp, path, expected):
    assert signature("secret", timestamp, "GET", path) == expected


def test_the_call():
    with clock.frozen(1000):
        request = NaverSearchAd().ask("volume", ["맥북 프로", "h&m"], account(secret_key="secret"))
    assert request.url == (
        "https://api.searchad.naver.com/keywordstool"
        "?hintKeywords=%EB%A7%A5%EB%B6%81%ED%94%84%EB%A1%9C,H%26M&showDetail=1"
    )
    assert request.headers == {
        "X-Timestamp": "1000",
        "X-API-KEY": LICENCE,
        "X-Customer": "1234567",
        "X-Signature": "1RwAMGatDnGPP4I4UprdITR89xQCd+3ypiazQtD/p94=",
    }


def test_a_call_that_is_made_again_is_signed_again():
    with clock.frozen(1000):
        first = ask("맥북").headers
    with clock.frozen(2000):
        second = ask("맥북").headers
    assert first["X-Signature"] != second["X-Signature"]
    assert second["X-Timestamp"] == "2000"


def test_related_counts_the_others_and_names_the_most_searched_first():
    [reading] = read(recorded("naver_searchad/not_first"), channel="related")
    assert (reading.state, reading.value) == ("ok", 3.0)
    assert reading.data["related"] == [
        {"keyword": "맥북에어", "pc": 31200, "mobile": 58900, "competition": "중간"},
        {"keyword": "맥북케이스", "pc": 980, "mobile": {"below": 10}, "competition": "중간"},
        {"keyword": "맥북중고수리", "pc": {"below": 10}, "mobile": {"below": 10}, "competition": "낮음"},
    ]


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=300))
def test_related_keeps_the_two_hundred_most_searched(counts):
    rows = [row(f"맥북{at}", pc, mobile) for at, (pc, mobile) in enumerate(counts)]
    [reading] = read(answer(row("맥북", 1, 1), *rows), channel="related")
    kept = reading.data["related"]
    assert (reading.value, len(kept)) == (len(counts), min(len(counts), 200))
    sums = [sum(one[at] for at in ("pc", "mobile") if isinstance(one[at], int)) for one in kept]
    assert sums == sorted(sums, reverse=True)
    every = sorted((sum(count for count in pair if isinstance(count, int)) for pair in counts), reverse=True)
    assert sums == every[:200]


def test_no_related_keyword_is_a_zero_only_when_the_hint_was_answered():
    assert read(recorded("naver_searchad/alone"), channel="related") == [Reading("ok", 0.0, data={"related": []})]
    assert read(recorded("naver_searchad/empty"), channel="related") == [Reading("missing", left_out=True)]


def test_related_is_asked_one_by_one_and_volumes_five_by_five():
    assert registry.get("naver_searchad.related").per_call == 1
    assert registry.get("naver_searchad.volume").per_call == 5


def test_it_is_asked_slowly_and_one_at_a_time():
    budget = account().budget
    assert (budget.rate, budget.concurrency, budget.quota) == (Rate(50, 60.0), 1, None)


def test_no_secret_is_to_be_read():
    here = account()
    request = NaverSearchAd().ask("volume", ["맥북"], here)
    for shown in (here, here.settings, request, here.settings.model_dump(), here.settings.model_dump_json()):
        assert SECRET not in f"{shown!r} {shown}"
        assert LICENCE not in f"{shown!r} {shown}"


@pytest.mark.parametrize("name", ["CUSTOMER_ID", "API_KEY", "SECRET_KEY"])
def test_an_invisible_character_in_a_credential_is_refused_without_being_shown(name, monkeypatch):
    for other in ("CUSTOMER_ID", "API_KEY", "SECRET_KEY"):
        monkeypatch.setenv(f"KEYBATCH_NAVER_SEARCHAD_{other}", "good")
    monkeypatch.setenv(f"KEYBATCH_NAVER_SEARCHAD_{name}", f"{SECRET}\u200b")
    with pytest.raises(BadSetting) as caught:
        NaverSearchAd().account()
    assert f"KEYBATCH_NAVER_SEARCHAD_{name}" in str(caught.value)
    assert SECRET not in f"{caught.value!r} {caught.value.__context__}"


def test_blanks_around_credentials_are_not_theirs(monkeypatch, tmp_path):
    monkeypatch.delenv("KEYBATCH_NAVER_SEARCHAD_SECRET_KEY", raising=False)
    (tmp_path / "secret").write_text("secret\n")
    monkeypatch.setenv("KEYBATCH_NAVER_SEARCHAD_SECRET_KEY_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("KEYBATCH_NAVER_SEARCHAD_CUSTOMER_ID", " 1234567\t")
    monkeypatch.setenv("KEYBATCH_NAVER_SEARCHAD_API_KEY", f"{LICENCE} ")
    with clock.frozen(1000):
        headers = NaverSearchAd().ask("volume", ["맥북"], NaverSearchAd().account()).headers
    assert (headers["X-Customer"], headers["X-API-KEY"]) == ("1234567", LICENCE)
    assert headers["X-Signature"] == "1RwAMGatDnGPP4I4UprdITR89xQCd+3ypiazQtD/p94="


def test_it_says_which_settings_are_missing():
    assert NaverSearchAd().missing_settings(settings(customer_id="", secret_key="")) == [
        "KEYBATCH_NAVER_SEARCHAD_CUSTOMER_ID",
        "KEYBATCH_NAVER_SEARCHAD_SECRET_KEY",
    ]
    assert NaverSearchAd().missing_settings(settings()) == []
