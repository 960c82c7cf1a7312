"""The pages' way down: this process's house and feed, and the one helper through which services are called."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar

from app.services import catalogue, warned
from app.services.feed import Feed
from app.services.followers import Followers
from app.services.holdings import SourceInfo
from app.services.house import House
from app.services.vigil import Vigil
from app.sources import registry

P = ParamSpec("P")
T = TypeVar("T")


class _Held:
    house: House | None = None
    feed: Feed | None = None
    followers: Followers | None = None


def attach(house: House, feed: Feed, followers: Followers) -> None:
    """Give the pages what this process has one of; the root does it once."""
    _Held.house, _Held.feed, _Held.followers = house, feed, followers


def house() -> House:
    """The house of this process."""
    if _Held.house is None:
        raise RuntimeError("the root of the web process has not attached a house")
    return _Held.house


def feed() -> Feed | None:
    """The feed of this process, where there is one."""
    return _Held.feed


@asynccontextmanager
async def open_for_business() -> AsyncIterator[None]:
    """Let the feed hear, keep warnings and the vigil, as long as the web process serves. The house is closed at the
    end."""
    heard, watch = _Held.feed, Vigil(house(), "web")
    warned.keep(house().redis)
    watch.start()
    if heard is not None:
        heard.start()
    try:
        yield
    finally:
        watch.close()
        if heard is not None:
            heard.stop()
        house().close()


async def send_followers_away(within_s: float) -> None:
    """End every stream that this process sends, as far as that can be done in this time."""
    if _Held.followers is not None:
        await _Held.followers.end(within_s)


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call something that blocks without stopping the event loop."""
    return await asyncio.to_thread(function, *args, **kwargs)


def source_infos() -> dict[str, SourceInfo]:
    """Every source by name, for titles and decimals; what changes by the hour (left today) is not in here."""
    return _infos(registry.defined())


@lru_cache(maxsize=2)
def _infos(_defined: tuple[registry.Source, ...]) -> dict[str, SourceInfo]:
    """Made anew only when other sources are defined."""
    return {info.name: info for info in catalogue.catalogue(None)}
