"""What came out of lookups, with where it came from. No row = not asked yet."""

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKeyConstraint, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey

_FAILED = text("state = 'failed'")


def _of_source() -> ForeignKeyConstraint:
    here, there = ["batch_id", "source"], ["batch_source.batch_id", "batch_source.source"]
    return ForeignKeyConstraint(here, there, ondelete="CASCADE")


class Measured(SQLModel):
    """A reading's own columns.

    ``value`` only where ``state`` is ``ok``, ``upper`` only where it is ``below``, ``error`` (a code of
    `app.errors`) only where it is ``failed``. ``data`` is JSON text. ``observed_at``: when the upstream said it.
    """

    state: str = Field(sa_type=Text, nullable=False)
    value: float | None = Field(sa_type=Float(53))
    upper: float | None = Field(sa_type=Float(53))
    data: str | None = Field(sa_type=Text)
    account: str = Field(sa_type=Text, nullable=False)
    observed_at: int = Field(sa_type=BigInteger, nullable=False)
    from_cache: bool = Field(sa_type=Boolean, nullable=False)
    attempts: int = Field(sa_type=Integer, nullable=False)
    latency_ms: int = Field(sa_type=Integer, nullable=False)
    error: str | None = Field(sa_type=Text)
    detail: str | None = Field(sa_type=Text)


class StoredReading(Measured, table=True):
    """Exactly one row a lookup, by its primary key; ``seq`` is the batch's own counter, in commit order."""

    __tablename__: ClassVar[Any] = "reading"
    __table_args__ = (
        _of_source(),
        Index(None, "batch_id", "seq", unique=True),
        # Failures are few and asked for often; scanning a million readings for them would be neither.
        Index("ix_reading_failed", "batch_id", "source", "error", sqlite_where=_FAILED, postgresql_where=_FAILED),
        {"sqlite_with_rowid": False},
    )

    batch_id: int = Field(sa_column=Column(BigKey, primary_key=True, autoincrement=False))
    source: str = Field(sa_column=Column(Text, primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    seq: int = Field(sa_type=BigInteger, nullable=False)


class Superseded(Measured, table=True):
    """A reading whose lookup was asked again (a retried failure): kept, so that no measurement is overwritten."""

    __tablename__: ClassVar[Any] = "superseded"
    __table_args__ = (_of_source(), Index(None, "batch_id", "source", "position"), {"sqlite_with_rowid": False})

    batch_id: int = Field(sa_column=Column(BigKey, primary_key=True, autoincrement=False))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    source: str = Field(sa_type=Text, nullable=False)
    position: int = Field(sa_type=Integer, nullable=False)
