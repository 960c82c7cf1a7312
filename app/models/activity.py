"""What has been done to batches and in the house, by whom."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey


class Activity(SQLModel, table=True):
    """One thing done. ``who``: the person's or token's name, "" for the house itself; ``what``: a verb or state of the
    vocabulary; ``about``: facts of it, as JSON; ``peer``: the address it came from, "" where it came from none.
    ``batch_id`` is None for what concerns no batch."""

    __tablename__ = "activity"
    __table_args__ = (
        Index(None, "batch_id", "id"),
        Index(None, "workspace_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    workspace_id: int = Field(sa_column=Column(BigKey, ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False))
    batch_id: int | None = Field(sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE")))
    at: int = Field(sa_column=Column(BigInteger, nullable=False))
    who: str = Field(sa_column=Column(Text, nullable=False))
    what: str = Field(sa_column=Column(Text, nullable=False))
    about: str = Field(sa_column=Column(Text, nullable=False))
    peer: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
