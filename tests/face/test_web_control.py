"""What a batch's page offers to do and explains, and what the form foretells, by pure functions."""

from dataclasses import replace
from datetime import datetime

import pytest

from app.errors import BadValue
from app.services import intake
from app.services.doubts import Doubt
from app.services.failures import Sampled
from app.services.holdings import AccountView
from app.services.intake import Told
from app.services.shapes import Counts, Failure, Pace, Preview, Rejection, SourceNeeds, SourceView
from app.web import control, failures, filled, forecast
from app.web.report import Heard
from app.web.words import known
from tests.face.test_web_shown import NOW, batch, info

INFOS = {name: info(name) for name in ("naver.blog", "naver.cafe")}
PACE = Pace(9.8, 10.0, NOW + 60_000, "rate", 20_000, 25_000)
ACCOUNT = AccountView(
    key="naver/default",
    upstream="naver",
    rate="10/s",
    rate_part=1.0,
    spent_today=24_600,
    reserved=0,
    quota=25_000,
    left_today=400,
    reserve=0,
    spent_month=700_000,
    monthly=775_000,
    left_month=75_000,
    renewed_at=NOW,
)


@pytest.mark.parametrize(
    ("state", "fits"),
    [
        ("queued", {"pause", "cancel"}),
        ("running", {"pause", "cancel"}),
        ("waiting", {"pause", "cancel"}),
        ("paused", {"resume", "cancel"}),
        ("cancelling", set()),
        ("cancelled", {"resume", "rerun"}),
        ("completed", {"rerun"}),
    ],
)
def test_only_verbs_that_fit_the_state_are_offered(state, fits):
    verbs = control.verbs(batch(state=state), "en")
    assert {name for name in ("pause", "resume", "cancel", "rerun") if getattr(verbs, name)} == fits


def waiting(reason):
    source = SourceView("naver.blog", "waiting", 100, Counts(), reason, NOW + 3_600_000)
    other = SourceView("naver.cafe", "waiting", 100, Counts(), reason, NOW + 3_600_000)
    return batch(state="waiting", waiting_reason=reason, waiting_until=NOW + 3_600_000, sources=(source, other))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("reason", ["quota", "upstream_down", "credentials", "throttled"])
def test_a_wait_is_explained_once_for_each_upstream(reason, language):
    [found] = control.reasons(waiting(reason), PACE, INFOS, NOW, language)
    assert found.text.startswith("네이버" if language == "ko" else "Naver")
    assert "{" not in found.text
    assert found.kind == ("fail" if reason == "credentials" else "wait")


def test_nothing_is_explained_while_all_goes_as_expected():
    assert control.reasons(batch(), PACE, INFOS, NOW, "ko") == []


def test_a_rate_that_was_cut_a_deadline_missed_and_a_rest_are_explained():
    slow = Pace(5.0, 10.0, NOW + 60_000, "rate", None, None, rate_part=0.5)
    assert "50%" in control.reasons(batch(), slow, INFOS, NOW, "en")[0].text
    [late] = control.reasons(batch(deadline_at=NOW + 30_000), PACE, INFOS, NOW, "en")
    assert "deadline" in late.text
    [rest] = control.reasons(batch(state="paused"), PACE, INFOS, NOW, "en")
    assert rest.text.startswith("Paused")
    [ended] = control.reasons(batch(state="cancelled", stopped_by="deadline"), PACE, INFOS, NOW, "en")
    assert "deadline" in ended.text


@pytest.mark.parametrize("state", ["running", "paused", "completed"])
def test_a_retry_is_offered_with_how_many_while_it_may_be(state):
    assert control.verbs(batch(state=state), "en").retry == "Retry 2 failed"
    none = batch(state=state, counts=Counts(ok=3))
    assert control.verbs(none, "ko").retry == ""
    assert control.verbs(batch(state="cancelled"), "ko").retry == ""


@pytest.mark.parametrize(
    ("workers", "age", "kinds"), [(0, 0, ["fail"]), (2, 60_000, ["wait"]), (2, 1_000, []), (None, 60_000, [])]
)
def test_a_batch_that_does_not_begin_is_explained(workers, age, kinds):
    queued = batch(state="queued", created_at=NOW - age)
    assert [one.kind for one in control.reasons(queued, PACE, INFOS, NOW, "ko", workers)] == kinds


def sampled(source, error, count, detail="", keywords=("맥북",)):
    kind = Failure(source, error, count, detail)
    return Sampled(kind, tuple((7 + n, keyword) for n, keyword in enumerate(keywords)))


def test_failures_are_told_by_kind_the_most_frequent_first_and_a_canary_is_offered_for_many():
    few = [sampled("naver.blog", "unreachable", 3, "no answer\nin time", ("a", "b"))]
    many = [*few, sampled("naver.cafe", "unreadable", 200, "HTTP 200: <html>")]
    [only] = failures.failed(12, few, INFOS, "en").kinds
    assert (only.count, only.means, only.detail, only.more) == ("3", "no answer", "no answer in time", "and 1 more")
    assert only.advice
    assert only.address == "/batches/12?filter=naver.blog:failed"
    assert [(one.keyword, one.address) for one in only.sample] == [
        ("a", f"{only.address}&row=7"), ("b", f"{only.address}&row=8"),
    ]  # fmt: skip
    assert failures.failed(12, few, INFOS, "en").canary == ""
    found = failures.failed(12, many, INFOS, "en")
    assert (found.total, found.canary, [kind.source for kind in found.kinds]) == (
        "203", "First 100 only", ["naver.cafe", "naver.blog"],
    )  # fmt: skip
    assert failures.failed(12, [], INFOS, "ko").total == ""


