"""Brings the tables to this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db.database import Database
from app.errors import Unmigrated
from app.settings import Settings

HERE = Path(__file__).parent / "migrations"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(settings: Settings) -> None:
    """Apply what is missing. Raises DatabaseDown. Settings: database_url, data_dir."""
    database = Database(settings.database)
    try:
        upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """Apply what is missing to ``database``, in one transaction."""
    config = _config(database.url.render_as_string(hide_password=False))
    with database.work() as work:
        config.attributes["connection"] = work.connection
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Raises Unmigrated when the tables are not of this version, DatabaseDown when there is no database."""
    head = ScriptDirectory.from_config(_config("sqlite://")).get_current_head()
    with database.read() as connection:
        if MigrationContext.configure(connection).get_current_revision() != head:
            raise Unmigrated
