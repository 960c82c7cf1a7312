"""``token``: what programs show to the API; create, list, revoke."""

import sys
from typing import Annotated

import typer

from app import clock
from app.cli import given, output
from app.cli import people_words as words
from app.db.migrate import require_current
from app.errors import BadValue
from app.models.people import MAIN
from app.services import people
from app.services import tokens as service
from app.services.callers import OPERATOR, SCOPES, Caller
from app.services.house import House
from app.services.tokens import TokenView

app = typer.Typer(no_args_is_help=True, help="API tokens for programs: create, list, revoke.")


@app.command()
def create(
    name: Annotated[str, typer.Option(help="What it is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(SCOPES)}; may be given more than once.")
    ] = None,
    expires: Annotated[str, typer.Option(help="When it ends by itself: 90d, 12h, or a day as 2027-01-01.")] = "",
    workspace: Annotated[str, typer.Option(help="Whose batches it sees.")] = "",
    person: Annotated[
        str, typer.Option("--for", help="Whose it is: it may no more than the person, and goes with the person.")
    ] = "",
) -> None:
    """Create a token and print it, this once; without --scope it may read."""
    ends = given.moment(expires, "--expires")
    with output.house() as house:
        require_current(house.db)
        who = _maker(house, workspace, person)
        made, secret = service.create(house, who, name, scope or ["read"], expires_at=ends, by=OPERATOR)
    output.note(words.TOKEN_MADE, token=made)
    sys.stdout.write(f"{secret}\n")


@app.command("list")
def listing(as_json: given.AsJson = False) -> None:
    """List all tokens: what they may, until when, when they were used last."""
    with output.house() as house:
        require_current(house.db)
        found = service.listing(house, None)
    if as_json:
        output.print_json(found)
    elif found:
        output.print_table(words.TOKEN_COLUMNS, [_line(one) for one in found])
    else:
        output.note(words.NO_TOKENS)


@app.command()
def revoke(token: Annotated[int, typer.Argument(metavar="ID", help="The token's number, from the list.")]) -> None:
    """Let a token open nothing any more."""
    with output.house() as house:
        require_current(house.db)
        gone = service.revoke(house, OPERATOR, token)
    output.note(words.TOKEN_REVOKED, token=gone.id, name=gone.name)


def _maker(house: House, workspace: str, person: str) -> Caller:
    if person:
        who = people.as_caller(house, person)
        if workspace and people.workspace(house, workspace) != who.workspace:
            raise BadValue(name="--workspace", value=workspace, why=words.ANOTHER_WORKSPACE.say(name=who.name))
        return who
    return Caller(people.workspace(house, workspace) if workspace else MAIN, OPERATOR.scopes)


def _line(one: TokenView) -> list[str]:
    state = words.REVOKED if one.revoked_at is not None else words.EXPIRED if _is_over(one) else words.VALID
    instants = (output.when(at) for at in (one.created_at, one.expires_at, one.used_at))
    return [str(one.id), one.name, f"{one.hint}…", " ".join(one.scopes), one.person, state.say(), *instants]


def _is_over(one: TokenView) -> bool:
    return one.expires_at is not None and one.expires_at <= clock.now_ms()
