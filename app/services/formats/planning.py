"""From what is wanted to the columns that an export has."""

from dataclasses import replace

from app.services.formats import long, wide
from app.services.formats.columns import Plan, Wanted, chosen, unlike
from app.services.formats.csv_lines import safe
from app.services.shapes import BatchView


def plan(batch: BatchView, wanted: Wanted) -> Plan:
    """The columns of ``batch`` that are wanted. Raises BadValue for one that it does not have."""
    layout = wide if wanted.layout == "wide" else long
    found = layout.columns(batch)
    names = unlike(column.name for column in found)
    apart = [replace(column, name=name) for column, name in zip(found, names, strict=True)]
    return Plan(batch, wanted, chosen(apart, wanted.fields, safe), layout.read)
