"""The migrations give exactly the tables of the models, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.db.database import Database
from app.db.migrate import require_current, upgrade_database
from app.errors import DatabaseDown, Unmigrated
from app.models.tables import metadata


def test_migrations_are_the_models(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    upgrade_database(database)

    require_current(database)


def test_an_empty_database_is_said_to_be_unmigrated(database_url: str) -> None:
    database = Database(database_url)

    with pytest.raises(Unmigrated):
        require_current(database)
    database.close()


def test_an_unreachable_database_is_a_sentence_without_its_password() -> None:
    database = Database("postgresql+psycopg://kb:hush@127.0.0.1:1/none")

    with pytest.raises(DatabaseDown) as caught:
        require_current(database)
    assert "hush" not in str(caught.value)
    assert "KEYBATCH_DATABASE_URL" in str(caught.value)
