"""Request bodies of any size in constant memory: they go to a temporary file, unpacked, counted and fingerprinted.

A submit is one transaction, so nothing of it begins before the last byte is here: a connection that breaks leaves
nothing, and a slow one holds up nobody.
"""

import asyncio
import hashlib
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO

from fastapi import Request
from starlette.requests import ClientDisconnect

from app.errors import BadBody, NoRoom, TooLarge

#: Bytes of a body, unpacked: a million keywords of 300 letters would be more, but nobody has those.
MOST = 512 << 20
#: Bytes of a body that is one JSON value, which has to be in memory at once.
MOST_JSON = 64 << 20
CHUNK = 1 << 18
#: Bytes that are kept in memory before they go to a file.
_SPOOL = 1 << 20


@dataclass(slots=True)
class Body:
    """A body that is here in full; ``digest``: the SHA-256 of it, unpacked."""

    file: IO[bytes]
    size: int
    digest: str

    def chunks(self) -> Iterator[bytes]:
        """It, from the beginning."""
        self.file.seek(0)
        while piece := self.file.read(CHUNK):
            yield piece

    def whole(self) -> bytes:
        """It, in one piece."""
        self.file.seek(0)
        return self.file.read()


@asynccontextmanager
async def received(request: Request, most: int = MOST) -> AsyncIterator[Body]:
    """The body of ``request``. Raises TooLarge (as soon as that is known, however well it was packed), BadBody,
    NoRoom."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise TooLarge(limit=most, unit="bytes")
    with tempfile.SpooledTemporaryFile(_SPOOL) as file:
        digest, size = hashlib.sha256(), 0
        async for piece in _unpacked(request):
            size += len(piece)
            if size > most:
                raise TooLarge(limit=most, unit="bytes")
            digest.update(piece)
            try:
                file.write(piece)
            except OSError as exc:
                raise NoRoom(folder=tempfile.gettempdir(), why=exc.strerror or exc) from exc
        yield Body(file, size, digest.hexdigest())


async def _unpacked(request: Request) -> AsyncIterator[bytes]:
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip"):
        raise BadBody(why=f"Content-Encoding {packing[:40]!r} is not understood. Send it plain or as gzip.")
    gzip = _Gzip() if packing == "gzip" else None
    try:
        async for piece in request.stream():
            for part in gzip.unpack(piece) if gzip else (piece,):
                yield part
                # A piece that unpacks to a thousand times its size must not hold up everybody else in this loop.
                await asyncio.sleep(0)
    except ClientDisconnect:
        raise BadBody(why="The connection ended before the body did.") from None
    if gzip and not gzip.whole:
        raise BadBody(why="The gzip stream ends too early.")


class _Gzip:
    """Unpacks a gzip stream piece by piece; a piece never unpacks to more than `CHUNK` at a time, whatever it holds."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """What ``packed`` adds. Raises BadBody."""
        while packed:
            try:
                yield self._inner.decompress(packed, CHUNK)
            except zlib.error:
                raise BadBody(why="The body is no gzip stream.") from None
            packed = self._inner.unconsumed_tail
            if self._inner.eof and self._inner.unused_data:  # gzip files may be joined end to end
                packed, self._inner = self._inner.unused_data, zlib.decompressobj(wbits=31)

    @property
    def whole(self) -> bool:
        return self._inner.eof
