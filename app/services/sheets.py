"""From the bytes of a list or a table to its lines: which encoding, which delimiter, which column holds the keywords.

`detect` looks at the beginning and says what it takes it for, as a `Layout` that a person sees and may correct; `read`
goes by that. Text is read in constant memory (`texts`), workbooks in a process of their own (`workbooks`). A bad line
never costs its neighbours: it comes with its ``trouble``, as `texts` tells it, or ``extra_cells``: more cells than
columns, so that which is the keyword is unsure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from types import MappingProxyType
from typing import NamedTuple

from app.errors import BadValue, NotText
from app.services import texts, workbooks
from app.services.texts import ENCODINGS, EXCERPT, HEAD, Row, TextLine, encoding_of

#: Rows that `detect` looks at.
ROWS = 1_000
#: "" is one keyword a line, as it stands.
DELIMITERS = ("", "\t", ",", ";", "|")

#: What the column of keywords is called, the surest first.
_NAMES: tuple[str, ...] = (
    "키워드",
    "keyword",
    "keywords",
    "검색어",
    "searchterm",
    "searchquery",
    "query",
    "queries",
    "topqueries",
)
_NAMES += ("term", "terms", "연관키워드", "연관검색어", "인기검색어", "질의어", "쿼리", "단어", "word", "words")
#: Rows above a header that may hold a title.
_ABOVE = 10
_NUMBER = re.compile(r"[-+<]?\s*[\d.,]+\s*%?")
_NO_KEYWORD = re.compile(r"[\d\W_]*|https?://.*", re.IGNORECASE | re.DOTALL)
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Line(NamedTuple):
    """One row. ``number``: the line of the file on which it begins, or the row of the sheet; ``text``: the keyword as
    typed; ``others``: what its other cells hold, by their columns' names; ``trouble``: why it cannot be taken."""

    number: int
    text: str
    others: Mapping[str, str] = _NOTHING
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the bytes are taken for. ``encoding`` is one of `ENCODINGS`, or ``xlsx`` or ``xls``; ``starts``: the line of
    the first row below the header; ``columns``: their names, or their numbers from 1; ``sample``: the first rows."""

    encoding: str
    delimiter: str
    header: bool
    starts: int
    columns: tuple[str, ...]
    keyword_column: int
    sample: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()
    sheet: str = ""


def detect(
    head: bytes,
    rest: Iterable[bytes] = (),
    *,
    encoding: str = "",
    delimiter: str | None = None,
    header: bool | None = None,
    keyword_column: int | None = None,
    sheet: str = "",
) -> Layout:
    """The layout of what begins with ``head`` (`HEAD` bytes or all there are). ``rest`` is what follows and is read for
    a workbook only. What else is given is not guessed. Raises NotText, ProtectedSheet, BrokenSheet, TooLarge; BadValue
    for what is given and cannot be."""
    _check("encoding", encoding, ("", *ENCODINGS))
    _check("delimiter", delimiter or "", DELIMITERS)
    if workbooks.recognised(head):
        with workbooks.opened(chain([head], rest), sheet) as book:
            table = [Row(number, cells) for number, cells in enumerate(islice(book.rows, ROWS), start=1)]
            return _laid_out(table, header, keyword_column, (book.kind, ""), (book.sheets, book.sheet))
    encoding = encoding or encoding_of(head[:HEAD])
    raws = list(texts.lines([head[:HEAD]], encoding))
    if len(head) >= HEAD and len(raws) > 1:
        raws.pop()  # it may be cut
    if delimiter is None:
        delimiter = _delimiter(raws)
    table = list(islice(texts.rows(raws, delimiter), ROWS))
    return _laid_out(table, header, keyword_column, (encoding, delimiter), ((), ""))


def with_column(layout: Layout, wanted: str) -> Layout:
    """The layout with the keywords' column as ``wanted``, a name or a number from 1; "" leaves it. Raises BadValue."""
    if not wanted:
        return layout
    if wanted in layout.columns:
        return replace(layout, keyword_column=layout.columns.index(wanted))
    if wanted.isdecimal() and len(wanted) < 6 and 1 <= int(wanted) <= len(layout.columns):
        return replace(layout, keyword_column=int(wanted) - 1)
    raise BadValue(name="column", value=wanted, why=f"The columns are {', '.join(layout.columns)[:500]}.")


def read(chunks: Iterable[bytes], layout: Layout) -> Iterator[Line]:
    """The rows below the header that are not blank. Raises NotText when not one of them is text; what `detect` raises
    for a workbook."""
    if layout.encoding in ENCODINGS and not layout.delimiter:
        yield from _list(texts.lines(chunks, layout.encoding), layout.starts)
        return
    if layout.encoding in ENCODINGS:
        yield from _lines(texts.rows(texts.lines(chunks, layout.encoding), layout.delimiter), layout)
        return
    with workbooks.opened(chunks, layout.sheet) as book:
        yield from _lines((Row(number, cells) for number, cells in enumerate(book.rows, start=1)), layout)


def _list(lines: Iterable[TextLine], starts: int) -> Iterator[Line]:
    """A line a keyword, as it stands; a million of them are not worth a detour over cells."""
    good, bad = False, 0
    for number, text, trouble in lines:
        if number < starts:
            continue
        if trouble:
            bad = bad or number
            yield Line(number, text[:EXCERPT], trouble=trouble)
        else:
            good = True
            if text and not text.isspace():
                yield Line(number, text)
    if bad and not good:
        raise NotText(line=bad)


