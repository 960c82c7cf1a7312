"""An account that is not asked for a while."""

from sqlalchemy import BigInteger, Column, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import big


class Halt(SQLModel, table=True):
    """Nobody asks with ``account`` until ``until``: ``reason`` as a waiting batch states it, ``source`` the one that
    found out, ``trouble`` the code of the upstream error that it met, ``waits`` how often in a row that was so. The row
    goes when the account is asked again."""

    __tablename__ = "halt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account: str = Field(sa_column=Column(Text, primary_key=True))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    since: int = Field(sa_column=big())
    until: int = Field(sa_column=Column(BigInteger, nullable=False))
    waits: int = Field(sa_column=Column(Integer, nullable=False))
    trouble: str = Field(sa_column=Column(Text, nullable=False))
    detail: str = Field(sa_column=Column(Text, nullable=False))
