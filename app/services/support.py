"""What somebody who helps from elsewhere needs to know of a house, and nothing that opens anything.

Each part is found by itself: what is away says so in its place and keeps no other part away. Everything goes through
`app.hidden` before it is given.
"""

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

import orjson

from app import clock, hidden
from app.errors import KeybatchError
from app.repositories import halts, ops, readings
from app.services import accounts, crew, inforce, jobs, warned, workings
from app.services import ops as health
from app.services.health import Check
from app.services.house import House
from app.services.metrics import process, written
from app.sources import registry

#: Batches told one by one, and those among them whose failures are told.
BATCHES: Final = 100
FAILING: Final = 20
#: Bytes of the end of a log file.
TAIL: Final = 100_000
#: No workspace: batches of all are told by their ids alone.
_NOBODY: Final = 0

README: Final = """Keybatch support bundle

What is in it:
  platform.json   versions of Keybatch, Python, packages; the machine
  settings.json   the settings in force; secrets only as "set" or "not set"
  doctor.json     what `python -m app doctor` says
  database.json   revision of the tables, rows of each, batches by state, the newest batches with counts
  accounts.json   accounts with their limits, what is spent and left, halts
  failures.json   failed lookups of the newest batches, by source and error class
  work.json       health, workers, queues, schedulers, lanes, messages to webhooks
  metrics.txt     what /metrics says
  warnings.jsonl  the last warnings and errors of all processes
  valkey.log      the end of the embedded Valkey's log

What is not: keywords, readings, people, tokens, sessions, passwords, keys. Names of batches are in it only if it was
made with --names. Known secrets, and whatever looks like one, are replaced by ********. Look through it before you
send it.
"""


def files(house: House, checks: Callable[[], list[Check]], *, names: bool = False) -> dict[str, bytes]:
    """The bundle, file by file. ``checks``: what ``doctor`` finds; ``names``: with those of batches."""
    parts: dict[str, Callable[[], Any]] = {
        "platform.json": _platform,
        "settings.json": lambda: _settings(house),
        "doctor.json": lambda: [asdict(check) for check in checks()],
        "database.json": lambda: _database(house, names=names),
        "accounts.json": lambda: _accounts(house),
        "failures.json": lambda: _failures(house),
        "work.json": lambda: _work(house),
        "metrics.txt": lambda: written.written(house, ("house",), "").decode(),
        "warnings.jsonl": lambda: "".join(_line(one) for one in warned.lately(house.redis)),
        "valkey.log": lambda: _tail(house.settings.data_dir / "valkey.log"),
    }
    return {"README.txt": README.encode(), **{name: _found(find) for name, find in parts.items()}}


def _found(find: Callable[[], Any]) -> bytes:
    try:
        said = find()
    except Exception as error:  # noqa: BLE001 -- whatever is broken here is what help is needed for
        said = {"not_found": type(error).__name__, "why": str(error)}
    if isinstance(said, str):
        return hidden.text(said).encode()
    return orjson.dumps(hidden.values(said), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) + b"\n"


def _line(said: Mapping[str, Any]) -> str:
    return orjson.dumps(hidden.values(said)).decode() + "\n"


def _platform() -> dict[str, Any]:
    packages = {one.metadata["Name"]: one.version for one in distributions()}
    return {
        "keybatch": inforce.version(),
        "revision": process.revision(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "packages": dict(sorted(packages.items())),
    }


def _settings(house: House) -> dict[str, Any]:
    found = [*inforce.settings(house), *inforce.upstreams(registry.upstreams().values())]
    # Under a neutral key: a name as NAVER_CLIENT_SECRET would hide even whether it is set.
    return {
        "settings": [
            {"name": one.name, "set": one.set, "value": None if one.secret else one.value, "hidden": one.secret}
            for one in found
        ]
    }


def _database(house: House, *, names: bool) -> dict[str, Any]:
    with house.db.read() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        newest = [row._asdict() for row in ops.newest(connection, BATCHES)]
        sources = ops.sources_of(connection, [one["id"] for one in newest])
        said = {"where": house.db.where, "revision": version, "rows": ops.sizes(connection)}
        states = ops.states(connection)
    for one in newest:
        if not names:
            del one["name"]
        one["sources"] = [row._asdict() for row in sources if row.batch_id == one["id"]]
    return {**said, "batches_by_state": states, "newest_batches": newest}


def _accounts(house: House) -> dict[str, Any]:
    views = [{**asdict(view), "kept": view.kept is not None} for view in accounts.listing(house)]
    with house.db.read() as connection:
        stopped = [row._asdict() for row in halts.all_of(connection)]
    broken = {key: error.code for key, error in accounts.broken(house).items()}
    return {"accounts": views, "halts": stopped, "cannot_be_used": broken}


def _failures(house: House) -> list[dict[str, Any]]:
    with house.db.read() as connection:
        newest = [row.id for row in ops.newest(connection, BATCHES)]
        failing = sorted({row.batch_id for row in ops.sources_of(connection, newest) if row.failed}, reverse=True)
        return [
            {"batch": one, "source": row.source, "error": row.error, "lookups": row.lookups}
            for one in failing[:FAILING]
            for row in readings.failures(connection, one)
        ]


def _work(house: House) -> dict[str, Any]:
    said: dict[str, Any] = {"health": asdict(health.health(house))}
    try:
        there = crew.crew(house, _NOBODY)
        said |= {"workers": [asdict(one) for one in there.workers], "queues": [asdict(one) for one in there.queues]}
        said["schedulers"] = [asdict(one) for one in there.schedulers]
        said["oldest"] = [asdict(one) for one in jobs.queues(house.redis)]
    except KeybatchError as error:
        said["workers"] = error.code
    now = clock.now_ms()
    with house.db.read() as connection:
        said["lanes"] = [_plain(row._asdict()) for row in ops.taken(connection, now, workings.MOST)]
        said["webhooks"] = asdict(ops.backlog(connection, now, now - health.LATE_MS, now - workings.LATELY_MS))
    return said


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "name"}


def _tail(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
