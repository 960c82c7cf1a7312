"""From the bytes of a workbook (.xlsx, .xlsm, .xls) to rows of text.

The library that reads them, calamine, lays a sheet out as a full grid: one filled cell in the last corner of an .xlsx
of 5 kB asks for 550 GB, and an allocation that fails ends the process. So it runs in a process of its own (this module,
as a program), bounded in memory and time, which writes rows as lines of JSON. Here memory stays flat, whatever comes.

Cells are text as Excel shows them, but for number formats: 2024, 0.5, TRUE, dates as 2026-11-21 (with a time where they
have one), the last result of a formula.
"""

import datetime
import mmap
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
import python_calamine as calamine

from app.errors import BadValue, BrokenSheet, NotText, ProtectedSheet, TooLarge

#: Bytes of a workbook as it comes, and of all its parts unpacked as it declares them.
MAX_BYTES = 200_000_000
MAX_UNPACKED = 2_000_000_000
#: What the process that reads it may take.
MAX_MEMORY = 3_000_000_000
MAX_SECONDS = 300

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
#: Names in the folder of an OLE container: an encrypted workbook, and a workbook of Excel 97 or 95.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))
#: Exit codes of the process.
_PROTECTED, _BROKEN = 3, 4
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Book:
    """An open workbook: its sheets, the one that is read, and that one's rows, from the first of the sheet on."""

    kind: str
    sheets: tuple[str, ...]
    sheet: str
    rows: Iterator[list[str]]


def recognised(head: bytes) -> bool:
    """Whether bytes that begin with ``head`` are a container as workbooks are, though perhaps of something else."""
    return head.startswith((_ZIP, _OLE))


@contextmanager
def opened(chunks: Iterable[bytes], sheet: str = "") -> Iterator[Book]:
    """The workbook of these bytes, with ``sheet`` or else the first visible one that is not empty. Raises NotText for a
    container of something else, ProtectedSheet, BrokenSheet, TooLarge; BadValue if there is no such sheet."""
    with tempfile.TemporaryDirectory(prefix="keybatch-") as folder:
        path = Path(folder, "book")
        _keep(chunks, path)
        with path.open("rb") as file:
            kind = _checked(file)
        path = path.rename(path.with_suffix(f".{kind}"))  # by which the library tells what to take it for
        command = [sys.executable, "-m", "app.services.workbooks", str(path), sheet]
        with subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as reader:
            try:
                lines = _lines(reader)
                first = next(lines)
                if first["sheet"] is None:
                    raise BadValue(name="sheet", value=sheet, why=f"Choose one of {', '.join(first['sheets'])}.")
                yield Book(kind, tuple(first["sheets"]), first["sheet"], lines)
            finally:
                reader.kill()


def _keep(chunks: Iterable[bytes], path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_BYTES:
                raise TooLarge(limit=MAX_BYTES, unit="bytes")
            file.write(chunk)


def _lines(reader: subprocess.Popen[bytes]) -> Iterator[Any]:
    assert reader.stdout is not None
    yield from map(orjson.loads, reader.stdout)
    code = reader.wait()
    if code < 0:  # ended by a signal: memory or time was up
        raise TooLarge(limit=MAX_MEMORY, unit="bytes in memory")
    if code:
        raise ProtectedSheet if code == _PROTECTED else BrokenSheet


def _checked(file: IO[bytes]) -> str:
    """``xlsx`` or ``xls``, as far as can be told without reading the sheets."""
    head = file.read(4096)
    return _checked_zip(file, head) if head.startswith(_ZIP) else _checked_ole(file)


def _checked_zip(file: IO[bytes], head: bytes) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        if b"[Content_Types].xml" in head or b"xl/" in head:
            raise BrokenSheet from None
        raise NotText(line=1) from None
    if not any(part.filename.startswith("xl/workbook") and part.filename.endswith(".xml") for part in parts):
        raise NotText(line=1)
    if any(part.flag_bits & 1 for part in parts):
        raise ProtectedSheet
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TooLarge(limit=MAX_UNPACKED, unit="bytes when unpacked")
    return "xlsx"


def _checked_ole(file: IO[bytes]) -> str:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        if whole.find(_ENCRYPTED) >= 0:
            raise ProtectedSheet
        if not any(whole.find(name) >= 0 for name in _BOOKS):
            raise NotText(line=1)
    return "xls"


def _text(cell: object) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
        case datetime.datetime():
            return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
        case datetime.date() | datetime.time():
            return cell.isoformat()
        case datetime.timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def _picked(book: calamine.CalamineWorkbook, names: list[str], sheet: str) -> str | None:
    """The sheet to read: the one asked for, or the first visible one that is not empty, or any that is not."""
    if not names:
        raise calamine.CalamineError
    if sheet:
        return sheet if sheet in names else None
    hidden = {meta.name for meta in book.sheets_metadata if meta.visible != calamine.SheetVisibleEnum.Visible}
    by_sight = sorted(names, key=hidden.__contains__)
    return next((name for name in by_sight if book.get_sheet_by_name(name).end is not None), by_sight[0])


def _write(path: str, sheet: str) -> None:
    """Writes the sheets and the one picked, then that one's rows, to standard output."""
    with calamine.CalamineWorkbook.from_path(path) as book:
        names = [meta.name for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        picked = _picked(book, names, sheet)
        out = sys.stdout.buffer
        out.write(orjson.dumps({"sheets": names, "sheet": picked}) + b"\n")
        for row in book.get_sheet_by_name(picked).iter_rows() if picked else ():
            out.write(orjson.dumps([_text(cell) for cell in row]) + b"\n")
        out.flush()


def main() -> int:
    """The process that reads: its arguments are a path and a sheet's name, which may be empty."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _write(*sys.argv[1:3])
    except calamine.PasswordError:
        return _PROTECTED
    except MemoryError:
        os.abort()
    except (calamine.CalamineError, OSError, ValueError):
        return _BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
