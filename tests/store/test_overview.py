"""What the overview reads, on both databases."""

from app import clock
from app.models.people import MAIN
from app.repositories import halts
from app.services import batches, control, overview, pulse, slices
from app.services.house import House
from app.services.lanes import Outcome
from app.services.meter import Meter
from app.services.overview import Overview
from app.sources.base import Reading
from tests.stage import environment
from tests.store.working import outcome, read_everything, take_lane

ZONE = "Asia/Seoul"
SOURCE = "wordfreq.ko"
NAVER = {"KEYBATCH_NAVER_CLIENT_ID": "a", "KEYBATCH_NAVER_CLIENT_SECRET": "b", "KEYBATCH_NAVER_DAILY_QUOTA": "1000"}


def look(house: House, workspace: int = MAIN, window: overview.Window = "hour") -> Overview:
    return overview.look(house, workspace, window, ZONE, Meter())


def submit(house: House, *sources: str, count: int = 4, name: str = "") -> int:
    keywords = [f"키워드 {n}" for n in range(count)]
    return batches.submit(house, keywords, list(sources) or [SOURCE], name=name).batch


def read_some(house: House, batch: int, source: str, states: list[str], *, took_ms: int = 100, first: int = 0) -> None:
    """Let a slice read the batch's next lookups, a second apart."""
    lane = take_lane(house, batch, source, 0, 1)
    assert lane is not None
    found = slices.claim(house, lane, len(states))
    now = clock.now_ms()
    told = [
        Outcome(
            one.position,
            Reading(state, 1.0 if state == "ok" else None),  # type: ignore[arg-type]
            now - 1_000 * (len(states) - n),
            attempts=1,
            latency_ms=took_ms,
            error="rejected" if state == "failed" else None,
        )
        for n, (one, state) in enumerate(zip(found, states, strict=True))
    ]
    slices.flush(house, lane, told, len(told))


def test_a_fresh_house_has_nothing_and_says_so(house: House) -> None:
    found = look(house)

    assert found.fresh
    assert (found.under_way, found.ended, found.upstreams, found.more) == ([], [], [], 0)
    assert (found.speed.now, found.speed.limit) == (None, None)
    assert not any(beat.accounts for beat in found.beats)
    assert pulse.total(found.today.values()).readings == 0


def test_batches_under_way_come_by_state_with_their_end_and_ended_ones_after(house: House) -> None:
    ended, paused, queued, running = (submit(house, name=name) for name in "abcd")
    read_everything(house, ended)
    control.pause(house, paused)
    lane = take_lane(house, running, SOURCE, 0, 1)
    assert lane is not None
    slices.flush(house, lane, [outcome(slices.claim(house, lane, 4)[0])], 1)

    found = look(house)

    assert [one.batch.id for one in found.under_way] == [running, queued, paused]
    assert found.under_way[-1].pace.binds == "paused"
    assert [batch.id for batch in found.ended] == [ended]
    assert not found.fresh


def test_another_workspaces_batches_are_not_told(house: House) -> None:
    submit(house)
    found = look(house, MAIN + 1)
    assert found.fresh
    assert found.failing == {}


def test_no_more_than_a_few_are_told_and_the_rest_counted(house: House) -> None:
    for _ in range(overview.TOLD + 3):
        submit(house, count=1)

    found = look(house)

    assert (len(found.under_way), found.more, found.many) == (overview.TOLD, 3, False)


def test_the_speed_now_is_held_against_the_limits_of_what_is_asked(house: House) -> None:
    meter, now = Meter(), clock.now_ms() // 60_000 * 60_000 + 30_000
    with environment({**_env(house), **NAVER, "KEYBATCH_NAVER_RATE": "10/s"}):
        batch = submit(house, "naver.blog", SOURCE, count=40)
        with clock.frozen(now):
            read_some(house, batch, "naver.blog", ["ok"] * 20)
            first = overview.look(house, MAIN, "hour", ZONE, meter)
        with clock.frozen(now + 4_000):
            read_some(house, submit(house, "naver.blog", count=40), "naver.blog", ["ok"] * 32)
            read_some(house, batch, SOURCE, ["ok"] * 30, took_ms=0)
            found = overview.look(house, MAIN, "hour", ZONE, meter)

    assert (first.speed.now, first.speed.limit) == (None, None), "one look is no measurement"
    assert (found.speed.now, found.speed.limit) == (8.0, 10), "and no limit holds offline sources"
    assert found.limits[-1] == 10
    assert found.limits[0] is None, "nothing was asked then"


def test_several_keywords_a_call_raise_what_a_limit_allows(house: House) -> None:
    env = {f"KEYBATCH_NAVER_SEARCHAD_{name}": "x" for name in ("API_KEY", "SECRET_KEY", "CUSTOMER_ID")}
    with environment({**_env(house), **env, "KEYBATCH_NAVER_SEARCHAD_RATE": "2/s"}):
        assert overview.limit_of(["naver_searchad/default"]) == 10


def test_accounts_that_are_limited_together_count_once() -> None:
    alone = overview.limit_of(["wikipedia/default"])
    assert alone is not None
    assert overview.limit_of(["wikipedia/default", "wikipedia_views/default"]) == alone
    assert overview.limit_of(["wikipedia/default", "naver/gone"]) is None
    assert overview.limit_of([]) is None


def test_failures_lead_to_the_newest_batch_that_has_some(house: House) -> None:
    with environment({**_env(house), **NAVER}):
        older, newer, well = (submit(house, "naver.blog") for _ in range(3))
        read_some(house, older, "naver.blog", ["failed"])
        read_some(house, newer, "naver.blog", ["ok", "failed"])
        read_some(house, well, "naver.blog", ["ok", "ok"])
        found = look(house)

    assert found.failing == {"naver": newer, "": newer}
    [upstream] = found.upstreams
    assert (upstream.name, upstream.sums.failed, upstream.sums.readings, upstream.calls_today) == ("naver", 2, 5, 5)


def test_accounts_come_with_their_quota_and_what_stops_them(house: House) -> None:
    with environment({**_env(house), **NAVER}):
        now = clock.now_ms()
        with house.db.work() as work:
            values = {"source": "naver.blog", "since": now, "waits": 1, "trouble": "bad_credentials", "detail": ""}
            halts.put(work.connection, "naver/default", reason="credentials", until=now + 60_000, **values)
        found = look(house)

    [naver] = [view for view in found.accounts if view.quota == 1000]
    assert (naver.key, naver.reason) == ("naver/default", "credentials")
    assert "credentials" in found.health.troubles
    assert not [view for view in found.accounts if view.missing], "accounts that are not set up are not told"


def test_a_day_is_looked_at_in_longer_beats(house: House) -> None:
    assert {beat.span_ms for beat in look(house, window="day").beats[:-1]} == {pulse.SPAN_MS}


def _env(house: House) -> dict[str, str]:
    return {"KEYBATCH_DATA_DIR": str(house.settings.data_dir), "KEYBATCH_REDIS_URL": house.settings.redis}
