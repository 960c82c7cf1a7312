"""What a process sees to before it begins: tables of its version, once, and ground that answers."""

import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.db import migrate
from app.db.database import Database
from app.db.migrate import require_current, revisions, upgrade_database
from app.errors import (
    BadSetting,
    DatabaseDown,
    DiskFull,
    ForeignDatabase,
    KeybatchError,
    NewerDatabase,
    RedisDown,
    Unmigrated,
)
from app.services import batches, startup
from app.services.house import House
from app.settings import Settings

AT_ONCE = 4


class Time:
    """A clock that goes only while somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class Said:
    """What was logged as a warning."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []

    def warning(self, event: str, **facts: object) -> None:
        self.lines.append({"event": event, **facts})


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def execute(database: Database, *statements: str) -> None:
    with database.work() as work:
        for one in statements:
            work.connection.execute(text(one))


def tables(database: Database) -> int:
    with database.read() as connection:
        return len(set(migrate.inspect(connection).get_table_names()))


def test_many_who_migrate_at_once_all_succeed(database_url: str) -> None:
    def one(_: int) -> None:
        database = Database(database_url)
        upgrade_database(database)
        require_current(database)
        database.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(one, range(AT_ONCE)))


def test_processes_that_migrate_at_once_all_succeed(database_url: str) -> None:
    fork = multiprocessing.get_context("fork")
    both = [fork.Process(target=_migrate, args=(database_url,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    database = Database(database_url)
    require_current(database)
    database.close()


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade_database(database)
    database.close()


def test_a_newer_database_is_named_and_nothing_is_written_to_it(database: Database) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'", "ALTER TABLE batch ADD COLUMN later INTEGER")
    before = tables(database)

    for look in (require_current, upgrade_database):
        with pytest.raises(NewerDatabase) as caught:
            look(database)
        assert caught.value.facts["revision"] == "9999"
    assert tables(database) == before


def test_tables_of_something_else_are_named_and_left_alone(empty: Database) -> None:
    execute(empty, "CREATE TABLE customer (id INTEGER)")

    for look in (require_current, upgrade_database):
        with pytest.raises(ForeignDatabase) as caught:
            look(empty)
        assert "customer" in caught.value.sentence()
    assert tables(empty) == 1


def test_a_database_that_was_restored_in_part_is_named(database: Database) -> None:
    execute(database, "DELETE FROM alembic_version")

    with pytest.raises(ForeignDatabase):
        require_current(database)


def test_another_programs_migrations_are_not_taken_for_ours(empty: Database) -> None:
    execute(
        empty,
        "CREATE TABLE customer (id INTEGER)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('abc')",
    )
    with pytest.raises(ForeignDatabase):
        require_current(empty)


def test_an_older_database_says_what_to_run(empty: Database) -> None:
    with pytest.raises(Unmigrated) as caught:
        require_current(empty)
    assert "app migrate" in caught.value.sentence()
    assert revisions()[-1] == "0001"


def test_a_closed_database_is_read_and_not_written(house: House) -> None:
    house.db.closed = NewerDatabase(where=house.db.where, revision="9999")

    with pytest.raises(NewerDatabase):
        batches.submit(house, ["맥북"], ["wordfreq.ko"])
    with house.db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM batch")).scalar_one() == 0


def test_what_comes_in_time_is_waited_for_and_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    time, tries, said = Time(), [], Said()
    monkeypatch.setattr(startup, "log", said)

    def look() -> str:
        tries.append(time.at)
        if time.at < 12:
            raise RedisDown(where="there")
        return "here"

    assert startup.waited(look, 30, time.now, time.sleep) == "here"
    assert tries == [float(n) for n in range(13)]
    assert [(line["code"], line["left_s"]) for line in said.lines] == [("redis_down", left) for left in (30, 25, 20)]


def test_what_does_not_come_in_time_is_raised() -> None:
    time = Time()

    def look() -> None:
        raise DatabaseDown(where="there", why="gone.")

    with pytest.raises(DatabaseDown):
        startup.waited(look, 7.5, time.now, time.sleep)
    assert time.at == pytest.approx(7.5)


@pytest.mark.parametrize("wrong", [NewerDatabase(where="x", revision="9"), BadSetting(name="x", why="y")])
def test_what_waiting_does_not_mend_is_raised_at_once(wrong: KeybatchError) -> None:
    time = Time()

    def look() -> None:
        raise wrong

    with pytest.raises(type(wrong)):
        startup.waited(look, 30, time.now, time.sleep)
    assert time.at == 0


def test_somebody_who_takes_a_connection_and_says_nothing_does_not_answer() -> None:
    never = threading.Event()
    with pytest.raises(RedisDown):
        startup.answered(never.wait, RedisDown(where="there"), most_s=0.05)
    never.set()
    assert startup.answered(lambda: 7, RedisDown(where="there")) == 7


def test_a_house_that_is_all_there_is_ready(house: House, settings_of: dict[str, str]) -> None:
    url = house.db.url.render_as_string(hide_password=False)
    startup.ready_house(Settings(database_url=url, wait_s=0)).close()


def test_a_full_disk_has_an_error_of_its_own(house: House) -> None:
    with house.db.read() as connection:
        pages = None if not house.db.sqlite else connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill() -> None:
        with house.db.work() as work:
            if pages is None:
                raised = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
                work.connection.exec_driver_sql(raised)
            else:
                work.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
                work.connection.exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(9000000) AS blob")

    with pytest.raises(DiskFull) as caught:
        fill()
    assert caught.value.http_status == 507
    assert isinstance(caught.value, DatabaseDown), "whoever waits for the database to be back waits for room too"