def test_every_class_of_failure_has_words_and_advice():
    for code in ("unreachable", "unreadable", "rejected"):
        assert known(f"means_{code}")
        assert known(f"advice_{code}")


def preview(**changes):
    values = {
        "items": 1_000,
        "merged": 2,
        "rejected": 1,
        "repaired": 0,
        "rejections": (Rejection(7, "xxx", "too_long"),),
        "lookups": 2_000,
        "cached": 300,
        "calls": 1_700,
        "ends_at": NOW + 86_400_000,
        "binds": "quota",
        "days": 1,
        "sources": (SourceNeeds("naver.blog", 1_000, 300, 700),),
        "accounts": (ACCOUNT,),
    }
    return Preview(**(values | changes))


def test_the_form_foretells_calls_quota_and_end():
    found = forecast.forecast(preview(), INFOS, NOW, "en")
    told = {fact.label: fact.value for fact in found.facts}
    assert [one.text for one in found.chips] == ["1,000 accepted", "2 merged", "1 rejected"]
    assert (told["Lookups"], told["Answered by earlier readings"], told["Calls needed"]) == ("2,000", "− 300", "1,700")
    assert found.whys[0] == "The daily quota decides when it ends."
    assert found.whys[1:] == ["Naver: 700 calls needed, 400 left today.", "Naver: 75,000 left this month."]
    assert found.submit == "Submit 1,000 keywords"
    assert forecast.forecast(preview(items=1), INFOS, NOW, "en").submit == "Submit 1 keyword"


def test_a_quota_that_is_gone_is_said_with_when_it_returns():
    gone = replace(ACCOUNT, left_today=0, left_month=None, renewed_at=NOW + 3_600_000)
    found = forecast.forecast(preview(accounts=(gone,)), INFOS, NOW, "ko")
    assert "오늘 남은 호출이 없습니다" in found.whys[1]
    refused = replace(ACCOUNT, left_month=None, reason="credentials")
    assert "credentials refused" in forecast.forecast(preview(accounts=(refused,)), INFOS, NOW, "en").whys[-1]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_becomes_of_lines_is_told_in_their_order(language):
    doubts = tuple(Doubt(n, "latin_typed", f"typed {n}", "meant" if n % 2 else None) for n in range(100))
    odd = preview(doubted={"latin_typed": 150}, doubtful=doubts, spacings=(("a b", "ab"), ("c d", "cd")), spaced=60)
    heard = Heard()
    for one in (
        Told(900, "x" * 300, "rejected", "too_long"),
        Told(7, "a  b", "changed", "spaces", "a b"),
        Told(3, "dkssud", "fixed", "latin_typed", "안녕"),
        Told(5, "맥북", "merged", "1"),
    ):
        heard.counts[one.what] += 1
        heard.first.setdefault(one.what, []).append(one)
    found = forecast.forecast(odd, INFOS, NOW, language, heard)

    assert [one.line for one in found.lines] == sorted(one.line for one in found.lines)
    told = {one.line: one for one in found.lines if one.kind != "wait"}
    assert (told[3].tick, told[3].asked, len(told[900].typed)) == ("fix:latin_typed", "안녕", 80)
    assert (told[7].asked, told[5].asked, told[5].tick) == ("", "", "")
    assert {one.tick for one in found.lines if one.kind == "wait"} == {"", "fix:latin_typed"}
    assert "137" in found.more  # of 4 lines and 149 doubts that are not mended, 16 are told
    assert found.spacings == ["a b = ab", "c d = cd"]
    assert "58" in found.more_spacings
    assert found.report.startswith("4")
    said = str([one.note + one.outcome + one.act for one in found.lines if one.line > 3])
    assert any("가" <= char <= "힣" for char in said) == (language == "ko")


def test_nothing_odd_is_no_finding():
    plain = forecast.forecast(preview(merged=0, rejected=0, rejections=()), INFOS, NOW, "ko")
    assert (plain.shown, plain.lines, plain.report, plain.more, len(plain.chips)) == (True, [], "", "", 1)


def test_every_reason_of_a_rejection_and_every_kind_of_doubt_has_a_word():
    reasons = ("too_long", "empty_after_cleaning", "no_keyword", "not_text", "nul", "extra_cells")
    assert all(known(key) for key in (*reasons, *intake.KINDS))


def test_what_cannot_be_known_is_no_moment():
    down = preview(ends_at=None, binds="upstream_down", accounts=())
    assert forecast.forecast(down, INFOS, NOW, "ko").facts[-1].value == "–"
    free = preview(calls=0, ends_at=None, binds="speed", accounts=())
    assert forecast.forecast(free, INFOS, NOW, "en").facts[-1].value == "at once"


def test_a_deadline_is_understood_in_kst():
    at = filled.deadline_at({"deadline": "2026-11-22T09:00"})
    assert at == int(datetime.fromisoformat("2026-11-22T09:00:00+09:00").timestamp() * 1000)
    assert filled.deadline_at({"deadline": ""}) is None
    with pytest.raises(BadValue):
        filled.deadline_at({"deadline": "soon"})
