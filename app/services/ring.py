"""A batch's journal as Server-Sent Events, each encoded once for everyone, and the newest of them kept in memory."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from app.services.journal import Page

#: Readings in one message at most, and bytes of them, unless a single one is longer: whoever is cut off all the time
#: gets on by whole messages.
READINGS = 500
BYTES = 32_000
#: Bytes that are kept of a batch's newest messages.
KEPT = 1_000_000


def event(name: str, data: bytes, seq: int | None = None) -> bytes:
    """One event; ``seq`` is the position of whoever has got it."""
    at = b"" if seq is None else b"id: %d\n" % seq
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), at, data)


@dataclass(frozen=True, slots=True)
class Message:
    """The seqs over ``after`` and not over ``upto`` as one event. ``starts`` says where in ``frame`` each of them
    begins; without it they are gone."""

    after: int
    upto: int
    frame: bytes
    starts: "array[int]"

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.frame) + self.starts.itemsize * len(self.starts)

    def since(self, seq: int) -> bytes:
        """The event for someone who is at ``seq``: all of it, or what he has not got of it."""
        if seq <= self.after:
            return self.frame
        if not self.starts:
            return _gap(seq, self.upto).frame
        return self.frame[: self.starts[0]] + self.frame[self.starts[seq - self.after] :]


def messages(page: Page) -> Iterator[Message]:
    """A page of a journal as messages, without a hole between them."""
    readings, seq = iter(page.readings), page.after
    for first, last in (*page.gaps, (page.upto + 1, page.upto)):
        yield from _readings(seq, islice(readings, first - 1 - seq))
        if first <= last:
            yield _gap(first - 1, last)
        seq = last


def _gap(after: int, upto: int) -> Message:
    data = orjson.dumps({"from": after + 1, "to": upto})
    return Message(after, upto, event("gap", data, upto), array("I"))


def _readings(after: int, readings: Iterable[dict[str, Any]]) -> Iterator[Message]:
    pieces: list[bytes] = []
    size = 0
    for piece in map(orjson.dumps, readings):
        if pieces and (len(pieces) == READINGS or size + len(piece) > BYTES):
            yield _joined(after, pieces)
            after, pieces, size = after + len(pieces), [], 0
        pieces.append(piece)
        size += len(piece)
    if pieces:
        yield _joined(after, pieces)


def _joined(after: int, pieces: list[bytes]) -> Message:
    upto = after + len(pieces)
    frame = event("readings", b"[%s]" % b",".join(pieces), upto)
    starts, at = array("I"), frame.index(b"[") + 1
    for piece in pieces:
        starts.append(at)
        at += len(piece) + 1
    return Message(after, upto, frame, starts)


class Ring:
    """The newest messages of a batch, one after the other: all that follows ``after``, up to ``upto``."""

    def __init__(self, after: int, kept: int = KEPT) -> None:
        self.after = self.upto = after
        self.size = 0
        self._kept = kept
        self._messages: list[Message] = []

    def add(self, message: Message) -> None:
        """Put what follows ``upto``; the oldest go when there is too much."""
        assert message.after == self.upto
        self._messages.append(message)
        self.upto = message.upto
        self.size += message.size
        while self.size > self._kept:
            gone = self._messages.pop(0)
            self.after = gone.upto
            self.size -= gone.size

    def following(self, seq: int) -> Message | None:
        """The message that goes on after ``seq``, which is not before ``after``; None at the end."""
        return following(self._messages, seq)


def following(line: list[Message], seq: int) -> Message | None:
    """The first of messages in order that has something after ``seq``."""
    at = bisect_right(line, seq, key=lambda message: message.upto)
    return line[at] if at < len(line) else None
