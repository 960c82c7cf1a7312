"""SQL of the pulse: what upstreams said, minute by minute."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import pulse

#: Answer times are counted up to each of these, in milliseconds, and beyond the last.
BOUNDS = (10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000)
#: The columns of these counts.
BUCKETS = (*(f"l_{bound}" for bound in BOUNDS), "l_more")
#: Everything that is added up.
SUMS = ("ok", "below", "missing", "failed", "cached", "latency_ms", *BUCKETS)


def add(connection: Connection, account: str, minute: int, sums: Mapping[str, int]) -> None:
    """Add to what ``account`` was answered in a minute. The row stays locked until the transaction ends."""
    values = {"account": account, "minute": minute, **dict.fromkeys(SUMS, 0), **sums}
    connection.execute(_adding(connection.dialect.name), values)


@cache
def _adding(dialect: str) -> Any:
    """Made once: every flush needs it."""
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(pulse)
    more = {name: pulse.c[name] + statement.excluded[name] for name in SUMS}
    return statement.on_conflict_do_update(index_elements=["account", "minute"], set_=more)


def between(connection: Connection, since: int, until: int, step: int) -> Sequence[Row[Any]]:
    """What accounts were answered from ``since`` on and before ``until``, by spans of ``step`` ms that begin at its
    multiples: (account, at, …sums), in the order of time."""
    c = pulse.c
    at = (c.minute - c.minute % step).label("at")
    sums = [func.sum(c[name]).label(name) for name in SUMS]
    where = (c.minute >= since, c.minute < until)
    return connection.execute(select(c.account, at, *sums).where(*where).group_by(c.account, at).order_by(at)).all()


def oldest(connection: Connection) -> int | None:
    """The first minute there is something of."""
    found: int | None = connection.execute(select(func.min(pulse.c.minute))).scalar_one()
    return found


def forget(connection: Connection, before: int) -> int:
    """Remove what is older than a minute; how many rows."""
    return connection.execute(delete(pulse).where(pulse.c.minute < before)).rowcount
