"""What came out of a lookup, with where it came from. No row = not asked yet."""

from sqlalchemy import Boolean, Column, Float, ForeignKeyConstraint, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class StoredReading(SQLModel, table=True):
    """Exactly one row a lookup, by its primary key; ``seq`` is the batch's own counter, in commit order.

    ``value`` only where ``state`` is ``ok``, ``upper`` only where it is ``below``, ``error`` (a code of
    `app.errors`) only where it is ``failed``. ``data`` is JSON text. ``observed_at``: when the upstream said it.
    """

    __tablename__ = "reading"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "source"], ["batch_source.batch_id", "batch_source.source"], ondelete="CASCADE"
        ),
        Index(None, "batch_id", "seq", unique=True),
        {"sqlite_with_rowid": False},
    )

    batch_id: int = Field(sa_column=Column(BigKey, primary_key=True, autoincrement=False))
    source: str = Field(sa_column=Column(Text, primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    seq: int = Field(sa_column=big())
    state: str = Field(sa_column=Column(Text, nullable=False))
    value: float | None = Field(sa_column=Column(Float(53)))
    upper: float | None = Field(sa_column=Column(Float(53)))
    data: str | None = Field(sa_column=Column(Text))
    account: str = Field(sa_column=Column(Text, nullable=False))
    observed_at: int = Field(sa_column=big())
    from_cache: bool = Field(sa_column=Column(Boolean, nullable=False))
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
    latency_ms: int = Field(sa_column=Column(Integer, nullable=False))
    error: str | None = Field(sa_column=Column(Text))
    detail: str | None = Field(sa_column=Column(Text))
