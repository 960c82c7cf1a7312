"""``backup``, ``restore`` and ``forget`` on the command line."""

import json
import logging
import stat
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.services import batches
from app.services.house import open_house
from app.settings import Settings
from tests.stage import environment
from tests.store.working import read_everything


@pytest.fixture
def run(settings_of, monkeypatch):
    """Commands in a house of its own."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with environment({**settings_of, "KEYBATCH_DATABASE_URL": ""}):
        invoke = partial(CliRunner().invoke, app)
        assert invoke(["migrate"]).exit_code == 0
        yield invoke
    root.handlers[:], root.level = before


def ended() -> int:
    house = open_house(Settings())
    made = batches.submit(house, ["맥북", "우산"], ["wordfreq.ko"]).batch
    read_everything(house, made)
    house.close()
    return made


def test_a_house_goes_into_a_file_and_out_of_it(run, settings_of, tmp_path: Path):
    made, file = ended(), str(tmp_path / "house.zip")
    taken = run(["backup", file])
    assert taken.exit_code == 0, taken.output
    assert "The encryption key is not in it" in taken.stderr
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    assert "is whole" in run(["backup", "--check", file]).stderr
    assert json.loads(run(["backup", "--check", file, "--json"]).stdout)["rows"] > 4
    assert run(["restore", file]).exit_code == 2, "this house is not empty"

    with environment({**settings_of, "KEYBATCH_DATABASE_URL": "", "KEYBATCH_DATA_DIR": str(tmp_path / "new")}):
        done = run(["restore", file])
        assert done.exit_code == 0, done.output
        assert "batches that were under way go on" in done.stderr
        exported = run(["export", str(made), "--no-bom"])
        assert "맥북" in exported.stdout


def test_the_key_goes_along_when_asked_for(run, settings_of, tmp_path: Path):
    file = str(tmp_path / "house.zip")
    assert "There is no encryption key yet" in run(["backup", file, "--with-key"]).stderr
    assert run(["accounts", "rotate"]).exit_code == 0
    assert "whoever has the file can open every credential" in run(["backup", file, "--with-key"]).stderr

    with environment({**settings_of, "KEYBATCH_DATABASE_URL": "", "KEYBATCH_DATA_DIR": str(tmp_path / "new")}):
        assert "encryption.key" in run(["restore", file]).stderr
    key = tmp_path / "new" / "encryption.key"
    assert key.read_text() == (tmp_path / "encryption.key").read_text()


@pytest.mark.parametrize("said", [b"no backup", b""])
def test_what_is_no_backup_is_a_sentence(run, tmp_path: Path, said: bytes):
    file = tmp_path / "other.zip"
    file.write_bytes(said)
    for command in (["restore", str(file)], ["backup", "--check", str(file)]):
        done = run(command)
        assert done.exit_code == 2
        assert "is no backup of Keybatch" in done.stderr
    assert run(["restore", str(tmp_path / "nowhere.zip")]).exit_code == 2
    assert "cannot be read" in run(["backup", "--check", str(tmp_path / "nowhere.zip")]).stderr
    assert run(["backup", str(tmp_path / "nowhere" / "x.zip")]).exit_code == 1


def test_batches_are_forgotten_for_good(run):
    made, other = ended(), ended()
    asked = run(["forget", str(made)])
    assert (asked.exit_code, "--yes" in asked.stderr) == (2, True)
    assert run(["forget", str(made), "99", "--yes"]).exit_code == 2, "an unknown one, so none"
    assert str(made) in run(["batches"]).stdout

    assert run(["forget", str(made), "--yes"]).exit_code == 0

    assert [one["id"] for one in json.loads(run(["batches", "--json"]).stdout)] == [other]
    assert run(["export", str(made)]).exit_code == 2


def test_a_history_says_when_it_is_not_whole(run, monkeypatch):
    ended()
    assert "not kept any more" not in run(["history", "맥북"]).stderr
    house = open_house(Settings())
    with house.db.work() as work:
        work.connection.exec_driver_sql("UPDATE batch SET readings_purged_at = 1")
    house.close()
    assert "not kept any more" in run(["history", "맥북"]).stderr
