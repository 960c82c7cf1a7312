"""Exports that are finished files (workbooks, Parquet). A process of its own writes each, bounded in memory and time:
neither its memory nor its libraries are in the process that serves pages. A file is kept for an hour under the hash of
what it holds, so that whoever asks for the same, or goes on with a download, gets the same bytes.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from app.errors import NotWritten
from app.log import get
from app.services.formats.columns import Format, Stamp, Wanted
from app.services.house import House

log = get(__name__)
#: The program that writes each kind.
FINISHED: dict[Format, str] = {"xlsx": "app.services.formats.xlsx", "parquet": "app.services.formats.parquet"}
#: For how long a file answers, in seconds, and for how long it is left alone after that, so that none goes away between
#: being found and being opened.
KEEP_S = 3_600
GRACE_S = 300
#: Bytes of all files together; beyond them the oldest go.
MOST_BYTES = 2_000_000_000
#: A process that writes ends itself by then (`app.services.formats.child`); this is for one that cannot.
_PATIENCE_S = 3_600
_ROOT = Path(__file__).parents[3]


def file(house: House, batch_id: int, wanted: Wanted, stamp: Stamp) -> tuple[Path, Stamp]:
    """The file of the batch as ``stamp`` has it, or, where it has to be written and the batch has gone on, of a later
    moment; with the stamp of what it holds. Blocks until it is written; two who want the same write it once. Raises
    NotWritten. Settings: data_dir."""
    if wanted.format == "parquet" and find_spec("pyarrow") is None:
        raise NotWritten(why="this machine has no pyarrow, which is not among requirements-worker.txt.")
    folder = house.settings.data_dir / "exports"
    path = folder / f"{stamp.etag}.{wanted.format}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _answers(path):
            with _alone(path.with_suffix(".lock")):
                if not _answers(path):
                    clean(folder)
                    stamp = _write(house, batch_id, wanted, folder)
    except OSError as exc:
        raise NotWritten(why=f"{exc.strerror or exc}.") from exc
    return folder / f"{stamp.etag}.{wanted.format}", stamp


def clean(folder: Path) -> None:
    """Remove what is too old, and the oldest while there is too much."""
    kept = 0
    for made, size, path in sorted(_found(folder), reverse=True):
        age = time.time() - made
        kept += size
        if age <= KEEP_S + GRACE_S and (kept <= MOST_BYTES or age <= GRACE_S):
            continue
        if path.is_dir():  # of a process that was killed
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _found(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """(when it was written, its bytes, its path) of everything there."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another process may be cleaning too
            stat = path.stat()
            yield stat.st_mtime, stat.st_size, path


def _answers(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime < KEEP_S
    except FileNotFoundError:
        return False


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Wait for every other thread and process that writes the same."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _write(house: House, batch_id: int, wanted: Wanted, folder: Path) -> Stamp:
    with tempfile.TemporaryDirectory(dir=folder, prefix="part-") as part:
        path = Path(part, f"part.{wanted.format}")
        url = house.db.url.render_as_string(hide_password=False)
        asked = {"database": url, "batch": batch_id, "wanted": asdict(wanted), "path": str(path)}
        said = _run(FINISHED[wanted.format], asked)
        if "etag" not in said:
            raise NotWritten(why=said.get("why") or "It took too much memory or time.")
        stamp = Stamp(**said)
        path.replace(folder / f"{stamp.etag}.{wanted.format}")
        return stamp


def _run(program: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What a process of ``program`` says to what it was asked; nothing if it came to an end before."""
    done = subprocess.run(
        [sys.executable, "-m", program],
        input=orjson.dumps(asked),  # not as arguments, which every user of the machine can read
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(Path(asked["path"]).parent)},
        timeout=_PATIENCE_S,
        check=False,
    )
    said: dict[str, Any] = orjson.loads(done.stdout) if done.stdout else {}
    if "etag" not in said:
        log.warning("export_failed", batch=asked["batch"], code=done.returncode, error=done.stderr[-2000:].decode())
    return said
