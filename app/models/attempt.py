"""Attempts of lookups that have no reading yet."""

from sqlalchemy import Column, ForeignKeyConstraint, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey


class Attempt(SQLModel, table=True):
    """How often a lookup has been attempted in vain so far, for the slice that goes on with it; ``failures`` of the
    attempts count against it: those made while the upstream was down do not. The row goes when the lookup has its
    reading, which then says how many attempts it took."""

    __tablename__ = "attempt"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "source"], ["batch_source.batch_id", "batch_source.source"], ondelete="CASCADE"
        ),
        {"sqlite_with_rowid": False},
    )

    batch_id: int = Field(sa_column=Column(BigKey, primary_key=True, autoincrement=False))
    source: str = Field(sa_column=Column(Text, primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
    failures: int = Field(sa_column=Column(Integer, nullable=False))
