"""What a batch had and has no more: whoever wants to show it asks here first, so that nothing that was removed looks
like something that was never there."""

from typing import Any

from sqlalchemy import Row

from app.errors import Purged
from app.services.shapes import BatchView
from app.services.wire import instant


def require_readings(batch: BatchView | Row[Any]) -> None:
    """Raises Purged where the batch's readings are not kept any more."""
    if batch.readings_purged_at is not None:
        raise Purged(batch=batch.id, what="readings", since=instant(batch.readings_purged_at))


def require_items(batch: BatchView | Row[Any]) -> None:
    """Raises Purged where the batch's keywords are not kept any more."""
    if batch.items_purged_at is not None:
        raise Purged(batch=batch.id, what="keywords", since=instant(batch.items_purged_at))
