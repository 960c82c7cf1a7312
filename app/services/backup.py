"""Backup: everything the database holds, as it was at one moment, in one file; also while everything runs.

Sealed secrets stay sealed, and the key that opens them is not in the file unless asked for. Sessions are left out: who
was signed in signs in again. Redis holds nothing that has to be kept.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Boolean, Connection, Float, Table

from app import clock
from app.db import migrate
from app.errors import NotBackedUp, Unmigrated
from app.log import get
from app.repositories import dumps
from app.services import keys
from app.services.archive import KEY, Manifest, Member, Reader, Writer, safe
from app.services.house import House

log = get(__name__)
LEFT_OUT = ("session",)
#: Called with a table's name, how many of its rows are through, and about how many there are.
Told = Callable[[str, int, int], None]


def nobody(_table: str, _rows: int, _of: int) -> None:
    """Tells nobody."""


def take(house: House, to: IO[bytes], *, with_key: bool = False, told: Told = nobody) -> Manifest:
    """Write a backup to ``to``; memory stays flat. Raises DatabaseDown; Unmigrated where there are no tables, or of a
    version that this one does not know; BadSetting for a key that cannot be read; OSError."""
    key = keys.there(house.settings) if with_key else ""
    with Writer(to) as writer:
        manifest = _written(house, writer, key, told)
        if key:
            writer.text(KEY, f"{key}\n".encode("ascii"))
        writer.manifest(manifest)
    log.info("backed_up", rows=manifest.rows, revision=manifest.revision)
    return manifest


def _written(house: House, writer: Writer, key: str, told: Told) -> Manifest:
    """Write the tables, as they are at this moment."""
    with house.db.snapshot() as connection:
        created = clock.iso(clock.now_ms())
        revision = migrate.revision(connection)
        if revision not in migrate.revisions():
            raise Unmigrated
        found = [table for table in dumps.tables(connection) if table.name not in LEFT_OUT]
        members = [_member(writer, connection, table, told) for table in found]
        counters = dumps.counters(connection, found)
    kind = house.db.url.get_backend_name()
    return Manifest(revision, created, kind, members, counters, bool(key), left_out=list(LEFT_OUT))


def take_to(house: House, path: Path, *, with_key: bool = False, told: Told = nobody) -> Manifest:
    """Write a backup to a file that only its owner may read: whoever sees it sees all of it. Raises NotBackedUp, and
    as `take`."""
    try:
        with _beside(path) as file:
            manifest = take(house, file, with_key=with_key, told=told)
    except OSError as exc:
        raise NotBackedUp(file=path, why=f"{exc.strerror or exc}.") from exc
    return manifest


def check(path: Path) -> Manifest:
    """Read a backup from end to end. Raises NotABackup, BrokenBackup, NewerBackup, OSError."""
    with path.open("rb") as file, Reader(file, str(path)) as reader:
        reader.check()
        return reader.manifest


def _member(writer: Writer, connection: Connection, table: Table, told: Told) -> Member:
    columns = [str(column.name) for column in table.columns]
    return writer.table(str(table.name), columns, _pages(connection, table, told))


def _pages(connection: Connection, table: Table, told: Told) -> Iterator[Sequence[Sequence[Any]]]:
    flags, floats = dumps.columns_of(table, Boolean), dumps.columns_of(table, Float)
    through, of = 0, dumps.count(connection, table)
    for page in dumps.rows(connection, table):
        yield safe(page, flags, floats)
        through += len(page)
        told(table.name, through, max(through, of))


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` once it is written and on the disk."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(file.name).unlink()
