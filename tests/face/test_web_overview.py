"""The overview in a person's words. Nothing is a number that nobody said."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from app.errors import Language
from app.services.overview import Speed, UnderWay, UpstreamView
from app.services.pulse import HOUR_MS, MINUTE_MS, Sums
from app.services.shapes import Counts
from app.web import overview
from tests.face.overview_seen import NOON, PACE, WELL, account, batch, beats, overview_of, sums

LANGUAGES: tuple[Language, ...] = ("ko", "en")


def figures(language: Language = "en", **values: Any) -> list[tuple[str, str, str]]:
    shown = overview.board(overview_of(**values), NOON, language)
    return [(one.value, one.note, one.address) for one in shown.figures]


def test_where_nothing_was_asked_stands_no_number() -> None:
    assert [value for value, _, _ in figures()] == ["–"] * 4
    assert all(note for _, note, _ in figures())


def test_the_figures_at_the_top() -> None:
    shown = figures(
        today={"naver/default": sums(ok=9_999, failed=1, cached=40), "wordfreq/default": Sums(ok=500, cached=500)},
        speed=Speed(9.84, 10.0),
        under_way=[UnderWay(batch(), PACE)],
        failing={"": 7},
        upstreams=[UpstreamView("naver", sums(ok=90, ms=120).and_(sums(ok=10, ms=450)), 100, False)],
    )

    assert shown == [
        ("10,500", "99.99% answered", "/batches/7?tab=failures"),
        ("9.8/s", "98% of the limits, 10/s", "/batches/7"),
        ("153 ms", "p95 ≤ 500 ms · last hour", "#upstreams"),
        ("40", "lookups today", "/batches"),
    ]


@pytest.mark.parametrize(
    ("failed", "readings", "said"),
    [(0, 10, "100%"), (1, 1_000_000, "99.99%"), (10, 10, "0%"), (9_999_999, 10**7, "0.01%")],
)
def test_all_is_answered_only_when_nothing_failed(failed: int, readings: int, said: str) -> None:
    [(_, note, _), *_] = figures(today={"naver/default": Sums(ok=readings - failed, failed=failed)})
    assert note == f"{said} answered"


def test_a_speed_is_told_with_what_the_limits_allow() -> None:
    running = [UnderWay(batch(), PACE)]
    assert figures(speed=Speed(30.0, None))[1][:2] == ("30.0/s", "no limit")
    assert figures(speed=Speed(10.04, 10.0))[1][:2] == ("10.0/s", "100% of the limits, 10/s")
    assert figures(under_way=running)[1][:2] == ("–", "being measured")
    assert figures(under_way=running, speed=Speed(0.0, None))[1][:2] == ("0.0/s", "no calls at the moment")
    assert figures(speed=Speed(0.0, None))[1][:2] == ("–", "nothing is running")


def test_answers_slower_than_the_last_bucket_are_said_to_be() -> None:
    [_, _, (value, note, _), _] = figures(upstreams=[UpstreamView("naver", sums(ok=3, ms=12_000), 3, False)])
    assert (value, note) == ("12.0 s", "p95 > 5,000 ms · last hour")


def test_batches_say_when_they_end_and_why() -> None:
    waiting = batch(8, state="waiting", waiting_reason="quota", waiting_until=NOON + 12 * HOUR_MS)
    down = batch(9, state="waiting", waiting_reason="upstream_down", waiting_until=NOON + 1_000, name="")
    paused = batch(10, state="paused", counts=Counts(ok=5, failed=2))
    shown = overview.board(
        overview_of(
            under_way=[
                UnderWay(batch(), PACE),
                UnderWay(waiting, replace(PACE, binds="quota")),
                UnderWay(down, replace(PACE, ends_at=None, binds="upstream_down")),
                UnderWay(paused, replace(PACE, ends_at=None, binds="paused")),
            ],
            ended=[batch(3, state="completed", finished_at=NOON - MINUTE_MS, counts=Counts(ok=10))],
            more=42,
            many=True,
        ),
        NOON,
        "en",
    )

    assert [(one.end, one.why) for one in shown.batches] == [
        ("today 13:00 KST", "the rate limit decides"),
        ("goes on 22 Nov 00:00 KST", "the daily quota decides"),
        ("–", "the upstream does not answer"),
        ("–", "paused"),
    ]
    assert [one.name for one in shown.batches] == ["가을", "가을", "#9", "가을"]
    assert [one.failed for one in shown.batches] == ["", "", "", "2 failed"]
    assert (shown.ended[0].end, shown.ended[0].percent) == ("today 11:59 KST", "100%")
    assert shown.more == "42+ more under way"


def test_an_offline_upstream_has_no_answer_time_and_no_calls() -> None:
    shown = overview.board(
        overview_of(
            upstreams=[
                UpstreamView("naver", sums(ok=99, failed=1), 120, False),
                UpstreamView("wikipedia", Sums(), 7, False),
                UpstreamView("wordfreq", Sums(ok=400), 0, True),
                UpstreamView("gone", Sums(ok=2, cached=2), 0, False),
            ],
            failing={"naver": 7, "": 7},
        ),
        NOON,
        "en",
    )

    told = [(one.readings, one.failed, one.failing, one.mean, one.most, one.calls) for one in shown.upstreams]
    assert told == [
        ("100", "1.00%", "/batches/7?tab=failures", "100 ms", "≤ 100 ms", "120"),
        ("–", "–", "", "–", "–", "7"),
        ("400", "0%", "", "–", "–", "–"),
        ("2", "0%", "", "–", "–", "0"),
    ]
    assert [bool(one.why) for one in shown.upstreams] == [False, True, True, True]
    assert shown.upstreams[-1].title == "gone"


def test_the_overview_in_english_has_no_korean_but_names() -> None:
    view = overview_of(
        under_way=[UnderWay(batch(name="x"), PACE)],
        accounts=[account(), account(key="naver/t", reason="quota", until=NOON + 1)],
        upstreams=[UpstreamView("naver", sums(ok=3), 3, False)],
        beats=beats(naver_default=sums(ok=300)),
        limits=[10.0] * 60,
        health=replace(WELL, troubles=("credentials", "late_messages", "not_healed", "not_served")),
        more=1,
    )
    for language in LANGUAGES:
        text = str(asdict(overview.board(view, NOON, language)))
        assert any("가" <= char <= "힣" for char in text) == (language == "ko")
