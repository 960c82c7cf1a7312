"""Restore: a backup becomes a house again, in an empty database of either kind.

The tables are made as they were, filled, and taken to this version, all in one transaction: it is done, or nothing is.
Leases of then have run out, so what was under way goes on with the next healing; calls that were promised to slices of
then count as made. What was read after the backup is asked again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Float, Table

from app.db import migrate
from app.errors import BrokenBackup, NewerBackup, NotEmpty
from app.log import get
from app.repositories import dumps, kept
from app.services import keys
from app.services.archive import Manifest, Member, Reader
from app.services.backup import Told, nobody
from app.services.house import House

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; ``unopened``: what is sealed (accounts, sources, webhooks) with a key that is not here.
    ``key``: the file that the backup's key is in now, "" where it had none."""

    manifest: Manifest
    unopened: tuple[str, ...]
    key: str


def restore(house: House, path: Path, *, told: Told = nobody) -> Restored:
    """Fill the house's database with the backup at ``path``. Raises NotABackup, BrokenBackup, NewerBackup, NotEmpty,
    DatabaseDown, BadSetting, OSError; then nothing has changed."""
    with path.open("rb") as file, Reader(file, str(path)) as reader:
        manifest = reader.manifest
        if manifest.revision not in migrate.revisions():
            raise NewerBackup(file=path, what=f"tables of revision {manifest.revision}")
        _require_empty(house)
        reader.check()
        with house.db.work(trusted=True) as work:
            migrate.bring(work.connection, manifest.revision)
            _fill(work.connection, reader, str(path), told)
            migrate.bring(work.connection, "head")
        key = keys.keep(house.settings, reader.key()) if manifest.key else ""
    with house.db.read() as connection:
        unopened = keys.strange(house.settings, kept.sealed(connection))
    log.info("restored", rows=manifest.rows, revision=manifest.revision, unopened=len(unopened))
    return Restored(manifest, unopened, key)


def _require_empty(house: House) -> None:
    with house.db.read() as connection:
        if dumps.any_there(connection):
            raise NotEmpty(where=house.db.where)


def _fill(connection: Connection, reader: Reader, name: str, told: Told) -> None:
    """Fill tables that were just made. What migrations put into them by themselves is in the backup too."""
    made = {table.name: table for table in dumps.tables(connection) if table.name not in reader.manifest.left_out}
    members = {member.table: member for member in reader.manifest.tables}
    if made.keys() != members.keys():
        raise BrokenBackup(file=name, why=f"its tables are not those of revision {reader.manifest.revision}.")
    for table in reversed(made.values()):
        connection.execute(table.delete())
    for table in made.values():
        member = members[table.name]
        if sorted(member.columns) != sorted(column.name for column in table.columns):
            raise BrokenBackup(file=name, why=f"the columns of {table.name} are not those of its revision.")
        dumps.fill(connection, table, member.columns, _rows(reader, member, table, told))
    dumps.count_on(connection, list(made.values()), reader.manifest.counters)


def _rows(reader: Reader, member: Member, table: Table, told: Told) -> Iterator[Sequence[Any]]:
    floats = [member.columns.index(table.columns.keys()[at]) for at in dumps.columns_of(table, Float)]
    for number, row in enumerate(reader.rows(member)):
        for at in floats:
            if isinstance(row[at], str):
                row[at] = float(row[at])
        yield row
        if not number % dumps.PAGE:
            told(table.name, number, member.rows)
    told(table.name, member.rows, member.rows)
