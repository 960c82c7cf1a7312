"""From bytes to keywords: lines, cleaned, merged, with the reason for every one that is not taken."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from app.errors import NotText, TooLarge
from app.repositories.items import keyword_id
from app.services.shapes import Rejection

#: Characters a keyword may have; more is a paragraph, and no upstream takes it.
MAX_LENGTH = 300
MAX_ITEMS = 1_000_000
#: Bytes of a line before it is certainly no keyword (and probably no text).
MAX_LINE_BYTES = 1_000_000
#: Rejections told one by one; the rest is counted.
MAX_REJECTIONS = 100

#: What no database takes as text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
#: Control characters but tab, and characters that show nothing: soft hyphen, zero-width ones, direction marks, BOM.
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def decode(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines of UTF-8 text (with or without BOM; any line ending), in constant memory.

    Raises NotText with the line that is none, TooLarge for a line beyond `MAX_LINE_BYTES`.
    """
    number = 0
    for number, raw in enumerate(_lines(chunks), start=1):
        if b"\x00" in raw:
            raise NotText(line=number)
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise NotText(line=number) from None


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > MAX_LINE_BYTES:
            if b"\x00" in rest:
                yield rest  # the caller says that this is no text
            raise TooLarge(limit=MAX_LINE_BYTES, unit="bytes in one line")
    if rest:
        yield rest


def clean(typed: str) -> str:
    """The keyword as it is asked: NFC, invisible characters out, any run of white space one space, trimmed."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", typed))).strip()


class Taken(NamedTuple):
    """A keyword that was taken: ``typed`` as it came, ``asked`` as it is asked; ``line`` counts from 1."""

    position: int
    keyword_id: int
    typed: str
    asked: str
    line: int


@dataclass(slots=True)
class Intake:
    """Takes lines one by one and keeps the tally; memory grows by about 100 bytes a keyword."""

    merged: int = 0
    rejected: int = 0
    repaired: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    #: Position → further lines that were the same keyword.
    again: dict[int, int] = field(default_factory=dict)
    _seen: dict[int, int] = field(default_factory=dict)

    def take(self, lines: Iterable[str]) -> Iterator[Taken]:
        """Each new keyword. Blank lines are nothing; duplicates are counted in ``again``. Raises TooLarge beyond
        `MAX_ITEMS`."""
        for number, line in enumerate(lines, start=1):
            typed = _UNSTORABLE.sub("", line.strip("\r\n"))
            asked = clean(typed)
            if self._refuse(number, typed, asked):
                continue
            key = keyword_id(asked)
            first = self._seen.get(key)
            if first is not None:
                self.merged += 1
                self.again[first] = self.again.get(first, 0) + 1
                continue
            position = len(self._seen)
            if position >= MAX_ITEMS:
                raise TooLarge(limit=MAX_ITEMS, unit="keywords")
            self._seen[key] = position
            self.repaired += asked != typed.strip()
            yield Taken(position, key, typed, asked, number)

    def _refuse(self, number: int, typed: str, asked: str) -> bool:
        """Whether the line is no keyword; blank ones are passed over without a word."""
        if not asked and not typed.strip():
            return True
        reason = "empty_after_cleaning" if not asked else "too_long" if len(asked) > MAX_LENGTH else ""
        if not reason:
            return False
        self.rejected += 1
        if len(self.rejections) < MAX_REJECTIONS:
            self.rejections.append(Rejection(number, clean(typed)[:60], reason))
        return True