def _lines(rows: Iterable[Row], layout: Layout) -> Iterator[Line]:
    names, at, width = layout.columns, layout.keyword_column, len(layout.columns)
    good, bad = False, 0
    for number, cells, trouble in rows:
        if number < layout.starts:
            continue
        if trouble:
            bad = bad or number
            yield Line(number, cells[0][:EXCERPT], trouble=trouble)
        elif width == 1:
            text = layout.delimiter.join(cells)
            good = True
            if any(map(str.strip, cells)):
                yield Line(number, text)
        elif any(map(str.strip, cells)):
            good = True
            text = cells[at] if at < len(cells) else ""
            extra = "extra_cells" if any(map(str.strip, cells[width:])) else ""
            others = {name: cell for n, (name, cell) in enumerate(zip(names, cells, strict=False)) if cell and n != at}
            yield Line(number, text, others, extra)
    if bad and not good:
        raise NotText(line=bad)


def _check(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadValue(name=name, value=value, why=f"Choose one of {', '.join(repr(one) for one in allowed if one)}.")


def _filled(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if not row.trouble and any(map(str.strip, row.cells))]


def _delimiter(raws: Sequence[TextLine]) -> str:
    """The delimiter that gives nearly all rows the same number of cells, two or more. Commas in prose ("맥북, 16인치")
    are followed by blanks, those of a table are not. Lists of one column may be quoted, as spreadsheets save them."""
    found: list[tuple[float, int, str]] = []
    for delimiter in DELIMITERS[1:]:
        rows = _filled(islice(texts.rows(raws, delimiter), ROWS))
        cells, times = Counter(len(row.cells) for row in rows).most_common(1)[0] if rows else (0, 0)
        if len(rows) < 2 or times < 0.9 * len(rows):
            continue
        if cells == 1 and delimiter == "," and _quoted([row.cells[0] for row in rows], raws):
            found.append((times / len(rows), 1, delimiter))
        later = [cell for row in rows for cell in row.cells[1:] if cell]
        if cells > 1 and (delimiter == "\t" or 2 * sum(cell[0] == " " for cell in later) <= len(later)):
            found.append((times / len(rows) + (delimiter == "\t"), cells, delimiter))
    return max(found)[2] if found else ""


def _quoted(cells: Sequence[str], raws: Sequence[TextLine]) -> bool:
    """Whether a list is quoted: every line, or those that need it."""
    quotes = [raw.text for raw in raws if raw.text.startswith('"')]
    if not quotes:
        return False
    filled = sum(not raw.text.isspace() and raw.text != "" for raw in raws)
    return len(quotes) == filled > 1 or any("," in cell or "\n" in cell for cell in cells)


def _plain(cell: str) -> str:
    return re.sub(r"[\s_]+", "", cell.lstrip("\ufeff")).casefold()


def _header(rows: Sequence[Row], width: int) -> int | None:
    """The place among ``rows`` of the header: a row with a name of the keywords' column, or a first one of words above
    a column of numbers."""
    for n, row in enumerate(rows[: _ABOVE if width > 1 else 1]):
        if len(rows) > 1 and any(_plain(cell) in _NAMES for cell in row.cells):
            return n
    if width < 2 or len(rows) < 2 or any(_NUMBER.fullmatch(cell.strip()) for cell in rows[0].cells):
        return None
    below = [[row.cells[n].strip() for row in rows[1:] if n < len(row.cells)] for n in range(len(rows[0].cells))]
    named = [column for name, column in zip(rows[0].cells, below, strict=True) if name.strip() and any(column)]
    numbers = (sum(_NUMBER.fullmatch(cell) is not None for cell in column) for column in named)
    return 0 if any(n >= 0.9 * len(column) for n, column in zip(numbers, named, strict=True)) else None


def _laid_out(
    table: Sequence[Row],
    header: bool | None,
    keyword_column: int | None,
    how: tuple[str, str],
    sheets: tuple[tuple[str, ...], str],
) -> Layout:
    rows = _filled(table)
    width = Counter(len(row.cells) for row in rows).most_common(1)[0][0] if rows else 1
    place = _header(rows, width) if header is None else 0 if header and rows else None
    head = [] if place is None else rows[place].cells
    width = max(width, len(head))
    below = rows if place is None else rows[place + 1 :]
    columns: list[str] = []
    for n in range(width):
        name = " ".join(head[n].split()) if n < len(head) else ""
        columns.append(name if name and name not in columns else f"{name} ({n + 1})" if name else str(n + 1))
    column = _keyword_column(columns, below) if keyword_column is None else keyword_column
    if not 0 <= column < width:
        raise BadValue(name="keyword_column", value=column, why=f"Give 0 to {width - 1}.")
    starts = 1 if place is None else below[0].number if below else rows[place].number + 1
    sample = tuple(tuple(row.cells) for row in below[:5])
    return Layout(*how, place is not None, starts, tuple(columns), column, sample, *sheets)


def _keyword_column(columns: Sequence[str], rows: Sequence[Row]) -> int:
    """By its name, or else the first column that mostly holds words."""
    plain = [_plain(name) for name in columns]
    for name in _NAMES:
        if name in plain:
            return plain.index(name)
    for n, name in enumerate(plain):
        if any(part in name for part in _NAMES[:4]):
            return n
    for n in range(len(columns)):
        cells = [row.cells[n].strip() for row in rows if n < len(row.cells)]
        if 2 * sum(not _NO_KEYWORD.fullmatch(cell) for cell in cells) > len(cells):
            return n
    return 0
