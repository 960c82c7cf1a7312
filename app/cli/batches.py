"""``batches``, ``watch`` and ``export``: looking at batches that are there."""

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app.cli import follow, labels, outlook, output, words
from app.cli.given import AsJson, BatchId
from app.db.migrate import require_current
from app.errors import BadValue
from app.services import batches as service
from app.services import exports
from app.services.exports import Delimiter, Layout, Wanted
from app.services.shapes import BatchView

FORMATS = tuple(exports.MEDIA_TYPES)


def batches(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List batches, newest first."""
    with output.house() as house:
        require_current(house.db)
        found = service.listing(house, limit=limit)
    if as_json:
        output.print_json(found)
    elif found:
        output.print_table(labels.BATCH_COLUMNS, [_line(batch) for batch in found], right=(0, 3, 4, 5))
    else:
        output.note(words.NO_BATCHES)


def _line(batch: BatchView) -> list[str]:
    sources = ", ".join(source.name for source in batch.sources)
    numbers = f"{batch.items:,}", f"{batch.counts.done:,}/{batch.lookups:,}", f"{batch.counts.failed:,}"
    return [str(batch.id), batch.name, outlook.state(batch), *numbers, sources, output.when(batch.created_at)]


def watch(batch_id: BatchId, as_json: AsJson = False) -> None:
    """Follow a batch until it has ended."""
    with output.house() as house:
        require_current(house.db)
        service.get(house, batch_id)
        way = follow.json_lines() if as_json else follow.bar_or_lines(output.result())
        code = follow.to_the_end(house, batch_id, way)
    raise typer.Exit(code)


def export(
    batch_id: BatchId,
    kind: Annotated[str, typer.Option("--format", help="csv, jsonl, xlsx or parquet.")] = "csv",
    layout: Annotated[Layout, typer.Option(help="A row an item, or a row a reading.")] = "wide",
    fields: Annotated[str, typer.Option(help="Columns wanted, as the header has them, in this order: a,b,c.")] = "",
    delimiter: Annotated[Delimiter, typer.Option(help="What stands between the cells of a CSV.")] = ",",
    bom: Annotated[bool, typer.Option(help="Begin a CSV with a byte order mark, which Excel wants.")] = True,
    to: Annotated[Path | None, typer.Option("-o", "--output", help="File; standard output if not given.")] = None,
) -> None:
    """Take the readings of a batch away, also while it runs."""
    if kind not in FORMATS:
        output.refuse(words.FORMAT, format=kind, known=", ".join(FORMATS))
    if to is None and kind in exports.FINISHED and sys.stdout.isatty():
        why = f"This is a terminal, and {kind} is no text. Name a file with -o."
        raise BadValue(name="--format", value=kind, why=why)
    wanted = Wanted(kind, layout, exports.listed(fields), bom, exports.DELIMITERS[delimiter])
    with output.house() as house:
        require_current(house.db)
        with exports.opened(house, batch_id, wanted) as found:
            if to is None:
                _to_stdout(found.chunks)
            else:
                written = _to_file(found.chunks, to)
                output.note(words.EXPORTED, batch=batch_id, bytes=written, file=to)


def _to_stdout(chunks: Iterable[bytes]) -> None:
    try:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader has enough (head, less). Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _to_file(chunks: Iterable[bytes], to: Path) -> int:
    """Write beside the target, then rename: whoever sees the file sees all of it. Gives the number of bytes."""
    if to.is_dir():
        output.refuse(words.CANNOT_WRITE, file=to, why=os.strerror(21))
    part = ""
    try:
        with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}.", delete=False) as file:
            part = file.name
            written = sum(file.write(chunk) for chunk in chunks)
        umask = os.umask(0)
        os.umask(umask)
        Path(part).chmod(0o666 & ~umask)  # temporary files are 0600; the export is as open as any file made here
        Path(part).replace(to)
    except OSError as exc:
        output.refuse(words.CANNOT_WRITE, file=to, why=exc.strerror or exc)
    finally:
        if part:
            Path(part).unlink(missing_ok=True)
    return written
