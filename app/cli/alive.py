"""Whether a process of this machine does its part: for health checks, which ask all day. So it loads settings and
Redis' client at most, and no more of the house than that.

Exit codes: 0 it does, 1 it does not; what is wrong goes to standard error.
"""

import http.client
import os
import socket
import sys
import time
from typing import Annotated, Literal

import typer
from redis import Redis
from redis.exceptions import RedisError

from app.cli import words
from app.errors import KeybatchError, language_of
from app.settings import Settings

PARTS = ("web", "worker", "scheduler")
#: How long an answer may take, in seconds.
PATIENCE_S = 5.0
#: A scheduler says every few seconds that it is there, active or standing by.
SILENT_S = 30.0
WORKERS, SCHEDULERS = "rq:workers", "rq:cron_schedulers"


def alive(
    part: Annotated[Literal["web", "worker", "scheduler"], typer.Argument(help="Which process of this machine.")],
) -> None:
    """Say by the exit code whether this machine's web, workers or scheduler do their part; for health checks."""
    raise typer.Exit(main([part]))


def main(arguments: list[str]) -> int:
    """The exit code."""
    if len(arguments) != 1 or arguments[0] not in PARTS:
        sys.stderr.write(f"python -m app alive {'|'.join(PARTS)}\n")
        return 0 if arguments in (["--help"], ["-h"]) else 2
    try:
        wrong = _WRONG[arguments[0]](Settings.read())
    except KeybatchError as error:
        wrong = error.sentence(language_of())
    except (OSError, RedisError, http.client.HTTPException) as error:
        wrong = words.NOT_ALIVE.say(part=arguments[0], why=str(error) or type(error).__name__)
    if wrong:
        sys.stderr.write(wrong + "\n")
    return 1 if wrong else 0


def _web(settings: Settings) -> str:
    """Whether its port answers, and with it all that it stands on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 -- any address is here too
    asked = http.client.HTTPConnection(host, settings.port, timeout=PATIENCE_S)
    try:
        asked.request("GET", "/readyz")
        status = asked.getresponse().status
    finally:
        asked.close()
    return "" if status == http.client.OK else words.NOT_ALIVE.say(part="web", why=f"/readyz: {status}")


def _worker(settings: Settings) -> str:
    """Whether one for slices and the one for chores are registered, and run here."""
    with _redis(settings) as redis:
        keys = [key for key in redis.smembers(WORKERS) if f"-{socket.gethostname()}-".encode() in key]
        with redis.pipeline(transaction=False) as look:
            for key in keys:
                look.hget(key, "pid")
            pids = look.execute()
    there = {key.rpartition(b":")[2].partition(b"-")[0] for key, pid in zip(keys, pids, strict=True) if _runs(pid)}
    missing = sorted({"chores", "slices"} - {one.decode() for one in there})
    return words.NOT_ALIVE.say(part="worker", why=", ".join(missing)) if missing else ""


def _runs(pid: bytes | None) -> bool:
    """Whether there is such a process; one that is somebody else's is there too."""
    if not pid:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _scheduler(settings: Settings) -> str:
    """Whether one of this machine has said lately that it is there, active or standing by."""
    with _redis(settings) as redis:
        names = redis.zrangebyscore(SCHEDULERS, time.time() - SILENT_S, "+inf")
    mine = any(name.startswith(f"{socket.gethostname()}:".encode()) for name in names)
    return "" if mine else words.NOT_ALIVE.say(part="scheduler", why=SCHEDULERS)


def _redis(settings: Settings) -> Redis:
    return Redis.from_url(settings.redis, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S)


_WRONG = {"web": _web, "worker": _worker, "scheduler": _scheduler}
