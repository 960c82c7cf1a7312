"""From the bytes of a text to rows of cells: which encoding it is in, its lines, its records.

Constant memory. A bad line never costs its neighbours: it comes with its ``trouble`` (``not_text``, ``nul``,
``too_long``). Cells are quoted as in RFC 4180; a quote that nothing closes is a letter like any other.
"""

import codecs
import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.errors import NotText
from app.services.hangul import COMMON

#: Bytes at the beginning that an encoding is told from.
HEAD = 1 << 18
#: Bytes of a line before it is certainly no keyword.
MAX_LINE = 1_000_000
#: Lines of a quoted cell before its quote is taken for a letter.
MAX_CELL_LINES = 100
#: Characters told of a line in trouble.
EXCERPT = 60
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp949")

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_ENDS = re.compile(rb"\r\n|\n|\r(?!\Z)")
#: Hangul in UTF-8; in CP949 these bytes would be Chinese characters, one after the other.
_UTF8_HANGUL = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_TEXTY = re.compile("[\t\r\n -~À-ɏ\u2000-\u206f\u3000-\u303fㄱ-ㆎぁ-ヿ一-鿿가-힣\uff00-\uffef]")


class Row(NamedTuple):
    """Cells, and the line on which they begin."""

    number: int
    cells: list[str]
    trouble: str = ""


class TextLine(NamedTuple):
    """A line as it stands in the text; in trouble, as much of it as can be shown."""

    number: int
    text: str
    trouble: str


def encoding_of(head: bytes) -> str:
    """The encoding that most lines are in: what a mark at the beginning says, UTF-16 by its zeros, UTF-8, or CP949
    where it gives ordinary Korean, but for a few lines: Chinese encodings look like it here and there. Raises NotText
    with the first bad line when most are in none."""
    if head.startswith(_UTF32):
        raise NotText(line=1)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if wide := _utf16(head):
        return wide
    pieces = list(_split([head]))
    if len(head) >= HEAD and len(pieces) > 1:
        pieces.pop()
    votes = {number: _vote(piece) for number, piece in enumerate(pieces, start=1) if piece.strip()}
    count = Counter(votes.values())
    korean = count["cp949"] > count["utf-8"]
    if 2 * count[""] > len(votes) or (korean and count["cp949"] < 4 * count[""]):
        raise NotText(line=next(number for number, vote in votes.items() if not vote))
    return "cp949" if korean else "utf-8"


def _vote(line: bytes) -> str:
    """What the line is surely in, ``ascii`` when it may be in any, "" when it is no text."""
    if b"\0" in line:
        return ""
    if line.isascii():
        return "ascii"
    try:
        line.decode()
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    try:
        letters = [letter for letter in line.decode("cp949") if letter > "\x7f" and letter.isalpha()]
    except UnicodeDecodeError:
        return ""
    return "cp949" if sum(letter in COMMON for letter in letters) >= 0.8 * len(letters) > 0 else ""


def _utf16(head: bytes) -> str:
    """UTF-16 without a mark: a good share of zeros, and letters of these parts when read so."""
    zeros = head.count(0)
    if 50 * zeros < len(head) or (head.isascii() and 5 * zeros < 2 * len(head)):
        return ""  # plain text with a stray zero
    for name in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(name, "replace")
        if len(_TEXTY.findall(text)) > 0.95 * len(text):
            return name
    return ""


def _transcoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-16 as UTF-8, where half a pair stays the invalid text that it is."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    if decoder.getstate()[0]:
        yield b"\xff"  # half a letter


def _split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Lines, ended by \r\n, \n or \r. Of one that is too long comes the beginning, as much as tells that it is."""
    rest, skipping = b"", False
    for chunk in chunks:
        *whole, rest = _ENDS.split(rest + chunk)
        if skipping and whole:
            del whole[0]
            skipping = False
        yield from whole
        if skipping or len(rest) > MAX_LINE:
            if not skipping:
                yield rest[: MAX_LINE + 1]
            rest, skipping = rest[-1:] if rest.endswith(b"\r") else b"", True
    if rest and not skipping:
        yield rest.removesuffix(b"\r")


def lines(chunks: Iterable[bytes], encoding: str) -> Iterator[TextLine]:
    """The lines of the bytes, with their numbers from 1."""
    if encoding.startswith("utf-16"):
        chunks, encoding = _transcoded(chunks, encoding), "utf-8"
    for number, line in enumerate(_split(chunks), start=1):
        raw = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if len(raw) > MAX_LINE:
            yield TextLine(number, raw[: 4 * EXCERPT].decode(encoding, "replace"), "too_long")
            continue
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            yield TextLine(number, raw.decode(encoding, "replace"), "not_text")
            continue
        changed = encoding == "cp949" and _UTF8_HANGUL.search(raw) and _vote(raw) == "utf-8"
        yield TextLine(number, text, "nul" if "\0" in text else "not_text" if changed else "")


def rows(text_lines: Iterable[TextLine], delimiter: str) -> Iterator[Row]:
    """Rows of cells. Lines that a quoted cell holds together are one row, in trouble if one of them is."""
    if not delimiter:
        yield from (Row(number, [text], trouble) for number, text, trouble in text_lines)
        return
    coming, source = deque[TextLine](), iter(text_lines)
    while first := coming.popleft() if coming else next(source, None):
        parts, text = [first], first.text
        while '"' in text and _ends(text, delimiter) is False and len(parts) < MAX_CELL_LINES and len(text) <= MAX_LINE:
            more = coming.popleft() if coming else next(source, None)
            if more is None:
                break
            parts.append(more)
            text = f"{text}\n{more.text}"
        if '"' in text and _ends(text, delimiter):
            yield Row(first.number, _cells(text, delimiter), next((one.trouble for one in parts if one.trouble), ""))
        else:
            coming.extendleft(reversed(parts[1:]))
            yield Row(first.number, first.text.split(delimiter), first.trouble)


def _ends(text: str, delimiter: str) -> bool | None:
    """Whether ``text`` is a whole row (True) or its last cell goes on in the next line (False); None where a quote is a
    letter, because text follows it in its cell."""
    at = 0
    while True:
        if not text.startswith('"', at):
            at = text.find(delimiter, at) + 1
            if not at:
                return True
            continue
        quote = text.find('"', at + 1)
        while quote >= 0 and text.startswith('"', quote + 1):
            quote = text.find('"', quote + 2)
        if quote < 0:
            return False
        at = quote + 2
        if at > len(text):
            return True
        if text[at - 1] != delimiter:
            return None


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter))
    except csv.Error:  # a cell beyond what the reader takes
        return text.split(delimiter)
