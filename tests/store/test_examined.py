"""The doctor: what is well is said to be, and each fault is found with what to do."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from rq import Worker
from sqlalchemy import text

from app import clock
from app.errors import Language
from app.services import batches, examined, health, hosts, keeping, troubles
from app.services.health import Check
from app.services.house import House, open_house
from app.settings import Settings
from app.vault import new_key
from tests.stage import environment
from workers import jobs, schedule

LANGUAGES: tuple[Language, ...] = ("en", "ko")


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    yield
    clock.follow(0)


def found(house: House, language: Language = "en") -> dict[str, Check]:
    return {one.name: one for one in (*health.checks(house, language), *examined.checks(house, language))}


def is_wrong(house: House, name: str, says: str) -> None:
    """The check fails, says this, and what to do in both languages."""
    one = found(house)[name]
    assert not one.ok
    assert says in one.detail
    assert one.remedy
    other = found(house, "ko")[name]
    assert not other.ok
    assert other.remedy != one.remedy


def test_a_house_that_runs_is_well(house: House) -> None:
    Worker(["default-wordfreq", "chores"], connection=house.redis, name="slices-a-1").register_birth()
    chores = schedule.scheduler(house.redis, jobs.heal, jobs.tidy)
    chores.register_birth()
    chores.enqueue_jobs()
    chores.heartbeat()
    hosts.tell(house.redis, replace(hosts.myself("workers", "0.0.1"), serves=("wordfreq",), ahead_ms=3))
    for language in LANGUAGES:
        told = found(house, language)
        assert all(one.ok for one in told.values()), told
        assert all(one.detail for one in told.values())
    assert "wordfreq" in found(house)["workers"].detail
    assert "0.0.1" in found(house)["versions"].detail
    assert found(house)["versions"].remedy, "one of another version is told"
    chores.register_death()


def test_nobody_there_is_wrong(house: House) -> None:
    is_wrong(house, "workers", "0 running")
    is_wrong(house, "scheduler", "nobody")


def test_newer_tables_are_wrong(house: House) -> None:
    with house.db.work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    is_wrong(house, "migrations", "newer_database")


def test_a_queue_that_nobody_serves_is_wrong(house: House) -> None:
    batches.submit(house, ["맥북"], ["wordfreq.ko"])
    is_wrong(house, "queues", "default-wordfreq")
    assert "--upstreams wordfreq" in found(house)["queues"].remedy


@pytest.mark.parametrize(("name", "value"), [("maxmemory", 1), ("maxmemory-policy", "allkeys-lru")])
def test_a_redis_that_is_full_or_throws_away_is_wrong(house: House, name: str, value: object) -> None:
    house.redis.config_set("maxmemory", 1 << 30)
    house.redis.config_set(name, value)
    try:
        is_wrong(house, "redis", "used")
    finally:
        house.redis.config_set("maxmemory-policy", "noeviction")
        house.redis.config_set("maxmemory", 0)


def test_a_disk_without_room_is_wrong(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "room", lambda _: (5_000_000, 100_000_000_000))
    is_wrong(house, "disk", "5 MB of 100.0 GB")
    monkeypatch.setattr(hosts, "room", lambda _: (800_000_000, 100_000_000_000))
    assert found(house)["disk"].ok
    assert found(house)["disk"].remedy


def test_a_clock_that_is_off_is_wrong(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hosts.tell(house.redis, replace(hosts.myself("workers", "1"), host="other", ahead_ms=-120_000))
    is_wrong(house, "clock", "off Redis")
    assert "other" in found(house)["clock"].remedy
    monkeypatch.setattr(clock, "host_ms", lambda: time.time_ns() // 1_000_000 + 120_000)
    clock.follow(0)
    is_wrong(house, "clock", "+120.0 s")


def test_a_key_that_does_not_fit_is_wrong(house: House, settings_of: dict[str, str]) -> None:
    url = house.db.url.render_as_string(hide_password=False)
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        home = open_house(Settings(database_url=url))
        keeping.put_account(home, "naver", "팀", {"client_id": "a", "client_secret": "b", "platform": "hub"})
        assert found(home)["encryption key"].ok
        home.close()
    with environment({**settings_of, "KEYBATCH_ENCRYPTION_KEY": new_key()}):
        other = open_house(Settings(database_url=url))
        is_wrong(other, "encryption key", "naver/팀")
        other.close()


class Answers(http.server.BaseHTTPRequestHandler):
    status = 302

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def page(house: House) -> Iterator[Callable[[int], House]]:
    """A house whose page answers with a status."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()

    def answering(status: int) -> House:
        Answers.status = status
        settings = house.settings.model_copy(update={"port": server.server_port})
        return House(settings, house.db, house.redis)

    yield answering
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_view_of_the_queue_is_asked(page: Callable[[int], House], house: House) -> None:
    assert found(page(302))["/rq"].ok
    assert not found(page(500))["/rq"].ok
    nobody = House(house.settings.model_copy(update={"port": 1}), house.db, house.redis)
    assert found(nobody)["/rq"].remedy, "it may run elsewhere: a hint, no fault"


def test_while_redis_is_away_the_rest_is_looked_at(house: House, settings_of: dict[str, str]) -> None:
    away = Settings(database_url=house.db.url.render_as_string(hide_password=False), redis_url="redis://127.0.0.1:1/0")
    without = open_house(away)
    told = found(without)
    assert (told["database"].ok, told["disk"].ok, told["redis"].ok, told["queues"].ok) == (True, True, False, False)
    assert troubles.host()
    without.close()
