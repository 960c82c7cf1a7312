"""Files for a new batch: kept in a folder that only this user may open until they are submitted, and what they are
taken for, ready to show."""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path

import orjson

from app.errors import BadValue, Language, NoRoom
from app.services import sheets, texts, workbooks
from app.services.house import House
from app.services.sheets import Layout
from app.services.texts import ENCODINGS
from app.web import cells, shelf
from app.web.words import word

#: Bytes of a file; a workbook may not have more either.
MAX_BYTES = workbooks.MAX_BYTES
#: Seconds after which a file that was never submitted is deleted, by the next one that is stored.
KEPT_S = 86_400
#: Columns that are shown and may be picked; characters of a cell.
COLUMNS = 100
_CELL = 60
_CHUNK = 1 << 18
#: Delimiters by the names they have on the page.
DELIMITERS = {"none": "", "tab": "\t", "comma": ",", "semicolon": ";", "bar": "|"}
#: Encodings by what people call them.
TITLES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE", "cp949": "CP949 (EUC-KR)"}
_KINDS = {"\t": "TSV", ",": "CSV", ";": "CSV", "|": "CSV", "": "TXT"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of a file's layout; None and "" are found out."""

    encoding: str = ""
    delimiter: str | None = None
    header: bool | None = None
    column: int | None = None
    sheet: str = ""

    def written(self) -> str:
        """As text that `Wanted.read` reads."""
        return orjson.dumps(self).decode()

    @classmethod
    def read(cls, text: str) -> "Wanted":
        """What was written; nothing is wanted where that makes no sense."""
        try:
            said = orjson.loads(text)
            return cls(**{one.name: said[one.name] for one in fields(cls) if said[one.name] is not None})
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept here. ``name``: what the person calls it; ``pasted``: a digest of the text, for a table that
    was pasted rather than chosen as a file."""

    path: Path
    name: str
    size: int
    pasted: bytes = b""


def fresh(data_dir: Path) -> Path:
    """A new empty file in the folder of uploads, for this user alone; those older than a day are deleted. Raises
    NoRoom."""
    folder = data_dir.absolute() / "uploads"
    path = folder / secrets.token_hex(16)
    with _room(path):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        for old in folder.iterdir():
            with suppress(OSError):  # another process was first
                if time.time() - old.stat().st_mtime > KEPT_S:
                    old.unlink()
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


@contextmanager
def _room(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise NoRoom(folder=path.parent, why=exc.strerror or exc) from exc


def discard(path: Path | None) -> None:
    """Delete it, if it is still there."""
    if path is not None:
        path.unlink(missing_ok=True)


def append(path: Path, data: bytes) -> None:
    """Put more into a file. Raises NoRoom."""
    with _room(path), path.open("ab") as file:
        file.write(data)


def write(data_dir: Path, data: bytes) -> Path:
    """Keep ``data`` in a new file. Raises NoRoom."""
    path = fresh(data_dir)
    try:
        append(path, data)
    except NoRoom:
        discard(path)
        raise
    return path


def stored(at: House, name: str, again: str = "Paste it again.") -> Path:
    """The file that was kept under ``name``, here or by another web process of the house. Raises BadValue when there is
    none, saying what to do ``again``."""
    path = at.settings.data_dir.absolute() / "uploads" / name
    if re.fullmatch("[0-9a-f]{32}", name) and not path.is_file():
        _fetch(at, path)
    if not re.fullmatch("[0-9a-f]{32}", name) or not path.is_file():
        raise BadValue(name="pasted", value=name[:40], why=f"It is not kept any more. {again}")
    return path


def _fetch(at: House, path: Path) -> None:
    """From the shelf of all web processes, if it is there."""
    found = fresh(at.settings.data_dir)
    if shelf.fetch(at, path.name, found):
        found.replace(path)
    else:
        discard(found)


def chunks(kept: Kept) -> Iterator[bytes]:
    """The bytes of a file. Raises BadValue when it is gone."""
    try:
        with kept.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except FileNotFoundError:
        raise BadValue(name="file", value=kept.name, why="It is not kept any more. Choose it again.") from None


def head(path: Path) -> bytes:
    """The first bytes of a file, as many as its layout is told from."""
    with path.open("rb") as file:
        return file.read(texts.HEAD)


def layout_of(kept: Kept, wanted: Wanted) -> Layout:
    """What the file is taken for. Raises what `app.services.sheets.detect` raises, and BadValue when it is gone."""
    rest = chunks(kept)
    head = b"".join(islice(rest, texts.HEAD // _CHUNK))
    return sheets.detect(
        head,
        rest,
        encoding=wanted.encoding,
        delimiter=wanted.delimiter,
        header=wanted.header,
        keyword_column=wanted.column,
        sheet=wanted.sheet,
    )


@dataclass
class ColumnShown:
    """A column that may be the keywords'. ``number`` counts from 0."""

    number: int
    title: str
    picked: bool


@dataclass
class CellShown:
    """A cell of the sample; ``picked``: of the keywords' column."""

    text: str
    picked: bool


@dataclass
class RowShown:
    """A row of the sample; one cell for each column shown."""

    number: int
    cells: list[CellShown]


@dataclass
class TableShown:
    """What was given, ready to show; ``shown`` is False while there is nothing but lines that were pasted. ``file``:
    whether it is a file; ``text``: whether it has an encoding and delimiters, ``encoding`` and the like as the selects
    hold them; ``more``: columns that are not shown."""

    shown: bool = False
    file: bool = False
    name: str = ""
    about: str = ""
    text: bool = True
    encoding: str = ""
    delimiter: str = ""
    header: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    columns: list[ColumnShown] = field(default_factory=list)
    rows: list[RowShown] = field(default_factory=list)
    more: str = ""


def table(kept: Kept, layout: Layout, language: Language) -> TableShown:
    """The layout in a person's words, with the first rows."""
    at = {delimiter: name for name, delimiter in DELIMITERS.items()}
    picked = layout.keyword_column
    shown = [n for n in range(len(layout.columns)) if n < COLUMNS or n == picked]
    more = len(layout.columns) - len(shown)
    return TableShown(
        shown=True,
        file=not kept.pasted,
        name=kept.name,
        about=_about(kept, layout, language),
        text=layout.encoding in ENCODINGS,
        encoding=layout.encoding,
        delimiter=at[layout.delimiter],
        header="yes" if layout.header else "no",
        sheet=layout.sheet,
        sheets=list(layout.sheets),
        columns=[ColumnShown(n, _title(layout, n, language), n == picked) for n in shown],
        rows=[
            RowShown(number, [CellShown(_cut(row[n]) if n < len(row) else "", n == picked) for n in shown])
            for number, row in enumerate(layout.sample)
        ],
        more=word("columns_more", language, count=cells.number(more)) if more else "",
    )


def _about(kept: Kept, layout: Layout, language: Language) -> str:
    kind = TITLES.get(layout.encoding, "")
    columns = word("columns_count", language, count=cells.number(len(layout.columns)))
    what = _KINDS[layout.delimiter] if kind else layout.encoding.upper()
    size = "" if kept.pasted else _size(kept.size)
    return " · ".join(part for part in (what, kind, columns, size) if part)


def _size(count: int) -> str:
    if count < 1_000:
        return f"{count} B"
    return f"{count / 1_000:,.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:,.1f} MB"


def _title(layout: Layout, number: int, language: Language) -> str:
    """A column's name; columns without one are named by their numbers from 1."""
    name = layout.columns[number]
    return word("column_number", language, number=name) if name == str(number + 1) else _cut(name)


def _cut(text: str) -> str:
    plain = " ".join(text[: 4 * _CELL].split())
    return plain if len(plain) <= _CELL else plain[:_CELL] + "…"
