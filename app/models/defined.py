"""A source that a person has defined without code."""

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from app.models.base import big


class DefinedSource(SQLModel, table=True):
    """The source called ``key`` (``http.<name>``). ``spec`` is JSON of `app.sources.http.Spec`; ``sealed`` its headers,
    by `app.vault`."""

    __tablename__ = "defined_source"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: str = Field(sa_column=Column(Text, primary_key=True))
    spec: str = Field(sa_column=Column(Text, nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=big())
    changed_at: int = Field(sa_column=big())
