"""A house is backed up while it works, its machine is lost, and another machine goes on from the file."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.services import accounts, batches
from app.services.house import open_house
from app.settings import Settings
from tests.journey.browsing import Up
from tests.journey.test_work import SOURCES, every_reading_is_right, keywords, working
from tests.simulators.naver import NaverSimulator
from tests.stage import ROOT, until


def test_another_machine_goes_on_from_a_backup_taken_while_the_first_one_worked(tmp_path: Path) -> None:
    file = tmp_path / "house.zip"
    with working(tmp_path / "first") as (stage, sim):
        batch = stage.submit(keywords(1_000), SOURCES)
        until(lambda: stage.view(batch).seq > 300)
        before = sim.stats()["calls"]
        taken = said("backup", str(file))
        until(lambda: stage.view(batch).seq > 900)
        stage.end("workers", signal.SIGKILL)
        lost = sim.stats()["calls"] - before
        read_then = next(one["rows"] for one in taken["tables"] if one["table"] == "reading")
        assert 300 < read_then < stage.view(batch).seq
        stage.end("scheduler")

        folder = tmp_path / "second"
        env = {**sim.env(), "KEYBATCH_NAVER_RATE": "200/s"}
        restored = said("restore", str(file), env={"KEYBATCH_DATA_DIR": str(folder), **env})
        assert restored["manifest"]["rows"] == taken["rows"] == sum(one["rows"] for one in taken["tables"])
        goes_on(folder, env, batch, sim, lost)


def goes_on(folder: Path, env: Mapping[str, str], batch: int, sim: NaverSimulator, lost: int) -> None:
    """The batch ends on the second machine: nothing is lost, false or doubled, and no call is forgotten."""
    with Up(folder, dict(env)):
        house = open_house(Settings(data_dir=folder))
        until(lambda: batches.get(house, batch).ended, within=60)
        view = batches.get(house, batch)

        assert view.state == "completed"
        assert every_reading_is_right(SimpleNamespace(house=house), view) == 0  # type: ignore[arg-type] -- all it needs
        assert sim.stats()["repeated_calls"] <= lost, "only what was asked after the backup is asked again"
        [account] = [one for one in accounts.listing(house) if one.key == "naver/default"]
        assert account.spent_today >= sim.stats()["calls"] - lost, "calls of before the backup are not forgotten"
        house.close()


def said(*arguments: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON of a command that succeeds."""
    command = [sys.executable, "-m", "app", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found
