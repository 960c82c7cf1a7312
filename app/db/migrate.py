"""Brings the tables to this version, and tells whether they are.

Only one migrates at a time: on Postgres under an advisory lock of the transaction, on SQLite under its write lock. Who
comes second finds nothing left to do.
"""

from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from app.db.database import Database
from app.errors import ForeignDatabase, KeybatchError, NewerDatabase, Unmigrated
from app.settings import Settings

HERE = Path(__file__).parent / "migrations"
#: The advisory lock of whoever migrates a Postgres: "keybatch" in ASCII, as a signed 64-bit number.
LOCK: Final = int.from_bytes(b"keybatch")
#: Tables told of one that is not ours.
_TOLD: Final = 5


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@cache
def revisions() -> tuple[str, ...]:
    """The revisions that this program knows, the newest first."""
    script = ScriptDirectory.from_config(_config("sqlite://"))
    return tuple(one.revision for one in script.walk_revisions())


def upgrade(settings: Settings) -> None:
    """Apply what is missing. Raises DatabaseDown, NewerDatabase, ForeignDatabase. Settings: database_url, data_dir."""
    database = Database(settings.database)
    try:
        upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """Apply what is missing to ``database``, in one transaction that nobody else migrates beside. Raises
    NewerDatabase, ForeignDatabase."""
    with database.work() as work:
        if not database.sqlite:
            work.connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        wrong = _wrong(work.connection, database.where)
        if wrong is not None and not isinstance(wrong, Unmigrated):
            raise wrong
        bring(work.connection, "head")


def bring(connection: Connection, to: str) -> None:
    """Take the tables up to revision ``to``, in the transaction of ``connection``."""
    config = _config("sqlite://")
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revision(connection: Connection) -> str | None:
    """Of which revision the tables are; None where there are none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def require_current(database: Database) -> None:
    """Raises Unmigrated when the tables are older than this program or not there, NewerDatabase when they are newer,
    ForeignDatabase when nobody knows, DatabaseDown when there is no database."""
    with database.read() as connection:
        wrong = _wrong(connection, database.where)
    if wrong is not None:
        raise wrong


def _wrong(connection: Connection, where: str) -> KeybatchError | None:
    found = revision(connection)
    if found == revisions()[0]:
        return None
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    ours = {"batch", "reading"} <= tables
    if tables and (found is None or not (ours or found in revisions())):
        told = sorted(tables)[:_TOLD] + ["…"] * (len(tables) > _TOLD)
        return ForeignDatabase(where=where, tables=", ".join(told))
    if found is not None and found not in revisions():
        return NewerDatabase(where=where, revision=found)
    return Unmigrated()
