"""The file that a house is kept in: a ZIP of one member a table, a JSON array a row and line, and a manifest.

It is the same for both databases, byte by byte where the rows are the same, and names the revision of its tables, so
that a later version restores it too. It is written and read page by page. What is in the manifest of each member
(rows, SHA-256) is compared before anything is restored.
"""

import hashlib
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import IO, Any, Self

import orjson

from app.errors import BrokenBackup, NewerBackup, NotABackup

PROGRAM, FORMAT = "keybatch", 1
MANIFEST, KEY = "manifest.json", "encryption.key"
#: Lines taken in hand at a time; no line is longer than this many bytes, or it is none of ours.
_LINES, _LONGEST = 2_000, 64 * 1024 * 1024
#: What comes of reading bytes that were written otherwise, or by somebody else.
_SPOILT = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(LookupError, TypeError, ValueError, OSError, EOFError, RuntimeError, AttributeError),
)


@dataclass(frozen=True, slots=True)
class Member:
    """A table in the file; ``sha256`` is that of its lines."""

    table: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def name(self) -> str:
        return f"tables/{self.table}.ndjson"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in the file. ``revision``: that of the tables; ``counters``: table → the last id given away;
    ``database``: which kind it was taken from; ``key``: whether what opens sealed secrets is in it."""

    revision: str
    created_at: str
    database: str
    tables: list[Member]
    counters: Mapping[str, int]
    key: bool = False
    program: str = PROGRAM
    format: int = FORMAT
    left_out: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)


class Writer:
    """Writes the members one after the other and ``manifest`` last, so that a part of a file is no backup."""

    def __init__(self, to: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def table(self, name: str, columns: list[str], pages: Iterable[Sequence[Sequence[Any]]]) -> Member:
        """Write the rows of a table; `safe` is what they may hold."""
        digest, rows = hashlib.sha256(), 0
        with self._zip.open(Member(name, [], 0, "").name, "w", force_zip64=True) as member:
            for page in pages:
                lines = b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page])
                digest.update(lines)
                member.write(lines)
                rows += len(page)
        return Member(name, columns, rows, digest.hexdigest())

    def text(self, name: str, what: bytes) -> None:
        """Write a small member."""
        self._zip.writestr(name, what)

    def manifest(self, manifest: Manifest) -> None:
        """Write what is in it."""
        self.text(MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


class Reader:
    """A file that is a backup of a format that is known. Raises NotABackup, NewerBackup."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(file)
            said = orjson.loads(self._zip.read(MANIFEST))
            self.manifest = self._understood(said)
        except _SPOILT as exc:
            raise NotABackup(file=name, why=f"{exc}.") from exc

    def _understood(self, said: Mapping[str, Any]) -> Manifest:
        if said["program"] != PROGRAM:
            raise ValueError(f"it is of {said['program']}")
        if said["format"] > FORMAT:
            raise NewerBackup(file=self._name, what=f"format {said['format']}")
        members = [Member(**one) for one in said["tables"]]
        known = Manifest.__dataclass_fields__
        return Manifest(**{name: said[name] for name in known if name in said and name != "tables"}, tables=members)

    def check(self) -> None:
        """Raises BrokenBackup when anything is not as the manifest has it."""
        for member in self.manifest.tables:
            digest, rows = hashlib.sha256(), 0
            for lines in self._pages(member):
                digest.update(b"".join(lines))
                rows += len(lines)
            if rows != member.rows:
                raise self._broken(f"{member.name} has {rows:,} rows where {member.rows:,} were written.")
            if digest.hexdigest() != member.sha256:
                raise self._broken(f"{member.name} is not what was written.")

    def rows(self, member: Member) -> Iterator[list[Any]]:
        """The rows of a table. Raises BrokenBackup."""
        for lines in self._pages(member):
            try:
                yield from [orjson.loads(line) for line in lines]
            except orjson.JSONDecodeError as exc:
                raise self._broken(f"{member.name}: {exc}.") from exc

    def key(self) -> str:
        """The key that opens sealed secrets; "" where it is not in the file."""
        return self._zip.read(KEY).decode("ascii").strip() if self.manifest.key else ""

    def _pages(self, member: Member) -> Iterator[list[bytes]]:
        try:
            with self._zip.open(member.name) as file:
                while lines := list(islice(iter(lambda: file.readline(_LONGEST), b""), _LINES)):
                    yield lines
        except _SPOILT as exc:
            raise self._broken(f"{member.name}: {exc}.") from exc

    def _broken(self, why: str) -> BrokenBackup:
        return BrokenBackup(file=self._name, why=why)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


def safe(page: Sequence[tuple[Any, ...]], flags: Sequence[int], floats: Sequence[int]) -> Sequence[Sequence[Any]]:
    """Rows as every database says them: SQLite has 1 for true, and JSON no word for what is no finite number."""
    if not flags and not floats:
        return page
    changed = [list(row) for row in page]
    for row in changed:
        for at in flags:
            row[at] = None if row[at] is None else bool(row[at])
        for at in floats:
            if row[at] is not None and not math.isfinite(row[at]):
                row[at] = str(row[at])
    return changed
