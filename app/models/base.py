"""What all tables share: one metadata with named constraints, so that migrations are the same on both databases."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata

#: SQLite gives row ids only to INTEGER keys.
BigKey = BigInteger().with_variant(Integer(), "sqlite")


def big(**kwargs: Any) -> Column[int]:
    """A 64-bit integer column; instants are UTC milliseconds in one of these."""
    return Column(BigInteger(), **{"nullable": False, **kwargs})
