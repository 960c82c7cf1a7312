"""Pages of journals for those who catch up: read once for all who want the same one at about the same time."""

import asyncio
from collections import OrderedDict

from app.services import journal
from app.services.house import House
from app.services.ring import Message, following, messages

#: Seqs of a page; every page begins at a multiple of it, so that it is the same for everyone.
SEQS = 500
#: Bytes of pages that are kept.
KEPT = 4_000_000
#: Pages read at a time: those who catch up are many, and those who keep up come first.
AT_ONCE = 2

_Key = tuple[int, int]
_Read = tuple[list[Message], int, bool]


class Pages:
    """Pages of every followed batch, in one event loop. ``reads`` counts looks at the database."""

    def __init__(self, house: House) -> None:
        self.reads = 0
        self._house = house
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._size = 0
        self._kept: OrderedDict[_Key, tuple[list[Message], int]] = OrderedDict()
        self._under_way: dict[_Key, asyncio.Task[list[Message]]] = {}

    async def following(self, batch_id: int, seq: int) -> Message | None:
        """The message that goes on after ``seq``; None where the journal ended when it was read. Raises NoSuchBatch,
        DatabaseDown."""
        key = (batch_id, seq - seq % SEQS)
        if key in self._kept:
            self._kept.move_to_end(key)
            return following(self._kept[key][0], seq)
        if key not in self._under_way:
            task = self._under_way[key] = asyncio.create_task(self._read(key))
            task.add_done_callback(_seen)
        # One who goes away meanwhile does not take the page from the others.
        return following(await asyncio.shield(self._under_way[key]), seq)

    async def _read(self, key: _Key) -> list[Message]:
        try:
            async with self._turns:
                self.reads += 1
                found, size, whole = await asyncio.to_thread(self._look, key)
        finally:
            del self._under_way[key]
        if whole:
            self._keep(key, found, size)
        return found

    def _look(self, key: _Key) -> _Read:
        """The messages, their size, and whether nothing can come into this page any more."""
        batch_id, after = key
        with self._house.db.read() as connection:
            page = journal.page(connection, batch_id, after, SEQS)
        found = list(messages(page))
        return found, sum(message.size for message in found), page.upto >= after + SEQS

    def _keep(self, key: _Key, found: list[Message], size: int) -> None:
        self._kept[key] = (found, size)
        self._size += size
        while self._size > KEPT:
            _, (_, freed) = self._kept.popitem(last=False)
            self._size -= freed


def _seen(task: "asyncio.Task[list[Message]]") -> None:
    """Nobody may be left to take what it raised."""
    if not task.cancelled():
        task.exception()
