"""Traces, for whoever wants them: spans of requests, submits, slices, flushes and calls, sent over OTLP.

Nothing of OpenTelemetry is loaded unless `start` is told where to; until then every function here does next to nothing.
Attributes are ids, names of sources and outcomes: never a keyword, never a secret. `app.tracing` does the work.
"""

import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Final, Literal, ParamSpec, Protocol, TypeVar

from app.errors import BadSetting

P = ParamSpec("P")
T = TypeVar("T")
Value = str | int | float | bool
Kind = Literal["internal", "server", "client"]
#: What is handed on with a job: the W3C trace context, under the names of its headers.
Carrier = Mapping[str, str]
#: How long the last spans may take to leave, in milliseconds: the end of a slice waits for it.
FLUSH_MS: Final = 500


class Tracer(Protocol):
    """What `app.tracing` makes."""

    def span(
        self, name: str, kind: Kind, parent: Carrier | None, link: Carrier | None, facts: Mapping[str, Value]
    ) -> AbstractContextManager[object]: ...

    def note(self, name: str, facts: Mapping[str, Value]) -> None: ...

    def carrier(self) -> dict[str, str]: ...

    def flush(self, ms: int) -> None: ...


_tracer: list[Tracer] = []
_nothing: Final = nullcontext()


def start(url: str, process: str) -> None:
    """Send spans of this process, and of those it forks, to ``url``; "" sends none. Raises BadSetting."""
    if not url or _tracer:
        return
    try:
        module = importlib.import_module("app.tracing")
    except ImportError as exc:
        why = "traces need further packages: pip install -r requirements-traces.txt"
        raise BadSetting(name="KEYBATCH_TRACES_URL", why=why) from exc
    _tracer.append(module.tracer(url, process))


def span(
    name: str, *, kind: Kind = "internal", parent: Carrier | None = None, link: Carrier | None = None, **facts: Value
) -> AbstractContextManager[object]:
    """A span for as long as the block runs; an error that leaves it is its status. ``parent``: the context that came
    with a request; ``link``: the one that came with a job, which makes a trace of its own."""
    return _tracer[0].span(name, kind, parent, link, facts) if _tracer else _nothing


def spanned(name: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A span for each call of a function."""

    def around(do: Callable[P, T]) -> Callable[P, T]:
        @wraps(do)
        def done(*args: P.args, **kwargs: P.kwargs) -> T:
            with span(name):
                return do(*args, **kwargs)

        return done

    return around


def note(name: str = "", **facts: Value) -> None:
    """Add ``facts`` to the span under way, and give it another name, if one is given."""
    if _tracer:
        _tracer[0].note(name, facts)


def carrier() -> dict[str, str]:
    """The context of the span under way, to go with a job; empty where there is none."""
    return _tracer[0].carrier() if _tracer else {}


def flush() -> None:
    """Send what is there, as far as that can be done soon."""
    if _tracer:
        _tracer[0].flush(FLUSH_MS)
