"""What a person gives to a command: keywords from a file or a pipe, ages, moments."""

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

from app import clock
from app.cli import output, words
from app.errors import BadValue, UpstreamError
from app.services import intake

BatchId = Annotated[int, typer.Argument(metavar="ID", min=1, help="The id of the batch.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Keywords = Annotated[str, typer.Argument(metavar="FILE", help="UTF-8 text, one keyword a line; - is standard input.")]
Sources = Annotated[list[str] | None, typer.Option(help="What to ask; may be given more than once.")]
Priority = Annotated[Literal["high", "default", "low"], typer.Option(help="Which goes first.")]
MaxAge = Annotated[str, typer.Option(help="Use earlier readings up to this old: 7d, 12h, 0 = ask anew.")]

CHUNK = 1 << 18
#: Bytes of piped input kept in memory before they go to a temporary file.
SPOOL = 8 << 20
#: The latest deadline, from now on: ten years.
FARTHEST_MS = 315_360_000_000
_SPAN = re.compile(r"(\d{1,9})([smhd]?)", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(age: str) -> int:
    """``7d``, ``12h``, ``30m``, ``90s`` or ``0`` in seconds. Raises BadValue."""
    span = _SPAN.fullmatch(age.strip().lower())
    if not span:
        raise BadValue(name="--max-age", value=age, why=words.AGE.say())
    return int(span[1]) * _SECONDS[span[2]]


def moment(deadline: str) -> int | None:
    """``2026-11-22T09:00`` (in this machine's zone if it names none), or ``2h`` from now on, in UTC ms; None for "".
    Raises BadValue, also for one that has passed or is too far to be meant."""
    text = deadline.strip()
    if not text:
        return None
    span = _SPAN.fullmatch(text.lower())
    now = clock.now_ms()
    try:
        if span and span[2]:
            at = now + 1000 * int(span[1]) * _SECONDS[span[2]]
        else:
            at = round(datetime.fromisoformat(text.upper()).astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadValue(name="--deadline", value=deadline, why=words.MOMENT.say()) from None
    if not now < at <= now + FARTHEST_MS:
        raise BadValue(name="--deadline", value=deadline, why=words.NOT_TO_COME.say())
    return at


def error_class(code: str) -> str:
    """The code of an error of an upstream, or "" for all. Raises BadValue."""
    known = sorted(kind.code for kind in UpstreamError.__subclasses__())
    if code and code not in known:
        raise BadValue(name="--error", value=code, why=words.ERROR_CLASSES.say(known=", ".join(known)))
    return code


@contextmanager
def lines(file: str) -> Iterator[Iterator[str]]:
    """The lines of the input, to be read at the speed of a disk: a pipe is read to its end first, because a submit is
    one transaction and must not wait for whoever types. Ends with exit code 2 when it cannot be opened or read."""
    if file == "-" and sys.stdin.isatty():
        output.note(words.TYPE_KEYWORDS)
    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 -- closed by the with below
    except OSError as exc:
        output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)
    with stream:
        if stat.S_ISREG(_mode(stream)):
            yield intake.decode(_chunks(stream, file))
            return
        with tempfile.SpooledTemporaryFile(SPOOL) as spool:
            for chunk in _chunks(stream, file):
                spool.write(chunk)
            spool.seek(0)
            yield intake.decode(_chunks(spool, file))


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
