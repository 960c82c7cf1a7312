"""What upstreams said by the minute, on both databases."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.repositories import pulse as rows
from app.services import batches, healing, pulse, slices
from app.services.house import House
from app.services.lanes import Outcome
from app.services.pulse import BOUNDS, DAY_MS, HOUR_MS, MINUTE_MS, Sums
from app.sources.base import Reading
from tests.store.working import outcome, read_everything, take_lane

#: 2026-11-21 12:00:00 in Seoul, the beginning of an hour.
NOON = 1_795_230_000_000
NAVER, OFFLINE = "naver/default", "wordfreq/default"


def said(state: str = "ok", ms: int = 100, *, cached: bool = False, attempts: int = 1, n: int = 0) -> Outcome:
    reading = Reading(state, 1.0 if state == "ok" else None)  # type: ignore[arg-type]
    return Outcome(n, reading, NOON, from_cache=cached, attempts=attempts, latency_ms=ms)


def note(house: House, at: int, *outcomes: Outcome, account: str = NAVER) -> None:
    with clock.frozen(at), house.db.work() as work:
        pulse.note(work.connection, account, outcomes)


def in_hour(house: House, at: int = NOON, account: str = NAVER) -> list[Sums | None]:
    with clock.frozen(at):
        return [beat.accounts.get(account) for beat in pulse.hour(house)]


def test_what_is_stored_is_counted_by_state_and_by_how_long_it_took(house: House) -> None:
    note(
        house, NOON, said(ms=7), said(ms=10), said("below", ms=11), said("missing", ms=5_000), said("failed", ms=5_001)
    )
    note(house, NOON + 59_999, said(ms=300), said(cached=True, ms=40))

    last = in_hour(house, NOON + 59_999)[-1]

    assert last is not None
    assert (last.ok, last.below, last.missing, last.failed, last.cached) == (4, 1, 1, 1, 1)
    assert (last.readings, last.asked) == (7, 6)
    assert last.latency_ms == 7 + 10 + 11 + 5_000 + 5_001 + 300
    assert dict(zip((*BOUNDS, "more"), last.times, strict=True)) == {
        **dict.fromkeys(BOUNDS, 0),
        10: 2,
        20: 1,
        300: 1,
        5000: 1,
        "more": 1,
    }


def test_an_offline_source_takes_no_time_and_neither_does_what_cannot_be_asked(house: House) -> None:
    note(house, NOON, said(ms=0), said("failed", ms=0), account=OFFLINE)
    note(house, NOON, said("failed", ms=0, attempts=0))

    for account, readings in ((OFFLINE, 2), (NAVER, 1)):
        last = in_hour(house, account=account)[-1]
        assert last is not None
        assert (last.readings, sum(last.times), last.mean_ms, last.within_ms(0.95)) == (readings, 0, None, None)


def test_a_minute_in_which_nothing_was_read_is_a_gap(house: House) -> None:
    note(house, NOON - 2 * MINUTE_MS, said())
    note(house, NOON, said(), said())

    with clock.frozen(NOON + 20_000):
        beats = pulse.hour(house)

    assert len(beats) == 60
    assert [beat.at for beat in beats] == list(range(NOON - 59 * MINUTE_MS, NOON + 1, MINUTE_MS))
    assert [bool(beat.accounts) for beat in beats[-3:]] == [True, False, True]
    assert [beat.span_ms for beat in beats[-2:]] == [MINUTE_MS, 20_000], "the last minute is not over"


def test_a_day_is_told_in_spans_of_ten_minutes(house: House) -> None:
    for at in (NOON - DAY_MS, NOON - DAY_MS + 10 * MINUTE_MS, NOON - 10 * MINUTE_MS, NOON - MINUTE_MS, NOON):
        note(house, at, said())

    with clock.frozen(NOON + 5_000):
        beats = pulse.day(house)

    assert len(beats) == 144
    assert [beat.accounts[NAVER].ok if beat.accounts else None for beat in (beats[0], *beats[-3:])] == [1, None, 2, 1]
    assert pulse.by_account(beats)[NAVER].ok == 4, "what is older than a day is not told"


def test_today_begins_at_midnight_where_people_are(house: House) -> None:
    midnight = NOON - 12 * HOUR_MS
    note(house, midnight - 1, said())
    note(house, midnight, said(), said("failed"))
    note(house, NOON, said(cached=True), account=OFFLINE)

    with clock.frozen(NOON):
        found = pulse.today(house, "Asia/Seoul")

    assert {account: sums.readings for account, sums in found.items()} == {NAVER: 2, OFFLINE: 1}


def test_upstreams_have_their_accounts_together(house: House) -> None:
    note(house, NOON, said(ms=40))
    note(house, NOON - MINUTE_MS, said(ms=60), account="naver/team")
    note(house, NOON, said(), account=OFFLINE)

    with clock.frozen(NOON):
        found = pulse.upstreams(house)

    assert (found["naver"].ok, found["naver"].mean_ms) == (2, 50)
    assert found["wordfreq"].mean_ms is None


def test_two_flushes_at_once_lose_nothing(house: House) -> None:
    barrier, errors = threading.Barrier(4), list[BaseException]()

    def flush() -> None:
        try:
            barrier.wait()
            for _ in range(20):
                with house.db.work() as work:
                    pulse.note(work.connection, NAVER, [said(), said("failed", ms=20)])
        except BaseException as error:  # noqa: BLE001 -- told below
            errors.append(error)

    with clock.frozen(NOON):
        threads = [threading.Thread(target=flush) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert errors == []
    last = in_hour(house)[-1]
    assert last is not None
    assert (last.ok, last.failed, last.latency_ms) == (80, 80, 80 * 120)


def test_a_flush_counts_what_it_stores_and_nothing_else(house: House) -> None:
    batch = batches.submit(house, [f"키워드 {n}" for n in range(20)], ["wordfreq.ko"]).batch
    read_everything(house, batch)

    [(upstream, found)] = pulse.upstreams(house).items()
    assert (upstream, found.ok, found.asked) == ("wordfreq", 20, 20)


def test_what_is_rolled_back_is_not_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = batches.submit(house, ["하나", "둘"], ["wordfreq.ko"]).batch
    lane = take_lane(house, batch, "wordfreq.ko", 0, 1)
    assert lane is not None
    first, second = slices.claim(house, lane, 2)
    slices.flush(house, lane, [outcome(first)], 1)

    class Torn(Exception):
        pass

    def tear(*_: object) -> None:
        raise Torn

    with monkeypatch.context() as patched:
        patched.setattr(slices, "_account", tear)
        with pytest.raises(Torn):
            slices.flush(house, lane, [outcome(second)], 2)
    assert pulse.upstreams(house)["wordfreq"].ok == 1
    slices.flush(house, lane, [outcome(second)], 2)
    slices.flush(house, lane, [], 2)
    assert pulse.upstreams(house)["wordfreq"].ok == 2


def test_what_is_older_than_eight_days_goes_in_small_steps(house: House) -> None:
    old = NOON - pulse.KEEP_MS
    for at in (old - 30 * HOUR_MS, old - 29 * HOUR_MS, old - 3 * HOUR_MS, old - MINUTE_MS, old, NOON):
        note(house, at, said())

    steps = []
    with clock.frozen(NOON):
        while removed := pulse.clean(house):
            steps.append(removed)

    assert steps == [2, 1, 1]
    with house.db.read() as connection:
        assert rows.oldest(connection) == old


def test_healing_cleans(house: House) -> None:
    note(house, clock.now_ms() - pulse.KEEP_MS - HOUR_MS, said())

    healing.heal(house)

    with house.db.read() as connection:
        assert rows.oldest(connection) is None


times = st.lists(st.integers(0, 9_000), min_size=1, max_size=200)


@given(times, st.floats(0.01, 1.0))
def test_what_is_said_of_answer_times_holds(found: list[int], part: float) -> None:
    counts = [0] * (len(BOUNDS) + 1)
    for ms in found:
        counts[next((n for n, bound in enumerate(BOUNDS) if ms <= bound), len(BOUNDS))] += 1
    sums = Sums(ok=len(found), latency_ms=sum(found), times=tuple(counts))

    within = sums.within_ms(part)

    assert within is not None
    assert sum(ms <= within for ms in found) >= part * len(found)
    lower = [bound for bound in BOUNDS if bound < within]
    assert not lower or sum(ms <= lower[-1] for ms in found) < part * len(found), "and no shorter one would do"


@given(st.lists(times, min_size=1, max_size=5))
def test_sums_add_up_in_any_order(parts: list[list[int]]) -> None:
    each = [Sums(ok=len(found), latency_ms=sum(found), times=(len(found), *[0] * len(BOUNDS))) for found in parts]

    assert pulse.total(each) == pulse.total(reversed(each))
    assert pulse.total(each).readings == sum(len(found) for found in parts)
