"""SQL of the ledger of calls."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from app.models.tables import usage


def add(connection: Connection, account: str, day: str, calls: int) -> int:
    """Count ``calls`` made by ``account`` on ``day``; how many there are now."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(usage).values(account=account, day=day, calls=calls)
    statement = statement.on_conflict_do_update(
        index_elements=["account", "day"], set_={"calls": usage.c.calls + statement.excluded.calls}
    )
    return int(connection.execute(statement.returning(usage.c.calls)).scalar_one())


def calls_on(connection: Connection, account: str, day: str) -> int:
    """Calls made by ``account`` on ``day``."""
    statement = select(usage.c.calls).where(usage.c.account == account, usage.c.day == day)
    return connection.execute(statement).scalar_one_or_none() or 0
