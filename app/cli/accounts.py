"""``accounts``: several per upstream, kept here sealed; add, try, remove, seal anew."""

import asyncio
import sys
from typing import Annotated

import typer

from app import vault
from app.cli import given, output, usage, words
from app.cli.attempts import tell
from app.db.migrate import require_current
from app.errors import BadValue, language_of
from app.services import accounts as service
from app.services import keeping
from app.services.house import House, require
from app.sources import registry
from workers.engine import trial

app = typer.Typer(no_args_is_help=False, invoke_without_command=True, help="Accounts at upstreams: list, add, try.")
Key = Annotated[str, typer.Argument(metavar="ACCOUNT", help="UPSTREAM/NAME, as naver/team.")]


@app.callback()
def listing(context: typer.Context, as_json: given.AsJson = False) -> None:
    """List the accounts: what each has spent and has left, how its last trial went."""
    if context.invoked_subcommand is not None:
        return
    with output.house() as house:
        require_current(house.db)
        found, broken = service.listing(house), service.broken(house)
    if as_json:
        output.print_json(found)
    else:
        usage.show(found)
    for key, error in broken.items():
        output.note(words.NOT_ASKED, account=key, why=error.sentence(language_of()))


@app.command()
def add(
    account: Key,
    setting: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE; may be given more than once.")] = None,
    pipe: Annotated[bool, typer.Option("--stdin", help="Read NAME=VALUE lines from standard input.")] = False,
) -> None:
    """Keep an account, or change one. Secrets that are not given are asked for, unseen; those of before stay."""
    upstream, _, name = account.partition("/")
    values = dict(_pair(line) for line in (*(setting or []), *(_piped() if pipe else [])))
    with output.house() as house:
        require_current(house.db)
        service.refresh(house)
        known = registry.upstreams().get(upstream)
        if known is not None and service.named(account) is None and sys.stdin.isatty():
            for field in (one for one in known.needs if one not in values):
                hidden = keeping.fields(known)[field]
                values[field] = typer.prompt(field, hide_input=hidden, err=True)
        kept = keeping.put_account(house, upstream, name, values)
        output.note(words.ACCOUNT_KEPT, account=kept.key)


@app.command("test")
def attempt(account: Key, keyword: Annotated[str, typer.Option(help="What to ask for.")] = "") -> None:
    """Ask the account's upstream one question. It counts as one call."""
    with output.house() as house:
        require(house)
        raise typer.Exit(_try(house, account, keyword))


def _try(house: House, key: str, keyword: str) -> int:
    service.refresh(house)
    charged = service.charged(key)
    source = service.source_of(charged)
    told = asyncio.run(trial.attempt(house, source, charged, keyword))
    keeping.checked(house, key, told.error.code if told.error else "")
    return tell(source.name, told)


@app.command()
def remove(account: Key) -> None:
    """Forget an account and its secrets."""
    with output.house() as house:
        require_current(house.db)
        keeping.remove_account(house, account)
        output.note(words.ACCOUNT_GONE, account=account)


@app.command("new-key")
def new_key() -> None:
    """Print a key for KEYBATCH_ENCRYPTION_KEY."""
    sys.stdout.write(f"{vault.new_key()}\n")


@app.command()
def rotate() -> None:
    """Seal all credentials anew: under the first of KEYBATCH_ENCRYPTION_KEY, or under a new key of this house."""
    with output.house() as house:
        require_current(house.db)
        own = not (house.settings.encryption_key.get_secret_value() or house.settings.database_url)
        count = keeping.reseal(house, vault.new_key() if own else "")
        output.note(words.NOTHING_KEPT if not count else words.RESEALED_OWN if own else words.RESEALED, count=count)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadValue(name="--set", value=name, why=words.NAME_VALUE.say())
    return name.strip().lower(), value


def _piped() -> list[str]:
    return [line for line in sys.stdin.read().splitlines() if line.strip()]
