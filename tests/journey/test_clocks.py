"""Two hosts, one of them two minutes off: nothing is lost or doubled, no call is wasted, and it is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import ops
from tests.conftest import new_database
from tests.journey.test_work import SOURCES, every_reading_is_right, keywords, working
from tests.stage import until

COUNT = 700


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The setting of this kind of database."""
    if database_kind == "sqlite":
        yield {}
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield {"KEYBATCH_DATABASE_URL": url}


@pytest.mark.parametrize(("database_kind", "ahead_s"), [("sqlite", "120"), ("postgres", "-120")])
def test_a_worker_whose_clock_is_off_loses_and_doubles_nothing(
    tmp_path: Path, database: dict[str, str], ahead_s: str
) -> None:
    with working(tmp_path, rate=400, workers=1, env=database) as (stage, sim):
        stage.start("off", "-m", "tests.journey.skewed", ahead_s, "worker", "--processes", "1")
        try:
            until(lambda: "clock_off" in ops.health(stage.house).troubles)
            until(lambda: (ops.health(stage.house).workers or 0) >= 2)
            assert f"{int(ahead_s):+d}.0 s" in ops.health(stage.house).about["clock_off"]

            view = stage.wait(stage.submit(keywords(COUNT), SOURCES))

            assert every_reading_is_right(stage, view) == 0
            assert sim.stats()["repeated_calls"] == 0
        finally:
            stage.end("off")
    assert '"event": "clock_off"' in stage.log.read_text(encoding="utf-8")
