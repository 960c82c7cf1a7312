"""From what is wanted to the columns and the rows that an export has."""

from dataclasses import replace

from sqlalchemy import Connection

from app.repositories import table
from app.repositories.rows import Filter
from app.repositories.rows import Wanted as Rows
from app.services import matches
from app.services.formats import long, wide
from app.services.formats.columns import Plan, Wanted, chosen, unlike
from app.services.formats.csv_lines import safe
from app.services.gone import require_readings
from app.services.shapes import BatchView

#: Every reading is in one of these.
_READ = ("below", "failed", "missing", "ok")


def plan(connection: Connection, batch: BatchView, wanted: Wanted) -> Plan:
    """What is wanted of ``batch``. Raises Purged; BadValue for a column that it does not have, and for filters that
    make no sense."""
    require_readings(batch)
    layout = wide if wanted.layout == "wide" else long
    found = layout.columns(batch)
    names = unlike(column.name for column in found)
    apart = [replace(column, name=name) for column, name in zip(found, names, strict=True)]
    columns = chosen(apart, wanted.fields, safe)
    rows = matches.chosen(connection, batch, wanted.filters, wanted.q)
    count = _readings if wanted.layout == "long" else matches.counted
    return Plan(batch, wanted, columns, layout.read, rows, count(connection, batch, rows))


def _readings(connection: Connection, batch: BatchView, rows: Rows) -> int:
    """How many readings these rows have."""
    if rows.everything:
        return batch.counts.done
    having = (replace(rows, filters=(*rows.filters, Filter(one.name, _READ))) for one in batch.sources)
    return sum(table.count(connection, one) for one in having)
