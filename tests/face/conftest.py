"""Fixtures of this ring."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from app.db.migrate import upgrade
from app.services.house import open_house
from app.settings import Settings
from tests.face.api import Api, api_over


@pytest.fixture
def api(tmp_path: Path, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[Api]:
    """The API of an empty house on SQLite, with a token that may do everything."""
    settings = Settings(data_dir=tmp_path, database_url="")
    upgrade(settings)
    house = open_house(settings)
    with api_over(house) as found:
        yield found
    house.close()
