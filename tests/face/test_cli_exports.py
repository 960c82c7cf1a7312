"""The export command in every format."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet
import pytest
import python_calamine
from typer.testing import CliRunner

from app.cli.main import app
from app.db.migrate import upgrade
from app.services import batches
from app.services.house import open_house
from app.settings import Settings
from tests.stage import ROOT
from tests.store.working import read_everything
from tests.store.writing import write_here

Run = Callable[..., Any]


@pytest.fixture
def batch(tmp_path: Path, settings_of: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    write_here(monkeypatch)
    settings = Settings(data_dir=tmp_path, database_url="")
    upgrade(settings)
    house = open_house(settings)
    made = batches.submit(house, ["맥북", "=1+1"], ["wordfreq.ko"]).batch
    read_everything(house, made)
    yield str(made)
    house.close()


@pytest.fixture
def run() -> Run:
    return partial(CliRunner().invoke, app)


def test_every_format_goes_to_a_file(run: Run, batch: str, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"out.{kind}" for kind in ("jsonl", "xlsx", "parquet")}
    for kind, file in files.items():
        done = run(["export", batch, "--format", kind, "--fields", "wordfreq.ko,keyword", "-o", str(file)])
        assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    assert [orjson.loads(line) for line in files["jsonl"].read_bytes().splitlines()] == [
        {"wordfreq.ko": 1, "keyword": "맥북"},
        {"wordfreq.ko": 1, "keyword": "=1+1"},
    ]
    book = python_calamine.CalamineWorkbook.from_path(files["xlsx"])
    assert book.get_sheet_by_index(0).to_python() == [["wordfreq.ko", "keyword"], [1.0, "맥북"], [1.0, "=1+1"]]
    assert pyarrow.parquet.read_table(files["parquet"]).column("keyword").to_pylist() == ["맥북", "=1+1"]


def test_what_is_no_text_goes_into_a_pipe_too(run: Run, batch: str) -> None:
    assert run(["export", batch, "--format", "parquet"]).stdout_bytes.startswith(b"PAR1")


def test_a_csv_as_it_is_wanted(run: Run, batch: str) -> None:
    done = run(["export", batch, "--no-bom", "--delimiter", "tab", "--fields", "keyword"])
    assert done.stdout_bytes == "keyword\r\n맥북\r\n'=1+1\r\n".encode()


@pytest.mark.parametrize("options", [["--fields", "nothing"], ["--format", "exe"], ["--delimiter", "|"]])
def test_what_is_not_there_is_wrong_use(run: Run, batch: str, options: list[str]) -> None:
    done = run(["export", batch, *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert options[1] in done.stderr


def test_a_workbook_is_not_written_to_a_terminal(batch: str) -> None:
    terminal, side = pty.openpty()
    command = [sys.executable, "-m", "app", "export", batch, "--format", "xlsx"]
    done = subprocess.run(command, cwd=ROOT, stdout=side, stderr=subprocess.PIPE, check=False)
    os.close(side)
    os.close(terminal)
    assert done.returncode == 2
    assert b"-o" in done.stderr
