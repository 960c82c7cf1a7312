"""What the pages make of the services' values, by pure functions."""

import re
from dataclasses import replace
from typing import Any

import pytest

from app.errors import BadValue
from app.services.holdings import SourceInfo
from app.services.intake import Treatment
from app.services.shapes import BatchView, Counts, Pace, SourceView
from app.web import choices, figures, filled, shown

NOW = 1_795_230_000_000
PACE = Pace(9.8, 10.0, NOW + 60_000, "rate", 20_000, 25_000)


def batch(**changes: Any) -> BatchView:
    counts = Counts(ok=60, below=5, missing=3, failed=2, cached=10)
    source = SourceView("naver.blog", "running", 100, counts)
    view = BatchView(
        7,
        "가을",
        "running",
        "default",
        100,
        100,
        4,
        2,
        70,
        counts,
        NOW - 60_000,
        NOW - 50_000,
        None,
        "",
        None,
        0,
        (source,),
    )
    return replace(view, **changes)


def info(name: str, **changes: Any) -> SourceInfo:
    upstream, _, channel = name.partition(".")
    values: dict[str, Any] = dict.fromkeys(("note_ko", "note_en"), "") | {
        "name": name,
        "upstream": upstream,
        "upstream_ko": "네이버",
        "upstream_en": "Naver",
        "ko": f"{channel} 문서수",
        "en": f"{channel} posts",
        "decimals": 0,
        "offline": False,
        "ready": True,
        "missing": (),
        "rate": "10/s",
        "quota": 25_000,
        "left_today": 20_000,
    }
    return SourceInfo(**(values | changes))


def test_the_legend_names_every_state_that_occurs_and_values_always():
    assert [part.kind for part in shown.parts(batch().counts, 100, "ko")] == ["ok", "below", "missing", "failed"]
    [only] = shown.parts(Counts(), 100, "en")
    assert (only.kind, only.count, only.width) == ("ok", "0", "0%")


@pytest.mark.parametrize(
    ("state", "title", "notice"),
    [("running", "70% · 가을", False), ("completed", "✓ · 가을", True), ("cancelled", "✕ · 가을", True)],
)
def test_the_browsers_tab_says_how_far_it_is_and_the_desktop_that_it_has_ended(state, title, notice):
    head = shown.head(batch(state=state), NOW, "ko")
    assert (head.page_title, head.ended, bool(head.notice)) == (title, notice, notice)


def test_a_batchs_head_says_whose_it_is_and_when_it_must_end():
    mine = batch(owner="지현", priority="high", deadline_at=NOW + 3_600_000)
    assert (
        shown.head(mine, NOW, "ko").about
        == "키워드 100개 × 소스 1개 · 오늘 11:59 지현 제출 · 우선순위 높음 · 기한 오늘 13:00"
    )
    assert "submitted today 11:59 KST by 지현" in shown.head(mine, NOW, "en").about
    assert shown.head(batch(items=1), NOW, "en").about == "1 keyword × 1 source · submitted today 11:59 KST"


def test_the_share_of_earlier_readings_is_told_apart():
    head = shown.head(batch(), NOW, "en")
    assert (head.cached, head.cached_width) == ("10 (10%)", "10.000%")
    assert shown.head(batch(counts=Counts(ok=5)), NOW, "en").cached == ""


def test_a_source_says_its_speed_only_while_it_runs_and_that_is_known():
    known = replace(PACE, by_source={"naver.blog": 4.9})
    [source] = shown.sources(batch(), known, {}, NOW, "ko")
    assert source.rate == "4.9/s"
    [unknown] = shown.sources(batch(), PACE, {}, NOW, "ko")
    rests = SourceView("naver.blog", "paused", 100, Counts())
    [paused] = shown.sources(batch(sources=(rests,)), known, {}, NOW, "ko")
    assert (unknown.rate, paused.rate) == ("", "")


def test_a_waiting_batch_says_for_what_and_until_when():
    head = shown.head(batch(state="waiting", waiting_reason="quota", waiting_until=NOW + 3_600_000), NOW, "en")
    assert head.label == "waiting for quota"
    assert "goes on today 13:00 KST" in head.about
    assert shown.state_label("waiting", "of_tomorrow", "ko") == "기다리는 중"


def test_a_screen_reader_is_told_progress_in_steps_of_ten():
    spoken = {shown.head(batch(counts=Counts(ok=n)), NOW, "en").spoken for n in range(101)}
    assert len(spoken) == 11


def test_speed_is_compared_with_the_limit_only_where_that_says_something():
    def speed(**changes: Any) -> str:
        return figures.facts(batch(), replace(PACE, **changes), NOW, "en")[0].note

    assert speed() == "98% of the limit, 10.0/s"
    assert speed(per_second=63.0) == "limit 10.0/s"
    assert speed(per_second=None) == "limit 10.0/s"
    assert speed(limit_per_second=None) == "no limit"


