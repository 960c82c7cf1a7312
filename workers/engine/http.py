"""The one place that speaks HTTP to upstreams, and where a client's errors become ours."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import aiohttp
from yarl import URL

from app.errors import Unreachable, Unreadable
from app.sources.base import Request, Response, Upstream
from workers.engine import guard

#: An answer larger than this is none we know.
MAX_BODY = 4_000_000


class Http:
    """Sends requests over kept-alive connections."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, request: Request, mark: object = None) -> Response:
        """The upstream's answer, whatever its status; ``mark`` is given to whoever asked to hear when it leaves.
        Raises Unreachable, Unreadable."""
        try:
            async with self._session.request(
                request.method,
                URL(request.url, encoded=True),
                headers=request.headers,
                data=request.body,
                allow_redirects=False,
                trace_request_ctx=mark,
            ) as answer:
                if (answer.content_length or 0) > MAX_BODY:
                    raise Unreadable(f"an answer of {answer.content_length} bytes")
                body = await answer.read()
                return Response(answer.status, body, {name.lower(): value for name, value in answer.headers.items()})
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as exc:
            refused = getattr(exc, "os_error", None)
            if isinstance(refused, guard.PrivateAddress):
                detail = f"{refused}. Who runs this house may allow it with KEYBATCH_HTTP_ALLOW."
                raise Unreachable(detail, sent=False) from exc
            raise Unreachable(f"no connection ({type(exc).__name__})", sent=False) from exc
        except TimeoutError as exc:
            raise Unreachable("no answer in time") from exc
        except (aiohttp.ClientPayloadError, aiohttp.http_exceptions.HttpProcessingError) as exc:
            raise Unreachable(f"the answer broke off ({type(exc).__name__})") from exc
        except (aiohttp.ClientError, OSError) as exc:
            raise Unreachable(f"{type(exc).__name__}: {exc}") from exc


@asynccontextmanager
async def connect(upstream: Upstream, leaves: Callable[[Any], None] | None = None) -> AsyncIterator[Http]:
    """Connections for one slice; each call ends within the upstream's ``timeout``. ``leaves`` hears each request's mark
    at the moment its head is written to the connection."""
    timeout = aiohttp.ClientTimeout(total=upstream.timeout, connect=min(5.0, upstream.timeout))
    make = guard.sockets(guard.allowed(upstream.allowed(), "KEYBATCH_HTTP_ALLOW")) if upstream.guarded else None
    connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=60, keepalive_timeout=30, socket_factory=make)
    jar = aiohttp.DummyCookieJar()
    traces = [_tracing(leaves)] if leaves else None
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=jar, trace_configs=traces
    ) as session:
        # By itself the client sends a GET again when a kept connection turns out closed: a call nobody paid for.
        session._retry_connection = False  # noqa: SLF001 -- there is no public switch; a test watches it
        yield Http(session)


def _tracing(leaves: Callable[[Any], None]) -> aiohttp.TraceConfig:
    async def headers_sent(_session: object, context: SimpleNamespace, _params: object) -> None:
        leaves(context.trace_request_ctx)

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(headers_sent)
    return trace
