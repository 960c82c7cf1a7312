"""A batch, its tags, and one row for each of its sources."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from app.models.base import BigKey, big


class Batch(SQLModel, table=True):
    """Keywords × sources, submitted once. ``seq`` counts its readings; taking numbers from it serialises flushes."""

    __tablename__ = "batch"
    __table_args__ = (Index(None, "state"), Index(None, "workspace_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigKey, primary_key=True, autoincrement=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    priority: str = Field(sa_column=Column(Text, nullable=False))
    items: int = Field(sa_column=Column(Integer, nullable=False))
    merged: int = Field(sa_column=Column(Integer, nullable=False))
    rejected: int = Field(sa_column=Column(Integer, nullable=False))
    #: Seconds; a reading younger than this answers instead of a call. 0 = always ask.
    max_age_s: int = Field(sa_column=big())
    seq: int = Field(sa_column=big())
    waiting_reason: str = Field(sa_column=Column(Text, nullable=False))
    waiting_until: int | None = Field(sa_column=Column(BigInteger))
    created_at: int = Field(sa_column=big())
    started_at: int | None = Field(sa_column=Column(BigInteger))
    finished_at: int | None = Field(sa_column=Column(BigInteger))
    #: Whose batch it is, "" for nobody's; owners take turns at the workers.
    owner: str = Field(sa_column=Column(Text, nullable=False))
    #: When it is ended whatever is unread; None = never.
    deadline_at: int | None = Field(sa_column=Column(BigInteger))
    #: Why it was cancelled: ``person`` | ``deadline``, "" while it was not.
    stopped_by: str = Field(sa_column=Column(Text, nullable=False))
    #: The batch whose keywords and sources this one asks anew.
    rerun_of: int | None = Field(sa_column=Column(BigInteger))
    #: JSON list: the names of the columns that came beside the keywords, in the order of `Item.others`.
    columns: str = Field(sa_column=Column(Text, nullable=False))
    #: JSON list of columns worked out of others (`app.services.derived`).
    derived: str = Field(sa_column=Column(Text, nullable=False))
    #: The workspace it belongs to.
    workspace_id: int = Field(sa_column=big())
    #: JSON object of the submitter's own, given back as it came (``metadata`` on the wire).
    notes: str = Field(sa_column=Column(Text, nullable=False))
    #: Since when superseded readings and acts, readings, and keywords are not kept any more; None = they are.
    events_purged_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    readings_purged_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    items_purged_at: int | None = Field(default=None, sa_column=Column(BigInteger))
    #: What of that is still to be removed, the first first, and up to which seq or position the first is.
    leaving: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    leaving_at: int = Field(default=0, sa_column=big(server_default="0"))


class BatchTag(SQLModel, table=True):
    """A word that a batch is found by."""

    __tablename__ = "batch_tag"
    __table_args__ = (Index(None, "tag"), {"sqlite_with_rowid": False})

    batch_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    tag: str = Field(sa_column=Column(Text, primary_key=True))


class BatchSource(SQLModel, table=True):
    """One source of a batch. Every lookup before ``cursor`` has a reading or is held by a lane; the counters are
    readings by state. ``lanes`` is the number the next lane gets: none is used twice. ``trouble`` is the code of the
    last upstream error that made it wait."""

    __tablename__ = "batch_source"
    __table_args__ = ({"sqlite_with_rowid": False},)

    batch_id: int = Field(
        sa_column=Column(BigKey, ForeignKey("batch.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    source: str = Field(sa_column=Column(Text, primary_key=True))
    ordinal: int = Field(sa_column=Column(Integer, nullable=False))
    account: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    lookups: int = Field(sa_column=Column(Integer, nullable=False))
    cursor: int = Field(sa_column=Column(Integer, nullable=False))
    lanes: int = Field(sa_column=Column(Integer, nullable=False))
    ok: int = Field(sa_column=Column(Integer, nullable=False))
    below: int = Field(sa_column=Column(Integer, nullable=False))
    missing: int = Field(sa_column=Column(Integer, nullable=False))
    failed: int = Field(sa_column=Column(Integer, nullable=False))
    cached: int = Field(sa_column=Column(Integer, nullable=False))
    waiting_reason: str = Field(sa_column=Column(Text, nullable=False))
    waiting_until: int | None = Field(sa_column=Column(BigInteger))
    trouble: str = Field(sa_column=Column(Text, nullable=False))
    trouble_detail: str = Field(sa_column=Column(Text, nullable=False))
    started_at: int | None = Field(sa_column=Column(BigInteger))
    finished_at: int | None = Field(sa_column=Column(BigInteger))
