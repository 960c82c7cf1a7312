"""Serves the web process: pages, API and /rq on one port, in one process."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from pydantic import SecretStr
from reflex_base.environment import environment

from app import traces
from app.cli import preflight
from app.errors import PortTaken
from app.log import configure, get
from app.settings import PREFIX, Settings, get_settings
from app.web import backend
from app.web.build import ROOT, build_env, ensure_built, lay_out

log = get(__name__)
#: How long open tabs and downloads may delay the end, in seconds.
GRACE_S = 2.0
#: How long those who follow a batch may take to be sent away before that, in seconds.
FAREWELL_S = 0.5
#: Connections served side by side: tabs, followers, requests. Under the usual limit of open files (1,024), for the one
#: that comes over this waits until another one has gone, and Granian's own default is 128.
CONNECTIONS = 800
#: Bytes held for a client that does not read (Granian's own default is 400,000), besides what the system holds.
HELD = 65_536
#: The largest thing a page may send at once, in bytes: a paste of a million keywords.
PASTE = 64_000_000


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises BadSetting, PortTaken or PagesNotBuilt before it listens.

    Settings: host, port, public_url, encryption_key, and whatever the house needs.
    """
    preflight.open_to_others(settings)
    _require_port(settings)
    ensure_built()
    _hand_down(settings)
    configure(settings, "web")
    traces.start(settings.traces_url, "web")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))
        _leave()


def _require_port(settings: Settings) -> None:
    """A bind without SO_REUSEPORT: the server's own would share the port with whoever has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as exc:
            raise PortTaken(host=settings.host, port=settings.port) from exc


def _hand_down(settings: Settings) -> None:
    """Reflex imports the root by itself: it finds these settings in the environment, and itself in its folder."""
    values = {**settings.model_dump(), "data_dir": settings.data_dir.absolute()}
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in values.items()
    }
    os.environ.update(
        {f"{PREFIX}{name.upper()}": str(value) for name, value in plain.items() if value not in ("", None)}
    )
    os.environ.update(build_env())
    lay_out(settings.data_dir.absolute() / "web")
    environment.REFLEX_SKIP_COMPILE.set(True)
    environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.set(True)
    environment.REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE.set(PASTE)
    get_settings.cache_clear()
    os.chdir(ROOT)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


async def _serve(settings: Settings) -> None:
    from reflex.utils import prerequisites  # noqa: PLC0415 -- reads the environment that _hand_down has set

    application = prerequisites.get_app().app
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    server = Server(
        application(),
        address=host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_enabled=False,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(max_buffer_size=HELD),
    )
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    serving = asyncio.create_task(server.serve())
    log.info("web_serves", url=f"http://{settings.host}:{settings.port}")
    await asyncio.wait([serving, asyncio.create_task(ended.wait())], return_when=asyncio.FIRST_COMPLETED)
    log.info("web_ends")
    await backend.send_followers_away(FAREWELL_S)
    server.stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(serving, GRACE_S)


def _leave() -> NoReturn:
    """End at once: everything is in the database, and threads that wait for open tabs would hold the process."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
