"""Files for a new batch: kept in a folder that only this user may open until they are submitted, and never for longer
than a day; and the report of a preview, which is kept the same way."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import BadValue
from app.services import sheets, texts, told, workbooks
from app.services.intake import Told
from app.services.sheets import Layout

#: Bytes of a file; a workbook may not have more either.
MAX_BYTES = workbooks.MAX_BYTES
#: Lines of a preview's report; the rest is counted.
MAX_TOLD = 100_000
KEPT_S = 86_400
_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of a file's layout; None and "" are found out."""

    encoding: str = ""
    delimiter: str | None = None
    header: bool | None = None
    column: int | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept here. ``name``: what the person calls it; ``pasted``: a digest of the text, for a table that
    was pasted rather than chosen as a file."""

    path: Path
    name: str
    size: int
    pasted: bytes = b""


def fresh(data_dir: Path) -> Path:
    """A new empty file in the folder of uploads, for this user alone; those older than a day are deleted."""
    folder = data_dir.absolute() / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for old in folder.iterdir():
        with suppress(OSError):  # another process was first
            if time.time() - old.stat().st_mtime > KEPT_S:
                old.unlink()
    path = folder / secrets.token_hex(16)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def discard(path: Path | None) -> None:
    """Delete it, if it is still there."""
    if path is not None:
        path.unlink(missing_ok=True)


def write(data_dir: Path, data: bytes) -> Path:
    """Keep ``data`` in a new file."""
    path = fresh(data_dir)
    path.write_bytes(data)
    return path


def chunks(kept: Kept) -> Iterator[bytes]:
    """The bytes of a file. Raises BadValue when it is gone."""
    try:
        with kept.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except FileNotFoundError:
        raise BadValue(name="file", value=kept.name, why="It is not kept any more. Choose it again.") from None


def layout_of(kept: Kept, wanted: Wanted) -> Layout:
    """What the file is taken for. Raises what `app.services.sheets.detect` raises, and BadValue when it is gone."""
    rest = chunks(kept)
    head = b"".join(chunk for chunk, _ in zip(rest, range(texts.HEAD // _CHUNK), strict=False))
    return sheets.detect(
        head,
        rest,
        encoding=wanted.encoding,
        delimiter=wanted.delimiter,
        header=wanted.header,
        keyword_column=wanted.column,
        sheet=wanted.sheet,
    )


@dataclass(slots=True)
class Report:
    """Every line of a preview that is not simply taken, as a CSV; ``count`` goes on beyond `MAX_TOLD`."""

    path: Path
    count: int = 0
    _parts: list[bytes] = field(default_factory=lambda: [told.head()])

    def tell(self, one: Told) -> None:
        """Hear of one line."""
        self.count += 1
        if self.count <= MAX_TOLD:
            self._parts.append(told.line(one))
        if len(self._parts) >= 1_000:
            self.flush()

    def flush(self) -> None:
        """Put what was heard into the file."""
        with self.path.open("ab") as file:
            file.write(b"".join(self._parts))
        self._parts.clear()
