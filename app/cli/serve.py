"""The commands that start processes: ``up``, ``web``, ``worker``, ``scheduler``, ``migrate``."""

import os
import sys
from typing import Annotated

import typer

from app import log
from app.cli import output, preflight, words
from app.cli.plan import Plan, Program
from app.services import startup
from app.services.house import open_house
from app.settings import Settings

PYTHON = sys.executable


def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not given.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the page, the API and /rq.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Worker processes.")] = None,
) -> None:
    """Run everything on this machine: database, Valkey, workers, scheduler, page and API."""
    settings = _settings(host=host, port=port, workers=workers)
    preflight.open_to_others(settings)
    startup.check_settings()
    preflight.data_folder(settings)
    preflight.lock(settings)
    preflight.port_free(settings)
    startup.migrated(settings)
    if settings.redis_url:
        _await_given_redis(settings)
    else:
        preflight.socket_folder(settings.valkey_socket)
    if not output.json_logs(settings):
        output.note(words.STARTING, url=_url(settings))
    plan = Plan(
        programs=tuple(programs(settings)),
        url=_url(settings),
        host=settings.host,
        port=settings.port,
        json_logs=output.json_logs(settings),
    )
    # From here on only the supervisor is needed, and it needs a fifth of the memory of what is loaded here.
    _become([PYTHON, "-m", "app.cli.supervisor", plan.dump()])


def programs(settings: Settings) -> list[Program]:
    """What runs on one machine. Settings: redis_url, data_dir, workers."""
    ours = [
        Program("web", (PYTHON, "-m", "app", "web")),
        Program("workers", (PYTHON, "-m", "app", "worker", "--processes", str(settings.workers))),
        Program("scheduler", (PYTHON, "-m", "app", "scheduler")),
    ]
    if settings.redis_url:
        return ours
    from app.cli.embedded import valkey  # noqa: PLC0415 -- what it needs is not on a machine of workers alone

    return [valkey(settings), *ours]


def web() -> None:
    """Run the page, the HTTP API and /rq on one port, as soon as all it stands on is there."""
    settings = _settings()
    log.configure(settings, "web")
    startup.ready_house(settings).close()
    from app.cli.web import serve  # noqa: PLC0415 -- the web framework takes seconds that no other command should pay

    serve(settings)


def worker(
    processes: Annotated[int | None, typer.Option(min=1, max=256, help="How many; else KEYBATCH_WORKERS.")] = None,
    upstreams: Annotated[str, typer.Option(help="Only these, separated by commas; all if not given.")] = "",
) -> None:
    """Run worker processes that ask the upstreams."""
    settings = _settings()
    chosen = ["--upstreams", upstreams] if upstreams else []
    _become([PYTHON, "-m", "workers.main", "worker", "--processes", str(processes or settings.workers), *chosen])


def scheduler() -> None:
    """Run a scheduler, which heals, wakes what waits and sends webhooks. Of several, one is active at a time."""
    _settings()
    _become([PYTHON, "-m", "workers.main", "scheduler"])


def migrate() -> None:
    """Bring the tables to this version."""
    settings = _settings()
    if not settings.database_url:
        preflight.data_folder(settings)
    startup.migrated(settings)
    output.note(words.MIGRATED)


def _settings(**given: object) -> Settings:
    """The settings with what the command line gave over them, for this process and all that it starts."""
    for name, value in given.items():
        if value is not None:
            os.environ[f"KEYBATCH_{name.upper()}"] = str(value)
    settings = Settings.read()
    output.logs_to_stderr(settings)
    return settings


def _await_given_redis(settings: Settings) -> None:
    house = open_house(settings)
    try:
        startup.await_redis(house)
    finally:
        house.close()


def _url(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url or f"http://{host}:{settings.port}"


def _become(argv: list[str]) -> None:
    """Turn this process into another program: one process less, and signals reach the right one."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(argv[0], argv)  # noqa: S606 -- a list built above; there is no shell
