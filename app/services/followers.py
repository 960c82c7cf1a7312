"""Those who follow batches over this process: what each of them is sent, and when that ends.

A follower is a position in a batch's journal and nothing else. While he keeps up he is sent the messages of the
batch's channel, the same bytes as everybody; who is behind what the channel keeps is sent pages of the journal, which
those who catch up side by side share. So a slow client costs the one message that is on its way to him.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial

from app.errors import AfterBeyondEnd, KeybatchError
from app.events import LOOK_S
from app.log import get
from app.services.channel import Channel
from app.services.feed import Feed
from app.services.house import House
from app.services.pages import Pages
from app.services.ring import Message, event

log = get(__name__)
#: A follower who hears nothing for so long is told that the line stands, in seconds.
HEARTBEAT_S = 15.0
_HEARTBEAT = b": still here\n\n"
#: When a client that lost the line comes again, in milliseconds, and, when all of them are sent away, within which.
_AGAIN = b"retry: 1000\n\n"
_SENT_AWAY = (1_000, 5_000)


class Follower:
    """One client at a position of a batch's journal. Whoever got it calls ``leave`` when the client has gone."""

    def __init__(self, channel: Channel, pages: Pages, after: int, leave: Callable[["Follower"], None]) -> None:
        self._channel, self._pages, self._leave = channel, pages, leave
        self._position = after
        self._version, self._over = 0, False

    async def pieces(self) -> AsyncIterator[bytes]:
        """The stream, event by event: how the batch stands, every reading once, and at the end that this was all."""
        yield _AGAIN
        loop = asyncio.get_running_loop()
        while not self._over:
            until = loop.time() + HEARTBEAT_S
            piece = None
            while piece is None:
                # A server takes what is for a client who has gone without waiting: nothing else would get its turn.
                await asyncio.sleep(0)
                piece = await self._piece(until)
            yield piece

    def leave(self) -> None:
        """Say that the client has gone; again changes nothing."""
        self._leave(self)

    async def _piece(self, until: float) -> bytes | None:
        """What is next; None after a wait for something new."""
        channel = self._channel
        if channel.over:
            return self._last(_sent_away())
        if self._version != channel.version:
            self._version = channel.version
            return event("batch", channel.batch)
        try:
            message = await self._message()
        except KeybatchError as exc:
            log.warning("follower_cannot_read", batch=channel.batch_id, error=str(exc))
            return self._last(_sent_away())
        if message is not None:
            piece, self._position = message.since(self._position), message.upto
            return piece
        if self._position < channel.ring.after:
            return None  # that page was read before there was what he wants
        if channel.ended and self._position >= channel.ring.upto:
            return self._last(event("done", channel.batch))
        return None if await channel.changed(until) else _HEARTBEAT

    async def _message(self) -> Message | None:
        ring = self._channel.ring
        if self._position >= ring.after:
            return ring.following(self._position)
        return await self._pages.following(self._channel.batch_id, self._position)

    def _last(self, piece: bytes) -> bytes:
        self._over = True
        return piece


class Followers:
    """All followers of a process, in its event loop. Without a ``feed`` the batches are looked at once a second."""

    def __init__(self, house: House, feed: Feed | None = None) -> None:
        self._house, self._feed = house, feed
        self._pages = Pages(house)
        self._open: dict[int, _Open] = {}
        self._reads = 0
        self._ended = False
        self._left = asyncio.Event()

    @property
    def reads(self) -> int:
        """Looks at the database so far, for all of them together."""
        return self._reads + self._pages.reads + sum(one.channel.reads for one in self._open.values())

    @property
    def count(self) -> int:
        """Followers there are now."""
        return sum(len(one.followers) for one in self._open.values())

    async def follow(self, batch_id: int, after: int) -> Follower:
        """A follower of a batch who has everything up to seq ``after``. Raises NoSuchBatch, AfterBeyondEnd,
        DatabaseDown."""
        one = self._opened(batch_id)
        channel = one.channel
        follower = Follower(channel, self._pages, after, partial(self._gone, one))
        one.followers.add(follower)
        try:
            await channel.fresh()  # what he did to the batch before he came is seen
            if after > channel.seq and not channel.over:
                raise AfterBeyondEnd(batch=batch_id, seq=channel.seq, after=after)
        except BaseException:
            follower.leave()
            raise
        return follower

    async def end(self, within_s: float) -> None:
        """Send everybody away, whoever may still come too, and wait until they have gone, but no longer than this."""
        self._ended, count, reads = True, self.count, self.reads
        for one in self._open.values():
            one.channel.end()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self.count:
                    self._left.clear()
                    await self._left.wait()
        log.info("followers_sent_away", followers=count, left=self.count, reads=reads)

    def _opened(self, batch_id: int) -> "_Open":
        one = self._open.get(batch_id)
        if one is None or one.channel.over:
            one = self._open[batch_id] = _Open(self._house, self._feed, batch_id)
            if self._ended:
                one.channel.end()
        return one

    def _gone(self, one: "_Open", follower: Follower) -> None:
        one.followers.discard(follower)
        self._left.set()
        if not one.followers and one.close():
            self._reads += one.channel.reads
            if self._open.get(one.channel.batch_id) is one:
                del self._open[one.channel.batch_id]


class _Open:
    """A channel that is running, and who follows it."""

    def __init__(self, house: House, feed: Feed | None, batch_id: int) -> None:
        # The feed looks at all watched batches at once; the channel's own look is for what the feed cannot see.
        self.channel = Channel(house, batch_id, LOOK_S if feed is None else HEARTBEAT_S)
        self.followers: set[Follower] = set()
        self._closed = False
        self._task = asyncio.create_task(self.channel.run())
        self._task.add_done_callback(_broke)
        wake = partial(_wake, asyncio.get_running_loop(), self.channel)
        self._unwatch = feed.watch(batch_id, wake) if feed else lambda: None

    def close(self) -> bool:
        """Stop it; False when it was."""
        closed, self._closed = self._closed, True
        self._unwatch()
        self._task.cancel()
        return not closed


def _wake(loop: asyncio.AbstractEventLoop, channel: Channel) -> None:
    """From the thread of the feed."""
    with suppress(RuntimeError):  # the loop is gone when the process ends
        loop.call_soon_threadsafe(channel.wake)


def _broke(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("channel_broke", exc_info=task.exception())


def _sent_away() -> bytes:
    """Not all of them at once."""
    return b"retry: %d\n\n" % (_SENT_AWAY[0] + secrets.randbelow(_SENT_AWAY[1] - _SENT_AWAY[0] + 1))
