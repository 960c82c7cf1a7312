"""A batch to take away: as text that is streamed out of one snapshot of the database in constant memory, or as a
finished file. Either is of one moment and says which: the batch's seq.

Two exports with the same etag are the same to the byte.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import BoundedSemaphore
from types import TracebackType
from typing import Any, Literal, Self

from app.errors import TooFast
from app.services import activity, batches
from app.services.callers import OPERATOR, Caller
from app.services.formats import csv_lines, finished, json_lines, planning
from app.services.formats.columns import Format as Format
from app.services.formats.columns import Layout as Layout
from app.services.formats.columns import Plan, Stamp
from app.services.formats.columns import Wanted as Wanted
from app.services.formats.columns import listed as listed
from app.services.formats.csv_lines import safe as safe
from app.services.formats.csv_lines import written as written
from app.services.formats.finished import FINISHED as FINISHED
from app.services.formats.long import LONG as LONG
from app.services.house import House
from app.services.metrics import counted

#: Streams under way in one process, each of which holds a connection while its client reads as slowly as it likes.
MOST = 8
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
#: What stands between the cells of a CSV, by the name that it is asked for with.
Delimiter = Literal[",", ";", "tab"]
DELIMITERS: dict[Delimiter, str] = {",": ",", ";": ";", "tab": "\t"}
_STREAMED: dict[Format, Callable[[Plan, Iterable[list[list[object]]]], Iterator[bytes]]] = {
    "csv": csv_lines.lines,
    "jsonl": json_lines.lines,
}
_CHUNK = 256 * 1024
_slots = BoundedSemaphore(MOST)


@dataclass(slots=True)
class Export:
    """What is taken away. ``seq``: that of the moment it stands for; ``rows``: how many, without a header; ``name``:
    the batch's; ``path``: of a finished file. Close it, or use it as a context: a stream holds a connection."""

    format: Format
    batch: int
    name: str
    seq: int
    rows: int
    etag: str
    media_type: str
    chunks: Iterator[bytes] = field(default_factory=lambda: iter(()), repr=False)
    path: Path | None = None
    held: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        """Let go of the connection. May be called again."""
        self.held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


def described(house: House, batch_id: int, wanted: Wanted) -> Export:
    """The export as it would be now, without its content. Raises NoSuchBatch, BadValue."""
    with house.db.snapshot() as connection:
        return _of(planning.plan(connection, batches.look(connection, batch_id), wanted))


def opened(house: House, batch_id: int, wanted: Wanted, *, who: Caller = OPERATOR) -> Export:
    """The export, before its first byte, put down as taken away by ``who``: CSV and JSON lines are read from the
    database as ``chunks`` are taken, the others are written to a file first, which may take a minute for a million
    rows. Raises NoSuchBatch, BadValue; TooFast when too many are streamed; NotWritten."""
    if wanted.format in FINISHED:
        found = _finished(house, described(house, batch_id, wanted), wanted)
        _put_down(house, who, found, wanted)
        return found
    held = ExitStack()
    if not _slots.acquire(blocking=False):
        raise TooFast(after=10)
    held.callback(_slots.release)
    held.enter_context(_counted())
    try:
        connection = held.enter_context(house.db.snapshot())
        plan = planning.plan(connection, batches.look(connection, batch_id), wanted)
        _put_down(house, who, _of(plan), wanted)
    except BaseException:
        held.close()
        raise
    return replace(_of(plan), chunks=_STREAMED[wanted.format](plan, plan.pages(connection)), held=held)


def _put_down(house: House, who: Caller, export: Export, wanted: Wanted) -> None:
    """Who takes it away. A file that is fetched in parts, or again and again, is one act a minute."""
    about: dict[str, Any] = {"format": wanted.format, "layout": wanted.layout, "rows": export.rows, "seq": export.seq}
    about |= {"filters": [*wanted.filters], "q": wanted.q} if wanted.filters or wanted.q else {}
    with house.db.work() as work:
        if not activity.is_again(work.connection, who, export.batch, "export", about):
            workspace = batches.look(work.connection, export.batch).workspace
            activity.by(work.connection, who, export.batch, "export", about, workspace=workspace)


def _of(plan: Plan) -> Export:
    etag, seq, rows = plan.stamp
    kind = plan.wanted.format
    return Export(kind, plan.batch.id, plan.batch.name, seq, rows, etag, MEDIA_TYPES[kind])


def _finished(house: House, export: Export, wanted: Wanted) -> Export:
    """``export`` with its file. A batch that runs may have gone on until it was written: it says so itself."""
    stamp = Stamp(export.etag, export.seq, export.rows)
    with _counted():
        export.path, (export.etag, export.seq, export.rows) = finished.file(house, export.batch, wanted, stamp)
    export.chunks = _pieces(export.path)
    return export


@contextmanager
def _counted() -> Iterator[None]:
    counted.HERE.add("exports_under_way")
    try:
        yield
    finally:
        counted.HERE.add("exports_under_way", by=-1)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece
