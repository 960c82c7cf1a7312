"""What the programs share that write a finished file: told on standard input what to write where, they say on standard
output which content it has, or why it could not be written."""

import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from app.db.database import Database
from app.errors import KeybatchError
from app.services import batches
from app.services.formats.columns import Plan, Stamp, Wanted
from app.services.formats.planning import plan

#: What a process may take.
MAX_MEMORY = 4_000_000_000
MAX_SECONDS = 1_800
MAX_BYTES = 4_000_000_000

#: Opens a page reader: it may be asked for the pages more than once.
Pages = Callable[[], Iterator[list[list[Any]]]]
Write = Callable[[Plan, Pages, Path], None]


def main(write: Write) -> int:
    """The process that writes; ``write`` makes the file."""
    for limit, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_FSIZE, MAX_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.nice(5)  # whoever looks at a page goes first
    sys.stdout.buffer.write(orjson.dumps(answer(orjson.loads(sys.stdin.buffer.read()), write)))
    return 0


def answer(asked: dict[str, Any], write: Write) -> dict[str, Any]:
    """What it says once the file is there: its stamp, or ``why`` there is none."""
    try:
        return _written(asked, write)._asdict()
    except (KeybatchError, OSError) as exc:
        return {"why": exc.sentence() if isinstance(exc, KeybatchError) else f"{exc.strerror or exc}."}


def _written(asked: dict[str, Any], write: Write) -> Stamp:
    database = Database(asked["database"])
    try:
        with database.snapshot() as connection:
            found = plan(connection, batches.look(connection, asked["batch"]), Wanted(**asked["wanted"]))
            write(found, lambda: found.pages(connection), Path(asked["path"]))
    finally:
        database.close()
    return found.stamp
