"""``forget``: batches that have ended, removed with all that they had."""

import sys
from typing import Annotated

import typer

from app.cli import backup_words as words
from app.cli import output
from app.db.migrate import require_current
from app.services import batches, retention
from app.services.callers import OPERATOR

Ids = Annotated[list[int], typer.Argument(metavar="ID…", min=1, help="The ids of the batches.")]


def forget(
    ids: Ids, yes: Annotated[bool, typer.Option("--yes", help="Do not ask; wanted where nobody can answer.")] = False
) -> None:
    """Remove batches that have ended, with their keywords, readings and activity. This cannot be taken back."""
    wanted = list(dict.fromkeys(ids))
    with output.house() as house:
        require_current(house.db)
        found = [batches.get(house, one) for one in wanted]  # an unknown id is said before anything is done
        if not yes:
            if not sys.stdin.isatty():
                output.refuse(words.SURE_HOW)
            names = ", ".join(f"{one.id} “{output.one_line(one.name)}”" for one in found)
            typer.confirm(words.SURE.say(names=names), abort=True, err=True)
        for one in wanted:
            retention.forget(house, one, who=OPERATOR)
        while retention.tidy(house):
            pass
    output.note(words.FORGOTTEN, count=len(wanted))
