"""``user``: the people who sign in; add, list, give another password or role, end sessions, link, remove."""

import sys
from typing import Annotated

import typer

from app.cli import given, output
from app.cli import people_words as words
from app.db.migrate import require_current
from app.errors import NoIssuer
from app.services import people as service
from app.services import sessions as browsers
from app.services import vouched
from app.services.callers import OPERATOR
from app.services.passwords import LEAST
from app.services.people import ROLES

app = typer.Typer(no_args_is_help=True, help="People who sign in: add, list, password, role, sessions, link, remove.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the person is called.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        str, typer.Option(help=f"One of {', '.join(ROLES)}; the first person is the owner, others are members.")
    ] = "",
    workspace: Annotated[str, typer.Option(help="Where the person's batches are; made if it is not there.")] = "main",
) -> None:
    """Add a person; the password is asked for, unseen, or is the first line of a piped input."""
    with output.house() as house:
        require_current(house.db)
        made = service.add(house, name, _password(), role, workspace)
    output.note(words.PERSON_ADDED, name=made.name, role=words.ROLES[made.role].say(), workspace=made.workspace)


@app.command("list")
def listing(as_json: given.AsJson = False) -> None:
    """List the people: role, workspace, since when."""
    with output.house() as house:
        require_current(house.db)
        found = service.listing(house)
    if as_json:
        output.print_json(found)
    elif found:
        lines = [[one.name, words.ROLES[one.role].say(), one.workspace, output.when(one.created_at)] for one in found]
        output.print_table(words.PEOPLE_COLUMNS, lines)
    else:
        output.note(words.NOBODY)


@app.command()
def password(name: Name) -> None:
    """Give a person another password; whoever is signed in as that person is not any more."""
    with output.house() as house:
        require_current(house.db)
        service.as_caller(house, name)  # an unknown name is said before anything is asked
        service.change_password(house, name, _password())
    output.note(words.PASSWORD_CHANGED, name=name)


@app.command()
def role(name: Name, role: Annotated[str, typer.Argument(metavar="ROLE", help=f"One of {', '.join(ROLES)}.")]) -> None:
    """Let a person be something else, at once."""
    with output.house() as house:
        require_current(house.db)
        found = service.change_role(house, name, role)
    output.note(words.ROLE_CHANGED, name=found.name, role=words.ROLES[found.role].say())


@app.command()
def sessions(
    name: Name,
    end: Annotated[str, typer.Option(metavar="MARK", help="End the one with this mark.")] = "",
    every: Annotated[bool, typer.Option("--all", help="End all of them.")] = False,
    as_json: given.AsJson = False,
) -> None:
    """List the browsers that a person is signed in with, or end them."""
    with output.house() as house:
        require_current(house.db)
        if end or every:
            who = OPERATOR
            count = browsers.end_others(house, name, by=who) if every else browsers.end_marked(house, name, end, by=who)
            output.note(words.SESSIONS_ENDED, count=count)
            return
        found = browsers.listing(house, name, by=OPERATOR)
    if as_json:
        output.print_json(found)
    else:
        whens = [(output.when(one.created_at), output.when(one.seen_at), one) for one in found]
        output.print_table(
            words.SESSION_COLUMNS, [[one.mark, made, seen, one.peer or "–"] for made, seen, one in whens]
        )


@app.command()
def link(
    name: Name, subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="His `sub` at the issuer.")]
) -> None:
    """Let the issuer vouch for a person."""
    with output.house() as house:
        require_current(house.db)
        if not house.settings.oidc_issuer:
            raise NoIssuer
        vouched.link(house, name, {"sub": subject})
    output.note(words.LINKED, name=name)


@app.command()
def unlink(name: Name) -> None:
    """Let the issuer vouch for a person no longer."""
    with output.house() as house:
        require_current(house.db)
        vouched.unlink(house, name)
    output.note(words.UNLINKED, name=name)


@app.command()
def remove(name: Name) -> None:
    """Remove a person, with the person's sessions and tokens; the batches stay."""
    with output.house() as house:
        require_current(house.db)
        service.remove(house, name)
    output.note(words.PERSON_GONE, name=name)


def _password() -> str:
    if _piped():
        return sys.stdin.readline().rstrip("\r\n")
    prompt = words.NEW_PASSWORD.say(least=LEAST)
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=words.AGAIN.say(), err=True))


def _piped() -> bool:
    return not sys.stdin.isatty()
