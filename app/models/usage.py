"""The ledger of calls."""

from sqlalchemy import Column, Integer, Text
from sqlmodel import Field, SQLModel


class Usage(SQLModel, table=True):
    """Calls an account has made on a calendar day of its upstream's zone (``YYYY-MM-DD``), and those ``reserved``:
    promised to running slices, not made yet. Written before calls are made, so no crash can lose one."""

    __tablename__ = "usage"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account: str = Field(sa_column=Column(Text, primary_key=True))
    day: str = Field(sa_column=Column(Text, primary_key=True))
    calls: int = Field(sa_column=Column(Integer, nullable=False))
    reserved: int = Field(sa_column=Column(Integer, nullable=False))
