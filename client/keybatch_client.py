"""Keybatch from Python, in one file that may be copied: Python 3.11 and httpx are all it needs.

    from keybatch_client import Keybatch

    with Keybatch("http://127.0.0.1:8000", token="kb_…") as keybatch:
        batch = keybatch.submit(["맥북", "우산"], ["wordfreq.ko"])
        for reading in keybatch.readings(batch["id"]):
            print(reading["keyword"], reading["source"], reading["status"], reading["value"])

What comes back is as it stands in the OpenAPI (/api/openapi.json). Errors are `Problem`, with the server's stable
``code``; `follow` and `readings` outlive lost connections and give every reading exactly once, by seq.
"""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self, TypedDict

import httpx

Json = dict[str, Any]
#: Keywords a piece of a streamed body holds.
_PIECE = 1_000
#: Seconds without any sign of life after which a stream is taken for lost; the server's heartbeats come every 15 s.
_SILENCE = 45.0


class Reading(TypedDict):
    """What came out of a lookup. ``value`` is there only with status ``ok``; nothing else is ever a 0."""

    position: int
    keyword: str
    source: str
    status: Literal["ok", "below", "missing", "failed", "withheld"]
    value: int | float | None
    data: Json
    observed_at: str | None
    from_cache: bool
    attempts: int
    error: str | None
    seq: int


class Counts(TypedDict):
    """Lookups by state."""

    ok: int
    below: int
    missing: int
    failed: int
    cancelled: int
    pending: int
    cached: int


class Batch(TypedDict):
    """A batch as it stands, as far as types go; there is more in it (`sources`, `waiting`, `pace`, times)."""

    id: int
    name: str
    state: Literal["queued", "running", "waiting", "paused", "cancelling", "cancelled", "completed"]
    items: int
    lookups: int
    seq: int
    counts: Counts
    sources: list[Json]


class Event(NamedTuple):
    """Something that happened to a batch: ``readings`` (a list of them), ``gap`` (seqs that are gone), ``batch`` or
    ``done`` (as it stands). ``seq``: up to where everything has been said."""

    kind: str
    data: Any
    seq: int


@dataclass(eq=False)
class Problem(Exception):
    """The server's answer to what it does not do. ``code`` is stable; ``detail`` is for people; ``retry_after``: in
    how many seconds to come again."""

    status: int
    code: str
    detail: str
    errors: tuple[Json, ...] = ()
    retry_after: float | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"


