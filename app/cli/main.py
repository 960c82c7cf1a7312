"""The root of the command line: the commands, and how a failure ends one."""

from typing import Any

import typer
from typer.core import TyperGroup

from app.cli import (
    accounts,
    activity,
    alive,
    backup,
    batches,
    columns,
    control,
    define,
    doctor,
    forget,
    history,
    output,
    people,
    preview,
    serve,
    settings,
    sources,
    submit,
    support,
    tokens,
    usage,
    webhooks,
)
from app.errors import KeybatchError


class Commands(TyperGroup):
    """Turns what Keybatch raises on purpose into one sentence and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Anything that is not ours is a bug and keeps its stack trace."""
        try:
            return super().invoke(ctx)
        except KeybatchError as error:
            raise typer.Exit(output.fail(error)) from error
        except KeyboardInterrupt:
            raise typer.Exit(output.INTERRUPTED) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Keybatch: keyword research at batch scale.",
)
for command in (
    serve.up, serve.web, serve.worker, serve.scheduler, serve.migrate, alive.alive, doctor.doctor, backup.backup,
    backup.restore, sources.sources,
    preview.preview, submit.submit, batches.batches, batches.watch, batches.export, control.pause, control.resume,
    control.cancel, control.failures, control.retry, control.rerun, control.expand, forget.forget, columns.columns,
    usage.usage, history.history, activity.activity,
    define.define, define.undefine, settings.settings, support.support,
):  # fmt: skip
    app.command()(command)
app.add_typer(accounts.app, name="accounts")
app.add_typer(people.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(webhooks.app, name="webhooks")


def run() -> None:
    """Run the command of this process' arguments."""
    app(prog_name="python -m app")
