"""An account at an upstream, kept in the database."""

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from app.models.base import big


class StoredAccount(SQLModel, table=True):
    """``key`` is ``upstream/name``. ``given``: what may be shown of its settings, as JSON; ``sealed``: its secrets, by
    `app.vault`; ``hint``: the last characters of its main secret. ``checked`` is how its last trial ended, "" for well,
    at ``checked_at``."""

    __tablename__ = "account"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: str = Field(sa_column=Column(Text, primary_key=True))
    given: str = Field(sa_column=Column(Text, nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    hint: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=big())
    changed_at: int = Field(sa_column=big())
    checked: str = Field(sa_column=Column(Text, nullable=False))
    checked_at: int | None = Field(sa_column=Column(BigInteger))
