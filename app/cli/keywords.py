"""The keywords that a person gives to a command: a file or a pipe, text or table, and how they are to be taken."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Annotated

import typer

from app.cli import output, words
from app.services import sheets, texts
from app.services.intake import Treatment
from app.services.sheets import Layout, Line

File = Annotated[str, typer.Argument(metavar="FILE", help="Text, CSV, TSV or XLSX with keywords; - is standard input.")]
Encoding = Annotated[str, typer.Option(help="utf-8, utf-16-le, utf-16-be or cp949; found out if not given.")]
Delimiter = Annotated[str | None, typer.Option(help="What parts columns, as ','; 'tab'; 'none' = one keyword a line.")]
Header = Annotated[bool | None, typer.Option("--header/--no-header", help="Whether the first row names the columns.")]
KeywordColumn = Annotated[str, typer.Option(metavar="NAME|N", help="The column of the keywords, by name or from 1.")]
Sheet = Annotated[str, typer.Option(help="The sheet of a workbook; the first one that is not empty if not given.")]
Normalise = Annotated[
    str | None, typer.Option(metavar="STEPS", help="invisible,width,nfc,spaces,case; 'none'. Default: all but case.")
]
Fix = Annotated[list[str] | None, typer.Option(help="Take what is offered for: lone_jamo, latin_typed, hangul_typed.")]
MergeSpacing = Annotated[bool, typer.Option("--merge-spacing", help="Keywords that differ in spaces only are one.")]

CHUNK = 1 << 18
#: Bytes of piped input kept in memory before they go to a temporary file.
SPOOL = 8 << 20
_TABS = {"tab": "\t", "none": ""}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked of the file's layout; None and "" are found out."""

    encoding: str = ""
    delimiter: str | None = None
    header: bool | None = None
    column: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The lines, and what the file was taken for."""

    layout: Layout
    lines: Iterator[Line]

    @property
    def others(self) -> tuple[str, ...]:
        """The columns beside the keywords."""
        return tuple(name for n, name in enumerate(self.layout.columns) if n != self.layout.keyword_column)


def treatment(normalise: str | None, fix: list[str] | None, *, merge_spacing: bool) -> Treatment:
    """How keywords are made plain. Raises BadValue."""
    steps = None if normalise is None else [one for one in normalise.split(",") if one.strip() not in ("", "none")]
    return Treatment.of(steps, fix or (), merge_spacing=merge_spacing)


@contextmanager
def opened(file: str, wanted: Wanted) -> Iterator[Given]:
    """The keywords of a file, to be read at the speed of a disk: a pipe is read to its end first, because a submit is
    one transaction and must not wait for whoever types. Ends with exit code 2 when it cannot be opened or read. Raises
    NotText, ProtectedSheet, BrokenSheet, TooLarge, BadValue."""
    if file == "-" and sys.stdin.isatty():
        output.note(words.TYPE_KEYWORDS)
    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 -- closed by the with below
    except OSError as exc:
        output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)
    with stream, tempfile.SpooledTemporaryFile(SPOOL) as spool:
        source: IO[bytes] = stream
        if not stat.S_ISREG(_mode(stream)):
            for chunk in _chunks(stream, file):
                spool.write(chunk)
            source = spool
        source.seek(0)
        layout = _layout(source, file, wanted)
        source.seek(0)
        yield Given(layout, sheets.read(_chunks(source, file), layout))


def _layout(source: IO[bytes], file: str, wanted: Wanted) -> Layout:
    chunks = _chunks(source, file)
    head = b"".join(islice(chunks, texts.HEAD // CHUNK))
    delimiter = _TABS.get(wanted.delimiter or "-", wanted.delimiter)
    found = sheets.detect(
        head, chunks, encoding=wanted.encoding, delimiter=delimiter, header=wanted.header, sheet=wanted.sheet
    )
    return sheets.with_column(found, wanted.column)


def describe(layout: Layout) -> str:
    """What a file was taken for, in one line."""
    kind = {"xlsx": "XLSX", "xls": "XLS"}.get(layout.encoding, layout.encoding.upper())
    parts = [kind, layout.sheet] if layout.sheet else [kind]
    if len(layout.columns) > 1:
        names = {"\t": words.TAB.say(), "": ""}
        parts.append(words.PARTED.say(by=names.get(layout.delimiter, layout.delimiter)) if layout.delimiter else "")
        parts.append(words.HEADED.say() if layout.header else words.NOT_HEADED.say())
        column = layout.columns[layout.keyword_column]
        parts.append(words.KEYWORDS_IN.say(column=column, n=layout.keyword_column + 1, of=len(layout.columns)))
    elif layout.header:
        parts.append(words.HEADED.say())
    return " · ".join(part for part in parts if part)


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