def test_what_is_not_known_is_no_number():
    unknown = Pace(None, None, None, "speed", None, None)
    values = [fact.value for fact in figures.facts(batch(started_at=None), unknown, NOW, "en")]
    assert values == ["–", "working it out", "no limit", "–"]
    ended = [fact.value for fact in figures.facts(batch(state="cancelled", started_at=None), unknown, NOW, "en")]
    assert ended == ["–", "–", "–", "–"]
    assert figures.elapsed(batch(started_at=None), NOW, "en") == "not started"
    assert figures.elapsed(batch(state="completed"), NOW, "en") == ""


def test_the_quota_says_when_it_returns_and_answers_how_long_they_take():
    pace = replace(PACE, renewed_at=NOW + 43_200_000, answer_ms=118.4, answer_p95_ms=340, binds="quota", days=2)
    _, end, left, answers = figures.facts(batch(), pace, NOW, "en")
    assert end.note == "the daily quota decides, 2 midnights away"
    assert (left.value, left.note) == ("20,000", "25,000 again 22 Nov 00:00 KST")
    assert (answers.value, answers.note) == ("118 ms", "p95 340 ms")


def test_sources_are_grouped_and_those_not_ready_say_what_they_need():
    infos = [
        info("naver.blog", ready=False, missing=("KEYBATCH_NAVER_CLIENT_ID",)),
        info("naver.cafe", ready=False, missing=("KEYBATCH_NAVER_CLIENT_ID",)),
        info("wordfreq.en", offline=True, rate="", quota=None, left_today=None),
        info("wordfreq.ko", offline=True, rate="", quota=None, left_today=None),
    ]
    words, naver = choices.groups(infos, "ko")  # what cannot be picked comes last
    assert (naver.ready, naver.missing, naver.left) == (False, "KEYBATCH_NAVER_CLIENT_ID", "오늘 20,000번 남음")
    assert naver.limits == "10/s · 25,000/일"
    assert [choice.name for choice in words.choices if choice.first] == ["wordfreq.ko"]
    assert words.limits == "오프라인 · 제한 없음"
    assert [choice.name for group in choices.groups(infos, "en") for choice in group.choices if choice.first] == [
        "wordfreq.en"
    ]


def test_koreans_find_what_they_look_for_first_and_long_lists_are_folded():
    names = ["hackernews.stories", "kakao.web", "naver.blog", "naver_searchad.volume"]
    names += [f"wordfreq.{code}" for code in ("ko", "en", *(f"x{n}" for n in range(20)))]
    infos = sorted((info(name, offline=name.startswith("wordfreq")) for name in names), key=lambda one: one.name)
    found = choices.groups(infos, "ko")
    assert [group.upstream for group in found] == ["naver", "naver_searchad", "kakao", "hackernews", "wordfreq"]
    words = found[-1]
    assert (words.opened, words.rest) == (True, "다른 언어 20개")
    assert [choice.name for choice in words.choices if not choice.rest] == ["wordfreq.ko", "wordfreq.en"]
    assert [group.upstream for group in choices.groups(infos, "en")][:2] == ["hackernews", "kakao"]
    assert {group.rest for group in found[:-1]} == {""}


def test_an_account_is_chosen_only_where_there_is_a_choice():
    two = ("naver/default", "naver/team")
    [group] = choices.groups(
        [info("naver.blog", accounts=two, terms_en="Mind."), info("naver.cafe", accounts=two)], "en"
    )
    assert [(payer.key, payer.label) for payer in group.payers] == [
        ("naver/default", "Settings"),
        ("naver/team", "team"),
    ]
    assert filled.pay_with({group.pay_field: "naver/team", "pay:kakao": ""}) == {"naver": "naver/team"}
    assert group.terms == "Mind."
    for accounts in ((), two[:1]):
        [group] = choices.groups([info("naver.blog", accounts=accounts)], "en")
        assert group.payers == []
    [own] = choices.groups([info("http.a", accounts=("http/a", "http/x")), info("http.b", accounts=("http/b",))], "en")
    assert own.payers == []  # each has its own


def test_the_ticks_of_a_form_say_what_is_done_to_keywords():
    usual = {option.field: "on" for option in choices.steps("ko") if option.on}
    assert filled.treatment(usual) == Treatment()
    ticked = filled.treatment({"step:case": "on", "fix:lone_jamo": "on", "fix:latin_typed": "", "merge_spacing": "on"})
    assert ([step.key for step in ticked.steps], ticked.fix) == (["case"], {"lone_jamo"})
    assert ticked.spacing == "merge"
    assert all(re.search("[가-힣]", option.title) for option in (*choices.steps("ko"), *choices.fixes("ko")))
    with pytest.raises(BadValue):
        filled.treatment({"step:upside_down": "on"})


def test_a_form_is_read_with_care():
    form = {"source:naver.blog": "on", "source:x": "", "keywords": "a", "max_age": "7"}
    assert filled.picked(form) == ["naver.blog"]
    assert filled.max_age_s(form) == 7 * 86_400
    for odd in ("", "x", "8", "-1", "7.5"):
        assert filled.max_age_s({"max_age": odd}) == 0
