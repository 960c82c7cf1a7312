"""``activity``: who did what, when and from where."""

from typing import Annotated

import typer

from app import clock
from app.cli import given, output
from app.cli import people_words as words
from app.db.migrate import require_current
from app.models.people import MAIN
from app.services import audit, people
from app.services.activity import HOUSE, Act
from app.services.audit import Wanted
from app.services.callers import OPERATOR, Caller


def activity(
    who: Annotated[str, typer.Option(help="Done by this person or token; cli is the command line.")] = "",
    what: Annotated[list[str] | None, typer.Option(help="Of this kind; may be given more than once.")] = None,
    since: Annotated[str, typer.Option(help="Of the last 7d, 12h, 30m.")] = "",
    batch: Annotated[int | None, typer.Option(min=1, help="To this batch.")] = None,
    workspace: Annotated[str, typer.Option(help="Of this workspace.")] = "main",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: given.AsJson = False,
) -> None:
    """List what was done, newest first: to batches, people, sessions, tokens, webhooks, accounts and sources."""
    begins = clock.now_ms() - 1000 * given.seconds(since, "--since") if since else None
    with output.house() as house:
        require_current(house.db)
        place = MAIN if workspace == "main" else people.workspace(house, workspace)
        caller = Caller(place, OPERATOR.scopes)
        found = audit.page(house, caller, Wanted(who, tuple(what or ()), begins, None, batch), limit=limit).acts
    if as_json:
        output.print_json([audit.wire(one) for one in found])
    elif found:
        output.print_table(words.ACTIVITY_COLUMNS, [_line(one) for one in found])
    else:
        output.note(words.NO_ACTS)


def _line(one: Act) -> list[str]:
    name = words.BY_HOUSE.say() if one.who == HOUSE else one.who
    on = f"#{one.batch}" if one.batch else ""
    about = " ".join(f"{key}={value}" for key, value in one.about.items())
    return [output.when(one.at), name, one.what, on, one.peer or "–", about]
