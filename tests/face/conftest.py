"""Fixtures of this ring."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from rq import Queue

from app.services import batches
from app.services.house import House, open_house
from app.settings import Settings
from app.web import backend, details, heads, reads
from app.web.tabs import activity, charts, failures
from tests.face.api import Api, api_over
from tests.face.broken_jobs import KEYWORD, QUEUE, SOURCE, Browser, run_out
from tests.face.vouching import by_issuer as by_issuer
from tests.face.vouching import issuing as issuing
from tests.face.vouching import vouching_house as vouching_house

#: What tabs read together is kept for a moment; no test may find what another one read.
_JOINED = (heads.heads, reads.reads, reads.counts, details.details, activity.reads, charts.reads, failures.reads)


@pytest.fixture
def api(tmp_path: Path, migrated_file: Path, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[Api]:
    """The API of an empty house on SQLite, with a token that may do everything."""
    shutil.copyfile(migrated_file, tmp_path / "keybatch.db")
    house = open_house(Settings(data_dir=tmp_path, database_url=""))
    with api_over(house) as found:
        yield found
    house.close()


@pytest.fixture
def house(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty house on SQLite that the pages of this process look at; its Redis is away."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(migrated_file, folder / "keybatch.db")
    house = open_house(Settings(data_dir=folder, redis_url=f"unix://{tmp_path}/none.sock", database_url=""))
    monkeypatch.setattr(backend._Held, "house", house)
    for joined in _JOINED:
        monkeypatch.setattr(joined, "_running", {})
    yield house
    house.close()


@pytest.fixture
def broken(api: Api, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """A batch whose only slice broke, and the id of its job."""
    batch = batches.submit(api.house, [KEYWORD, "b"], [SOURCE], name="<b>가을</b>").batch
    run_out(api.house, monkeypatch)
    [job] = Queue(QUEUE, connection=api.house.redis).failed_job_registry.get_job_ids()
    return batch, job


@pytest.fixture
def owner(api: Api) -> Browser:
    return Browser(api)
