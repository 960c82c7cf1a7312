"""SQL of the ledger of calls."""

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import usage


def add(connection: Connection, account: str, day: str, calls: int, reserved: int = 0) -> tuple[int, int]:
    """Add to the calls made and the calls reserved of a day: how many of each there are now. The row stays locked
    until the transaction ends, so takers of one account take turns."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(usage).values(account=account, day=day, calls=calls, reserved=reserved)
    more = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["account", "day"],
        set_={"calls": usage.c.calls + more.calls, "reserved": usage.c.reserved + more.reserved},
    )
    row = connection.execute(statement.returning(usage.c.calls, usage.c.reserved)).one()
    return row[0], row[1]


def on(connection: Connection, account: str, day: str) -> tuple[int, int]:
    """Calls made and calls reserved by ``account`` on ``day``."""
    statement = select(usage.c.calls, usage.c.reserved).where(usage.c.account == account, usage.c.day == day)
    row = connection.execute(statement).one_or_none()
    return (row[0], row[1]) if row is not None else (0, 0)


def in_month(connection: Connection, account: str, month: str) -> tuple[int, int]:
    """Calls made and calls reserved by ``account`` in ``month`` (``YYYY-MM``)."""
    c = usage.c
    statement = select(func.coalesce(func.sum(c.calls), 0), func.coalesce(func.sum(c.reserved), 0)).where(
        c.account == account, c.day >= f"{month}-01", c.day <= f"{month}-31"
    )
    row = connection.execute(statement).one()
    return int(row[0]), int(row[1])
