"""Where others are told what happens to batches, what they are told, and how far they have been told."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class Webhook(SQLModel, table=True):
    """``events``: words separated by blanks. ``sealed``: its secrets, by `app.vault`, JSON of `app.services.webhooks`.
    It is told of batches of its workspace with an id over ``after_batch``: those submitted after it was made.
    ``why_off``: ``person`` | ``gone`` (the receiver said so), "" while it is active."""

    __tablename__ = "webhook"
    __table_args__ = (Index(None, "workspace_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    workspace_id: int = Field(sa_column=Column(BigKey, ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False))
    url: str = Field(sa_column=Column(Text, nullable=False))
    events: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    active: bool = Field(sa_column=Column(Boolean, nullable=False))
    why_off: str = Field(sa_column=Column(Text, nullable=False))
    after_batch: int = Field(sa_column=big())
    created_at: int = Field(sa_column=big())
    changed_at: int = Field(sa_column=big())


class Delivery(SQLModel, table=True):
    """One message to one webhook; ``id`` is its place in line. ``message`` is how the receiver knows it, the same at
    every try.

    ``payload``: JSON of a state event; the readings ``from_seq`` … ``to_seq`` are looked up when they are sent.
    ``state``: ``pending`` | ``delivered`` | ``failed``. A pending one is tried at ``due_at`` (None: its webhook is
    switched off), unless somebody has it in hand until ``leased_until``. ``attempts`` counts all tries, and fences;
    ``failures`` those in vain since it was queued last. ``tries``: JSON list, the last of them."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(None, "due_at"),
        Index(None, "done_at"),
        Index(None, "webhook_id", "id"),
        Index(None, "webhook_id", "batch_id", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    message: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    webhook_id: int = Field(sa_column=Column(BigKey, ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False))
    batch_id: int | None = Field(sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE")))
    event: str = Field(sa_column=Column(Text, nullable=False))
    from_seq: int | None = Field(sa_column=Column(BigInteger))
    to_seq: int | None = Field(sa_column=Column(BigInteger))
    payload: str | None = Field(sa_column=Column(Text))
    state: str = Field(sa_column=Column(Text, nullable=False))
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
    failures: int = Field(sa_column=Column(Integer, nullable=False))
    due_at: int | None = Field(sa_column=Column(BigInteger))
    leased_until: int = Field(sa_column=big())
    created_at: int = Field(sa_column=big())
    done_at: int | None = Field(sa_column=Column(BigInteger))
    tries: str = Field(sa_column=Column(Text, nullable=False))


class Follow(SQLModel, table=True):
    """A webhook that is told the readings of a batch: those up to ``seq`` are in messages. The next message is made at
    ``next_at`` at the earliest (None: the batch has ended, and all are), of ``least`` readings at least."""

    __tablename__ = "follow"
    __table_args__ = (Index(None, "next_at"), {"sqlite_with_rowid": False})

    webhook_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("webhook.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    batch_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    seq: int = Field(sa_column=big())
    least: int = Field(sa_column=Column(Integer, nullable=False))
    next_at: int | None = Field(sa_column=Column(BigInteger))
