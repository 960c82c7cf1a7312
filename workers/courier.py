"""The courier: a thread of the scheduler that brings messages to webhooks. Several may run, on several machines: the
database says who has which message in hand."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final, TypeVar

import aiohttp
from yarl import URL

from app import clock, events
from app.log import get
from app.services import posting, signing
from app.services.house import House
from app.services.posting import Answer, Parcel
from app.settings import Settings
from workers.engine import guard

log = get(__name__)
#: Seconds between two looks for due messages; nudged, it looks at once, but not more often than every `SPACE_S`.
LOOK_S: Final = 1.0
SPACE_S: Final = 0.25
#: Messages under way at a time.
AT_ONCE: Final = 20
#: A try ends after so many seconds; the beginning of an answer is read for so many at most.
TRY_S: Final = 10.0
EXCERPT_S: Final = 2.0
#: Bytes of an answer that are kept.
EXCERPT: Final = 1_000
#: Seconds between two steps of removing what is old.
CLEAN_S: Final = 60.0
#: At the end, tries under way have so many seconds.
DRAIN_S: Final = 3.0
Result = TypeVar("Result")


class Courier:
    """Start it once a process; `end` lets it go."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._cleaned = time.monotonic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = threading.Event()
        self._listener = events.Listener(house.redis, events.READ, lambda _: self._nudge())
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="courier", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Let tries under way end, and wait for that."""
        self._ended.set()
        self._listener.end()
        self._nudge()
        self._thread.join(DRAIN_S + LOOK_S)

    def _nudge(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just closed
                self._loop.call_soon_threadsafe(self._stir.set)

    async def _run(self) -> None:
        self._stir, self._free = asyncio.Event(), False
        self._loop = asyncio.get_running_loop()
        self._listener.start()
        with ThreadPoolExecutor(1, "courier") as self._store:
            async with connect(self._house.settings) as session:
                while not self._ended.is_set():
                    started = time.monotonic()
                    await self._turn(session)
                    await self._rest(started)
                if self._under_way:
                    await asyncio.wait(self._under_way, timeout=DRAIN_S)
                for task in self._under_way:
                    task.cancel()  # its lease runs out, and another courier brings it

    async def _rest(self, started: float) -> None:
        """Until the next look: after a try has ended at once, nudged soon."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stir.wait(), LOOK_S)
        if not self._free and not self._ended.is_set():
            await asyncio.sleep(SPACE_S - (time.monotonic() - started))
        self._free = False
        self._stir.clear()

    async def _turn(self, session: aiohttp.ClientSession) -> None:
        """Send what is due and has room."""
        room, busy = AT_ONCE - len(self._under_way), Counter(self._under_way.values())
        try:
            if room:
                for parcel in await self._in_store(partial(posting.collect, self._house, room, busy)):
                    task = asyncio.create_task(self._bring(session, parcel))
                    self._under_way[task] = parcel.host
                    task.add_done_callback(self._brought)
            if time.monotonic() - self._cleaned > CLEAN_S:
                self._cleaned = time.monotonic()
                await self._in_store(partial(posting.clean, self._house))
        except Exception as error:  # noqa: BLE001 -- whatever it is (the database is away), there is a next look
            log.warning("courier_cannot_look", error=repr(error))

    async def _bring(self, session: aiohttp.ClientSession, parcel: Parcel) -> None:
        answer = Answer(0, 0, parcel.trouble) if parcel.trouble else await attempt(session, parcel)
        try:
            await self._in_store(partial(posting.done, self._house, parcel, answer))
        except Exception as error:  # noqa: BLE001 -- its lease runs out, and it is brought again
            log.warning("courier_cannot_write", message=parcel.message, error=repr(error))

    def _brought(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._free = True
        self._stir.set()

    async def _in_store(self, do: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._store, do)


@contextmanager
def brings(house: House) -> Iterator[Courier]:
    """A courier for as long as the block runs."""
    courier = Courier(house)
    courier.start()
    try:
        yield courier
    finally:
        courier.end()


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that connects to public addresses only, and to those allowed; each time anew, so that each time is
    checked. Settings: webhooks_allow."""
    make = guard.sockets(guard.allowed(settings.webhooks_allow, "KEYBATCH_WEBHOOKS_ALLOW"))
    connector = aiohttp.TCPConnector(limit=0, use_dns_cache=False, force_close=True, socket_factory=make)
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=TRY_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    ) as session:
        yield session


async def attempt(session: aiohttp.ClientSession, parcel: Parcel) -> Answer:
    """One try, signed now; what came of it, whatever it was."""
    signed = signing.headers(parcel.keys, parcel.message, clock.now_ms() // 1000, parcel.body)
    headers = {"content-type": "application/json", "user-agent": "Keybatch", "accept-encoding": "identity", **signed}
    started = time.monotonic()
    try:
        async with session.post(
            URL(parcel.url, encoded=True), data=parcel.body, headers=headers, allow_redirects=False
        ) as answer:
            ms = _ms_since(started)
            return Answer(
                answer.status, ms, await _excerpt(answer), _retry_after(answer.headers.get("retry-after", ""))
            )
    except aiohttp.ClientConnectorError as error:
        private = isinstance(error.os_error, guard.PrivateAddress)
        hint = ". Who runs this house may allow it with KEYBATCH_WEBHOOKS_ALLOW." if private else ""
        return Answer(0, _ms_since(started), f"no connection: {error.os_error}{hint}"[:EXCERPT])
    except TimeoutError:
        return Answer(0, _ms_since(started), f"no answer within {TRY_S:g} s")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Answer(0, _ms_since(started), f"{type(error).__name__}: {error}"[:EXCERPT])


async def _excerpt(answer: aiohttp.ClientResponse) -> str:
    """The beginning of the body, as far as it comes soon; the status is known whatever becomes of it."""
    found = b""
    with suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(EXCERPT_S):
            while len(found) < EXCERPT and (piece := await answer.content.read(EXCERPT - len(found))):
                found += piece
    return found.decode("utf-8", "replace")


def _retry_after(text: str) -> float | None:
    """Seconds; a header that is neither a number nor a date says nothing."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp() - clock.now_ms() / 1000


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
