"""All tables in one place, for migrations and for Core statements."""

from sqlalchemy import Table

from app.models.base import metadata
from app.models.batch import Batch, BatchSource
from app.models.claim import Claim
from app.models.item import Item, Keyword
from app.models.reading import StoredReading
from app.models.usage import Usage

batch: Table = metadata.tables[Batch.__tablename__]
batch_source: Table = metadata.tables[BatchSource.__tablename__]
claim: Table = metadata.tables[Claim.__tablename__]
item: Table = metadata.tables[Item.__tablename__]
keyword: Table = metadata.tables[Keyword.__tablename__]
reading: Table = metadata.tables[StoredReading.__tablename__]
usage: Table = metadata.tables[Usage.__tablename__]

__all__ = ["batch", "batch_source", "claim", "item", "keyword", "metadata", "reading", "usage"]