class Keybatch:
    """A connection to one Keybatch. Use it in a ``with``, or `close` it."""

    def __init__(self, url: str, token: str, *, timeout: float = 60.0) -> None:
        headers = {"authorization": f"Bearer {token}", "user-agent": "keybatch-client/1"}
        self._http = httpx.Client(base_url=f"{url.rstrip('/')}/api/v1/", headers=headers, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    # --- batches ---

    def submit(
        self, keywords: Iterable[str], sources: Sequence[str], *, key: str | None = None, **options: Any
    ) -> Batch:
        """Make a batch. Keywords are streamed, so a million of them need no memory here; ``options`` as in the OpenAPI
        (name, priority, max_age, tags, …). Calling it again with the same ``key`` and keywords makes no second one."""
        metadata = options.pop("metadata", None)
        query = {"sources": list(sources), **options} | ({"metadata": json.dumps(metadata)} if metadata else {})
        headers = {"content-type": "application/x-ndjson", "idempotency-key": key or str(uuid.uuid4())}
        return self._batch("POST", "batches", params=query, content=_lines(keywords), headers=headers)

    def preview(self, keywords: Iterable[str], sources: Sequence[str], **options: Any) -> Json:
        """What `submit` would do."""
        query = {"sources": list(sources), **options}
        headers = {"content-type": "application/x-ndjson"}
        return self._object("POST", "batches/preview", params=query, content=_lines(keywords), headers=headers)

    def batch(self, batch_id: int) -> Batch:
        """One, as it stands."""
        return self._batch("GET", f"batches/{batch_id}")

    def batches(self, **filters: Any) -> Iterator[Batch]:
        """All that fit, the newest first; ``filters``: state, source, owner, tag, q, since, until."""
        before: int | None = None
        while True:
            page = self._json("GET", "batches", params={**filters, **({"before": before} if before else {})})
            yield from page["batches"]
            before = page["next"]
            if before is None:
                return

    def pause(self, batch_id: int) -> Batch:
        """Let it rest."""
        return self._batch("POST", f"batches/{batch_id}/pause")

    def resume(self, batch_id: int) -> Batch:
        """Let it go on."""
        return self._batch("POST", f"batches/{batch_id}/resume")

    def cancel(self, batch_id: int) -> Batch:
        """Stop it; what was read is kept."""
        return self._batch("POST", f"batches/{batch_id}/cancel")

    def retry(self, batch_id: int, **which: Any) -> Json:
        """Ask failed lookups again: all, or by ``error``, ``source``, the ``first`` so many."""
        return self._object("POST", f"batches/{batch_id}/retry", json=which)

    def rerun(self, batch_id: int) -> Batch:
        """A new batch that asks everything anew."""
        return self._batch("POST", f"batches/{batch_id}/rerun")

    def failures(self, batch_id: int) -> list[Json]:
        """What failed, by source and error class."""
        found: list[Json] = self._json("GET", f"batches/{batch_id}/failures")["failures"]
        return found

    # --- readings ---

    def readings(self, batch_id: int, after: int = 0) -> Iterator[Reading]:
        """Every reading after seq ``after``, each once and in order, until the batch has ended."""
        for event in self.follow(batch_id, after):
            if event.kind == "readings":
                yield from event.data

    def follow(self, batch_id: int, after: int = 0, *, patience: float = 120.0) -> Iterator[Event]:
        """All that happens to a batch, until it has ended. A lost connection is made again from where it broke; after
        ``patience`` seconds without one it raises httpx.TransportError."""
        seq, pause, lost = after, 1.0, 0.0
        while True:
            try:
                for event in self._stream(batch_id, seq):
                    lost = 0.0
                    if event.kind == "retry":
                        pause = event.data / 1000
                        continue
                    seq = event.seq
                    yield event
                    if event.kind == "done":
                        return
            except httpx.TransportError:
                lost = lost or time.monotonic()
                if time.monotonic() - lost > patience:
                    raise
            time.sleep(pause)

    def _stream(self, batch_id: int, seq: int) -> Iterator[Event]:
        headers = {"accept": "text/event-stream", "last-event-id": str(seq)}
        timeout = httpx.Timeout(10.0, read=_SILENCE)
        with self._http.stream("GET", f"batches/{batch_id}/events", headers=headers, timeout=timeout) as answer:
            _check(answer)
            yield from _events(answer.iter_lines(), seq)

    def results(self, batch_id: int, **query: Any) -> Json:
        """One page of the table: sort, order, filter, q, cursor, limit; or of the journal: after_seq, limit."""
        return self._object("GET", f"batches/{batch_id}/results", params=query)

    def rows(self, batch_id: int, **query: Any) -> Iterator[Json]:
        """All rows of the table that fit, in order."""
        cursor: str | None = None
        while True:
            page = self.results(batch_id, **query, **({"cursor": cursor} if cursor else {}))
            yield from page["rows"]
            cursor = page["next"]
            if cursor is None:
                return

    def export(self, batch_id: int, to: str | PathLike[str], **options: Any) -> int:
        """Write the batch as a file: format (csv, jsonl, xlsx, parquet), layout, fields, bom, delimiter. The seq that
        the file stands for. What stood at ``to`` is replaced only once the new file is whole."""
        part = Path(to).with_name(Path(to).name + ".part")
        with self._http.stream("GET", f"batches/{batch_id}/export", params=options, timeout=600.0) as answer:
            _check(answer)
            with part.open("wb") as file:
                for piece in answer.iter_bytes():
                    file.write(piece)
            part.replace(to)
            return int(answer.headers["keybatch-seq"])

    # --- the rest ---

    def sources(self) -> list[Json]:
        """What can be asked."""
        found: list[Json] = self._json("GET", "sources")["sources"]
        return found

    def call(self, method: str, path: str, **request: Any) -> Any:
        """Anything else of the OpenAPI below /api/v1; ``request`` as httpx takes it."""
        return self._json(method, path.lstrip("/"), **request)

    def _batch(self, method: str, path: str, **request: Any) -> Batch:
        said: Batch = self._json(method, path, **request)
        return said

    def _object(self, method: str, path: str, **request: Any) -> Json:
        said: Json = self._json(method, path, **request)
        return said

    def _json(self, method: str, path: str, **request: Any) -> Any:
        answer = self._http.request(method, path, **request)
        _check(answer)
        return answer.json() if answer.content else None


def _lines(keywords: Iterable[str]) -> Iterator[bytes]:
    piece: list[str] = []
    for keyword in keywords:
        piece.append(json.dumps(keyword, ensure_ascii=False) + "\n")
        if len(piece) == _PIECE:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    answer.read()
    try:
        said = answer.json()
    except ValueError:
        said = {}
    after = answer.headers.get("retry-after", "")
    raise Problem(
        answer.status_code,
        said.get("code", f"http_{answer.status_code}"),
        said.get("detail", answer.reason_phrase),
        tuple(said.get("errors") or ()),
        float(after) if after.isdecimal() else None,
    )


def _events(lines: Iterator[str], seq: int) -> Iterator[Event]:
    """Server-sent events. What is cut off in the middle was not said, and comes again."""
    kind, at = "", seq
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line and data:
            seq = at
            yield Event(kind or "message", json.loads("\n".join(data)), seq)
        if not line:
            kind, data, at = "", [], seq
        elif name == "event":
            kind = value
        elif name == "data":
            data.append(value)
        elif name == "id" and value.isdecimal():
            at = int(value)
        elif name == "retry" and value.isdecimal():
            yield Event("retry", int(value), seq)


def verified(secret: str, headers: Mapping[str, str], body: bytes, *, within: float = 300.0) -> Json:
    """What a webhook says, if it was signed with ``secret`` (``whsec_…``) no longer than ``within`` seconds ago; raises
    ValueError otherwise. ``headers`` with lower-case names."""
    sent, stamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(stamp)) > within:
        raise ValueError("the message is too old, or this clock is wrong")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = hmac.new(key, f"{sent}.{stamp}.".encode() + body, hashlib.sha256).digest()
    for one in headers["webhook-signature"].split():
        version, _, signature = one.partition(",")
        if version == "v1" and hmac.compare_digest(base64.b64encode(right), signature.encode()):
            said: Json = json.loads(body)
            return said
    raise ValueError("the signature is not of this secret")
