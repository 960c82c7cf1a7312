"""Finds the upstreams: every module of this folder that defines one. Adding a file adds its sources. Those that people
define without code are told by `define`."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import app.sources
from app.errors import UnknownSource
from app.sources.base import Account, Channel, Upstream
from workers.budget.values import Budget


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

    def budget(self, account: Account) -> Budget:
        """What this source may spend of ``account``: where the upstream limits a channel by itself, that too."""
        quota = self.about.quota
        return replace(account.budget, part=self.channel, part_quota=quota) if quota else account.budget

    @property
    def per_call(self) -> int:
        """Keywords one call may ask for, at most."""
        return self.about.per_call or self.upstream.per_call


@cache
def upstreams() -> dict[str, Upstream]:
    """Every upstream by name, in alphabetical order."""
    for module in pkgutil.iter_modules(app.sources.__path__):
        importlib.import_module(f"app.sources.{module.name}")
    return {cls.name: cls() for cls in sorted(Upstream.__subclasses__(), key=lambda cls: cls.name)}


@cache
def _own() -> dict[str, Source]:
    return {source.name: source for upstream in upstreams().values() for source in _of(upstream)}


def _of(upstream: Upstream) -> Iterable[Source]:
    return (Source(upstream, channel) for channel in upstream.channels)


_defined: dict[str, Source] = {}


def define(upstreams_: Iterable[Upstream]) -> None:
    """Let these be all the defined sources there are."""
    found = {source.name: source for upstream in upstreams_ for source in _of(upstream)}
    _defined.clear()
    _defined.update(found)


def defined() -> tuple[Source, ...]:
    """The defined sources there are."""
    return tuple(_defined.values())


def sources() -> Mapping[str, Source]:
    """Every source by name."""
    return {**_own(), **_defined}


def get(name: str) -> Source:
    """The source called ``name``. Raises UnknownSource."""
    found = sources()
    if name not in found:
        raise UnknownSource(source=name, known=", ".join(found))
    return found[name]
