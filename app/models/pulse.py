"""What upstreams have said, minute by minute."""

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import big


def _count() -> Column[int]:
    return Column(Integer, nullable=False)


class Pulse(SQLModel, table=True):
    """Readings of one account stored in one minute (``minute``: its beginning, UTC ms), by state. ``cached`` of them
    were answered by earlier readings and cost no call; the others took ``latency_ms`` together, so many of them up to
    10, 20, 50 … 5,000 ms and ``l_more`` longer. Offline sources have no latency and are in no such count."""

    __tablename__ = "pulse"
    __table_args__ = (Index(None, "minute"), {"sqlite_with_rowid": False})

    account: str = Field(sa_column=Column(Text, primary_key=True))
    minute: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    ok: int = Field(sa_column=_count())
    below: int = Field(sa_column=_count())
    missing: int = Field(sa_column=_count())
    failed: int = Field(sa_column=_count())
    cached: int = Field(sa_column=_count())
    latency_ms: int = Field(sa_column=big())
    l_10: int = Field(sa_column=_count())
    l_20: int = Field(sa_column=_count())
    l_50: int = Field(sa_column=_count())
    l_100: int = Field(sa_column=_count())
    l_200: int = Field(sa_column=_count())
    l_300: int = Field(sa_column=_count())
    l_500: int = Field(sa_column=_count())
    l_1000: int = Field(sa_column=_count())
    l_2000: int = Field(sa_column=_count())
    l_5000: int = Field(sa_column=_count())
    l_more: int = Field(sa_column=_count())
