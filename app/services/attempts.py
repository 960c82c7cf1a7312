"""Sign-ins that failed, as they are put down: once for a name, an address and a minute, with how many there were, so
that a flood of them fills no table. Those that were not even looked at, because there were too many, are not counted.
"""

from typing import Final

from sqlalchemy import Connection

from app import clock
from app.models.people import MAIN
from app.repositories import people
from app.services import activity
from app.services.house import House

FAILED: Final = "sign_in_failed"


def failed(house: House, name: str, peer: str, why: str = "wrong_password") -> None:
    """Put down that somebody at ``peer`` did not get in as ``name`` (in its one form). A name that is nobody's is not
    kept: it may be a password that was typed into the wrong field."""
    with house.db.work() as work:
        people.take_turns(work.connection)
        row = people.by_name(work.connection, name) if name.isprintable() else None
        _count(work.connection, row.workspace_id if row else MAIN, row.name if row else activity.ANYONE, peer, why)


def _count(connection: Connection, workspace: int, who: str, peer: str, why: str) -> None:
    since = clock.now_ms() - activity.MINUTE_MS
    same = (
        act
        for act in activity.newest(connection, workspace, FAILED)
        if (act.who, act.peer, act.about.get("why")) == (who, peer, why) and act.at > since
    )
    last = next(same, None)
    if last is None:
        activity.add(connection, workspace, None, who, FAILED, {"why": why, "count": 1}, peer)
    else:
        activity.say_again(connection, last.id, {"why": why, "count": int(last.about["count"]) + 1})
