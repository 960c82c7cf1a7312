"""``backup`` and ``restore``: a whole house into a file, and out of it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli import backup_words as words
from app.cli import output, preflight
from app.cli.given import AsJson
from app.services import backup as service
from app.services import restoring
from app.services.archive import Manifest
from app.services.backup import Told
from app.services.house import House

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
#: Seconds between two lines of progress.
LINE = 0.2


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; - is standard output.")],
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put the key that opens stored credentials into it too.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only see that the file is whole.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write all that this house holds to one file, also while it runs."""
    if check:
        _check(file, as_json=as_json)
        return
    if str(file) == "-" and sys.stdout.isatty():
        output.refuse(words.PIPE)
    with output.house() as house, _progress() as told:
        if str(file) == "-":
            service.take(house, sys.stdout.buffer, with_key=with_key, told=told)
            sys.stdout.buffer.flush()
            return
        manifest = service.take_to(house, file, with_key=with_key, told=told)
    if as_json:
        output.print_json({"file": str(file), "size": file.stat().st_size, "rows": manifest.rows, **asdict(manifest)})
        return
    size = f"{file.stat().st_size / 1e6:,.1f} MB"
    output.note(words.BACKED_UP, file=file, rows=manifest.rows, at=manifest.created_at, size=size)
    output.note(words.WITH_KEY if manifest.key else words.NO_KEY if with_key else words.WITHOUT_KEY)


def restore(file: File, as_json: AsJson = False) -> None:
    """Make a house of a backup again, in an empty database."""
    with output.house() as house:
        if not house.settings.database_url:
            preflight.data_folder(house.settings)
        try:
            with _progress() as told:
                done = restoring.restore(house, file, told=told)
        except OSError as exc:
            output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)
        if as_json:
            output.print_json({**asdict(done), "manifest": {"rows": done.manifest.rows, **asdict(done.manifest)}})
            return
        _say(house, done)


def _say(house: House, done: restoring.Restored) -> None:
    facts = {"rows": done.manifest.rows, "at": done.manifest.created_at, "where": house.db.where}
    output.note(words.RESTORED, **facts)
    if done.key:
        output.note(words.KEY_ELSEWHERE if house.settings.database_url else words.KEY_RESTORED, key=done.key)
    if done.unopened:
        output.note(words.UNOPENED, what=", ".join(done.unopened))


def _check(file: Path, *, as_json: bool) -> None:
    try:
        manifest = service.check(file)
    except OSError as exc:
        output.refuse(words.CANNOT_READ, file=file, why=exc.strerror or exc)
    if as_json:
        output.print_json({"rows": manifest.rows, **asdict(manifest)})
    else:
        output.note(words.SOUND, file=file, at=manifest.created_at, **_facts(manifest))


def _facts(manifest: Manifest) -> dict[str, object]:
    return {"rows": manifest.rows, "revision": manifest.revision, "database": manifest.database}


@contextmanager
def _progress() -> Iterator[Told]:
    """One line that moves, on a terminal; nothing elsewhere."""
    console = output.aside()
    if not console.is_terminal:
        yield service.nobody
        return
    with console.status("") as status:
        due = 0.0

        def told(table: str, through: int, of: int) -> None:
            nonlocal due
            if time.monotonic() >= due:
                due = time.monotonic() + LINE
                status.update(words.TOLD.say(table=table, through=through, of=of))

        yield told
