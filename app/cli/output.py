"""How the command line speaks: results on standard output, everything else on standard error."""

import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any, Literal, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from app import clock, log
from app.cli import words
from app.errors import KeybatchError, Refused, language_of
from app.services.house import House, open_house
from app.settings import Settings

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def result() -> Console:
    """Standard output, for people."""
    return Console(soft_wrap=True, highlight=False, markup=False)


def aside() -> Console:
    """Standard error, for people."""
    return Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def note(sentence: words.Sentence, **facts: object) -> None:
    """Say something on standard error."""
    aside().print(sentence.say(**facts))


def refuse(sentence: words.Sentence, **facts: object) -> NoReturn:
    """Say what is wrong with the use and end with exit code 2."""
    note(sentence, **facts)
    raise typer.Exit(WRONG_USE)


def fail(error: KeybatchError) -> int:
    """Say what happened in one sentence; gives the exit code."""
    if log.writes_json():
        log.say(error.sentence(language_of()), "cannot_start", logging.CRITICAL, code=error.code)
    else:
        aside().print(error.sentence(language_of()))
    return WRONG_USE if isinstance(error, Refused) else FAILED


def print_json(value: Any) -> None:
    """One JSON object or array on one line of standard output; see `plain` for what becomes of values."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def plain(value: Any, name: str = "") -> Any:
    """A value as JSON has it: dataclasses as objects, instants (``…_at``, ``…until``) as ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {key: plain(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, int) and name.endswith(("_at", "until")):
        return clock.iso(value)
    return value


def print_table(columns: Sequence[words.Sentence], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """A table on a terminal; tab-separated lines with the same heads in a pipe. ``right`` are columns of numbers;
    the first column names the row and stays whole."""
    console = result()
    heads = [column.say() for column in columns]
    if not console.is_terminal:
        for line in (heads, *rows):
            sys.stdout.write("\t".join(line) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        side: Literal["left", "right"] = "right" if number in right else "left"
        table.add_column(head, justify=side, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    console.print(table, soft_wrap=False)


def when(ms: int | None) -> str:
    """An instant in this machine's time zone, for people; "" for none."""
    return clock.at(ms).astimezone().strftime("%Y-%m-%d %H:%M:%S") if ms is not None else ""


def one_line(text: str, longest: int = 200) -> str:
    """What an upstream said, fit for a table: on one line, without control characters, its first part."""
    said = "".join(character if character.isprintable() else " " for character in text)
    said = " ".join(said.split())
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def json_logs(settings: Settings) -> bool:
    """Whether logs are JSON lines. Settings: log_format."""
    return settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())


def logs_to_stderr(settings: Settings) -> None:
    """Keep logs off standard output; a command that talks to a person leaves the ordinary ones out.
    Settings: log_level."""
    level = "warning" if settings.log_level == "info" else settings.log_level
    log.configure(settings.model_copy(update={"log_level": level}), "cli")


@contextmanager
def house() -> Iterator[House]:
    """The open house of a command."""
    settings = Settings.read()
    logs_to_stderr(settings)
    opened = open_house(settings)
    try:
        yield opened
    finally:
        opened.close()
