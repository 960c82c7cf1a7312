"""All tables in one place, for migrations and for Core statements."""

from sqlalchemy import Table

from app.models.account import StoredAccount
from app.models.activity import Activity
from app.models.answer import Answer
from app.models.attempt import Attempt
from app.models.base import metadata
from app.models.batch import Batch, BatchSource, BatchTag
from app.models.claim import Claim
from app.models.defined import DefinedSource
from app.models.halt import Halt
from app.models.item import Item, Keyword
from app.models.people import Person, Session, Token, Workspace
from app.models.pulse import Pulse
from app.models.reading import StoredReading, Superseded
from app.models.saved import Saved
from app.models.usage import Usage
from app.models.webhook import Delivery, Follow, Webhook

account: Table = metadata.tables[StoredAccount.__tablename__]
activity: Table = metadata.tables[Activity.__tablename__]
answer: Table = metadata.tables[Answer.__tablename__]
attempt: Table = metadata.tables[Attempt.__tablename__]
batch: Table = metadata.tables[Batch.__tablename__]
batch_source: Table = metadata.tables[BatchSource.__tablename__]
batch_tag: Table = metadata.tables[BatchTag.__tablename__]
claim: Table = metadata.tables[Claim.__tablename__]
defined_source: Table = metadata.tables[DefinedSource.__tablename__]
delivery: Table = metadata.tables[Delivery.__tablename__]
follow: Table = metadata.tables[Follow.__tablename__]
halt: Table = metadata.tables[Halt.__tablename__]
item: Table = metadata.tables[Item.__tablename__]
keyword: Table = metadata.tables[Keyword.__tablename__]
person: Table = metadata.tables[Person.__tablename__]
pulse: Table = metadata.tables[Pulse.__tablename__]
reading: Table = metadata.tables[StoredReading.__tablename__]
saved: Table = metadata.tables[Saved.__tablename__]
session: Table = metadata.tables[Session.__tablename__]
superseded: Table = metadata.tables[Superseded.__tablename__]
token: Table = metadata.tables[Token.__tablename__]
usage: Table = metadata.tables[Usage.__tablename__]
webhook: Table = metadata.tables[Webhook.__tablename__]
workspace: Table = metadata.tables[Workspace.__tablename__]

__all__ = [
    "account",
    "activity",
    "answer",
    "attempt",
    "batch",
    "batch_source",
    "batch_tag",
    "claim",
    "defined_source",
    "delivery",
    "follow",
    "halt",
    "item",
    "keyword",
    "metadata",
    "person",
    "pulse",
    "reading",
    "saved",
    "session",
    "superseded",
    "token",
    "usage",
    "webhook",
    "workspace",
]
