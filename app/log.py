"""Structured logs: for people on a terminal, JSON lines otherwise; on standard error. One shape for all processes.

Every line has ``time``, ``level``, ``event``, ``process``, ``host`` and ``pid`` (these two not on a terminal), and what
it belongs to: ``bind(batch=7)`` puts the batch's id on every line that follows in this context; lines of a request have
its ``request`` and who asks. No line has a secret (`app.hidden`).
"""

import logging
import os
import socket
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from app import hidden
from app.settings import Settings

bind = structlog.contextvars.bound_contextvars
_SHAPE = ("time", "level", "event", "process", "host", "pid")
_HOST = socket.gethostname()
_process = ["cli"]
_lines_are_json = [False]
#: Libraries that tell of each of their steps, which the house tells by itself.
_NOISY = ("rq", "rq.worker", "rq.cron", "alembic", "asyncio", "granian", "_granian", "aiohttp.access", "httpx",
          "socketio", "engineio", "urllib3", "opentelemetry")  # fmt: skip


@dataclass(slots=True)
class Asked:
    """A request under way: its id, and who asks, as soon as that is known. ``route`` is the template it took."""

    request: str
    person: int | None = None
    token: int | None = None
    route: str = ""


#: The request that this context works for.
asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def asks(person: int | None, token: int | None) -> None:
    """Say who asks, for all lines about the request under way."""
    under_way = asked.get()
    if under_way is not None:
        under_way.person, under_way.token = person, token


def writes_json() -> bool:
    """Whether everything that this process says has to be a line of JSON; a command always talks to a person."""
    return _lines_are_json[0] and _process[0] != "cli"


def say(sentence: str, event: str, level: int = logging.INFO, **facts: object) -> None:
    """Say a sentence on standard error, to whoever has started this process; or as a line as any other."""
    if writes_json():
        get("app").log(level, event, sentence=sentence, **facts)
    else:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()


def process() -> str:
    """What this process is called in the log."""
    return _process[0]


def request_id() -> str:
    """The id of the request under way, "" outside of one."""
    under_way = asked.get()
    return under_way.request if under_way is not None else ""


def _belongs(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.setdefault("process", _process[0])
    event.setdefault("host", _HOST)
    event.setdefault("pid", os.getpid())
    under_way = asked.get()
    if under_way is not None:
        event.setdefault("request", under_way.request)
        for name, number in (("person", under_way.person), ("token_id", under_way.token)):
            if number is not None:
                event.setdefault(name, number)
    return event


def _in_shape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {**{name: event[name] for name in _SHAPE if name in event}, **event}


def _short(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: value for name, value in event.items() if name not in ("host", "pid")}


def _hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        name: value if name == "token_id" else hidden.MASK if hidden.is_secret(name) and value else hidden.values(value)
        for name, value in event.items()
    }


class _Shape(structlog.stdlib.ProcessorFormatter):
    """Writes lines of the house and of libraries, as text or JSON, without secrets in tracebacks too."""

    def __init__(self, *last: Any) -> None:
        super().__init__(
            foreign_pre_chain=_shared(),
            processors=[
                self.remove_processors_meta,
                structlog.processors.format_exc_info,
                _hide_secrets,
                *last,
            ],
        )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _belongs,
    ]


def as_json() -> logging.Formatter:
    """What writes a line as JSON."""
    return _Shape(_in_shape, structlog.processors.JSONRenderer(ensure_ascii=False, default=str))


def configure(settings: Settings, name: str, to: TextIO | None = None) -> None:
    """Send this process's logs (and its libraries') through one set of processors; ``name`` is the process's. They go
    to standard error unless ``to`` says otherwise.

    Settings: log_format, log_level.
    """
    to = to or sys.stderr
    hidden.remember(hidden.of_settings(settings))
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and to.isatty())
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Shape(_short, structlog.dev.ConsoleRenderer(timestamp_key="time")) if as_text else as_json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    _process[0], _lines_are_json[0] = name, not as_text
    sys.excepthook = _last_words


def _last_words(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """What ends a process is a line as any other."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        get("app").critical("process_broke", exc_info=(kind, error, trace))


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
