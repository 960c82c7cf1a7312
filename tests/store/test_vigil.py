"""What a process looks after while it lives, and what the ops page of another host hears of it."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from app import clock
from app.errors import NewerDatabase
from app.services import accounts, batches, control, halts, healing, hosts, keeping, ops, troubles
from app.services.house import House, open_house
from app.services.vigil import Vigil
from app.settings import Settings
from app.vault import new_key
from tests.stage import environment
from tests.store.working import take_lane

GIVEN = {"client_id": "an-id", "client_secret": "a-secret", "platform": "hub"}


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    yield
    clock.follow(0)


def looked(house: House) -> Vigil:
    found = Vigil(house, "workers", ["naver"])
    found.look()
    return found


def wrong(house: House) -> dict[str, str]:
    """What is wrong besides that nobody works here."""
    found = ops.health(house)
    missing = {"no_workers", "no_chores", "no_scheduler", "disk_low"}
    return {code: found.about.get(code, "") for code in found.troubles if code not in missing}


def revision(house: House, name: str) -> None:
    with house.db.work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})


def test_a_process_tells_of_itself_until_it_ends(house: House) -> None:
    watch = looked(house)
    [one] = ops.health(house).processes
    assert (one.kind, one.serves, one.host) == ("workers", ("naver",), troubles.host())
    assert one.ahead_ms is not None
    assert abs(one.ahead_ms) < 500
    assert one.size is not None
    watch.close()
    assert ops.health(house).processes == ()


def test_it_looks_now_and_then_and_not_at_each_call(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(hosts, "tell", lambda _redis, one: told.append(one.pid))
    watch = looked(house)
    watch.look()
    assert len(told) == 1


def test_a_killed_one_is_forgotten_within_a_minute(house: House) -> None:
    looked(house)
    with clock.starting(clock.now_ms() + hosts.FRESH_MS):
        assert ops.health(house).processes == ()
        other = replace(hosts.myself("web", "1"), pid=1)
        hosts.tell(house.redis, other)
        hosts.tidy(house.redis)
        assert house.redis.hlen(hosts.KEY) == 1


def test_a_clock_that_is_off_is_a_trouble_with_its_host(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "host_ms", lambda: time.time_ns() // 1_000_000 + 120_000)
    looked(house)
    assert wrong(house) == {"clock_off": f"{troubles.host()}: +120.0 s"}


def test_a_database_that_has_become_newer_is_closed_until_it_is_mended(house: House) -> None:
    batch = batches.submit(house, ["맥북"], ["wordfreq.ko"]).batch
    revision(house, "9999")
    looked(house)

    assert wrong(house) == {"newer_database": "9999"}
    for write in (lambda: control.cancel(house, batch), lambda: take_lane(house, batch, "wordfreq.ko", 0, 1)):
        with pytest.raises(NewerDatabase):
            write()
    assert batches.get(house, batch).state == "queued"

    house.db.closed = None
    revision(house, "0007")
    looked(house)
    assert wrong(house) == {}
    assert take_lane(house, batch, "wordfreq.ko", 0, 1) is not None


def test_a_wrong_key_is_named_and_its_batches_go_on_when_it_is_right(house: House, settings_of: dict[str, str]) -> None:
    right, url = new_key(), house.db.url.render_as_string(hide_password=False)
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": right}):
        home = open_house(Settings(database_url=url))
        keeping.put_account(home, "naver", "팀", GIVEN)
        batch = batches.submit(home, ["맥북"], ["naver.blog"]).batch
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        other = open_house(Settings(database_url=url))
        looked(other)
        assert take_lane(other, batch, "naver.blog", 0, 1) is None
        assert wrong(other) == {"wrong_key": f"naver/팀 ({troubles.host()})"}
        other.close()
    assert batches.get(home, batch).waiting_reason == "credentials"
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": right}):
        accounts.forget()
        looked(home)
        halts.hurry(home)
        healing.heal(home)
        assert wrong(home) == {}
        assert batches.get(home, batch).state == "queued"
        assert take_lane(home, batch, "naver.blog", 0, 2) is not None
        home.close()
