"""A database with rows in every table, and what is in it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Float, MetaData, Table, insert, text

from app.db.database import Database

#: Texts that a file or a driver may trip over.
HARD = ('글 "하나", \\ \u2028 \t\r\n끝', "", "\U0001f4e6 '; --")


def fill(database: Database) -> dict[str, int]:
    """Three rows in every table, of every kind of value: how many there are now."""
    found = MetaData()
    with database.work() as work:
        found.reflect(work.connection)
        tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
        for table in tables:
            rows = [{column.name: _value(table, column, n) for column in table.columns} for n in (1, 2, 3)]
            there = 1 if table.name == "workspace" else 0  # the first is there from the beginning
            work.connection.execute(insert(table), rows[there:])
    return {table.name: 3 for table in tables}


def _value(table: Table, column: Column[Any], n: int) -> object:
    keys = [*table.primary_key.columns, *(key for constraint in table.indexes for key in constraint.columns)]
    if column.nullable and n == 2 and not column.foreign_keys:
        return None
    if isinstance(column.type, Boolean):
        return bool(n % 2)
    if isinstance(column.type, Float):
        return {1: 0.0, 2: 1e300, 3: float("inf")}[n]
    if column.type.python_type is int:
        return n
    unique = column.foreign_keys or column.name in {key.name for key in keys} or column.name in ("hash", "message")
    return f"{column.name if column.name != 'source' else 's'}{n}" if unique or column.unique else HARD[n - 1]


def dump(database: Database, besides: tuple[str, ...] = ("session", "alembic_version")) -> Mapping[str, str]:
    """Table → a hash of its rows; the same for the same rows, whatever the kind of database."""
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
        said = {}
        for table in found.sorted_tables:
            if table.name not in besides:
                columns = list(table.columns)
                rows = connection.execute(table.select()).all()
                lines = sorted(
                    repr([_same(column, value) for column, value in zip(columns, row, strict=True)]) for row in rows
                )
                said[table.name] = f"{len(lines)} {hashlib.sha256(''.join(lines).encode()).hexdigest()}"
    return said


def _same(column: Column[Any], value: Any) -> object:
    if value is None:
        return None
    return (
        float(value) if isinstance(column.type, Float) else bool(value) if isinstance(column.type, Boolean) else value
    )


def next_id(database: Database, table: str) -> int:
    """The id that a table gives to the next row, without keeping it."""
    with database.engine.connect() as connection:
        if database.sqlite:
            return (
                int(connection.execute(text(f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'")).scalar_one())
                + 1
            )
        return int(connection.execute(text(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")).scalar_one())
