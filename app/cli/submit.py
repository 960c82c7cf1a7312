"""``submit``: keywords from a file or standard input become a batch."""

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

from app.cli import follow, output, words
from app.errors import BadValue
from app.services import batches, intake
from app.services.house import require
from app.services.shapes import Submitted

CHUNK = 1 << 18
#: Bytes of piped input kept in memory before they go to a temporary file.
SPOOL = 8 << 20
_AGE = re.compile(r"(\d{1,9})([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def submit(
    file: Annotated[str, typer.Argument(metavar="FILE", help="UTF-8 text, one keyword a line; - is standard input.")],
    source: Annotated[list[str] | None, typer.Option(help="What to ask; may be given more than once.")] = None,
    name: Annotated[str, typer.Option(help="What the batch is called.")] = "",
    priority: Annotated[Literal["high", "default", "low"], typer.Option(help="Which goes first.")] = "default",
    max_age: Annotated[str, typer.Option(help="Use earlier readings up to this old: 7d, 12h, 0 = ask anew.")] = "0",
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it has ended.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object instead of the id.")] = False,
) -> None:
    """Submit keywords; prints the id of the new batch."""
    age = seconds(max_age)
    with output.house() as house, opened(file) as stream:
        require(house)
        lines = intake.decode(_chunks(stream, file))
        with output.aside().status(words.READING.say()):
            done = batches.submit(house, lines, source or [], name=name, priority=priority, max_age_s=age)
        _tell(done)
        if as_json:
            output.print_json(done)
        else:
            sys.stdout.write(f"{done.batch}\n")
            sys.stdout.flush()
        if wait:
            raise typer.Exit(follow.to_the_end(house, done.batch, follow.bar_or_lines(output.aside())))


def seconds(age: str) -> int:
    """``7d``, ``12h``, ``30m``, ``90s`` or ``0`` in seconds. Raises BadValue."""
    match = _AGE.fullmatch(age.strip().lower())
    if not match:
        raise BadValue(name="--max-age", value=age, why=words.AGE.say())
    return int(match[1]) * _SECONDS[match[2]]


@contextmanager
def opened(file: str) -> Iterator[IO[bytes]]:
    """The input, to be read at the speed of a disk: a pipe is read to its end first, because a submit is one
    transaction and must not wait for whoever types. Ends with exit code 2 when it cannot be opened."""
    if file == "-" and sys.stdin.isatty():
        output.note(words.TYPE_KEYWORDS)
    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 -- closed by the with below
    except OSError as exc:
        output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)
    with stream:
        if stat.S_ISREG(_mode(stream)):
            yield stream
            return
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            for chunk in _chunks(stream, file):
                spool.write(chunk)
            spool.seek(0)
            yield spool


def _mode(stream: IO[bytes]) -> int:
    try:
        return os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):  # no descriptor behind it: not a regular file
        return 0


def _chunks(stream: IO[bytes], file: str) -> Iterator[bytes]:
    try:
        while chunk := stream.read(CHUNK):
            yield chunk
    except OSError as exc:
        output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)


def _tell(done: Submitted) -> None:
    facts = {"batch": done.batch, "items": done.items, "merged": done.merged, "rejected": done.rejected}
    output.note(words.ACCEPTED, **facts)
    if done.repaired:
        output.note(words.REPAIRED, count=done.repaired)
    for one in done.rejections:
        reason = words.REJECTIONS[one.reason].say()
        output.note(words.REJECTED_LINE, line=one.line, reason=reason, excerpt=one.excerpt or "–")
    if done.rejected > len(done.rejections):
        output.note(words.MORE_REJECTED, count=done.rejected - len(done.rejections))
