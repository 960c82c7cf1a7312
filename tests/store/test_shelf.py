"""A file that one web process was sent and another one has to read."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import BadValue
from app.services.aside import settled
from app.services.house import House
from app.web import shelf, uploads


@pytest.fixture
def other(house: House, tmp_path: Path) -> House:
    """Another machine: the same database and Redis, a folder of its own."""
    return replace(house, settings=house.settings.model_copy(update={"data_dir": tmp_path / "other"}))


def test_it_is_found_where_machines_share_a_database_and_until_it_is_dropped(house: House, other: House):
    path = uploads.write(house.settings.data_dir, os.urandom(2_500_000) + b"a" * 1_000_000)
    shelf.put(house, path)
    if house.db.sqlite:
        with pytest.raises(BadValue, match="Choose it again"):
            uploads.stored(other, path.name, "Choose it again.")
        return
    assert uploads.stored(other, path.name).read_bytes() == path.read_bytes()
    assert 0 < int(house.redis.ttl(f"keybatch:upload:{path.name}")) <= 3_600  # type: ignore[arg-type]
    uploads.discard(uploads.stored(other, path.name))
    shelf.drop(house, path.name)
    settled()
    with pytest.raises(BadValue):
        uploads.stored(other, path.name)


def test_half_of_what_redis_may_hold_is_for_the_work(house: House, other: House):
    house.redis.config_set("maxmemory", 4_000_000)
    try:
        path = uploads.write(house.settings.data_dir, os.urandom(2_500_000))
        shelf.put(house, path)
        with pytest.raises(BadValue):
            uploads.stored(other, path.name)
        assert uploads.stored(house, path.name) == path, "where it came it is there"
    finally:
        house.redis.config_set("maxmemory", 0)
