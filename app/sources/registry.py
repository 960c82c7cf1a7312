"""Finds the upstreams: every module of this folder that defines one. Adding a file adds its sources."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

import app.sources
from app.errors import UnknownSource
from app.sources.base import Channel, Upstream


@dataclass(frozen=True, slots=True)
class Source:
    """An upstream's channel: what answers. ``name`` is ``upstream.channel``."""

    upstream: Upstream
    channel: str

    @property
    def name(self) -> str:
        return f"{self.upstream.name}.{self.channel}"

    @property
    def about(self) -> Channel:
        return self.upstream.channels[self.channel]


@cache
def upstreams() -> dict[str, Upstream]:
    """Every upstream by name, in alphabetical order."""
    for module in pkgutil.iter_modules(app.sources.__path__):
        importlib.import_module(f"app.sources.{module.name}")
    return {cls.name: cls() for cls in sorted(Upstream.__subclasses__(), key=lambda cls: cls.name)}


@cache
def sources() -> dict[str, Source]:
    """Every source by name."""
    found = (Source(upstream, channel) for upstream in upstreams().values() for channel in upstream.channels)
    return {source.name: source for source in found}


def get(name: str) -> Source:
    """The source called ``name``. Raises UnknownSource."""
    try:
        return sources()[name]
    except KeyError:
        raise UnknownSource(source=name, known=", ".join(sources())) from None
