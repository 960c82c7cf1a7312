"""The first answer to a submit that came with a key, so that the same one again is not a second batch."""

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class Answer(SQLModel, table=True):
    """``fingerprint``: SHA-256 of what came with the key; ``said``: the answer, JSON."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "created_at"), {"sqlite_with_rowid": False})

    workspace_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = Field(sa_column=Column(Text, nullable=False))
    said: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=big())
