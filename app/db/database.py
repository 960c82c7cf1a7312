"""The connection to the database and the unit of work.

``read()`` is one consistent look; ``work()`` is one transaction that may write. What must follow a commit
(enqueue, publish) is given to ``work.after_commit`` and is dropped on rollback. Nobody else commits.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from app.errors import BadSetting, DatabaseDown, DiskFull, KeybatchError
from app.log import get

log = get(__name__)
#: How long a writer waits for another one, in seconds: longer than the longest transaction (a large submit).
BUSY_S = 60
#: Of an address that makes no sense. Nothing of it is quoted, for it may be a part of the password.
UNREADABLE = (
    "it cannot be read as an address, or has an option that is none; in a user or password, signs are written in "
    "percent: @ %40, : %3A, / %2F, # %23, ? %3F, % %25"
)
#: What asks over a wire that was silently cut hears of it in about ten seconds, instead of a quarter of an hour.
_WIRE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
#: The same at the other end, instead of two hours: a host that is gone holds its locks no longer than that.
_OTHER_END = (
    "SET tcp_user_timeout = 10000; SET tcp_keepalives_idle = 5; "
    "SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
)


@dataclass(slots=True)
class Work:
    """One transaction under way."""

    connection: Connection
    _after: list[Callable[[], object]] = field(default_factory=list)

    def after_commit(self, do: Callable[[], object]) -> None:
        """Run ``do`` once this transaction is committed. What it does can be rebuilt from the database, so an
        error in it is logged and goes no further."""
        self._after.append(do)

    def committed(self) -> None:
        for do in self._after:
            try:
                do()
            except Exception as exc:  # noqa: BLE001 -- the transaction stands whatever follows it
                log.warning("after_commit_failed", error=repr(exc))


class Database:
    """SQLite or Postgres behind one URL; opens nothing until used. What the URL says of TLS (`?sslmode=verify-full`
    and the like) is the driver's. Raises BadSetting."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
            self.sqlite = self.url.get_backend_name() == "sqlite"
            self.engine = _engine(self.url, self.sqlite)
        except (ArgumentError, ValueError):
            raise BadSetting(name="KEYBATCH_DATABASE_URL", why=UNREADABLE) from None
        # A password may also be an option; which others tell something cannot be known.
        self.where = self.url.set(query={}).render_as_string(hide_password=True)
        #: Hears of every DatabaseDown before it is raised.
        self.told: Callable[[KeybatchError], object] | None = None
        #: Why nothing may be written, if that is so: the tables are of a newer version.
        self.closed: KeybatchError | None = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look at the database. Raises DatabaseDown."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A look that stays at one moment over many statements. Raises DatabaseDown."""
        with self._translated(), self.engine.connect() as connection:
            # SQLite's reads are snapshots anyway.
            steady = connection if self.sqlite else connection.execution_options(isolation_level="REPEATABLE READ")
            with steady.begin():
                yield steady

    @contextmanager
    def work(self, *, trusted: bool = False) -> Iterator[Work]:
        """One transaction. On SQLite it takes the write lock at once, so that it never fails half-way for
        another writer. ``trusted``: what it inserts refers to what it inserted before, so SQLite need not look every
        reference up (a fifth of the time of a large submit). Raises DatabaseDown, DiskFull, NewerDatabase."""
        if self.closed is not None:
            raise self.closed
        with self._translated(), self.engine.connect() as connection:
            writing = connection.execution_options(writes=True)
            with _unchecked(writing) if trusted and self.sqlite else nullcontext(), writing.begin():
                work = Work(writing)
                yield work
        work.committed()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        driver = self.engine.dialect.loaded_dbapi  # what is inserted in bulk goes past SQLAlchemy
        try:
            yield
        except (OperationalError, InterfaceError, driver.OperationalError, driver.InterfaceError) as exc:
            said: BaseException = getattr(exc, "orig", None) or exc
            kind = DiskFull if _no_room(said) else DatabaseDown
            raise self._told(kind(where=self.where, why=" ".join(f"{said}.".split()))) from exc

    def _told(self, error: KeybatchError) -> KeybatchError:
        if self.told is not None:
            self.told(error)
        return error


def _no_room(error: BaseException) -> bool:
    """Whether a driver's error says that a disk is full."""
    code = getattr(error, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or getattr(error, "sqlstate", None) == "53100"


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection  # the setting is none of a transaction
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _engine(url: URL, sqlite: bool) -> Engine:
    """An error's text names the statement, not what was in it: it goes into logs and into records of jobs."""
    if not sqlite:
        wire = {name: value for name, value in _WIRE.items() if name not in url.query}
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=5, connect_args=wire)
        driver: Any = engine.dialect.loaded_dbapi
        try:
            driver.conninfo.make_conninfo("", **dict.fromkeys(url.query, ""))
        except driver.Error as exc:
            raise ValueError("an option that the driver does not know") from exc
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_S, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(_OTHER_END)
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is in _begin_sqlite
    for pragma in (
        f"busy_timeout={BUSY_S * 1000}",
        "journal_mode=WAL",
        "synchronous=NORMAL",  # WAL stays consistent after a crash; only a power cut may lose the last flushes
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
