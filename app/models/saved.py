"""What people keep to use again: views of a table, and presets of a new batch."""

from sqlalchemy import Column, ForeignKey, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class Saved(SQLModel, table=True):
    """``kind``: ``view`` | ``preset``; ``body``: JSON of the service that keeps that kind. A name stands for one thing
    of its kind in a workspace; ``owner`` is who kept it last."""

    __tablename__ = "saved"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "name"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    workspace_id: int = Field(sa_column=Column(BigKey, ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    owner: str = Field(sa_column=Column(Text, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    changed_at: int = Field(sa_column=big())
