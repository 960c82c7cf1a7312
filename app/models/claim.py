"""Who works on which part of a batch's source."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class Claim(SQLModel, table=True):
    """A lane of a batch's source: the positions it holds, and until when. The row exists while the lane has, or
    may still find, work.

    ``held`` is what it has claimed and not finished, as ``"0-500,1500-2000"`` (stop excluded). ``generation``
    rises with every slice that takes the lane, and fences: a slice whose generation is no longer the row's may
    write nothing. ``expires_at`` 0 = free.

    ``reserved`` calls of ``day`` are its own to make, of which ``settled`` counts all that this generation has made
    and the ledger knows of; what it made beyond them is told by its tally (`app.services.tally`).
    """

    __tablename__ = "claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "source"], ["batch_source.batch_id", "batch_source.source"], ondelete="CASCADE"
        ),
        Index(None, "expires_at"),
        {"sqlite_with_rowid": False},
    )

    batch_id: int = Field(sa_column=Column(BigKey, primary_key=True, autoincrement=False))
    source: str = Field(sa_column=Column(Text, primary_key=True))
    lane: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    generation: int = Field(sa_column=Column(Integer, nullable=False))
    worker: str = Field(sa_column=Column(Text, nullable=False))
    held: str = Field(sa_column=Column(Text, nullable=False))
    expires_at: int = Field(sa_column=big())
    reserved: int = Field(sa_column=Column(Integer, nullable=False))
    settled: int = Field(sa_column=Column(Integer, nullable=False))
    day: str = Field(sa_column=Column(Text, nullable=False))
