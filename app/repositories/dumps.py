"""SQL of whole tables, whatever revision they are of: every row out, every row in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Connection, Float, MetaData, Table, Text, func, inspect, select, text

from app.db import bulk

#: Rows fetched at a time, so that memory stays flat.
PAGE = 2_000
#: Alembic's own; which revision it names is said by whoever makes the tables.
_REVISION = "alembic_version"
#: In this order a table is read where it lies, on both databases; others are small.
_ORDER = {"reading": ("batch_id", "seq")}


def tables(connection: Connection) -> list[Table]:
    """The tables that are there, each after those that it refers to."""
    found = MetaData()
    found.reflect(connection, resolve_fks=False)
    return [table for table in found.sorted_tables if table.name != _REVISION]


def any_there(connection: Connection) -> bool:
    """Whether there is any table at all."""
    return bool(inspect(connection).get_table_names())


def count(connection: Connection, table: Table) -> int:
    """How many rows there are, to show how far one is; on Postgres as its statistics have it."""
    if connection.dialect.name != "sqlite":
        rough = text("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(:name)")
        return max(0, connection.execute(rough, {"name": table.name}).scalar_one() or 0)
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def rows(connection: Connection, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Every row, the columns in the table's order, page by page; by primary key, and the same on both databases."""
    columns = ", ".join(column.name for column in table.columns)
    order = _ORDER.get(table.name) or [column.name for column in table.primary_key.columns]
    exact = {c.name for c in table.columns if isinstance(c.type, Text)} if connection.dialect.name != "sqlite" else ()
    by = ", ".join(f'{name} COLLATE "C"' if name in exact else name for name in order)
    statement = f"SELECT {columns} FROM {table.name} ORDER BY {by}"  # noqa: S608 -- names of the database's own
    driver: Any = connection.connection.driver_connection  # rows of SQLAlchemy's own take three times as long
    named = () if connection.dialect.name == "sqlite" else ("whole",)
    cursor = driver.cursor(*named)
    try:
        cursor.execute(statement)
        while page := cursor.fetchmany(PAGE):
            yield page
    finally:
        cursor.close()


def fill(connection: Connection, table: Table, columns: Sequence[str], found: Iterable[Sequence[Any]]) -> None:
    """Insert rows, the values in the order of ``columns``."""
    bulk.insert(connection, table, columns, found)


def columns_of(table: Table, kind: type[Boolean] | type[Float[Any]]) -> list[int]:
    """Where in a row of the table there are values of this kind."""
    return [number for number, column in enumerate(table.columns) if isinstance(column.type, kind)]


def counters(connection: Connection, found: Sequence[Table]) -> dict[str, int]:
    """Table → the last id that it gave away, also to a row that has gone since."""
    if connection.dialect.name == "sqlite":
        names = {str(table.name) for table in found}
        given = connection.execute(text("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
        return {row.name: row.seq for row in given if row.name in names}
    given_away = {str(table.name): _given_away(connection, table) for table in found}
    return {name: last for name, last in sorted(given_away.items()) if last}


def _given_away(connection: Connection, table: Table) -> int:
    sequence = _sequence(connection, table)
    if sequence is None:
        return 0
    row = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 -- as above
    there = connection.execute(select(func.max(*table.primary_key.columns))).scalar_one()
    return max(row.last_value if row.is_called else 0, there or 0)


def count_on(connection: Connection, found: Sequence[Table], given: Mapping[str, int]) -> None:
    """Let no table give away an id that it has given before."""
    for table in (one for one in found if one.name in given):
        if connection.dialect.name == "sqlite":
            values = {"name": table.name, "seq": given[table.name]}
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)
        elif sequence := _sequence(connection, table):
            connection.execute(select(func.setval(sequence, given[table.name])))


def _sequence(connection: Connection, table: Table) -> str | None:
    key = [column.name for column in table.primary_key.columns]
    if len(key) != 1:
        return None
    name: str | None = connection.execute(select(func.pg_get_serial_sequence(table.name, key[0]))).scalar_one()
    return name
