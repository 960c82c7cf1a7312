"""What went on over time, drawn: gaps where nothing was asked."""

from app.services.pulse import SPAN_MS, Beat, Sums
from app.web import throughput
from tests.face.overview_seen import NOON, beats, overview_of, sums


def test_the_picture_has_gaps_where_nothing_was_asked() -> None:
    asked, limits = beats(naver_default=sums(ok=300, failed=3)), [*[None] * 58, 10.0, None]
    chart = throughput.chart(overview_of(beats=asked, limits=limits), "en")

    assert chart.speed.line.count("M") == chart.errors.line.count("M") == chart.speed.limit.count("M") == 1
    assert chart.limit == "limit 10/s"
    assert chart.spots[-2] == "11:59 · 5.0/s · 0.99% failed"
    assert chart.spots[0] == "11:01 · nothing asked"
    assert [tick.text for tick in chart.ticks] == ["11:10", "11:20", "11:30", "11:40", "11:50"]
    assert "303 lookups asked" in chart.summary


def test_offline_sources_and_earlier_readings_are_not_drawn() -> None:
    quick = beats(wordfreq_default=Sums(ok=90_000), naver_default=Sums(ok=5, cached=5))

    assert throughput.chart(overview_of(beats=quick), "en").empty == (
        "No calls in the last hour. 90,005 lookups were answered without a call."
    )
    assert throughput.chart(overview_of(), "en").empty == "No calls in the last hour."


def test_a_minute_that_has_just_begun_has_no_speed_yet() -> None:
    young = [*beats()[:-1], Beat(NOON, 5_000, {"naver/default": sums(ok=5)})]
    assert throughput.chart(overview_of(beats=young), "en").empty
    older = [*beats()[:-1], Beat(NOON, 20_000, {"naver/default": sums(ok=100)})]
    assert throughput.chart(overview_of(beats=older), "en").spots[-1].startswith("12:00 · 5.0/s")


def test_a_day_has_its_own_times() -> None:
    last = NOON - NOON % SPAN_MS
    day = [Beat(last - n * SPAN_MS, SPAN_MS, {"naver/default": sums(ok=600)}) for n in reversed(range(144))]

    chart = throughput.chart(overview_of(window="day", beats=day, limits=[10.0] * 144), "en")

    assert [tick.text for tick in chart.ticks] == ["16:00", "20:00", "00:00", "04:00", "08:00"]
    assert chart.spots[0].startswith("12:10 · 1.0/s")
