"""Writes Parquet; a program of its own (`app.services.formats.child`), so that its library is nowhere else.

Counts are int64, other numbers double, instants timestamp[ms, UTC], what was said besides a value is text as in the CSV
(``4370``, ``below 10``, ``높음``), an empty cell is null. The metadata have ``keybatch.batch`` and ``keybatch.seq``.
"""

import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import parquet as pq

from app.services.formats import child
from app.services.formats.columns import Kind, Plan

#: Pages of one row group.
_GROUP = 25
_TYPES: dict[Kind, pa.DataType] = {
    "whole": pa.int64(),
    "count": pa.int64(),
    "number": pa.float64(),
    "instant": pa.timestamp("ms", tz="UTC"),
    "flag": pa.bool_(),
}


class _Fraction(Exception):
    """A column of counts holds something else; its argument is the column's number."""


def write(plan: Plan, pages: child.Pages, path: Path) -> None:
    """The file at ``path``. Raises OSError."""
    kinds = [column.kind for column in plan.columns]
    while True:
        try:
            _write(plan, kinds, pages, path)
        except _Fraction as found:
            kinds[found.args[0]] = "number"
        else:
            return


def _write(plan: Plan, kinds: list[Kind], pages: child.Pages, path: Path) -> None:
    schema = pa.schema(
        [(name, _TYPES.get(kind, pa.string())) for name, kind in zip(plan.names, kinds, strict=True)],
        {"keybatch.batch": str(plan.batch.id), "keybatch.seq": str(plan.batch.seq)},
    )
    found = pages()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := [_batch(page, kinds, schema) for page in islice(found, _GROUP)]:
            writer.write_table(pa.Table.from_batches(group), row_group_size=None)


def _batch(page: list[list[Any]], kinds: list[Kind], schema: pa.Schema) -> pa.RecordBatch:
    arrays = []
    for n, (cells, kind) in enumerate(zip(page, kinds, strict=True)):
        if kind == "count" and any(isinstance(cell, float) for cell in cells):
            raise _Fraction(n)
        texts = [cell if cell is None else str(cell) for cell in cells] if kind == "mixed" else cells
        arrays.append(pa.array(texts, schema.field(n).type))
    return pa.record_batch(arrays, schema=schema)


if __name__ == "__main__":
    sys.exit(child.main(write))
