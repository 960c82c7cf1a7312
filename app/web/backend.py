"""The pages' way down: this process's house and feed, and the one helper through which services are called."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import ParamSpec, TypeVar

from app.services import catalogue
from app.services.feed import Feed
from app.services.holdings import SourceInfo
from app.services.house import House
from app.sources import registry

P = ParamSpec("P")
T = TypeVar("T")


class _Held:
    house: House | None = None
    feed: Feed | None = None


def attach(house: House) -> None:
    """Give the pages the house of this process; the root does it once."""
    _Held.house = house


def house() -> House:
    """The house of this process."""
    if _Held.house is None:
        raise RuntimeError("the root of the web process has not attached a house")
    return _Held.house


def feed() -> Feed | None:
    """The feed of this process while it serves."""
    return _Held.feed


@asynccontextmanager
async def open_for_business() -> AsyncIterator[None]:
    """What lives as long as the web process serves: the feed. The house is closed at the end."""
    _Held.feed = Feed(house().redis, house().db)
    _Held.feed.start()
    try:
        yield
    finally:
        _Held.feed.stop()
        _Held.feed = None
        house().close()


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
