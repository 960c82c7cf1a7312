"""Writes a workbook; a program of its own (`app.services.formats.child`), so that its library is nowhere else.

Numbers, truth values and instants are cells of their type, instants in UTC because a workbook knows no time zones. Text
is text, whatever it begins with: there are no formulas. The header stays in sight. What does not fit a sheet goes on in
a further one.
"""

import datetime
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from app import clock
from app.services.formats import child
from app.services.formats.columns import Column, Plan

#: Rows of a sheet below its header, and characters of a cell: Excel's limits.
ROWS = 1_048_575
CHARACTERS = 32_767

_Put = Callable[[Worksheet, int, int, Any], object]


def write(plan: Plan, pages: child.Pages, path: Path) -> None:
    """The workbook at ``path``, in constant memory. Raises OSError."""
    made = datetime.datetime.fromtimestamp(plan.batch.created_at / 1000, datetime.UTC).replace(tzinfo=None)
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False}
    book = Workbook(str(path), options)
    book.use_zip64()
    book.set_properties({"created": made})  # the same content is the same file whenever it is written
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
    puts = [_put(column, moment) for column in plan.columns]
    rows = (row for page in pages() for row in zip(*page, strict=True))
    title = f"Batch {plan.batch.id}"
    _fill(_sheet(book, title, plan.names, bold), puts, islice(rows, ROWS))
    number = 2
    while more := list(islice(rows, 1)):
        sheet = _sheet(book, f"{title} ({number})", plan.names, bold)
        _fill(sheet, puts, (row for part in (more, islice(rows, ROWS - 1)) for row in part))
        number += 1
    try:
        book.close()
    except FileCreateError as exc:
        raise OSError(str(exc)) from exc


def _sheet(book: Workbook, title: str, names: list[str], bold: Format) -> Worksheet:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(names):
        sheet.write_string(0, at, _fitting(name), bold)
    return sheet


def _fill(sheet: Worksheet, puts: list[_Put], rows: Iterator[tuple[Any, ...]]) -> None:
    for y, row in enumerate(rows, start=1):
        for x, cell in enumerate(row):
            if cell is not None:
                puts[x](sheet, y, x, cell)


def _put(column: Column, moment: Format) -> _Put:
    """How cells of this kind are written."""
    match column.kind:
        case "whole" | "count" | "number":
            return lambda sheet, y, x, number: sheet.write_number(y, x, number)
        case "flag":
            return lambda sheet, y, x, flag: sheet.write_boolean(y, x, flag)
        case "instant":
            return lambda sheet, y, x, ms: sheet.write_datetime(y, x, clock.at(ms).replace(tzinfo=None), moment)
        case "mixed":
            return _mixed
    return lambda sheet, y, x, text: sheet.write_string(y, x, _fitting(text))


def _mixed(sheet: Worksheet, y: int, x: int, cell: Any) -> object:
    return sheet.write_string(y, x, _fitting(cell)) if isinstance(cell, str) else sheet.write_number(y, x, cell)


def _fitting(text: str) -> str:
    """As much of a text as a cell holds; what is cut ends in an ellipsis."""
    return text if len(text) <= CHARACTERS else f"{text[: CHARACTERS - 1]}…"


if __name__ == "__main__":
    sys.exit(child.main(write))
