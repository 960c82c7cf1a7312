"""A keyword at a position of a batch, and the dictionary of keywords over all batches."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey


class Keyword(SQLModel, table=True):
    """A keyword as it is asked. ``id`` is a 64-bit hash of the text (see `app.repositories.items.keyword_id`), so a
    million of them are inserted without reading a key back."""

    __tablename__ = "keyword"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    text: str = Field(sa_column=Column(Text, nullable=False))


class Item(SQLModel, table=True):
    """One keyword at a position: ``typed`` as it came, its keyword as it is asked; ``line`` counts from 1,
    ``merged`` how many later lines were the same. ``others``: JSON list of what stood beside it, in the order of
    `Batch.columns`; null where nothing did."""

    __tablename__ = "item"
    __table_args__ = (Index(None, "keyword_id"), {"sqlite_with_rowid": False})

    batch_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    position: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    keyword_id: int = Field(sa_column=Column(BigInteger, ForeignKey("keyword.id"), nullable=False))
    typed: str = Field(sa_column=Column(Text, nullable=False))
    line: int = Field(sa_column=Column(Integer, nullable=False))
    merged: int = Field(sa_column=Column(Integer, nullable=False))
    others: str | None = Field(sa_column=Column(Text))
