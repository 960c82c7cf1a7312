"""SQL of halts: accounts that are not asked for a while."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.models.tables import halt


def of(connection: Connection, account: str, *, lock: bool = False) -> Row[Any] | None:
    """The account's halt, or None; ``lock`` holds it until the transaction ends."""
    statement = select(halt).where(halt.c.account == account)
    return connection.execute(statement.with_for_update() if lock else statement).one_or_none()


def all_of(connection: Connection) -> Sequence[Row[Any]]:
    """Every halt."""
    return connection.execute(select(halt).order_by(halt.c.account)).all()


def put(connection: Connection, account: str, **values: Any) -> None:
    """Set the account's halt. Two that find the same trouble at once: the second one's IntegrityError says so."""
    if connection.execute(update(halt).where(halt.c.account == account).values(**values)).rowcount == 0:
        connection.execute(insert(halt).values(account=account, **values))


def drop(connection: Connection, account: str) -> None:
    """The account may be asked again."""
    connection.execute(delete(halt).where(halt.c.account == account))
