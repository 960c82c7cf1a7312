"""Who may: workspaces, the people in them, their sessions in a browser, and tokens for programs."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big

#: The workspace of the owner, and of whatever the command line submits.
MAIN = 1


class Workspace(SQLModel, table=True):
    """What belongs together: batches, people, tokens and webhooks of one workspace do not see another's."""

    __tablename__ = "workspace"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    created_at: int = Field(sa_column=big())


class Person(SQLModel, table=True):
    """Someone who signs in. ``password`` is an argon2 hash, "" where there is none; ``role``: owner, admin, member or
    viewer; ``subject``: who this is for the issuer that vouches for him, if one does: its address, its name for him."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "subject", unique=True), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    workspace_id: int = Field(sa_column=Column(BigKey, ForeignKey("workspace.id"), nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    role: str = Field(sa_column=Column(Text, nullable=False))
    password: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=big())
    changed_at: int = Field(sa_column=big())
    subject: str | None = Field(default=None, sa_column=Column(Text))


class Session(SQLModel, table=True):
    """A browser that is signed in; ``hash`` is the SHA-256 of the secret in its cookie."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "person_id"), {"sqlite_with_rowid": False})

    hash: str = Field(sa_column=Column(Text, primary_key=True))
    person_id: int = Field(sa_column=Column(BigKey, ForeignKey("person.id", ondelete="CASCADE"), nullable=False))
    created_at: int = Field(sa_column=big())
    seen_at: int = Field(sa_column=big())
    expires_at: int = Field(sa_column=big())


class Token(SQLModel, table=True):
    """What a program shows instead of a password; ``hash`` is its SHA-256, ``hint`` its first characters."""

    __tablename__ = "token"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    workspace_id: int = Field(sa_column=Column(BigKey, ForeignKey("workspace.id"), nullable=False))
    person_id: int | None = Field(sa_column=Column(BigKey, ForeignKey("person.id", ondelete="CASCADE")))
    name: str = Field(sa_column=Column(Text, nullable=False))
    hash: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    hint: str = Field(sa_column=Column(Text, nullable=False))
    #: Words separated by blanks: read, submit, admin.
    scopes: str = Field(sa_column=Column(Text, nullable=False))
    created_at: int = Field(sa_column=big())
    expires_at: int | None = Field(sa_column=Column(BigInteger))
    used_at: int | None = Field(sa_column=Column(BigInteger))
    revoked_at: int | None = Field(sa_column=Column(BigInteger))
