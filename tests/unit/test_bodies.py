"""Bodies of any size: counted, unpacked and kept off the memory."""

import asyncio
import gzip
import hashlib
import tracemalloc
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from app.api import bodies
from app.errors import BadBody, TooLarge


def request(pieces: Sequence[bytes], *, gone: bool = False, **headers: str) -> Request:
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False})

    async def receive():
        return waiting.pop(0)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": named}, receive)


def take(asked: Request, most: int = bodies.MOST) -> tuple[bytes, str]:
    async def run():
        async with bodies.received(asked, most) as body:
            whole = body.whole()
            assert b"".join(body.chunks()) == whole
            assert body.size == len(whole)
            return whole, body.digest

    return asyncio.run(run())


@given(st.binary(max_size=5000), st.integers(1, 700), st.booleans())
def test_what_was_sent_is_what_is_there(content, size, packed):
    sent = gzip.compress(content) if packed else content
    pieces = [sent[n : n + size] for n in range(0, len(sent), size)]

    whole, digest = take(request(pieces, **({"content_encoding": "gzip"} if packed else {})))

    assert whole == content
    assert digest == hashlib.sha256(content).hexdigest()


def test_gzip_files_joined_end_to_end_are_one():
    assert take(request([gzip.compress(b"a\n") + gzip.compress(b"b\n")], content_encoding="gzip"))[0] == b"a\nb\n"


def test_a_declared_size_beyond_the_limit_is_refused_before_a_byte_is_read():
    with pytest.raises(TooLarge):
        take(request([], content_length=str(2 << 30)))


def test_a_stream_without_end_is_cut_at_the_limit():
    with pytest.raises(TooLarge):
        take(request([b"x" * 1000] * 50), most=10_000)


def test_a_gzip_bomb_costs_neither_memory_nor_disk():
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 300_000

    tracemalloc.start()
    with pytest.raises(TooLarge):
        take(request([bomb], content_encoding="gzip"), most=8 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [([b"plain"], "gzip"), ([gzip.compress(b"whole")[:-4]], "gzip"), ([], "gzip"), ([b"x"], "br")],
    ids=["no gzip", "cut gzip", "empty gzip", "unknown"],
)
def test_what_cannot_be_unpacked_is_refused(pieces, encoding):
    with pytest.raises(BadBody):
        take(request(pieces, content_encoding=encoding))


def test_a_connection_that_ends_too_early_leaves_nothing():
    with pytest.raises(BadBody):
        take(request([b"half"], gone=True))
