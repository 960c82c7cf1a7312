"""Many rows at once: the driver's own executemany on SQLite, COPY on Postgres. No ORM objects on hot paths."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table

Rows = Iterable[Sequence[Any]]


def insert(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """Insert ``rows``, tuples in the order of ``columns``. A duplicate key raises IntegrityError."""
    _write(connection, table.name, columns, rows, "")


def insert_new(connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
    """As `insert`, but rows whose key is there already are left as they are."""
    if connection.dialect.name == "sqlite":
        _write(connection, table.name, columns, rows, "OR IGNORE ")
        return
    names = ", ".join(columns)
    connection.exec_driver_sql(f"CREATE TEMP TABLE IF NOT EXISTS bulk_{table.name} (LIKE {table.name}) ON COMMIT DROP")
    _copy(connection, f"bulk_{table.name}", names, rows)
    new = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM bulk_{table.name}"  # noqa: S608 -- names of ours
    connection.exec_driver_sql(f"{new} ON CONFLICT DO NOTHING")
    connection.exec_driver_sql(f"TRUNCATE bulk_{table.name}")


def _write(connection: Connection, table: str, columns: Sequence[str], rows: Rows, how: str) -> None:
    names = ", ".join(columns)
    if connection.dialect.name != "sqlite":
        _copy(connection, table, names, rows)
        return
    marks = ", ".join("?" * len(columns))
    cursor: Any = connection.connection.cursor()  # takes any iterable, whatever the common type says
    try:
        cursor.executemany(f"INSERT {how}INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 -- names of ours
    finally:
        cursor.close()


def _copy(connection: Connection, table: str, names: str, rows: Rows) -> None:
    driver: Any = connection.connection.driver_connection  # psycopg's own, which knows COPY
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
