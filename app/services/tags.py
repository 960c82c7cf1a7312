"""Tags of batches that are there: put on and taken off."""

from collections.abc import Sequence
from functools import partial

from app import events
from app.errors import NoSuchBatch
from app.repositories import batches
from app.services.batches import checked_tags, look
from app.services.house import House
from app.services.shapes import BatchView


def change(house: House, batch_id: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> BatchView:
    """Put tags on a batch and take others off; what is so already changes nothing. Raises NoSuchBatch; BadValue when
    there would be too many, or one is too long."""
    more, less = checked_tags(add), [*remove]
    with house.db.work() as work:
        connection = work.connection
        if batches.one(connection, batch_id, lock=True) is None:
            raise NoSuchBatch(batch=batch_id)
        has = batches.tags_of(connection, [batch_id]).get(batch_id, [])
        stays = [tag for tag in has if tag not in less]
        new = [tag for tag in more if tag not in stays]
        checked_tags([*stays, *new])
        if new or len(stays) < len(has):
            batches.drop_tags(connection, batch_id, [tag for tag in has if tag not in stays])
            batches.add_tags(connection, batch_id, new)
            work.after_commit(partial(events.nudge, house.redis, batch_id))
        return look(connection, batch_id)
